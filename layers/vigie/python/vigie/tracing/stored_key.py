"""How a key stands in the keys table: where it is released, that it is known, and its revision.

Table `keys`: partition key `shard`, sort key `key`, both text. `key` is the key's 16 bytes in
hexadecimal. `shard` is, for

- a released key: `<hour of release, YYYY-MM-DDTHHZ>#<00..15>` if it was collected here, and
  `<hour>#abroad#<00..15>` if not (see `release`). It never changes once written.
- a known key: `key#<hexadecimal>`. It exists as long as the released one, makes a key unique
  over all hours and origins, says in `stands_in` where it is released, and holds what a revision
  is judged by. Both are written and deleted together.
- a revision: `<hour of the revision>#revised#<00..15>`. It says what the key is by then, is
  written together with the known item, which says in `revised_in` where it stands, and is
  deleted together with both. A key is revised once.

No item says who a key is from, when it came, from where, or which others came with it.
"""

from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

from pydantic import Field

from vigie.errors import Rejected
from vigie.model import Frozen
from vigie.tracing.diagnosis_key import DiagnosisKey, ReportType
from vigie.tracing.release import RETENTION, Section, deleted_from, shard_of

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

# 2: provenance and revisions.
SCHEMA_VERSION = 2

_KNOWN = "key#"


class Provenance(Frozen):
    """Where a key comes from, and where it may go.

    Attributes:
        origin: the country that collected it, ISO 3166-1 alpha-2.
        traveller: whether the person was abroad, so that other regions are warned too.
        shareable: whether the person agreed that other countries' servers get it.
    """

    origin: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    traveller: bool = False
    shareable: bool = False


class ReleasedKey(NamedTuple):
    """A key that is released, or a revision of one, and where the key comes from."""

    key: DiagnosisKey
    provenance: Provenance


class KnownKey(Frozen):
    """That a key is there already, and as what.

    Attributes:
        key_data: 16 bytes.
        rolling_start_interval_number: as it was first given.
        rolling_period: as it was first given.
        report_type: as it was first given.
        provenance: as it was first given.
        stands_in: the partition that it is released in.
        expires_at: when it is to be deleted.
        revised_as: its report type since it was revised; None if it was not.
        revised_in: the partition that its revision stands in; None if it was not revised.
    """

    key_data: bytes
    rolling_start_interval_number: int
    rolling_period: int
    report_type: ReportType
    provenance: Provenance
    stands_in: str
    expires_at: datetime
    revised_as: ReportType | None = None
    revised_in: str | None = None

    @property
    def released_in(self) -> datetime:
        """The start of the hour that it is released in."""
        return self.expires_at - RETENTION


def known_shard(key_data: bytes) -> str:
    """The partition of the item that says that a key is known."""
    return f"{_KNOWN}{key_data.hex()}"


def released_item(
    key: DiagnosisKey, hour: datetime, provenance: Provenance, section: Section = Section.HOME
) -> "dict[str, AttributeValueTypeDef]":
    """The item of a key that is released in an hour.

    Args:
        key: as it is given out.
        hour: the start of the hour.
        provenance: where it comes from.
        section: `ABROAD` if another country collected it.
    """
    shard = shard_of(key.key_data, hour, section)
    return _whole_item(key, shard, deleted_from(hour), provenance)


def known_item(
    key: DiagnosisKey, hour: datetime, provenance: Provenance, section: Section = Section.HOME
) -> "dict[str, AttributeValueTypeDef]":
    """The item that says that a key is known, and released in an hour.

    It is to be written on the condition that `expires_at` does not exist.
    """
    item = _item(key, known_shard(key.key_data), deleted_from(hour), provenance)
    item["stands_in"] = {"S": shard_of(key.key_data, hour, section)}
    return item


def revised_item(
    key: DiagnosisKey, known: KnownKey, hour: datetime
) -> "dict[str, AttributeValueTypeDef]":
    """The item of a revision.

    Args:
        key: with its revised report type, risk and days since the onset.
        known: what it revises.
        hour: the start of the hour of the revision, as `revision_hour` gives it.
    """
    shard = shard_of(key.key_data, hour, Section.REVISED)
    return _whole_item(key, shard, known.expires_at, known.provenance)


