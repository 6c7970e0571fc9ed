"""Any life of a result: one current certificate at most, and what is not current ends as said."""

from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.faults.account import Account
from tests.functions.certificate_signing.world import RESULT_ID, World, at
from vigie.certificates.certificate_due import RenewalDue
from vigie.certificates.reissue_due import ReissueDue
from vigie.certificates.stored_certificate import RENEWED
from vigie.results.codes import Outcome, Status

_STEPS = st.lists(
    st.sampled_from(["correct", "undo", "withdraw", "renew", "reissue", "again", "wait"]),
    max_size=8,
)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=_STEPS)
def test_there_is_one_current_certificate_and_the_others_end(
    world: World, steps: list[str]
) -> None:
    empty = Account()
    try:
        _live_through(world, steps)
    finally:
        empty.put_back()


def _live_through(world: World, steps: list[str]) -> None:
    world.settings = world.settings.model_copy(update={"validity_days": 60})
    world.now, version = at(13), 1
    sampled, status, message = at(0), Status.FINAL, RenewalDue(source_id=RESULT_ID)
    bodies = [message.model_dump_json()]
    for step in ["begin", *steps]:
        if step in {"correct", "undo", "withdraw"}:
            version += 1
            sampled = at(1) if step == "correct" else at(0)
            status = Status.WITHDRAWN if step == "withdraw" else Status.CORRECTED
        elif step in {"renew", "wait"}:
            world.now += timedelta(days=33 if step == "renew" else 1)
        elif step == "reissue":
            world.now += timedelta(hours=1)
            due = ReissueDue(
                job="j", records=(RESULT_ID,), issued_before=world.now, reason="key-lost"
            )
            bodies.append(due.model_dump_json())
        world.result(outcome=Outcome.DETECTED, version=version, sampled_at=sampled, status=status)
        assert world.deliver(*bodies) == []
        _judge(world, withdrawn=status is Status.WITHDRAWN)


def _judge(world: World, *, withdrawn: bool) -> None:
    every = world.certificates()
    replaced = {each.replaces: each.replacement for each in every}
    live = [each for each in every if each.revoked_at is None]
    current = [each for each in live if each.certificate not in replaced]
    assert len(current) <= 1
    # While the result holds, nobody is without.
    assert withdrawn or current or world.now > at(180)
    # What is not current was revoked, or was renewed and expires by itself.
    assert {replaced[each.certificate] for each in live if each not in current} <= {RENEWED}
    assert not (withdrawn and live)
