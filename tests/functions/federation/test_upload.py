"""Our keys are offered with consent, once, in batches that a gateway verifies."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from federation_upload import offering
from tests.functions.federation.authority import country
from tests.functions.federation.world import NOW, RELEASED, SHAREABLE
from tests.functions.key_export.world import Context
from vigie import aws
from vigie.tracing.diagnosis_key import ReportType
from vigie.tracing.release import HOUR
from vigie.tracing.stored_key import (
    Provenance,
    known_item,
    known_key,
    released_item,
    revised_item,
    revised_known_item,
)

if TYPE_CHECKING:
    import pytest

    from tests.functions.federation.world import World


def offered(world: World) -> list[int]:
    return [int.from_bytes(key.key_data, "big") for key in world.double.efgs_keys()]


def of_efgs(world: World, size: int) -> None:
    world.efgs = world.efgs.model_copy(update={"most_keys": size})
    world.register(world.efgs)
    world.begin_offering()


def test_keys_with_consent_are_offered_in_batches_that_openssl_verifies(world: World) -> None:
    of_efgs(world, 2)
    world.release([1, 2, 3])
    world.release([4], provenance=Provenance(origin="FR"))
    world.release([5], provenance=SHAREABLE.model_copy(update={"traveller": True}))
    world.release([6], hour=NOW.replace(minute=0) - HOUR)
    world.upload()
    assert offered(world) == [1, 2, 3, 5]
    assert sorted(map(len, world.double.taken.values())) == [2, 2]
    assert [key.visited_countries for key in world.double.efgs_keys()] == [
        *[()] * 3,
        ("DE", "IT"),
    ]
    assert all(tag.startswith("FR-20261124T0400-") for tag in world.double.taken)
    # The hour that is not settled follows.
    world.now = NOW + 2 * HOUR
    world.upload()
    assert offered(world) == [1, 2, 3, 5, 6]


def test_nothing_is_offered_twice_and_hours_that_were_offered_are_not_read(world: World) -> None:
    of_efgs(world, 5000)
    world.release([1, 2])
    world.upload()
    world.double.asked.clear()
    world.release([3])  # in an hour that is over, which cannot be
    world.upload()
    assert world.double.asked == []


def test_an_answer_that_is_lost_does_no_harm(world: World) -> None:
    of_efgs(world, 5000)
    world.release([1, 2])
    world.double.statuses = [world.double.LOST]
    world.upload()
    assert offered(world) == [1, 2]
    assert [record.taken for record in world.records()] == [2]
    # Four answers in a row: the next run offers the same batch, which the gateway knows.
    world.begin_offering(RELEASED + HOUR)
    world.release([3], hour=RELEASED + HOUR)
    world.double.statuses = [world.double.LOST] * 4
    world.upload()
    assert world.logged("gateway-failed")[0]["reason"] == "gateway-unreachable"
    world.upload()
    assert offered(world) == [1, 2, 3]


def test_keys_that_the_gateway_has_are_left_out_and_the_others_offered(world: World) -> None:
    of_efgs(world, 5000)
    world.release([1, 2, 3])
    world.double.had = {(2).to_bytes(16, "big")}
    world.upload()
    assert offered(world) == [1, 3]


def test_a_key_that_the_gateway_refuses_costs_no_other(world: World) -> None:
    of_efgs(world, 5000)
    world.release(range(1, 20))
    world.double.bad = {(7).to_bytes(16, "big")}
    world.upload()
    assert offered(world) == [number for number in range(1, 20) if number != 7]
    refused = [record for record in world.records() if record.refused]
    assert [record.refused for record in refused] == [{"gateway-refused": 1}]


def test_keys_of_a_signer_that_the_gateway_does_not_know_wait_for_it(world: World) -> None:
    of_efgs(world, 5000)
    world.release([1, 2, 3])
    registered, world.double.signer = world.double.signer, country("DE").pem
    world.upload()
    assert world.logged("gateway-failed")[0]["reason"] == "gateway-takes-nothing"
    assert world.records() == []
    world.double.signer = registered
    world.upload()
    assert offered(world) == [1, 2, 3]


def test_a_lone_key_that_is_refused_is_given_up_once_another_is_taken(world: World) -> None:
    of_efgs(world, 5000)
    world.release([1])
    world.double.bad = {(1).to_bytes(16, "big")}
    world.upload()
    assert world.records() == []
    world.release([2], hour=RELEASED + HOUR)
    world.upload()
    assert offered(world) == [2]
    assert sum(record.refused.get("gateway-refused", 0) for record in world.records()) == 1
    world.double.asked.clear()
    world.upload()
    assert world.double.asked == []


def test_several_keys_that_the_gateway_refuses_cost_no_other(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(offering, "_MOST_REQUESTS", 8)
    of_efgs(world, 5000)
    world.release(range(1, 17))
    world.double.bad = {number.to_bytes(16, "big") for number in (1, 9)}
    world.upload()
    assert offered(world) == [number for number in range(1, 17) if number not in {1, 9}]


def test_a_gateway_that_refuses_everything_is_not_asked_for_ever(world: World) -> None:
    of_efgs(world, 5000)
    world.release(range(1, 20))
    world.double.statuses = [403]
    world.upload()
    assert world.logged("gateway-failed")[0]["reason"] == "gateway-status:403"
    assert world.records() == []
    world.upload()
    assert len(offered(world)) == 19


def test_a_key_is_offered_again_when_it_is_revised(world: World) -> None:
    of_efgs(world, 5000)
    (released,) = world.release([1])
    world.upload()
    revoked = released.key.model_copy(update={"report_type": ReportType.REVOKED})
    known = known_key(known_item(released.key, RELEASED, SHAREABLE), "FR")
    hour = RELEASED + 3 * HOUR
    for item in (revised_item(revoked, known, hour), revised_known_item(revoked, known, hour)):
        aws.dynamodb().put_item(TableName="keys", Item=item)
    world.now = NOW + timedelta(hours=3)
    world.upload()
    assert [key.report_type for key in world.double.efgs_keys()] == [1, 5]


def test_the_interoperability_service_gets_a_signed_payload(world: World) -> None:
    world.register(world.interop)
    world.begin_offering()
    world.release([1, 2])
    world.double.statuses = [world.double.LOST]
    world.upload()
    ((tag, keys),) = world.double.payloads.items()
    assert tag.startswith("FR-20261124T0400-")
    assert keys[0] == {
        "keyData": "AAAAAAAAAAAAAAAAAAAAAQ==",
        "rollingStartNumber": keys[0]["rollingStartNumber"],
        "transmissionRiskLevel": 2,
        "rollingPeriod": 144,
        "regions": ["FR"],
        "daysSinceOnset": 3,
        "reportType": 1,
    }
    assert len(keys) == 2


def test_the_interoperability_service_is_not_told_the_code_of_an_unknown_onset(
    world: World,
) -> None:
    world.register(world.interop)
    world.begin_offering()
    (released,) = world.release([1])
    unknown = released.key.model_copy(update={"days_since_onset_of_symptoms": None})
    item = released_item(unknown, RELEASED, SHAREABLE)
    aws.dynamodb().put_item(TableName="keys", Item=item)
    world.upload()
    ((sent,),) = world.double.payloads.values()
    assert "daysSinceOnset" not in sent


def test_a_run_without_time_is_gone_on_with(world: World) -> None:
    of_efgs(world, 1)
    world.release([1, 2, 3])
    world.upload(Context(2))
    assert len(offered(world)) == 2
    world.upload()
    assert offered(world) == [1, 2, 3]
