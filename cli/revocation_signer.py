"""Who signs the batches of revocations: a key in KMS and its upload certificate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from cli.signing_authority import Published
from vigie.certificates.document_signer import DocumentSigner
from vigie.dcc.x509_profile import Subject, build_upload
from vigie.errors import Rejected

if TYPE_CHECKING:
    from datetime import datetime

    from cli.kms_private_key import KmsPrivateKey
    from cli.signer_parameters import SignerParameters


def create_upload_signer(
    parameters: SignerParameters,
    key: KmsPrivateKey,
    *,
    country: str,
    organisation: str,
    now: datetime,
    replace: bool,
) -> Published:
    """Make the self-signed upload certificate and publish it, unless there is one of this key.

    Raises:
        Rejected: `upload-other-key` if there is one of another key and none may replace it.
        Unavailable: AWS did not answer.
    """
    present = parameters.upload_signer()
    if present is not None and not replace:
        if present.key_arn != key.arn:
            raise Rejected(
                "upload-other-key", "there is one of another key; --replace makes a new one"
            )
        return Published(present, made=False)
    serial = x509.random_serial_number()
    subject = Subject(country, organisation, f"Upload {serial:x}"[:64])
    # Valid at once, whatever a function's clock says.
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    certificate = build_upload(subject, key, serial=serial, not_before=midnight)
    signer = DocumentSigner.of(key.arn, certificate.public_bytes(Encoding.DER))
    parameters.publish_upload_signer(signer)
    return Published(signer, made=True)
