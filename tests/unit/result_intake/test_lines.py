"""Lines in chunks: the same whatever the chunks, with offsets that add up."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from result_intake.lines import lines

TEXT = st.lists(st.sampled_from([b"a", b"bc", b"\r", b"\n", b"\r\n", b""]), max_size=30).map(
    b"".join
)


def pieces(content: bytes, cuts: list[int]) -> list[bytes]:
    at = sorted({cut % (len(content) + 1) for cut in cuts} | {0, len(content)})
    return [content[start:end] for start, end in pairwise(at)]


@given(TEXT, st.lists(st.integers(0, 100)))
def test_lines_do_not_depend_on_chunks(content: bytes, cuts: list[int]) -> None:
    found = list(lines(pieces(content, cuts)))
    assert [line.content for line in found] == content.splitlines()
    assert [line.number for line in found] == list(range(1, len(found) + 1))
    assert [content[line.start : line.end] for line in found] == content.splitlines(keepends=True)


@given(TEXT, st.lists(st.integers(0, 100)), st.integers(0, 4))
def test_long_lines_are_cut_and_their_neighbours_are_not(
    content: bytes, cuts: list[int], limit: int
) -> None:
    found = list(lines(pieces(content, cuts), limit=limit))
    assert [line.content for line in found] == [each[:limit] for each in content.splitlines()]
    assert [line.cut for line in found] == [len(each) > limit for each in content.splitlines()]
    assert [content[line.start : line.end] for line in found] == content.splitlines(keepends=True)
