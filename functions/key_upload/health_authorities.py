"""The health authorities whose certificates permit uploads, found by their ids, and their keys.

Source: `internal/verification/model/health_authority.go` and
`internal/authorizedapp/model/authorized_app.go` of the Exposure Notification key server.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.asymmetric import ec

from key_upload.refusal import ErrorCode, PublishRefusedError
from vigie.errors import Rejected, Unavailable
from vigie.kms_public_key import elliptic_public_key
from vigie.tracing import base64_text
from vigie.tracing.compact_jws import kid_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from mypy_boto3_kms.client import KMSClient

    from vigie.tracing.health_authority import HealthAuthority

    PublicKeys = Mapping[str, ec.EllipticCurvePublicKey]

_COORDINATE_BYTES = 32


class HealthAuthorities:
    """The authorities of an environment.

    Args:
        configured: each of them.
        kms: the KMS client, asked once for each public key.
    """

    def __init__(self, configured: Iterable[HealthAuthority], kms: KMSClient) -> None:
        self._by_id = {authority.id: authority for authority in configured}
        self._kms = kms
        self._keys: dict[str, PublicKeys] = {}

    def named(self, authority_id: str) -> HealthAuthority:
        """An authority.

        Raises:
            PublishRefusedError: 401 `unknown_health_authority_id`, or 500
                `health_authority_missing_region_config`.
        """
        authority = self._by_id.get(authority_id)
        if authority is None:
            raise PublishRefusedError(
                HTTPStatus.UNAUTHORIZED,
                ErrorCode.UNKNOWN_HEALTH_AUTHORITY,
                "unknown health authority id",
            )
        if authority.region is None:
            raise PublishRefusedError(
                HTTPStatus.INTERNAL_SERVER_ERROR,
                ErrorCode.MISSING_REGION,
                "the health authority has no region",
            )
        return authority

    def keys_of(self, authority: HealthAuthority) -> PublicKeys:
        """The public keys that sign an authority's certificates, by their `kid`.

        Raises:
            PublishRefusedError: 500 `unable_to_load_health_authority`.
        """
        if authority.id not in self._keys:
            try:
                self._keys[authority.id] = dict(map(_key_of, authority.jwks)) | self._own(authority)
            except (Rejected, Unavailable, KeyError, TypeError, ValueError):
                raise PublishRefusedError(
                    HTTPStatus.INTERNAL_SERVER_ERROR,
                    ErrorCode.AUTHORITY_NOT_LOADED,
                    "the keys of the health authority cannot be read",
                ) from None
        return self._keys[authority.id]

    def _own(self, authority: HealthAuthority) -> dict[str, ec.EllipticCurvePublicKey]:
        arn = authority.signing_key_arn
        if arn is None:
            return {}
        return {kid_of(arn): elliptic_public_key(self._kms, arn)}


def _key_of(jwk: Mapping[str, Any]) -> tuple[str, ec.EllipticCurvePublicKey]:
    """A key and its `kid` (RFC 7517; RFC 7518, section 6.2.1)."""
    x, y = (base64_text.decoded(jwk[name]) or b"" for name in ("x", "y"))
    if (jwk["kty"], jwk["crv"]) != ("EC", "P-256") or {len(x), len(y)} != {_COORDINATE_BYTES}:
        raise ValueError
    numbers = ec.EllipticCurvePublicNumbers(
        int.from_bytes(x, "big"), int.from_bytes(y, "big"), ec.SECP256R1()
    )
    return str(jwk["kid"]), numbers.public_key()
