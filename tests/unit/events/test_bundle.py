"""Events share messages, and come out of them as they went in."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from vigie.events.bundle import MOST_BYTES, MOST_EVENTS, bundled, unbundled

_TEXTS = st.text(st.characters(codec="utf-8"))
_EVENTS = st.dictionaries(_TEXTS, _TEXTS | st.integers() | st.booleans()).map(
    lambda event: json.dumps(event, separators=(",", ":"), ensure_ascii=False)
)


@settings(max_examples=50)
@given(st.lists(_EVENTS, max_size=60))
def test_every_event_comes_out_as_it_went_in(events: list[str]) -> None:
    messages = list(bundled(events))
    assert [event for message in messages for event in unbundled(message)] == events
    assert len(messages) == -(-len(events) // MOST_EVENTS)


def test_a_message_of_one_event_is_that_event() -> None:
    assert list(bundled(['{"type":"ResultRecorded"}'])) == ['{"type":"ResultRecorded"}']


def test_what_is_large_shares_less() -> None:
    large = json.dumps({"large": "x" * (MOST_BYTES // 2)})
    messages = list(bundled([large, large, *["{}"] * 4, json.dumps({"large": "x" * MOST_BYTES})]))
    assert [len(unbundled(message)) for message in messages] == [1, 5, 1]
    assert all(len(message.encode()) <= MOST_BYTES for message in messages[:2])


def test_what_is_no_bundle_is_left_to_its_reader() -> None:
    for other in (
        "",
        "no JSON",
        '{"name":"EventBundle"}',
        '{"type":"EventBundle","events":[]}',
        '{"type":"EventBundle","events":[1]}',
        '{"type":"EventBundle","events":' + "[" * 10_000,
    ):
        assert list(unbundled(other)) == [other]
