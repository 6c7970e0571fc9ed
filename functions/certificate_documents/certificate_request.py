"""What a person asks for: a certificate behind a link."""

from typing import Annotated

from pydantic import Field, StrictBool, StringConstraints

from vigie.access.open_request import OpenRequest

_Name = Annotated[str, StringConstraints(min_length=1, max_length=64)]


class CertificateRequest(OpenRequest):
    """What opens the link, and which certificate behind it is asked for."""

    source_id: _Name = Field(description="The `id` of what the certificate was made from.")
    certificate: _Name = Field(description="The `name` of the certificate among those of it.")
    share_with_google: StrictBool = Field(
        default=False,
        description="The person agrees that Google learns what the certificate says; asked of"
        " who wants a pass for Google's wallet.",
    )
