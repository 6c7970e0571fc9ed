"""A mass reissue asks for all that matches, at its rate, and leaves room for people."""

from __future__ import annotations

import json
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.faults.account import Account
from tests.functions.certificate_reissue.world import (
    BEFORE,
    NEW,
    NOW,
    OLD,
    PEOPLE_WAITING,
    Context,
    World,
    certificate,
    put,
)
from tests.functions.resources import drained
from vigie import aws
from vigie.certificates.certificate_scan import CertificateScan
from vigie.certificates.reissue_job import Order, State
from vigie.certificates.reissue_jobs import ReissueJobs
from vigie.errors import Rejected
from vigie.message_queue import MessageQueue

if TYPE_CHECKING:
    from collections.abc import Callable

MANY = [f"r{number:03}" for number in range(120)]


@pytest.fixture
def world(mocked_aws: None) -> World:  # noqa: ARG001 - the account that the world is in
    return World()


def test_what_matches_is_asked_for_and_nothing_else(world: World) -> None:
    put(
        certificate("matching"),
        certificate("by another signer", kid=NEW),
        certificate("of another kind", kind="recovery"),
        certificate("as young as the job", issued_at=BEFORE),
        certificate("expired", expires_at=NOW),
        certificate("revoked", revoked_at=NOW, revocation_reason="result-corrected"),
    )
    aws.dynamodb().put_item(
        TableName="certificates",
        Item={"source_id": {"S": "waiting"}, "certificate": {"S": "due#recovery"}},
    )
    world.start(kids=(OLD,), kinds=("test",))
    world.tick()
    (due,) = world.asked()
    assert due.records == ("matching",)
    assert (due.job, due.issued_before, due.kids) == ("1", BEFORE, (OLD,))
    assert due.reason == "key-compromised"
    assert world.job.state is State.DONE


def test_without_a_job_nothing_is_read(world: World) -> None:
    put(certificate("r"))
    with mock.patch.object(CertificateScan, "page") as page:
        world.tick()
    assert not page.called
    assert world.asked() == []


def test_no_certificate_is_asked_for_before_all_clocks_agree_that_it_is_old(world: World) -> None:
    put(certificate("r"))
    world.start(issued_before=NOW)
    assert world.minute() == []
    assert world.minute() == ["r"]


def test_messages_come_as_fast_as_the_rate_and_no_faster(world: World) -> None:
    put(*map(certificate, MANY))
    world.start(rate=1)
    world.tick()
    sent = world.delayed()
    assert [delay for delay, _ in sent] == [0, 25, 50]
    assert sum(len(json.loads(body)["records"]) for _, body in sent) == 60
    # Called again in the same minute, it has room for nothing.
    world.tick()
    assert world.asked() == []
    world.now += timedelta(seconds=50)
    world.tick()
    assert [delay for delay, _ in world.delayed()] == [10, 35, 60]
    assert world.job.progress.released == 120


def test_no_job_is_faster_than_the_share_of_the_quota(world: World) -> None:
    put(*map(certificate, MANY))
    world.start(rate=1000)
    assert len(world.minute(most_rate=1)) == 60


def test_people_who_wait_come_first(world: World) -> None:
    put(certificate("r"))
    world.start()
    for _ in range(PEOPLE_WAITING + 1):
        aws.sqs().send_message(QueueUrl=world.signing, MessageBody="{}")
    assert world.minute() == []
    assert json.loads(world.log.getvalue().splitlines()[0])["people_wait"]
    drained(world.signing)
    assert world.minute() == ["r"]


def test_what_is_not_done_is_not_piled_up(world: World) -> None:
    put(*map(certificate, MANY))
    world.start(rate=1)
    for _ in range(3):
        aws.sqs().send_message(QueueUrl=world.queue, MessageBody="{}")
    world.tick()
    # Two minutes are 120, of which three full messages wait.
    assert world.job.progress.released == 45


def test_a_pause_holds_and_a_job_that_is_resumed_goes_on_where_it_was(world: World) -> None:
    put(*map(certificate, MANY))
    world.start(rate=1)
    first = world.minute()
    world.jobs.give_order(1, Order.PAUSE, world.now)
    assert world.minute() == []
    world.jobs.give_order(1, Order.RUN, world.now)
    assert sorted(first + world.minute()) == MANY


def test_a_pause_while_a_run_is_on_loses_no_progress(world: World) -> None:
    put(*map(certificate, MANY))
    world.start(rate=1)

    def paused(self: ReissueJobs, *args: object) -> bool:
        world.jobs.give_order(1, Order.PAUSE, world.now)
        return advance(self, *args)  # type: ignore[arg-type]

    advance = ReissueJobs.advance
    with mock.patch.object(ReissueJobs, "advance", paused):
        world.tick()
    assert (world.job.state, world.job.progress.released) == (State.PAUSED, 60)


