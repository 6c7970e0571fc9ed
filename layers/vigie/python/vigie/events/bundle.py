"""Several events in one message: a message is charged and delivered as one, whatever it holds.

A message of one event is that event. A message of several is an `EventBundle`, whose events are
written as they would be alone, so that whoever takes it apart has what it would have been sent.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field, JsonValue, ValidationError

from vigie.model import Frozen

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

# What waits longest for others takes a tenth of a second for an event: a message takes seconds.
MOST_EVENTS = 25
# Amazon SNS and SQS charge each 64 KiB that is sent; attributes count too.
MOST_BYTES = 60 * 1024
_FRAME_BYTES = 64


class EventBundle(Frozen):
    """Events that every subscription filters alike.

    Attributes:
        events: each as it would be sent alone.
    """

    type: Literal["EventBundle"] = "EventBundle"
    schema_version: int = 1
    events: tuple[dict[str, JsonValue], ...] = Field(min_length=1)


def bundled(events: Iterable[str]) -> Iterator[str]:
    """Messages of as many events as fit, in their order.

    Args:
        events: the JSON of each.
    """
    held: list[str] = []
    size = _FRAME_BYTES
    for event in events:
        more = len(event.encode()) + 1
        if held and (len(held) == MOST_EVENTS or size + more > MOST_BYTES):
            yield _message(held)
            held, size = [], _FRAME_BYTES
        held.append(event)
        size += more
    if held:
        yield _message(held)


def unbundled(message: str) -> Sequence[str]:
    """The JSON of each event of a message; what is no bundle is given as it is."""
    # Most messages are none, and a consumer reads them itself.
    if '"EventBundle"' not in message:
        return (message,)
    try:
        bundle = EventBundle.model_validate_json(message)
    except ValidationError:
        return (message,)
    return [_compact(event) for event in bundle.events]


def _message(events: list[str]) -> str:
    if len(events) == 1:
        return events[0]
    return f'{{"type":"EventBundle","schema_version":1,"events":[{",".join(events)}]}}'


def _compact(event: dict[str, Any]) -> str:
    return json.dumps(event, separators=(",", ":"), ensure_ascii=False)
