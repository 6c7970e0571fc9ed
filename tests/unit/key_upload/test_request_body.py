"""Bodies are read as the reference's JSON reader reads them, and never repeated."""

import base64
import json
import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from key_upload.publish_request import PublishRequest
from key_upload.refusal import PublishRefusedError
from key_upload.request_body import read_request
from vigie.tracing.base64_text import decoded

CANARY = "canary"


def event(body: str, content_type: str = "application/json", **changes: object) -> dict[str, Any]:
    return {"headers": {"content-type": content_type}, "body": body} | changes


def read(content: object) -> PublishRequest:
    return read_request(event(json.dumps(content)))


def test_names_match_whatever_their_case() -> None:
    request = read(
        {
            "TEMPORARYEXPOSUREKEYS": [{"Key": "AAAA", "rollingstartnumber": 7}],
            "hmackey": "x",
            "healthauthorityid": "y",
        }
    )
    assert request.keys[0].key == "AAAA"
    assert request.keys[0].rolling_start_number == 7
    assert (request.hmac_key, request.health_authority_id) == ("x", "y")


def test_null_is_as_if_absent_and_the_last_of_several_wins() -> None:
    request = read_request(event('{"padding": null, "hmacKey": "a", "HMACKEY": "b"}'))
    assert (request.padding, request.hmac_key) == ("", "b")


@pytest.mark.parametrize(
    ("body", "status", "text"),
    [
        ("", 400, "body must not be empty"),
        ("  ", 400, "body must not be empty"),
        ("{" + CANARY, 400, "malformed json, or more than one JSON value"),
        ("{}{}", 400, "malformed json, or more than one JSON value"),
        ("{} 1", 400, "malformed json, or more than one JSON value"),
        ('{"padding": NaN}', 400, "malformed json, or more than one JSON value"),
        ("[" * 60_000, 400, "malformed json, or more than one JSON value"),
        ('{"symptomOnsetInterval": 1' + "0" * 5000 + "}", 400, None),
        (f'["{CANARY}"]', 400, "invalid value of the body"),
        ("1", 400, "invalid value of the body"),
        (f'{{"{CANARY}": 1}}', 400, "unknown field in the body"),
        (
            f'{{"temporaryExposureKeys": [{{}}, {{"{CANARY}": 1}}]}}',
            400,
            "unknown field in temporaryExposureKeys[1]",
        ),
        (
            f'{{"temporaryExposureKeys": [{{"rollingPeriod": "{CANARY}"}}]}}',
            400,
            "invalid value of temporaryExposureKeys[0].rollingPeriod",
        ),
        ('{"temporaryExposureKeys": {}}', 400, "invalid value of temporaryExposureKeys"),
        ('{"temporaryExposureKeys": "x"}', 400, "invalid value of temporaryExposureKeys"),
        ('{"symptomOnsetInterval": 1.0}', 400, "invalid value of symptomOnsetInterval"),
        ('{"symptomOnsetInterval": 2147483648}', 400, "invalid value of symptomOnsetInterval"),
        ('{"symptomOnsetInterval": true}', 400, "invalid value of symptomOnsetInterval"),
        ('{"traveler": 1}', 400, "invalid value of traveler"),
        ('{"padding": 1}', 400, "invalid value of padding"),
        (json.dumps({"padding": CANARY * 12_000}), 413, "the body is larger than 64000 bytes"),
    ],
)
def test_a_body_that_is_not_as_described(body: str, status: int, text: str | None) -> None:
    with pytest.raises(PublishRefusedError) as refused:
        read_request(event(body))
    assert refused.value.status == status
    assert refused.value.code == "bad_request"
    assert CANARY not in refused.value.text
    assert text in {None, refused.value.text}


@pytest.mark.parametrize("content_type", ["", "text/plain", "application/jso"])
def test_another_content_type(content_type: str) -> None:
    with pytest.raises(PublishRefusedError) as refused:
        read_request(event("{}", content_type))
    assert refused.value.status == 415


def test_parameters_of_the_content_type_do_not_matter() -> None:
    assert read_request(event("{}", "application/json; charset=utf-8")) == PublishRequest()


def test_the_limit_is_of_bytes_and_inclusive() -> None:
    def body(padding: int) -> str:
        return '{"padding": "' + "A" * padding + '"}'

    exact = 64_000 - len(body(0))
    assert len(read_request(event(body(exact))).padding) == exact
    with pytest.raises(PublishRefusedError) as refused:
        read_request(event(body(exact + 1)))
    assert refused.value.status == 413
    with pytest.raises(PublishRefusedError) as refused:
        read_request(event('{"padding": "' + "é" * 40_000 + '"}'))
    assert refused.value.status == 413


@pytest.mark.parametrize("encoded", [False, True])
def test_ten_megabytes_are_refused_before_they_are_read(*, encoded: bool) -> None:
    tracemalloc.start()
    try:
        with pytest.raises(PublishRefusedError) as refused:
            read_request(event("[" * 10_000_000, isBase64Encoded=encoded))
        assert tracemalloc.get_traced_memory()[1] < 30_000_000
    finally:
        tracemalloc.stop()
    assert refused.value.status == 413


def test_a_body_in_base64_is_read() -> None:
    body = base64.b64encode(b'{"padding": "x"}').decode()
    assert read_request(event(body, isBase64Encoded=True)).padding == "x"
    for wrong in ("!!!!", base64.b64encode(b"\xff{}").decode()):
        with pytest.raises(PublishRefusedError) as refused:
            read_request(event(wrong, isBase64Encoded=True))
        assert refused.value.status == 400


def refused_status(content: object) -> int:
    """200 if a body is read."""
    try:
        read(content)
    except PublishRefusedError as refused:
        return refused.status
    return 200


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists))
def test_any_json_is_read_or_refused(value: object) -> None:
    for content in (value, {"temporaryExposureKeys": value}, {"padding": value}):
        assert refused_status(content) in {200, 400}


@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode])
@given(content=st.binary(max_size=40))
def test_both_alphabets_of_base64_are_read_padded_or_not(
    encode: Callable[[bytes], bytes], content: bytes
) -> None:
    text = encode(content).decode()
    assert decoded(text) == decoded(text.rstrip("=")) == content


@pytest.mark.parametrize("text", ["!", "A", "AAAA A", "é", "\ud800", "A\nAA"])
def test_what_is_not_base64(text: str) -> None:
    assert decoded(text) is None
