"""Keys as the interoperability service of Ireland and the United Kingdom has them, in JSON.

What is offered is a JSON array signed as compact JWS (RFC 7515) with ES256; what is given is a
JSON object that nobody signed, and the service vouches for.

Source: `upload.js` and `download.js` of covid-green-lambdas; "Diagnosis Key Federation Connector"
of the NHS app system.
"""

from __future__ import annotations

import base64
import json
from collections import Counter
from typing import TYPE_CHECKING, Annotated, NamedTuple

from pydantic import Field, StrictInt

from vigie.federation.connection import GatewayUnavailable
from vigie.federation.gateway import BATCH_TAG
from vigie.federation.onset_days import NOTHING_KNOWN, onset_of
from vigie.federation.shared_key import SharedKey
from vigie.model import Frozen
from vigie.tracing.compact_jws import base64url
from vigie.tracing.diagnosis_key import ReportType

if TYPE_CHECKING:
    from collections.abc import Iterable

MALFORMED = "malformed"

_HEADER = base64url(b'{"alg":"ES256"}')
_Int32 = Annotated[StrictInt, Field(ge=-(2**31), lt=2**31)]
# A country, or a part of one such as `GB-EAW`, of which the country counts.
_Region = Annotated[str, Field(pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$")]
_COUNTRY_CHARACTERS = 2


class _Given(Frozen):
    """One key that the service gives."""

    key_data: Annotated[str, Field(alias="keyData", max_length=64)]
    rolling_start_number: Annotated[_Int32, Field(alias="rollingStartNumber")]
    rolling_period: Annotated[_Int32, Field(alias="rollingPeriod")]
    transmission_risk_level: Annotated[_Int32 | None, Field(alias="transmissionRiskLevel")] = None
    origin: _Region
    regions: Annotated[tuple[_Region, ...], Field(max_length=300)] = ()
    report_type: Annotated[_Int32, Field(alias="reportType")] = ReportType.CONFIRMED_TEST
    days_since_onset: Annotated[_Int32 | None, Field(alias="daysSinceOnset")] = None

    def shared(self) -> SharedKey:
        return SharedKey(
            key_data=base64.b64decode(self.key_data, validate=True),
            rolling_start_interval_number=self.rolling_start_number,
            rolling_period=self.rolling_period,
            transmission_risk_level=self.transmission_risk_level or 0,
            visited_countries=tuple(
                dict.fromkeys(region[:_COUNTRY_CHARACTERS] for region in self.regions)
            ),
            origin=self.origin[:_COUNTRY_CHARACTERS],
            report_type=self.report_type,
            days_since_onset_of_symptoms=(
                NOTHING_KNOWN if self.days_since_onset is None else self.days_since_onset
            ),
        )


class Download(NamedTuple):
    """What the service gives.

    Attributes:
        tag: of the batch.
        keys: those that can be read.
        refused: how many cannot, as `malformed`.
    """

    tag: str
    keys: tuple[SharedKey, ...]
    refused: Counter[str]


def payload_of(keys: Iterable[SharedKey]) -> bytes:
    """The JSON array of some keys; the days since an onset that nobody knows are left out."""
    content: list[dict[str, object]] = [
        {
            "keyData": base64.b64encode(key.key_data).decode("ascii"),
            "rollingStartNumber": key.rolling_start_interval_number,
            "transmissionRiskLevel": key.transmission_risk_level,
            "rollingPeriod": key.rolling_period,
            "regions": [key.origin, *key.visited_countries],
            **_onset(key),
            "reportType": key.report_type,
        }
        for key in keys
    ]
    return json.dumps(content, separators=(",", ":")).encode("ascii")


def signing_input(payload: bytes) -> str:
    """What is signed of a payload (RFC 7515, section 5.1)."""
    return f"{_HEADER}.{base64url(payload)}"


def read_download(body: bytes) -> Download:
    """Read what the service gives; a key that cannot be read costs no other.

    Raises:
        GatewayUnavailable: `gateway-malformed` if it is no batch.
    """
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        raise _malformed() from None
    match content:
        case {"batchTag": str(tag), "exposures": list(exposures)} if BATCH_TAG.fullmatch(tag):
            pass
        case _:
            raise _malformed()
    keys: list[SharedKey] = []
    refused: Counter[str] = Counter()
    for one in exposures:
        try:
            keys.append(_Given.model_validate(one).shared())
        except ValueError:
            refused[MALFORMED] += 1
    return Download(tag, tuple(keys), refused)


def _onset(key: SharedKey) -> dict[str, int]:
    """The codes of the European gateway are its own, and would be taken for days."""
    onset = onset_of(key.days_since_onset_of_symptoms)
    return {} if onset is None or onset.days is None else {"daysSinceOnset": onset.days}


def _malformed() -> GatewayUnavailable:
    return GatewayUnavailable("gateway-malformed")
