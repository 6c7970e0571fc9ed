"""Faults around the calls of AWS: a crash before or after the n-th, or an error in its place.

For any function: run it once with an injector that lets everything pass, and count the calls;
then try each fault at each of them, deliver again, and compare what is left. Build the function
with one worker, so that the n-th call is the same in each run.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from unittest import mock

from botocore.client import BaseClient
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_CALL: Callable[..., Any] = vars(BaseClient)["_make_api_call"]
_ONLY_READS = re.compile("BatchGet|Decrypt|Describe|Generate|Get|Head|List|Query|Scan|Sign$")
NOWHERE = -1


class Crash(BaseException):
    """The process dies: no code of the function catches it."""


class Fault(StrEnum):
    """What goes wrong at a call.

    `CRASH_BEFORE` and `CRASH_AFTER`: the process dies before or after the call has its effect.
    `REFUSED`: AWS answers with an error and nothing happens.
    `ANSWER_LOST`: it happens, and the answer is an error.
    """

    CRASH_BEFORE = "crash-before"
    CRASH_AFTER = "crash-after"
    REFUSED = "refused"
    ANSWER_LOST = "answer-lost"

    @property
    def takes_effect(self) -> bool:
        """Whether the call does its work."""
        return self in {Fault.CRASH_AFTER, Fault.ANSWER_LOST}

    @property
    def crashes(self) -> bool:
        """Whether the process dies."""
        return self in {Fault.CRASH_BEFORE, Fault.CRASH_AFTER}


class Injector:
    """Lets one call go wrong among those that are made while it is switched on.

    Args:
        place: of the call, from 0; `NOWHERE` only counts.
        kind: what goes wrong.

    Attributes:
        made: the operation of each call, the one that goes wrong included.
        begun: the place at which each process began.
    """

    def __init__(self, place: int = NOWHERE, kind: Fault = Fault.REFUSED) -> None:
        self._place = place
        self._kind = kind
        self._dead = False
        self.made: list[str] = []
        self.begun: list[int] = []

    @property
    def struck(self) -> bool:
        """Whether the call went wrong."""
        return 0 <= self._place < len(self.made)

    def places(self, kind: Fault) -> list[int]:
        """The calls that were made at which a kind of fault is worth a try.

        A call that only reads leaves nothing: it is refused whether it took effect or not, and
        after a crash behind it all is as after one behind the call before it.
        """
        return [
            place
            for place, operation in enumerate(self.made)
            if not kind.takes_effect
            or not _ONLY_READS.match(operation)
            or (kind.crashes and place in self.begun)
        ]

    @contextmanager
    def switched_on(self) -> Iterator[None]:
        """Count the calls of a process; it may be switched on for several, one after another."""
        self._dead = False
        self.begun.append(len(self.made))

        def make(client: BaseClient, operation: str, arguments: dict[str, Any]) -> object:
            if self._dead:
                # Another thread of it, or a `finally`.
                raise Crash
            self.made.append(operation)
            if len(self.made) - 1 == self._place:
                return self._fail(client, operation, arguments)
            return _CALL(client, operation, arguments)

        with mock.patch.object(BaseClient, "_make_api_call", make):
            yield

    def _fail(self, client: BaseClient, operation: str, arguments: dict[str, Any]) -> object:
        if self._kind.takes_effect:
            _CALL(client, operation, arguments)
        if self._kind.crashes:
            self._dead = True
            raise Crash
        raise ClientError({"Error": {"Code": "InternalFailure"}}, operation)
