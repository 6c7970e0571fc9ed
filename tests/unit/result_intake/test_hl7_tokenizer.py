"""Separators, escapes and character sets, whatever a message declares."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from result_intake.hl7.charset import decode
from result_intake.hl7.delimiters import Delimiters, delimiters
from result_intake.hl7.segment import Segment
from vigie.errors import Rejected

SIGNS = "|^~\\&#!$%*+,/:;<=>?@_`"
DECLARED = st.permutations(SIGNS).map(lambda signs: "".join(signs[:6]))
TEXT = st.text(
    st.one_of(
        st.sampled_from(SIGNS + "FSTREX0. "),
        st.characters(exclude_characters="\r\n\0", codec="utf-8"),
    ),
    max_size=12,
)


def declare(signs: str) -> Delimiters:
    return delimiters(f"MSH{signs}{signs[0]}rest", "utf-8")


def escape(text: str, known: Delimiters) -> str:
    """Escape a value as a sender would."""
    names = {
        known.field: "F",
        known.component: "S",
        known.subcomponent: "T",
        known.repetition: "R",
        known.escape: "E",
        known.truncation: "P",
    }
    return "".join(
        f"{known.escape}{names[sign]}{known.escape}" if sign and sign in names else sign
        for sign in text
    )


@given(DECLARED, TEXT)
def test_escaped_text_comes_back(signs: str, text: str) -> None:
    known = declare(signs)
    assert known.unescape(escape(text, known)) == text


@given(
    DECLARED,
    st.lists(
        st.lists(st.lists(TEXT, min_size=1, max_size=3), min_size=1, max_size=3),
        min_size=1,
        max_size=3,
    ),
)
def test_every_subcomponent_is_found(signs: str, field: list[list[list[str]]]) -> None:
    known = declare(signs)
    written = known.repetition.join(
        known.component.join(
            known.subcomponent.join(escape(text, known) for text in component)
            for component in repetition
        )
        for repetition in field
    )
    segment = Segment(known.field.join(["PID", "", written]), known)
    assume(written)
    found = segment.all_repetitions(2)
    assert len(found) == len(field)
    for repetition, expected in zip(found, field, strict=True):
        for at, component in enumerate(expected, start=1):
            for below, text in enumerate(component, start=1):
                value = "" if text == '""' and len(component) == 1 else text.strip()
                assert (
                    repetition.value(at, below) in {value, ""}
                    if text == '""'
                    else (repetition.value(at, below) == value)
                )


@given(TEXT)
def test_any_text_unescapes_to_something(text: str) -> None:
    declare("|^~\\&#").unescape(text)


@pytest.mark.parametrize(
    ("escaped", "text"),
    [
        (r"a\F\b\S\c\T\d\R\e\E\f", r"a|b^c&d~e\f"),
        (r"\XC3A9\t\Xe9\t", "ét\N{REPLACEMENT CHARACTER}t"),
        (r"one\.br\two\.sp+2\three", "one\ntwo\nthree"),
        (r"\H\bold\N\ \.in+4\x", "bold x"),
        (r"C:\temp", r"C:\temp"),
        (r"a\b\c", r"a\b\c"),
        ("a\\", "a\\"),
        (r"\C2842\a\M1B2442\b\Zzz\c", "abc"),
        (r"\.ti-3\a\.sk3\b\.ce\c\.in 4\d\.fi\e", "a\nb\ncde"),
        ("\\P\\\\E\\\\X41\\\\x42\\", "#\\A\\x42\\"),
        (r"\Q\S\ ", r"\Q^ "),
    ],
)
def test_escape_sequences(escaped: str, text: str) -> None:
    assert declare("|^~\\&#").unescape(escaped) == text


@pytest.mark.parametrize("declared", ["^~\\&", "^~\\&#", "^~\\", "^"])
def test_four_five_or_fewer_encoding_characters(declared: str) -> None:
    known = delimiters(f"MSH|{declared}|x", "utf-8")
    assert (known.field, known.component, known.repetition) == ("|", "^", "~")
    assert (known.escape, known.subcomponent) == ("\\", "&")
    assert known.truncation == ("#" if declared.endswith("#") else "")


@pytest.mark.parametrize(
    "header",
    ["MSH", "MSH||x", "MSH|^^\\&|", "MSH|^~^|", "MSH|abcd|", "MSH|^~\\&#!|"],
)
def test_ambiguous_encoding_characters_are_refused(header: str) -> None:
    with pytest.raises(Rejected) as caught:
        delimiters(header, "utf-8")
    assert caught.value.code == "message-malformed"


@pytest.mark.parametrize(
    ("content", "declared", "text", "assumed"),
    [
        ("Zoé".encode(), "UNICODE UTF-8", "Zoé", False),
        ("Zoé".encode(), "", "Zoé", False),
        ("Zoé".encode("latin-1"), "8859/1", "Zoé", False),
        ("Œuf €".encode("iso8859-15"), "8859/15", "Œuf €", False),
        ("Zoé".encode("latin-1"), "", "Zoé", True),
        ("Zoé".encode("latin-1"), "UNICODE UTF-8", "Zoé", True),
        ("Œuf".encode("cp1252"), "8859/1", "Œuf", True),
        ("Œuf".encode("cp1252"), "", "Œuf", True),
        ("Zoé".encode(), "KLINGON", "Zoé", True),
        (b"Zoe", "KLINGON", "Zoe", False),
    ],
)
def test_character_sets(content: bytes, declared: str, text: str, assumed: bool) -> None:  # noqa: FBT001 - a parameter of cases
    found, _, was_assumed = decode(content, declared)
    assert (found, was_assumed) == (text, assumed)


def test_bounds_of_a_segment() -> None:
    known = declare("|^~\\&#")
    with pytest.raises(Rejected, match="too many fields"):
        Segment("PID" + "|" * 600, known)
    with pytest.raises(Rejected, match="too many parts"):
        Segment("PID|" + "~" * 300, known).repetitions(1)
    with pytest.raises(Rejected, match="too many parts"):
        Segment("PID|" + "^" * 300, known).repetitions(1)
