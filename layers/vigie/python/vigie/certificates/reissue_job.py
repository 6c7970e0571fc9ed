"""A mass reissue: which certificates are signed again, how fast, and how far it is.

What is asked for never changes. The operator's order and the progress are two things with one
writer each, so that a pause never meets a run that is under way.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from vigie.model import Frozen

Kid = Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]
# A code and no sentence: it stands in messages and logs.
REASON_PATTERN = r"^[a-z][a-z0-9-]{2,23}$"
# Clocks may differ: no certificate that a job makes is to look as if it was there before.
SETTLE = timedelta(minutes=1)


class Order(StrEnum):
    """What the operator wants of a job."""

    RUN = "run"
    PAUSE = "pause"
    CANCEL = "cancel"


class State(StrEnum):
    """How a job stands."""

    RUNNING = "running"
    PAUSED = "paused"
    DONE = "done"
    CANCELLED = "cancelled"


class Criteria(Frozen):
    """Which certificates; all that is given must hold.

    Attributes:
        issued_before: aware; nothing that was issued at it or later.
        kids: of these signers, hexadecimal; empty for whatever signer.
        kinds: of these kinds, as the first part of a certificate's name; empty for any.
    """

    issued_before: AwareDatetime
    kids: Annotated[tuple[Kid, ...], Field(max_length=100)] = ()
    kinds: tuple[str, ...] = ()


class Plan(Frozen):
    """What is asked for.

    Attributes:
        criteria: which certificates.
        reason: why, as a code that matches `REASON_PATTERN`.
        rate: certificates a second at most.
        tell: whether people get a message of their new certificate.
        revoke: whether the old certificates are revoked one by one.
        expected: how many certificates the estimate found.
        created_at: aware.
    """

    criteria: Criteria
    reason: str = Field(pattern=REASON_PATTERN)
    rate: int = Field(ge=1)
    tell: bool = False
    revoke: bool = False
    expected: int = Field(default=0, ge=0)
    created_at: AwareDatetime


class Position(Frozen):
    """How far a segment of the table is read.

    Attributes:
        segment: its number, from 0.
        after: key of the last item read, `source_id` and `certificate`; None at the beginning.
        ended: whether it is read to its end.
    """

    segment: int
    after: tuple[str, str] | None = None
    ended: bool = False


class Progress(Frozen):
    """How far a job is.

    Attributes:
        version: grows with each run that is kept; 0 before the first.
        positions: one for each segment of the table; empty before the first run.
        read: items of the table.
        released: records whose certificates were asked for.
        messages: in which they were asked for.
        paced_until: when the rate has room again; None before the first run.
        advanced_at: when a run last read or released anything; None before.
        ended_at: when the table was read to its end; None before.
    """

    version: int = 0
    positions: tuple[Position, ...] = ()
    read: int = 0
    released: int = 0
    messages: int = 0
    paced_until: AwareDatetime | None = None
    advanced_at: AwareDatetime | None = None
    ended_at: AwareDatetime | None = None

    @classmethod
    def of_segments(cls, number: int) -> Progress:
        """The beginning, for a table that is read in so many segments."""
        return cls(positions=tuple(Position(segment=segment) for segment in range(number)))


class ReissueJob(Frozen):
    """A job as it is kept.

    Attributes:
        number: from 1; of two jobs the later has the greater.
        plan: what is asked for.
        order: what the operator wants of it.
        ordered_at: since when.
        progress: how far it is.
    """

    number: int = Field(ge=1)
    plan: Plan
    order: Order
    ordered_at: AwareDatetime
    progress: Progress

    @property
    def state(self) -> State:
        """How it stands."""
        if self.progress.ended_at is not None:
            return State.DONE
        return _STATES[self.order]

    @property
    def over(self) -> bool:
        """Whether nothing more will be released."""
        return self.state in {State.DONE, State.CANCELLED}

    def may_release(self, now: datetime) -> bool:
        """Whether a run may release anything."""
        return self.state is State.RUNNING and now >= self.plan.criteria.issued_before + SETTLE


_STATES: dict[Order, Literal[State.RUNNING, State.PAUSED, State.CANCELLED]] = {
    Order.RUN: State.RUNNING,
    Order.PAUSE: State.PAUSED,
    Order.CANCEL: State.CANCELLED,
}
