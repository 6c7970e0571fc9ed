"""The documents that lead a verifier's device to the slices.

Source: eu-digital-green-certificates/dgca-revocation-distribution-service, `openapi.json`. `/lists`
names the signers, `/lists/{kid}/partitions` a signer's partitions; a partition gives the slices of
its chunks by their expiry.
"""

import base64
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Annotated

from pydantic import AwareDatetime, ConfigDict, PlainSerializer, TypeAdapter, ValidationError
from pydantic.alias_generators import to_camel

from vigie.dcc.cose import KID_BYTES
from vigie.errors import Rejected
from vigie.model import Frozen
from vigie.revocation.batch import UNKNOWN_KID, instant
from vigie.revocation.hashes import HashType
from vigie.revocation.partition import WHOLE, Mode
from vigie.revocation.slices import VERSION, SignerList, SliceType

Instant = Annotated[AwareDatetime, PlainSerializer(instant)]


class _Document(Frozen):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class ListedSigner(_Document):
    """A signer in `/lists`.

    Attributes:
        kid: in base64, or `UNKNOWN_KID`.
        mode: how its hashes are split.
        hash_types: which hashes of a certificate to look up.
        expires: when the last entry expires.
        last_updated: when its newest batch was added.
    """

    kid: str
    mode: Mode
    hash_types: tuple[HashType, ...]
    expires: Instant
    last_updated: Instant


class ListedSlice(_Document):
    """A slice in a partition.

    Attributes:
        type: its form.
        version: of the form.
        hash: its name, SHA-256 of its content.
    """

    type: SliceType
    version: str = VERSION
    hash: str


class Partition(_Document):
    """A partition.

    Attributes:
        kid: as in `/lists`.
        id: its digits; None in the mode POINT.
        x: first of them.
        y: second of them.
        last_updated: when the signer's newest batch was added.
        expired: when the last entry expires.
        chunks: by digit and by time of expiry, the slices.
    """

    kid: str
    id: str | None
    x: str | None
    y: str | None
    last_updated: Instant
    expired: Instant
    chunks: Mapping[str, Mapping[str, ListedSlice]]

    @property
    def name(self) -> str:
        """What a path says for it: its id, or `null`."""
        return self.id or WHOLE

    @property
    def slices(self) -> Iterator[str]:
        """The names of its slices."""
        for ends in self.chunks.values():
            yield from (one.hash for one in ends.values())


_SIGNERS: TypeAdapter[tuple[ListedSigner, ...]] = TypeAdapter(tuple[ListedSigner, ...])
_PARTITIONS: TypeAdapter[tuple[Partition, ...]] = TypeAdapter(tuple[Partition, ...])


def kid_text(kid: bytes | None) -> str:
    """A kid as documents have it."""
    return UNKNOWN_KID if kid is None else base64.b64encode(kid).decode()


def kid_in_path(kid: bytes | None) -> str:
    """A kid as paths have it: base64url, with its padding."""
    return UNKNOWN_KID if kid is None else base64.urlsafe_b64encode(kid).decode()


def read_kid_text(text: str) -> bytes | None:
    """Read a kid of one of our documents."""
    return None if text == UNKNOWN_KID else base64.b64decode(text)


def read_kid_in_path(text: str) -> bytes | None:
    """Read a kid of a path, with padding or without it.

    Raises:
        Rejected: `kid-malformed`.
    """
    if text == UNKNOWN_KID:
        return None
    try:
        kid = base64.b64decode(text.rstrip("=") + "=", altchars=b"-_", validate=True)
    except ValueError:
        kid = b""
    if len(kid) != KID_BYTES:
        raise Rejected("kid-malformed", "a kid is 8 bytes in base64url")
    return kid


def listed_signer(
    kid: bytes | None, signer: SignerList, last_updated: AwareDatetime
) -> ListedSigner:
    """What `/lists` says of a signer."""
    return ListedSigner(
        kid=kid_text(kid),
        mode=signer.mode,
        hash_types=signer.hash_types,
        expires=max(one.expires for one in signer.slices),
        last_updated=last_updated,
    )


def partitions(
    kid: bytes | None, signer: SignerList, last_updated: AwareDatetime
) -> tuple[Partition, ...]:
    """The partitions of a signer, in order."""
    by_partition: dict[str, list[tuple[str, str, ListedSlice]]] = {}
    ends: dict[str, AwareDatetime] = {}
    for one in signer.slices:
        name = one.place.partition
        listed = ListedSlice(type=signer.slice_type, hash=one.name)
        by_partition.setdefault(name, []).append((one.place.chunk, instant(one.expires), listed))
        ends[name] = max(one.expires, ends.get(name, one.expires))
    return tuple(
        Partition(
            kid=kid_text(kid),
            id=None if name == WHOLE else name,
            x=None if name == WHOLE else name[0],
            y=name[1:] or None if name != WHOLE else None,
            last_updated=last_updated,
            expired=ends[name],
            chunks=_chunks(listed),
        )
        for name, listed in by_partition.items()
    )


def write_listed(signer: ListedSigner) -> str:
    """A signer as `/lists` has it."""
    return signer.model_dump_json(by_alias=True)


def read_listed(content: str) -> ListedSigner:
    """Read a signer as `write_listed` wrote it."""
    return ListedSigner.model_validate_json(content)


def write_lists(signers: Sequence[ListedSigner]) -> bytes:
    """`/lists`."""
    return _SIGNERS.dump_json(tuple(signers), by_alias=True)


def read_lists(content: bytes) -> tuple[ListedSigner, ...]:
    """Read `/lists`.

    Raises:
        Rejected: `lists-malformed`.
    """
    try:
        return _SIGNERS.validate_json(content)
    except ValidationError:
        raise Rejected("lists-malformed", "not a list of signers") from None


def write_partitions(found: Sequence[Partition]) -> bytes:
    """`/lists/{kid}/partitions`."""
    return _PARTITIONS.dump_json(tuple(found), by_alias=True)


def write_partition(partition: Partition) -> bytes:
    """`/lists/{kid}/partitions/{id}`."""
    return partition.model_dump_json(by_alias=True).encode()


def read_partition(content: bytes) -> Partition:
    """Read `/lists/{kid}/partitions/{id}`.

    Raises:
        Rejected: `partitions-malformed`.
    """
    try:
        return Partition.model_validate_json(content)
    except ValidationError:
        raise _malformed_partitions() from None


def read_partitions(content: bytes) -> tuple[Partition, ...]:
    """Read `/lists/{kid}/partitions`.

    Raises:
        Rejected: `partitions-malformed`.
    """
    try:
        return _PARTITIONS.validate_json(content)
    except ValidationError:
        raise _malformed_partitions() from None


def _malformed_partitions() -> Rejected:
    return Rejected("partitions-malformed", "not partitions of a signer")


def _chunks(
    listed: Iterable[tuple[str, str, ListedSlice]],
) -> dict[str, dict[str, ListedSlice]]:
    chunks: dict[str, dict[str, ListedSlice]] = {}
    for chunk, expires, one in listed:
        chunks.setdefault(chunk, {})[expires] = one
    return chunks
