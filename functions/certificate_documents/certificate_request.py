"""What a person asks for: a certificate behind a link."""

from typing import Annotated

from pydantic import Field, StringConstraints

from vigie.access.open_request import OpenRequest

_Name = Annotated[str, StringConstraints(min_length=1, max_length=64)]


class CertificateRequest(OpenRequest):
    """What opens the link, and which certificate behind it is asked for."""

    source_id: _Name = Field(description="The `id` of what the certificate was made from.")
    certificate: _Name = Field(description="The `name` of the certificate among those of it.")
