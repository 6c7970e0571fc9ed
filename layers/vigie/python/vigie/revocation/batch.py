"""A batch of revocations, and the list of batches, as countries exchange them.

Source: the EU's dgc-gateway, `RevocationBatchDto` and `RevocationBatchListDto`. A batch never
changes: what is added later comes in another one.
"""

import base64
import binascii
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import (
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    ValidationError,
)
from pydantic.alias_generators import to_camel

from vigie.dcc.cose import KID_BYTES
from vigie.errors import Rejected
from vigie.revocation.hashes import HASH_BYTES, HashType

MOST_ENTRIES = 1000
UNKNOWN_KID = "UNKNOWN_KID"
# A thousand entries take some 40 kB.
_MOST_BYTES = 128 * 1024


def instant(time: datetime) -> str:
    """A time as the gateway writes it: `2026-12-01T00:00:00Z`."""
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _of_length(length: int) -> Any:  # noqa: ANN401 - what pydantic takes
    def read(value: object) -> object:
        if not isinstance(value, str):
            return value
        try:
            content = base64.b64decode(value, validate=True)
        except (binascii.Error, ValueError):
            raise ValueError("not base64") from None
        if len(content) != length:
            raise ValueError(f"not {length} bytes")
        return content

    return BeforeValidator(read)


def _kid(value: object) -> object:
    return None if value == UNKNOWN_KID else value


Instant = Annotated[AwareDatetime, PlainSerializer(instant)]


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()


class _Strict(BaseModel):
    """Refuses what it does not know, and never repeats a value."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        hide_input_in_errors=True,
        alias_generator=to_camel,
        populate_by_name=True,
    )


class Entry(_Strict):
    """One revoked certificate.

    Attributes:
        hash: 16 bytes, in base64 on the wire.
    """

    hash: Annotated[bytes, _of_length(HASH_BYTES), PlainSerializer(_base64)]


class RevocationBatch(_Strict):
    """Revoked certificates of one signer, up to a thousand.

    Attributes:
        country: ISO 3166-1 alpha-2 of who revokes.
        expires: when none of the certificates can be valid any more.
        kid: of the signer, 8 bytes; None for certificates of whatever signer.
        hash_type: what of a certificate the entries are hashes of.
        entries: the certificates.
    """

    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    expires: Instant
    kid: Annotated[
        bytes | None,
        _of_length(KID_BYTES),
        BeforeValidator(_kid),
        PlainSerializer(lambda kid: UNKNOWN_KID if kid is None else _base64(kid)),
    ]
    hash_type: HashType
    entries: Annotated[tuple[Entry, ...], Field(min_length=1, max_length=MOST_ENTRIES)]

    @property
    def hashes(self) -> tuple[bytes, ...]:
        """The entries' hashes, of 16 bytes each."""
        return tuple(entry.hash for entry in self.entries)


class ListedBatch(_Strict):
    """A batch in the list of batches.

    Attributes:
        batch_id: a UUID.
        country: of who revokes.
        date: when it was added, or deleted.
        deleted: whether its certificates count as revoked no longer.
    """

    batch_id: Annotated[str, Field(pattern=r"^[0-9a-f-]{36}$")]
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    date: Instant
    deleted: bool


class BatchList(_Strict):
    """A page of the list.

    Attributes:
        more: whether there are later ones; the next page begins at the date of the last.
        batches: from the oldest to the newest.
    """

    more: bool
    batches: tuple[ListedBatch, ...]


def batch_of(
    country: str,
    expires: datetime,
    kid: bytes | None,
    hash_type: HashType,
    hashes: Iterable[bytes],
) -> RevocationBatch:
    """A batch of hashes, 16 bytes each, 1 to 1,000 of them."""
    return RevocationBatch(
        country=country,
        expires=expires,
        kid=kid,
        hash_type=hash_type,
        entries=tuple(Entry(hash=each) for each in hashes),
    )


def write_batch(batch: RevocationBatch) -> bytes:
    """A batch in JSON, as it is signed."""
    return _written(batch)


def read_batch(content: bytes) -> RevocationBatch:
    """Read a batch.

    Raises:
        Rejected: `batch-size` over 128 KiB, or `batch-malformed`, with the place.
    """
    if len(content) > _MOST_BYTES:
        raise Rejected("batch-size", "a batch is larger than 128 KiB")
    try:
        return RevocationBatch.model_validate_json(content)
    except ValidationError as error:
        place = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise Rejected("batch-malformed", "not a batch of 1 to 1,000 hashes", place=place) from None


def write_list(page: BatchList) -> bytes:
    """A page of the list in JSON."""
    return _written(page)


def read_list(content: bytes) -> BatchList:
    """Read a page of the list.

    Raises:
        Rejected: `batch-list-malformed`.
    """
    try:
        return BatchList.model_validate_json(content)
    except ValidationError:
        raise Rejected("batch-list-malformed", "not a list of batches") from None


def _written(model: BaseModel) -> bytes:
    fields = model.model_dump(mode="json", by_alias=True)
    return json.dumps(fields, separators=(",", ":")).encode()
