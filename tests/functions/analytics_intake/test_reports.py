"""Reports are added up, once each, and nothing else of them stays."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from tests.functions.analytics_intake.world import ADDRESS, NOW, report
from tests.functions.resources import items
from vigie import aws
from vigie.tracing.analytics_sums import AnalyticsSums
from vigie.tracing.randomised_response import Sums

if TYPE_CHECKING:
    from tests.functions.analytics_intake.world import World


def test_reports_become_sums_by_day_question_and_probability(world: World) -> None:
    for number, bits in enumerate([(1, 0, 1), (1, 1, 0), (0, 0, 0)]):
        assert world.post(report(number, bits))["statusCode"] == 204
    world.post(report(3, (0, 1, 0, 0), question="test-after-alert", flipPercent=10))
    world.now += timedelta(days=1)
    world.post(report(4, (0, 0, 1)))

    assert world.counted() == {
        ("2026-11-24", "25#alert-shown"): {"reports": 3, "set_0": 2, "set_1": 1, "set_2": 1},
        ("2026-11-24", "10#test-after-alert"): {"reports": 1, "set_1": 1},
        ("2026-11-25", "25#alert-shown"): {"reports": 1, "set_2": 1},
    }
    sums = AnalyticsSums(aws.dynamodb(), "analytics")
    days = (NOW.date(), world.now.date())
    assert sums.of(days)["alert-shown"] == [Sums(25, 4, (2, 1, 2))]
    assert sums.of(days[:1])["test-after-alert"] == [Sums(10, 1, (0, 1, 0, 0))]
    assert sums.of(days)["days-to-test"] == []


def test_a_report_that_is_sent_again_is_counted_once(world: World) -> None:
    first, again = world.post(report()), world.post(report())
    assert first == again
    assert world.counted()["2026-11-24", "25#alert-shown"]["reports"] == 1


def test_a_decoy_is_answered_alike_and_not_counted(world: World) -> None:
    assert world.post("anything", **{"x-chaff": "1"}) == world.post(report())
    assert len(items("analytics")) == 2


def test_nothing_of_a_report_stays_but_sums_and_a_hash(world: World) -> None:
    world.post(report(77), **{"user-agent": "canari/1"})
    kept = json.dumps(items("analytics")) + world.log.getvalue()
    for trace in (ADDRESS, "canari", f"{77:022d}", "06:45", "AAAA"):
        assert trace not in kept
    (seen,) = [item for item in items("analytics") if item["entry"]["S"] == "seen"]
    assert set(seen) == {"day", "entry", "expires_at"}
    # To the day: nothing tells when it came.
    assert {int(item["expires_at"]["N"]) % 86_400 for item in items("analytics")} == {0}
    assert "alert-shown" not in world.log.getvalue()


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (report(bits=(1, 0)), 400),
        (report(bits=(1, 0, 2)), 400),
        (report(flipPercent=26), 400),
        (report(question="canari"), 400),
        (report(nonce="canari"), 400),
        (report(person="canari"), 400),
        (report(canari=1), 400),
        ("{", 400),
        ("", 400),
        ("[]", 400),
        (report(padding="a" * 2048), 413),
    ],
)
def test_what_is_no_report_is_refused_and_leaves_nothing(
    world: World, body: object, status: int
) -> None:
    answer = world.post(body)
    assert answer["statusCode"] == status
    assert "canari" not in answer["body"] + world.log.getvalue()
    assert items("analytics") == []


@pytest.mark.parametrize(("meetings", "status", "reports"), [(3, 204, 1), (4, 503, 0)])
def test_one_that_meets_others_takes_another_counter_and_gives_up_in_the_end(
    world: World, monkeypatch: pytest.MonkeyPatch, meetings: int, status: int, reports: int
) -> None:
    write, met = aws.dynamodb().transact_write_items, []

    def conflicting(**params: Any) -> Any:  # noqa: ANN401 - as boto3 has it
        met.append(params)
        if len(met) > meetings:
            return write(**params)
        told: Any = {
            "Error": {"Code": "TransactionCanceledException"},
            "CancellationReasons": [{"Code": "None"}, {"Code": "TransactionConflict"}],
        }
        raise ClientError(told, "TransactWriteItems")

    monkeypatch.setattr(aws.dynamodb(), "transact_write_items", conflicting)
    assert world.post(report())["statusCode"] == status
    assert sum(one["reports"] for one in world.counted().values()) == reports
