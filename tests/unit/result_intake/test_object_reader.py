"""A span of an object is its own bytes, whether or not the server honours ranges."""

import io
from typing import Any

import pytest

from result_intake.object_reader import ObjectReader
from vigie.errors import Unavailable
from vigie.inbox import ByteSpan

CONTENT = bytes(range(256)) * 80_000


class Bucket:
    """S3 with one object: with ranges, without them, or hanging up early."""

    def __init__(self, *, ranges: bool, missing: int = 0) -> None:
        self._ranges = ranges
        self._missing = missing

    def get_object(self, **request: str) -> dict[str, Any]:
        if not self._ranges:
            return {"Body": io.BytesIO(CONTENT)}
        first, last = (int(part) for part in request["Range"].removeprefix("bytes=").split("-"))
        body = CONTENT[first : last + 1 - self._missing]
        return {"Body": io.BytesIO(body), "ContentRange": f"bytes {first}-{last}/*"}


def _read(bucket: Bucket, span: ByteSpan) -> bytes:
    reader = ObjectReader(bucket, "inbox", "inbox")  # type: ignore[arg-type]
    return b"".join(reader.chunks("750712184/a.hl7", span, version_id="1"))


@pytest.mark.parametrize("ranges", [True, False])
@pytest.mark.parametrize(
    ("first", "end"), [(0, len(CONTENT)), (3, 10), (9_000_001, 20_000_000), (0, 1)]
)
def test_a_span_is_its_own_bytes(first: int, end: int, *, ranges: bool) -> None:
    assert _read(Bucket(ranges=ranges), ByteSpan(first, end)) == CONTENT[first:end]


def test_fewer_bytes_than_asked_for_are_read_again_later() -> None:
    with pytest.raises(Unavailable, match="short-read"):
        _read(Bucket(ranges=True, missing=1), ByteSpan(0, 100))
