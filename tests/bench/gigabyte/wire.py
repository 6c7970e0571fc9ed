"""What a process that reads ranges and the one that started it tell each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

    from result_intake.settings import Settings


class Work(NamedTuple):
    """What a process is to do.

    Attributes:
        settings: of the function.
        messages: of the intake queue, one invocation each.
        part_bytes: above this a file is cut.
        folder: of what all processes share, see `stores`.
        dies_after: the number of results after whose writing the process ends at once, if any.
    """

    settings: Settings
    messages: tuple[str, ...]
    part_bytes: int
    folder: Path
    dies_after: int | None


class Call(NamedTuple):
    """A call of AWS that the process that started it answers."""

    service: str
    operation: str
    params: dict[str, Any]


class Refusal(NamedTuple):
    """What AWS answers a call with that it refuses."""

    response: dict[str, Any]


class Done(NamedTuple):
    """An invocation has ended.

    Attributes:
        message: what was delivered.
        failed: whether it goes back to the queue.
        seconds: how long it took.
        processor_seconds: how long it computed.
        peak_kib: the most memory that the process has had so far.
    """

    message: str
    failed: bool
    seconds: float
    processor_seconds: float
    peak_kib: int
