"""The claims of a certificate: a CBOR Web Token (RFC 8392, hcert-spec section 2.3).

The claim of health certificates (-260) holds the EU's certificate as 1. WHO's network for
digital health certification (GDHCN) puts others into the same container (WHO SMART Trust,
logical model HCert); they are read as what they are, and their content is not judged.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import IntEnum
from typing import TypeAlias

import cbor2

from vigie.dcc import cbor
from vigie.dcc.cbor import Tagged, Value
from vigie.dcc.errors import DecodingError, EncodingError

Plain: TypeAlias = "int | float | str | bytes | bool | list[Plain] | dict[str, Plain] | None"

_ISSUER = 1
_EXPIRES = 4
_ISSUED = 6
_HCERT = -260
_DATE_TIME_TAG = 0
_EPOCH_TAG = 1


class Container(IntEnum):
    """What a claim of health certificates holds, by WHO's numbers; negative ones are trials."""

    EU_DCC = 1
    WHO_VACCINATION = 3
    WHO_TEST = 4
    HEALTH_LINK = 5
    WHO_VACCINATION_TRIAL = -6

    @property
    def title(self) -> str:
        """What to call it."""
        return _TITLES[self]


# A tuple is walked three times as fast as the enumeration.
_CONTAINERS = tuple(Container)
_TITLES = {
    Container.EU_DCC: "EU Digital COVID Certificate",
    Container.WHO_VACCINATION: "WHO DDCC, vaccination status",
    Container.WHO_TEST: "WHO DDCC, test result",
    Container.HEALTH_LINK: "verifiable health link",
    Container.WHO_VACCINATION_TRIAL: "WHO digital vaccination certificate, trial",
}


@dataclass(frozen=True, slots=True)
class Claims:
    """What the signer of a certificate says.

    Attributes:
        issuer: ISO 3166-1 alpha-2 of the issuing country, if given.
        issued_at: in UTC, if given.
        expires_at: in UTC, if given; the technical end, unlike the dates of the content.
        certificate: the DCC by its own keys, as sent, with CBOR dates as ISO 8601 text;
            empty in another container.
        container: what is certified.
        other: what another container holds; None for a DCC.
    """

    issuer: str | None
    issued_at: datetime | None
    expires_at: datetime | None
    certificate: Mapping[str, Plain]
    container: Container = Container.EU_DCC
    other: Plain = None


def encode(
    certificate: Mapping[str, object], *, issuer: str, issued_at: datetime, expires_at: datetime
) -> bytes:
    """Encode the claims; times are kept to the second.

    Raises:
        EncodingError: `claims-period` if the certificate would expire before it is issued.
    """
    if expires_at <= issued_at:
        raise EncodingError("claims-period", "a certificate expires after it was issued")
    return cbor2.dumps(
        {
            _ISSUER: issuer,
            _EXPIRES: int(expires_at.timestamp()),
            _ISSUED: int(issued_at.timestamp()),
            _HCERT: {int(Container.EU_DCC): certificate},
        }
    )


def read(payload: bytes) -> Claims:
    """Read the claims; some issuers give times as floats or tagged, and are read too.

    Raises:
        DecodingError: `cbor-…`, `claims-structure` or `claims-time`.
    """
    claims = cbor.loads(payload)
    if not isinstance(claims, dict):
        raise DecodingError("claims-structure", "the claims are not a map")
    container, content = _contained(claims.get(_HCERT))
    is_dcc = container is Container.EU_DCC
    issuer = claims.get(_ISSUER)
    return Claims(
        issuer=issuer if isinstance(issuer, str) else None,
        issued_at=_time(claims.get(_ISSUED)),
        expires_at=_time(claims.get(_EXPIRES)),
        certificate=_dcc(content) if is_dcc else {},
        container=container,
        other=None if is_dcc else _legible(content),
    )


def _contained(hcert: Value) -> tuple[Container, Value]:
    """The certificate of the EU if there is one, else the first of the others that is known."""
    if isinstance(hcert, dict):
        for container in _CONTAINERS:
            if container in hcert:
                return container, hcert[container]
    raise DecodingError("claims-structure", "there is no certificate in the claims")


def _dcc(content: Value) -> dict[str, Plain]:
    if not isinstance(content, dict):
        raise DecodingError("claims-structure", "there is no certificate in the claims")
    return _plain_map(content)


def _legible(value: Value) -> Plain:
    """Whatever another container holds, with keys as text and tags left out."""
    if isinstance(value, Tagged):
        return _legible(value.value)
    if isinstance(value, dict):
        return {str(key): _legible(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_legible(item) for item in value]
    return value


def plain(value: Value) -> Plain:
    """Replace CBOR dates by ISO 8601 text.

    Raises:
        DecodingError: `claims-structure` for another tag or a key that is no text,
            `claims-time` for a date that is none.
    """
    if isinstance(value, Tagged):
        return _date_time(value)
    if isinstance(value, dict):
        return _plain_map(value)
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value


def _plain_map(value: Mapping[int | str, Value]) -> dict[str, Plain]:
    result: dict[str, Plain] = {}
    for key, item in value.items():
        if not isinstance(key, str):
            raise DecodingError("claims-structure", "a key of the certificate is not a text")
        # Most are texts: `plain` would give them as they are.
        result[key] = item if isinstance(item, str) else plain(item)
    return result


def _date_time(tagged: Tagged) -> str:
    if tagged.number == _DATE_TIME_TAG and isinstance(tagged.value, str):
        return tagged.value
    if tagged.number == _EPOCH_TAG:
        instant = _time(tagged.value)
        if instant is not None:
            return instant.isoformat().replace("+00:00", "Z")
    raise DecodingError("claims-structure", "a tag has no place in a certificate")


def _time(value: Value) -> datetime | None:
    if isinstance(value, Tagged) and value.number == _EPOCH_TAG:
        value = value.value
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise DecodingError("claims-time", "a time is not a number")
    try:
        return datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError):
        raise DecodingError("claims-time", "a time is out of range") from None
