"""JSON within bounds: size, depth, encoding, numbers."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from result_intake.fhir import read_bundle
from result_intake.fhir.document import MAX_DEPTH, MAX_DOCUMENT, is_deep, parse
from vigie.errors import Rejected

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
)


def refusal(document: bytes) -> str:
    with pytest.raises(Rejected) as caught:
        parse(document)
    return caught.value.code


@pytest.mark.parametrize(
    "document",
    [
        b"[" * 100_000,
        b"[" * 100_000 + b"]" * 100_000,
        b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
        b'["\\"",' * 100_000,
        b'["[]",' * (MAX_DEPTH + 1) + b"1" + b"]" * (MAX_DEPTH + 1),
    ],
)
def test_deep_nesting_is_refused_before_it_is_parsed(document: bytes) -> None:
    assert refusal(document) == "record-too-large"
    (item,) = read_bundle(document, now=NOW)
    assert [each.code for each in item.breaches] == ["record-too-large"]


def test_the_deepest_allowed_is_read() -> None:
    inner = b"[" * (MAX_DEPTH - 1) + b"]" * (MAX_DEPTH - 1)
    assert parse(b'{"a":' + inner + b"}")
    assert refusal(b'{"a":[' + inner + b"]}") == "record-too-large"


def test_brackets_in_texts_are_no_depth() -> None:
    assert parse(json.dumps({"a": ["[{" * 500, '"[' * 500, "\\[" * 500]}).encode())


@given(JSON)
def test_what_is_not_deep_is_read_as_it_is(content: object) -> None:
    document = json.dumps({"a": content}, ensure_ascii=False)
    found = parse(b"\xef\xbb\xbf" + document.encode())
    assert found == json.loads(document, parse_int=str)


@given(st.lists(st.sampled_from(['[{}, "", ', '["]}", ', '{"[": ', '["\\\\\\"[", ']), max_size=150))
def test_depth_is_counted_whatever_stands_between(openings: list[str]) -> None:
    closings = "".join("]" if each[0] == "[" else "}" for each in reversed(openings))
    document = "".join(openings) + "1" + closings
    json.loads(document)
    expected = len(openings) > MAX_DEPTH
    # `{}` on the innermost level is one level more.
    if len(openings) != MAX_DEPTH:
        assert is_deep(document.encode()) is expected


def test_a_document_is_too_large_by_one_byte() -> None:
    document = b'{"a":"' + b"x" * (MAX_DOCUMENT - 8) + b'"}'
    assert parse(document)
    assert refusal(document + b" ") == "record-too-large"


@pytest.mark.parametrize(
    ("document", "code"),
    [
        (b"", "record-malformed"),
        (b"{", "record-malformed"),
        (b'{"a":NaN}', "record-malformed"),
        (b'{"a":-Infinity}', "record-malformed"),
        (b'{"a":1}{"b":2}', "record-malformed"),
        (b'{"a":"\xe9"}', "encoding-malformed"),
        (b'{"a":"\\ud800"}', "encoding-malformed"),
        (b"[]", "message-type-unsupported"),
        (b"null", "message-type-unsupported"),
    ],
)
def test_what_is_no_document_is_refused(document: bytes, code: str) -> None:
    assert refusal(document) == code


def test_numbers_of_any_size_are_text() -> None:
    assert parse(b'{"a":1e999999,"b":' + b"9" * 10_000 + b"}") == {
        "a": "1e999999",
        "b": "9" * 10_000,
    }


def test_pairs_of_escapes_are_one_character() -> None:
    assert parse(b'{"a":"\\ud83d\\ude00"}') == {"a": "\N{GRINNING FACE}"}


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_by_name(document: bytes) -> None:
    for item in read_bundle(document, now=NOW):
        assert item.breaches