def revised_known_item(
    key: DiagnosisKey, known: KnownKey, hour: datetime
) -> "dict[str, AttributeValueTypeDef]":
    """The item of a known key from its revision on, in the place of the one before.

    It is to be written in one transaction with the revision, on the condition that `expires_at`
    exists and `revised_in` does not: a key is revised once, and none that is deleted.
    """
    first = key.model_copy(update={"report_type": known.report_type})
    item = _item(first, known_shard(key.key_data), known.expires_at, known.provenance)
    item["stands_in"] = {"S": known.stands_in}
    item["revised_as"] = {"N": str(int(key.report_type))}
    item["revised_in"] = {"S": shard_of(key.key_data, hour, Section.REVISED)}
    return item


def released_key(item: dict[str, Any], home: str) -> ReleasedKey:
    """Read the item of a released key or a revision, of this schema version or an older one.

    Args:
        item: of the table.
        home: this country, which collected every key that does not say its origin.

    Raises:
        Rejected: it was written by a newer version of the system.
    """
    _refuse_newer(item)
    onset = item.get("days_since_onset_of_symptoms")
    key = DiagnosisKey(
        key_data=bytes.fromhex(item["key"]["S"]),
        rolling_start_interval_number=int(item["rolling_start_interval_number"]["N"]),
        rolling_period=int(item["rolling_period"]["N"]),
        transmission_risk=int(item["transmission_risk"]["N"]),
        report_type=ReportType(int(item["report_type"]["N"])),
        days_since_onset_of_symptoms=None if onset is None else int(onset["N"]),
    )
    return ReleasedKey(key, _provenance_of(item, home))


def known_key(item: dict[str, Any], home: str) -> KnownKey:
    """Read the item that says that a key is known, of this schema version or an older one.

    Args:
        item: of the table.
        home: this country, which collected every key that does not say its origin.

    Raises:
        Rejected: it was written by a newer version of the system.
    """
    _refuse_newer(item)
    revised = "revised_in" in item
    return KnownKey(
        key_data=bytes.fromhex(item["key"]["S"]),
        rolling_start_interval_number=int(item["rolling_start_interval_number"]["N"]),
        rolling_period=int(item["rolling_period"]["N"]),
        report_type=ReportType(int(item["report_type"]["N"])),
        provenance=_provenance_of(item, home),
        stands_in=item["stands_in"]["S"],
        expires_at=_expires_at(item),
        revised_as=ReportType(int(item["revised_as"]["N"])) if revised else None,
        revised_in=item["revised_in"]["S"] if revised else None,
    )


def is_expired(item: dict[str, Any], now: datetime) -> bool:
    """Whether an item is to be deleted, and so not to be given out."""
    return _expires_at(item) <= now


def _whole_item(
    key: DiagnosisKey, shard: str, expires_at: datetime, provenance: Provenance
) -> "dict[str, AttributeValueTypeDef]":
    item = _item(key, shard, expires_at, provenance)
    item["transmission_risk"] = {"N": str(key.transmission_risk)}
    if key.days_since_onset_of_symptoms is not None:
        item["days_since_onset_of_symptoms"] = {"N": str(key.days_since_onset_of_symptoms)}
    return item


def _item(
    key: DiagnosisKey, shard: str, expires_at: datetime, provenance: Provenance
) -> "dict[str, AttributeValueTypeDef]":
    return {
        "shard": {"S": shard},
        "key": {"S": key.key_data.hex()},
        "schema": {"N": str(SCHEMA_VERSION)},
        "rolling_start_interval_number": {"N": str(key.rolling_start_interval_number)},
        "rolling_period": {"N": str(key.rolling_period)},
        "report_type": {"N": str(int(key.report_type))},
        "origin": {"S": provenance.origin},
        "traveller": {"BOOL": provenance.traveller},
        "shareable": {"BOOL": provenance.shareable},
        "expires_at": {"N": str(int(expires_at.timestamp()))},
    }


def _provenance_of(item: dict[str, Any], home: str) -> Provenance:
    if "origin" not in item:
        return _provenance(home, traveller=False, shareable=False)
    return _provenance(
        item["origin"]["S"],
        traveller=item["traveller"]["BOOL"],
        shareable=item["shareable"]["BOOL"],
    )


@lru_cache(maxsize=1024)
def _provenance(origin: str, *, traveller: bool, shareable: bool) -> Provenance:
    """Keys by the million have a handful of provenances."""
    return Provenance(origin=origin, traveller=traveller, shareable=shareable)


def _expires_at(item: dict[str, Any]) -> datetime:
    return datetime.fromtimestamp(int(item["expires_at"]["N"]), UTC)


def _refuse_newer(item: dict[str, Any]) -> None:
    if int(item["schema"]["N"]) > SCHEMA_VERSION:
        raise Rejected("key-schema-unknown", "the item has a newer schema version")
