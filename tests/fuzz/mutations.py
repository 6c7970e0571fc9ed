"""Inputs for fuzzing: what is right, with some of it changed, and sheer noise."""

from typing import Any

from hypothesis import strategies as st

_MOST_EDITS = 4
_LONGEST_PIECE = 12
_LONGEST_NOISE = 400


@st.composite
def _edited(draw: st.DrawFn, sample: bytes, pieces: st.SearchStrategy[bytes]) -> bytes:
    content = bytearray(sample)
    for _ in range(draw(st.integers(1, _MOST_EDITS))):
        start = draw(st.integers(0, len(content)))
        taken = draw(st.integers(0, _LONGEST_PIECE) | st.integers(0, len(content)))
        content[start : start + taken] = draw(pieces)
    return bytes(content)


def content(*samples: bytes) -> st.SearchStrategy[bytes]:
    """Bytes near one of the samples, whose pieces stray from one into another, or noise."""
    stray = st.sampled_from(samples).flatmap(
        lambda sample: st.integers(0, len(sample)).map(
            lambda start: sample[start : start + _LONGEST_PIECE]
        )
    )
    pieces = st.binary(max_size=_LONGEST_PIECE) | stray
    near = st.sampled_from(samples).flatmap(lambda sample: _edited(sample, pieces))
    return near | st.binary(max_size=_LONGEST_NOISE)


def text(*samples: str) -> st.SearchStrategy[str]:
    """Texts near one of the samples, or noise."""
    encoded = [sample.encode() for sample in samples]
    near = content(*encoded).map(lambda changed: changed.decode(errors="replace"))
    return near | st.text(max_size=_LONGEST_NOISE)


def json_values() -> st.SearchStrategy[Any]:
    """Whatever JSON can say, a little of it."""
    return st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
        lambda inner: (
            st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
        ),
        max_leaves=12,
    )
