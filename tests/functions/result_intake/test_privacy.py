"""Nothing personal leaves by logs, metrics, keys, messages or acknowledgements."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from result_intake import item_recorder
from tests.functions.resources import items, objects
from tests.functions.result_intake.samples import Sample, csv_of, hl7_of, ndjson_of
from tests.functions.result_intake.world import LABORATORY, World
from vigie.events.event import write_event

if TYPE_CHECKING:
    from collections.abc import Callable

CANARIES = (
    "Canari",
    "CANARI",
    "Zénobie",
    "Zenobie",
    "ZENOBIE",
    "zenobie",
    "canari.example",
    "1969",
)
SAMPLES = (
    Sample(),
    Sample(accession="A2", birth_date="1969-99-99"),
    Sample(accession="A3", sex="Zénobie", sampled_at="2026-11-20T99:00:00+01:00"),
    Sample(accession="A4", outcome="Canari"),
)


def assert_silent(text: str) -> None:
    for canary in CANARIES:
        assert canary not in text


@pytest.mark.parametrize("write", [csv_of, hl7_of, ndjson_of])
def test_canaries_appear_nowhere_but_sealed(
    world: World, capsys: pytest.CaptureFixture[str], write: Callable[..., bytes]
) -> None:
    told = world.send("Canari/Zénobie 1969", write(*SAMPLES))
    told["file"].pop("path")
    assert_silent(json.dumps(told, ensure_ascii=False))
    assert_silent(world.log.getvalue())
    assert_silent(capsys.readouterr().out)
    assert_silent(repr(items("results")))
    assert_silent("".join(map(write_event, world.events())))
    assert_silent("".join(objects("workspace")))


def test_an_unforeseen_error_that_holds_a_value_is_logged_without_it(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> None:
        raise ValueError("Canari Zénobie 1969")

    monkeypatch.setattr(item_recorder, "_entry", fail)
    message = world.upload(f"{LABORATORY}/Canari.csv", csv_of(Sample()))
    assert world.deliver(message) == ["0"]
    assert "message-failed" in world.codes()
    assert_silent(world.log.getvalue())
    assert_silent("".join(capsys.readouterr()))