def test_a_cancelled_job_never_runs_again_and_leaves_room_for_the_next(world: World) -> None:
    put(certificate("r"))
    world.start()
    with pytest.raises(Rejected, match="one at a time"):
        world.start()
    world.jobs.give_order(1, Order.CANCEL, world.now)
    with pytest.raises(Rejected):
        world.jobs.give_order(1, Order.RUN, world.now)
    assert world.minute() == []
    assert world.start().number == 2


def test_of_two_runs_at_once_one_counts(world: World) -> None:
    put(certificate("r"))
    job = world.start()
    with mock.patch.object(ReissueJobs, "last", return_value=[job]):
        world.tick()
        world.tick()
    assert [due.records for due in world.asked()] == [("r",), ("r",)]
    assert world.job.progress.released == 1
    assert world.codes() == ["reissue-released", "reissue-ended", "reissue-overtaken"]


def test_a_run_that_has_no_time_says_that_the_job_stalls(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    put(certificate("r"))
    world.start()
    for _ in range(17):
        capsys.readouterr()
        world.tick(Context(questions=0))
        world.now += timedelta(minutes=1)
    assert world.codes()[-1] == "reissue-stalled"
    assert world.codes().count("reissue-stalled") == 1
    counted = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [1.0] in [one.get("ReissueStalled") for one in counted]
    assert world.minute() == ["r"]


class _Died(BaseException):
    """The process dies: no code of the function catches it."""


class _Signing:
    """Signs again what a message is about, as `ReissueDue.concerns` says, and counts it."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.asked: set[str] = set()
        self.signed: Counter[str] = Counter()

    def take(self) -> None:
        """Do what is in the queue."""
        for due in self._world.asked():
            for record in due.records:
                self.asked.add(record)
                held = certificate(record)
                if self.signed[record]:
                    held = certificate(record, kid=NEW, issued_at=self._world.now)
                if due.concerns(held, self._world.now):
                    self.signed[record] += 1


def _dies(world: World, at: type, method: str, *, after: bool) -> None:
    """A run that dies before or after a call."""
    wanted = getattr(at, method)

    def die(*args: object) -> None:
        if after:
            wanted(*args)
        raise _Died

    with mock.patch.object(at, method, die), suppress(_Died):
        world.tick()


def _do(step: str, world: World) -> None:
    steps: dict[str, Callable[[], None]] = {
        "runs": world.tick,
        "runs twice at once": lambda: _twice(world),
        "is paused": lambda: world.jobs.give_order(1, Order.PAUSE, world.now),
        "is resumed": lambda: world.jobs.give_order(1, Order.RUN, world.now),
        "dies reading": lambda: _dies(world, CertificateScan, "page", after=True),
        "dies sending": lambda: _dies(world, MessageQueue, "send_messages", after=True),
        "dies keeping": lambda: _dies(world, ReissueJobs, "advance", after=True),
    }
    with suppress(Rejected):
        # Once it is done, nothing can be ordered any more.
        steps[step]()
    world.now += timedelta(minutes=1)


def _twice(world: World) -> None:
    last = world.jobs.last()
    with mock.patch.object(ReissueJobs, "last", return_value=last):
        world.tick()
        world.tick()


STEPS = ("runs", "runs twice at once", "is paused", "is resumed")
DEATHS = ("dies reading", "dies sending", "dies keeping")


def test_whatever_happens_each_is_asked_for_and_signed_again_once(world: World) -> None:
    others = [certificate(f"other{number:02}", kid=NEW) for number in range(20)]
    put(*map(certificate, MANY), *others)
    world.start(rate=1, kids=(OLD,))
    account = Account()

    @settings(max_examples=10, deadline=None)
    @given(steps=st.lists(st.sampled_from([*STEPS, *DEATHS]), max_size=8), page=st.integers(9, 60))
    def check(steps: list[str], page: int) -> None:
        account.put_back()
        world.now = NOW
        signing = _Signing(world)
        with (
            mock.patch("vigie.certificates.certificate_scan.PAGE", page),
            mock.patch("certificate_reissue.harvest.PAGE", page),
        ):
            for step in [*steps, "is resumed", *["runs"] * 4]:
                _do(step, world)
                signing.take()
        assert world.job.state is State.DONE
        assert signing.asked == set(MANY)
        assert signing.signed == dict.fromkeys(MANY, 1)

    check()
