"""Sending dead letters back to the queue that they came from, or only looking at them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cli.dead_letters import DeadLetter, DeadLetterQueue
    from vigie.message_queue import MessageQueue


@dataclass(frozen=True, slots=True)
class Redrive:
    """What is sent back.

    Attributes:
        reason: only what died of it; None for everything.
        limit: how many messages at most; None for all.
        dry: look only.
    """

    reason: str | None = None
    limit: int | None = None
    dry: bool = False


@dataclass(slots=True)
class Redriven:
    """What was found.

    Attributes:
        sent: sent back, or what would be.
        left: kept, for another reason or over the limit.
        died_again: of what this run sent back, what was there again before its end, and
            messages that are there twice.
    """

    sent: list[DeadLetter] = field(default_factory=list)
    left: list[DeadLetter] = field(default_factory=list)
    died_again: list[DeadLetter] = field(default_factory=list)


def redrive(letters: DeadLetterQueue, queue: MessageQueue, what: Redrive) -> Redriven:
    """Send dead letters back, first sent and then deleted: a crash in between sends them twice.

    Args:
        letters: where they are.
        queue: where they go.
        what: which of them.

    Raises:
        Unavailable: a queue did not answer; what was not sent is still there.
    """
    found, seen = Redriven(), set[bytes]()
    held: list[DeadLetter] = []
    try:
        for batch in letters.batches():
            held += batch
            chosen = [letter for letter in batch if _sort(letter, what, found, seen)]
            if chosen and not what.dry:
                queue.send_messages(letter.again for letter in chosen)
                letters.delete(chosen)
                del held[-len(batch) :]
                held += [letter for letter in batch if letter not in chosen]
            if what.limit is not None and len(found.sent) >= what.limit:
                break
    finally:
        letters.give_back(held)
    return found


def _sort(letter: DeadLetter, what: Redrive, found: Redriven, seen: set[bytes]) -> bool:
    """Put a letter where it belongs, and say whether it goes back."""
    if what.reason not in (None, letter.reason):
        found.left.append(letter)
        return False
    content = hashlib.sha256(letter.again.body.encode()).digest()
    # What dies at once comes back while the queue is still read: without end, if it were sent.
    if content in seen and not what.dry:
        found.died_again.append(letter)
        return False
    if what.limit is not None and len(found.sent) >= what.limit:
        found.left.append(letter)
        return False
    seen.add(content)
    found.sent.append(letter)
    return True
