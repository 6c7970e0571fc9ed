"""Which form of a certificate a request accepts best."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certificate_documents.negotiation import accepted

OFFERED = ("application/pdf", "image/png", "image/svg+xml")


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, "application/pdf"),
        ("", "application/pdf"),
        ("*/*", "application/pdf"),
        ("image/svg+xml", "image/svg+xml"),
        ("Image/PNG", "image/png"),
        ("image/*", "image/png"),
        ("image/*, image/png;q=0.1", "image/svg+xml"),
        ("*/*;q=0.1, image/png;q=0.5, application/pdf;q=0.4", "image/png"),
        ("image/png;q=0.5,image/svg+xml;q=0.5", "image/png"),
        ("application/pdf;version=1.7;q=0.2, image/png;q=0.1", "application/pdf"),
        ("application/pdf;q=0, */*", "image/png"),
        ("text/html", None),
        ("application/*;q=0", None),
        ("image/png;q=x", None),
        ("image/png;q=nan", None),
        ("image/png;q=7", None),
        ("x" * 2000, None),
    ],
)
def test_the_form_that_is_liked_best_is_given(accept: str | None, expected: str | None) -> None:
    assert accepted(accept, OFFERED) == expected


@given(st.text())
def test_any_header_is_answered_by_what_there_is_or_nothing(accept: str) -> None:
    assert accepted(accept, OFFERED) in {*OFFERED, None}
