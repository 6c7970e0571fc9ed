"""What reads a body after the check finds JSON in UTF-8."""

import base64

import pytest

from vigie.http.problem import BODY_UNREADABLE, Problem
from vigie.http.request_body import body_problem

_TOO_LARGE = Problem(type="too-large", title="", status=413, detail="")


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ('["é"]'.encode(), None),
        ('["é"]'.encode("utf-16"), BODY_UNREADABLE),
        (b'["\xe9"]', BODY_UNREADABLE),
    ],
)
def test_a_body_is_json_in_utf_8_and_nothing_else(body: bytes, problem: Problem | None) -> None:
    event = {"body": base64.b64encode(body).decode(), "isBase64Encoded": True}
    assert body_problem(event, _TOO_LARGE) == problem
