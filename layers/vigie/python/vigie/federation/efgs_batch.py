"""A batch of the European gateway, in protobuf.

Source: `Efgs.proto` of the European Federation Gateway Service (docs/efgs.proto). Numbers of
more than 32 bits are cut and fields of another wire type are passed over, as protobuf's own
readers do, so that one odd key costs no batch.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

from vigie.errors import Rejected
from vigie.federation.shared_key import SharedKey
from vigie.tracing.wire import (
    BYTES,
    VARINT,
    Field,
    bytes_field,
    fields,
    varint_field,
    zigzag_field,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

MEDIA_TYPE = "application/protobuf; version=1.0"
# A batch of the gateway is some uploads of 5,000 keys.
MOST_KEYS = 50_000

_KEYS = 1
_32_BITS = 2**32
_SIGN = 2**31


class Number(IntEnum):
    """Field numbers of DiagnosisKey."""

    KEY_DATA = 1
    ROLLING_START_INTERVAL_NUMBER = 2
    ROLLING_PERIOD = 3
    TRANSMISSION_RISK_LEVEL = 4
    VISITED_COUNTRIES = 5
    ORIGIN = 6
    REPORT_TYPE = 7
    DAYS_SINCE_ONSET_OF_SYMPTOMS = 8


def write_batch(keys: Iterable[SharedKey]) -> bytes:
    """A DiagnosisKeyBatch, without fields that have their default."""
    return b"".join(bytes_field(_KEYS, _written(key)) for key in keys)


def read_batch(content: bytes) -> tuple[SharedKey, ...]:
    """The keys of a DiagnosisKeyBatch, in their order.

    Raises:
        Rejected: a `protobuf-…` rule; `batch-keys` over 50,000.
    """
    keys: list[SharedKey] = []
    for field in fields(content):
        if field.number != _KEYS or field.wire_type != BYTES:
            continue
        if len(keys) == MOST_KEYS:
            raise Rejected("batch-keys", f"a batch has more than {MOST_KEYS} keys")
        keys.append(_read(field.content))
    return tuple(keys)


def _written(key: SharedKey) -> bytes:
    numbers = (
        (Number.ROLLING_START_INTERVAL_NUMBER, key.rolling_start_interval_number),
        (Number.ROLLING_PERIOD, key.rolling_period),
        (Number.TRANSMISSION_RISK_LEVEL, key.transmission_risk_level),
    )
    parts = [bytes_field(Number.KEY_DATA, key.key_data)] if key.key_data else []
    parts += [varint_field(number, value) for number, value in numbers if value]
    parts += [
        bytes_field(Number.VISITED_COUNTRIES, country.encode()) for country in key.visited_countries
    ]
    if key.origin:
        parts.append(bytes_field(Number.ORIGIN, key.origin.encode()))
    if key.report_type:
        parts.append(varint_field(Number.REPORT_TYPE, key.report_type))
    if key.days_since_onset_of_symptoms:
        parts.append(
            zigzag_field(Number.DAYS_SINCE_ONSET_OF_SYMPTOMS, key.days_since_onset_of_symptoms)
        )
    return b"".join(parts)


def _read(content: bytes) -> SharedKey:
    texts: dict[int, bytes] = {}
    numbers: dict[int, int] = {}
    visited: list[str] = []
    for field in fields(content):
        if field.wire_type == VARINT:
            numbers[field.number] = field.value % _32_BITS
        elif field.wire_type == BYTES and field.number == Number.VISITED_COUNTRIES:
            visited.append(_text(field))
        elif field.wire_type == BYTES:
            texts[field.number] = field.content
    zigzag = numbers.get(Number.DAYS_SINCE_ONSET_OF_SYMPTOMS, 0)
    return SharedKey(
        key_data=texts.get(Number.KEY_DATA, b""),
        rolling_start_interval_number=numbers.get(Number.ROLLING_START_INTERVAL_NUMBER, 0),
        rolling_period=numbers.get(Number.ROLLING_PERIOD, 0),
        transmission_risk_level=_signed(numbers.get(Number.TRANSMISSION_RISK_LEVEL, 0)),
        visited_countries=tuple(visited),
        origin=texts.get(Number.ORIGIN, b"").decode("utf-8", "replace"),
        report_type=_signed(numbers.get(Number.REPORT_TYPE, 0)),
        days_since_onset_of_symptoms=zigzag >> 1 if zigzag % 2 == 0 else -(zigzag + 1 >> 1),
    )


def _signed(value: int) -> int:
    return value - _32_BITS if value >= _SIGN else value


def _text(field: Field) -> str:
    return field.content.decode("utf-8", "replace")
