"""A health authority whose certificates permit uploads, as it is configured.

Source: `internal/verification/model/health_authority.go` and
`internal/authorizedapp/model/authorized_app.go` of the Exposure Notification key server.
"""

from typing import Annotated, Any

from pydantic import Field

from vigie.model import Frozen
from vigie.tracing.verification_certificate import DEFAULT_AUDIENCE


class HealthAuthority(Frozen):
    """An authority, as it is configured.

    Attributes:
        id: what its app sends as `healthAuthorityID`.
        issuer: the `iss` of its certificates.
        audience: their `aud`.
        signing_key_arn: of the KMS key that signs them, for one of this account.
        jwks: the public keys that sign them, for another one: the `keys` of a JSON Web Key Set
            (RFC 7517), of type EC on P-256, each with its `kid`.
        region: the country whose keys its are, ISO 3166-1 alpha-2; without one none is taken.
        takes_upload_codes: whether upload codes permit uploads of its app as well.
    """

    id: str
    issuer: str
    audience: str = DEFAULT_AUDIENCE
    signing_key_arn: str | None = None
    # Read when they are needed: one authority's malformed key stops nobody else's app.
    jwks: tuple[dict[str, Any], ...] = ()
    region: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] | None = None
    takes_upload_codes: bool = False
