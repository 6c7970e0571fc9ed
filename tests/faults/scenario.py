"""Work of a function that a fault may interrupt."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, ClassVar, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence


class SendUnknown(NamedTuple):
    """A fault after which nobody can tell whether a provider took a message.

    Attributes:
        place: of the call that goes wrong, from 0.
        operation: of that call.
        takes_effect: whether the call does its work.
    """

    place: int
    operation: str
    takes_effect: bool


class Scenario(Protocol):
    """A batch for one function, in an account with nothing else in it.

    Its constructor makes the resources. Whatever makes two runs of the same work differ
    (nonces, signatures, times of a retry) is left out of `everything`.

    Attributes:
        send_unknown: where a provider may be asked twice; a declared exception.
    """

    send_unknown: ClassVar[frozenset[SendUnknown]] = frozenset()

    @abstractmethod
    def prepare(self) -> list[str]:
        """Put the beginning in place; the messages, requests or ticks of a batch."""

    @abstractmethod
    def deliver(self, bodies: Sequence[str]) -> list[str]:
        """Hand a batch to a new instance of the function; those that go back."""

    @abstractmethod
    def everything(self) -> dict[str, object]:
        """What is left in tables, buckets, queues and the topic.

        `sent` has what providers were asked for: a list, which may be longer at `send_unknown`.
        """

    def begin(self) -> None:
        """Set the clock, and forget what callers were answered: the account is as prepared."""

    def waiting(self) -> list[str]:
        """The messages that the function sent to a queue that it reads itself."""
        return []

    def later(self) -> None:
        """Turn the clock on to when what went back is delivered again."""
