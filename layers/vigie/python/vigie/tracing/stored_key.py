"""How a key stands in the keys table: where it is released, and that it is known.

Table `keys`: partition key `shard`, sort key `key`, both text.

- A released key: `shard` = `<hour of release, YYYY-MM-DDTHHZ>#<00..15>` (see `release`), `key`
  = the key's 16 bytes in hexadecimal. It never changes once written.
- A known key: `shard` = `key#<hexadecimal>`, `key` = the same hexadecimal. It exists as long as
  the released one, makes a key unique over all hours, and says in `stands_in` where it is
  released. Both are written and deleted together.

No item says who a key is from, when it came, from where, or which others came with it.
"""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from vigie.errors import Rejected
from vigie.model import Frozen
from vigie.tracing.diagnosis_key import DiagnosisKey, ReportType
from vigie.tracing.release import deleted_from, shard_of

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

SCHEMA_VERSION = 1

_KNOWN = "key#"


class KnownKey(Frozen):
    """That a key is there already, and as what.

    Attributes:
        key_data: 16 bytes.
        rolling_start_interval_number: as it was first given.
        rolling_period: as it was first given.
        report_type: as it was first given.
        stands_in: the partition that it is released in.
    """

    key_data: bytes
    rolling_start_interval_number: int
    rolling_period: int
    report_type: ReportType
    stands_in: str


def known_shard(key_data: bytes) -> str:
    """The partition of the item that says that a key is known."""
    return f"{_KNOWN}{key_data.hex()}"


def released_item(key: DiagnosisKey, hour: datetime) -> "dict[str, AttributeValueTypeDef]":
    """The item of a key that is released in an hour."""
    item = _item(key, shard_of(key.key_data, hour), hour)
    item["transmission_risk"] = {"N": str(key.transmission_risk)}
    if key.days_since_onset_of_symptoms is not None:
        item["days_since_onset_of_symptoms"] = {"N": str(key.days_since_onset_of_symptoms)}
    return item


def known_item(key: DiagnosisKey, hour: datetime) -> "dict[str, AttributeValueTypeDef]":
    """The item that says that a key is known, and released in an hour."""
    item = _item(key, known_shard(key.key_data), hour)
    item["stands_in"] = {"S": shard_of(key.key_data, hour)}
    return item


def released_key(item: dict[str, Any]) -> DiagnosisKey:
    """Read the item of a released key, of this schema version or an older one.

    Raises:
        Rejected: it was written by a newer version of the system.
    """
    _refuse_newer(item)
    onset = item.get("days_since_onset_of_symptoms")
    return DiagnosisKey(
        key_data=bytes.fromhex(item["key"]["S"]),
        rolling_start_interval_number=int(item["rolling_start_interval_number"]["N"]),
        rolling_period=int(item["rolling_period"]["N"]),
        transmission_risk=int(item["transmission_risk"]["N"]),
        report_type=ReportType(int(item["report_type"]["N"])),
        days_since_onset_of_symptoms=None if onset is None else int(onset["N"]),
    )


def known_key(item: dict[str, Any]) -> KnownKey:
    """Read the item that says that a key is known, of this schema version or an older one.

    Raises:
        Rejected: it was written by a newer version of the system.
    """
    _refuse_newer(item)
    return KnownKey(
        key_data=bytes.fromhex(item["key"]["S"]),
        rolling_start_interval_number=int(item["rolling_start_interval_number"]["N"]),
        rolling_period=int(item["rolling_period"]["N"]),
        report_type=ReportType(int(item["report_type"]["N"])),
        stands_in=item["stands_in"]["S"],
    )


def is_expired(item: dict[str, Any], now: datetime) -> bool:
    """Whether an item is to be deleted, and so not to be given out."""
    return datetime.fromtimestamp(int(item["expires_at"]["N"]), UTC) <= now


def _item(key: DiagnosisKey, shard: str, hour: datetime) -> "dict[str, AttributeValueTypeDef]":
    return {
        "shard": {"S": shard},
        "key": {"S": key.key_data.hex()},
        "schema": {"N": str(SCHEMA_VERSION)},
        "rolling_start_interval_number": {"N": str(key.rolling_start_interval_number)},
        "rolling_period": {"N": str(key.rolling_period)},
        "report_type": {"N": str(int(key.report_type))},
        "expires_at": {"N": str(int(deleted_from(hour).timestamp()))},
    }


def _refuse_newer(item: dict[str, Any]) -> None:
    if int(item["schema"]["N"]) > SCHEMA_VERSION:
        raise Rejected("key-schema-unknown", "the item has a newer schema version")
