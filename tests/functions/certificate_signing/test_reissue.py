"""Certificates that are signed anew: the new one first, and the old one revoked."""

import json
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.faults.injector import Crash, Fault, Injector
from tests.functions.certificate_signing.test_signing import ISSUED, REVOKED
from tests.functions.certificate_signing.world import RESULT_ID, World, at, drained, signing_key
from tests.functions.interruption import interrupted
from vigie.certificates.reissue_due import ReissueDue
from vigie.certificates.stored_certificate import StoredCertificate
from vigie.results.codes import Outcome, Status

REASON = "signer-compromised"
ELSEWHERE = {"testing_centre": "Laboratoire du Lac"}
# The calls of a message that reissues a certificate; another may come before any of them.
PLACES = range(10)


def _due(*records: str, before: datetime | None = None, kids: tuple[str, ...] = ()) -> str:
    return ReissueDue(
        job="2026-11-key",
        records=records or (RESULT_ID,),
        issued_before=before or at(1),
        kids=kids,
        reason=REASON,
    ).model_dump_json()


def _live(world: World, result_id: str = RESULT_ID) -> list[StoredCertificate]:
    return [
        each
        for each in world.certificates()
        if each.revoked_at is None and each.source_id == result_id
    ]


def test_the_new_one_carries_on_from_the_old_one_which_is_revoked(world: World) -> None:
    world.result()
    world.deliver()
    [old] = world.certificates()
    world.issue_dsc(signing_key())
    world.events()
    world.now = at(2)
    assert world.deliver(_due(kids=(old.kid,))) == []
    first, second = world.certificates()
    assert (first.certificate, first.revoked_at, first.revocation_reason) == (
        "test#1",
        at(2),
        REASON,
    )
    assert (second.certificate, second.generation, second.revoked_at) == ("test#1#1", 1, None)
    assert (second.replaces, second.replacement) == ("test#1", REASON)
    assert second.kid != old.kid
    assert second.issued_at == at(2)
    assert world.entry(second)["ci"] == world.entry(first)["ci"]
    events = world.events()
    assert [(event.type, event.certificate) for event in events if "Cert" in event.type] == [  # type: ignore[union-attr]
        (REVOKED, "test#1"),
        (ISSUED, "test#1#1"),
    ]
    # Again, and as what another message finds, it is done.
    rows = world.rows()
    world.now = at(3)
    assert world.deliver(_due(kids=(old.kid,)), _due(), _due(before=at(2))) == []
    assert world.deliver() == []
    assert world.rows() == rows


@pytest.mark.parametrize(
    "message",
    [_due(before=at(0, 9)), _due(kids=("00" * 8,))],
    ids=["issued later", "by another"],
)
def test_what_a_reissue_does_not_concern_stays(world: World, message: str) -> None:
    world.result()
    world.deliver()
    rows = world.rows()
    world.now = at(2)
    assert world.deliver(message) == []
    assert world.rows() == rows


def test_every_call_may_crash_and_no_moment_is_without_a_certificate(world: World) -> None:
    world.now = at(0)
    for place in PLACES:
        for fault in (Fault.CRASH_BEFORE, Fault.CRASH_AFTER):
            result_id = f"r{place}-{fault}"
            world.now = at(0)
            world.result(result_id=result_id)
            world.deliver(f'{{"type":"RecoveryDue","result_id":"{result_id}"}}')
            world.now = at(2)
            injector = Injector(place, fault)
            with injector.switched_on(), suppress(Crash):
                world.deliver(_due(result_id))
            assert _live(world, result_id), (place, fault)
            assert world.deliver(_due(result_id)) == []
            names = [each.certificate for each in _live(world, result_id)]
            assert names == ["test#1#1"], (place, fault)


@pytest.mark.parametrize(
    "correction",
    [ELSEWHERE, {}, {"status": Status.WITHDRAWN}, {"outcome": Outcome.DETECTED}],
    ids=["other claims", "same claims", "withdrawn", "positive"],
)
def test_a_correction_in_the_middle_prevails(world: World, correction: dict[str, Any]) -> None:
    for place in PLACES:
        result_id = f"r{place}"
        world.now = at(0)
        world.result(result_id=result_id)
        world.deliver(f'{{"type":"RecoveryDue","result_id":"{result_id}"}}')
        world.now = at(2)
        with interrupted({place: _correct(world, result_id, correction)}) as made:
            assert world.deliver(_due(result_id)) == []
        if place >= len(made):
            _correct(world, result_id, correction)()
        live = _live(world, result_id)
        if correction in ({}, ELSEWHERE):
            [certificate] = live
            centre = correction.get("testing_centre", "Laboratoire du Parc")
            assert world.entry(certificate)["tc"] == centre, place
            assert certificate.issued_at == at(2), place
        else:
            assert live == [], place


def _correct(world: World, result_id: str, changes: dict[str, Any]) -> Callable[[], object]:
    def correct() -> None:
        values = {"status": Status.CORRECTED, **changes}
        world.result(result_id=result_id, version=2, **values)
        world.deliver(json.dumps({"type": "ResultCorrected", "result_id": result_id, "version": 2}))

    return correct


def test_one_bad_record_loses_none_of_the_others(world: World) -> None:
    for result_id in ("good", "bad", "fine"):
        world.result(result_id=result_id)
        world.deliver(f'{{"type":"RecoveryDue","result_id":"{result_id}"}}')
    world.result(result_id="bad", disease="influenza")
    world.now = at(2)
    assert world.deliver(_due("good", "bad", "absent", "fine")) == []
    assert [each.certificate for each in _live(world)] == []
    assert [each.generation for name in ("good", "fine") for each in _live(world, name)] == [1, 1]
    # What holds is not taken from a person to whom nothing can be given.
    assert [each.generation for each in _live(world, "bad")] == [0]
    [dead] = drained(world.dead_letters)
    assert ReissueDue.model_validate_json(dead).records == ("bad",)
    assert "message-rejected reissue-refused:disease-unknown" in world.codes()


@pytest.mark.parametrize("hours", [-1, 1])
def test_nothing_is_signed_by_whom_it_is_taken_from_or_before_its_time(
    world: World, hours: int
) -> None:
    world.result()
    world.deliver()
    [old] = world.certificates()
    world.now = at(2)
    message = _due(before=at(2) + timedelta(hours=hours), kids=(old.kid,))
    assert world.deliver(message) == ["0"]
    assert world.certificates() == [old]
    code = "reissue-early" if hours > 0 else "reissue-signer"
    assert world.codes()[-1] == f"message-retried {code}"


def test_a_correction_carries_on_from_the_newest_generation(world: World) -> None:
    world.result()
    world.deliver()
    world.now = at(2)
    world.deliver(_due())
    world.result(version=2, status=Status.CORRECTED, testing_centre=ELSEWHERE["testing_centre"])
    world.deliver()
    corrected = world.certificates()[-1]
    assert (corrected.certificate, corrected.generation) == ("test#2", 0)
    assert (corrected.replaces, corrected.replacement) == ("test#1#1", "result-corrected")
    assert [each.certificate for each in _live(world)] == ["test#2"]
