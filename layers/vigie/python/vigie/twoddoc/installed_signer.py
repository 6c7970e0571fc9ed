"""The certificate that an authority of ANTS's list gave to our key, as a parameter holds it."""

from __future__ import annotations

from pydantic import Field

from vigie.certificates.document_signer import DocumentSigner


class InstalledSigner(DocumentSigner):
    """The value of the parameter `certificates/twoddoc`.

    Attributes:
        authority: the authority's name in ANTS's list, such as `FR03`.
        certificate_id: the certificate's name at that authority, such as `AV01`.
    """

    authority: str = Field(pattern=r"^[A-Z0-9]{4}$")
    certificate_id: str = Field(pattern=r"^[A-Z0-9]{4}$")
