"""A report is taken once, and leaves as visits that nobody can put together again."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from tests.functions.resources import items
from tests.functions.venues.world import NOW, World, report, said, visit
from vigie.attestation.attested_body import body_hash
from vigie.venues.ntp import ntp_seconds
from vigie.venues.visit_to_count import read_visit

REFUSED = {"code": "permission_refused", "error": "the upload code is not accepted"}


def test_each_visit_is_a_message_of_its_own_that_says_nothing_of_the_person(world: World) -> None:
    posters = [world.poster() for _ in range(12)]
    pivot = NOW - timedelta(days=2)
    visits = [visit(one, pivot + timedelta(hours=n - 6)) for n, one in enumerate(posters)]
    answer = world.report("A", *visits, pivotDate=ntp_seconds(pivot))
    assert answer == {"success": True, "message": "12/12 accepted visits", "accepted": 12}
    sent = [json.loads(body) for body in world.sent()]
    assert {one["qr_code"] for one in sent} == set(posters)
    for one in sent:
        assert set(one) == {
            "type",
            "schema_version",
            "visit",
            "qr_code",
            "scanned_at",
            "is_backward",
            "earlier",
        }
        assert one["earlier"] == []
        assert one["is_backward"] == (one["scanned_at"] < ntp_seconds(pivot))
    assert len({one["visit"] for one in sent}) == 12
    # The chance of the order that they came in is one of 479 millions.
    assert [one["qr_code"] for one in sent] != posters
    (item,) = items("visit-reports")
    assert set(item) == {"jti", "schema", "digest", "accepted", "expires_at"}
    assert int(item["expires_at"]["N"]) % 86_400 == 0


def test_what_cannot_be_counted_is_left_out(world: World) -> None:
    poster, other = world.poster(), world.poster()
    scanned = NOW - timedelta(days=2)
    answer = world.report(
        "A",
        visit(poster, scanned),
        visit(poster, scanned + timedelta(minutes=29)),
        visit(poster, scanned + timedelta(minutes=31)),
        visit(other, scanned),
        visit(other, NOW - timedelta(days=15)),
        visit(other, NOW + timedelta(minutes=6)),
        visit(other[:-4], scanned),
        visit("not a code", scanned),
    )
    assert answer["message"] == "3/8 accepted visits"
    assert len(world.sent()) == 3


def test_the_same_report_again_gets_the_same_answer_and_the_same_messages(world: World) -> None:
    visits = [visit(world.poster()), visit(world.poster())]
    first, sent = world.report("A", *visits), world.sent()
    world.new_instances()
    world.now += timedelta(hours=1)
    assert world.report("A", *reversed(visits)) == first
    assert sorted(world.sent()) == sorted(sent)
    assert world.codes() == ["visits-reported", "report-repeated"]


def test_a_code_permits_one_report(world: World) -> None:
    world.report("A", visit(world.poster()))
    world.sent()
    for body in (
        report(world.code("A"), visit(world.poster())),
        report("not a code", visit(world.poster())),
    ):
        answer = world.post(body)
        assert (answer["statusCode"], said(answer)) == (401, REFUSED)
    assert world.sent() == []
    assert world.codes() == ["visits-reported", "report-refused", "report-refused"]


def test_a_report_of_nothing_uses_no_code_up(world: World) -> None:
    assert world.report("A", visit("AAAA"))["message"] == "0/1 accepted visits"
    assert items("visit-reports") == []


@pytest.mark.parametrize("far", [timedelta(days=-30), timedelta(days=30)])
def test_a_pivot_date_out_of_range_is_that_limit(world: World, far: timedelta) -> None:
    world.report("A", visit(world.poster()), pivotDate=ntp_seconds(NOW + far))
    (body,) = world.sent()
    assert read_visit(body).is_backward == (far > timedelta())


@pytest.mark.parametrize(
    ("body", "status", "error"),
    [
        ("{", 400, "the body: json_invalid"),
        ({"visits": [], "pivotDate": 1}, 400, "verificationPayload: missing"),
        (report("A", visit("A", NOW), visit("A" * 301)), 400, "visits[1].qrCode: string_too_long"),
        (report("A", *[visit("A")] * 101), 400, "visits: too_long"),
        (
            report("A", {"qrCode": "A", "qrCodeScanTime": "1"}),
            400,
            "visits[0].qrCodeScanTime: int_type",
        ),
        ("x" * 65_000, 413, "the body is larger than 64000 bytes"),
    ],
)
def test_a_malformed_report_is_told_where(
    world: World, body: object, status: int, error: str
) -> None:
    answer = world.post(body)
    assert answer["statusCode"] == status
    assert said(answer) == {"code": "bad_request", "error": error}


@pytest.mark.parametrize(("mode", "status"), [("observe", 200), ("enforce", 403)])
def test_a_body_that_its_device_did_not_vouch_for_is_told_and_refused_where_that_is_enforced(
    world: World, mode: str, status: int
) -> None:
    world.vouched = {"attestationMode": mode, "bodySha256": body_hash(b"other")}
    answer = world.post(report(world.code(), visit(world.poster())))
    assert answer["statusCode"] == status
    assert "attested-body-differs" in world.codes()
    assert len(world.sent()) == (1 if mode == "observe" else 0)
    body = json.dumps(report(world.code("B"), visit(world.poster())))
    world.vouched["bodySha256"] = body_hash(body.encode())
    assert world.post(body)["statusCode"] == 200


def test_decoys_and_reports_are_alike_from_outside(world: World) -> None:
    body = report(world.code(), visit(world.poster()))
    answers = [
        world.post(body),
        world.post(body | {"pivotDate": 1}),
        world.post("{"),
        world.post(body, **{"x-chaff": "1"}),
    ]
    assert [answer["statusCode"] for answer in answers] == [200, 401, 400, 200]
    assert len({json.dumps(answer["headers"]) for answer in answers}) == 1
    assert all(5120 <= len(answer["body"]) < 6144 for answer in answers)
    assert world.slept == [1.0] * len(answers)
    assert len(world.sent()) == 1
