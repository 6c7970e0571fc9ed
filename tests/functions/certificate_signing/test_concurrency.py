"""Two signers at once, in every interleaving: one certificate, of the current version."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.functions.certificate_signing.world import World
from tests.functions.interruption import interrupted
from vigie.certificates.stored_certificate import StoredCertificate
from vigie.results.codes import Outcome, Status
from vigie.results.result_reader import ResultReader
from vigie.results.stored_result import StoredResult

# The calls of a message that issues a certificate; another may come before any of them.
PLACES = range(10)
ELSEWHERE = {"testing_centre": "Laboratoire du Lac"}


def _body(result_id: str, version: int = 1) -> str:
    return json.dumps({"type": "ResultRecorded", "result_id": result_id, "version": version})


def _live(world: World, result_id: str) -> list[StoredCertificate]:
    return [
        certificate
        for certificate in world.certificates()
        if certificate.source_id == result_id and certificate.revoked_at is None
    ]


@pytest.mark.parametrize("place", PLACES)
def test_two_signers_of_one_version_make_one_certificate(world: World, place: int) -> None:
    rows: list[Any] = []

    def sign_as_well() -> None:
        world.deliver(_body("r"))
        rows.extend(world.rows())

    world.result(result_id="r")
    with interrupted({place: sign_as_well}):
        assert world.deliver(_body("r")) == []
    # What was once stored may have been shown to somebody.
    assert world.rows() == rows
    [certificate] = world.certificates()
    assert world.verified(certificate).trusted
    assert {event.id for event in world.events()} == {event.id for event in _again(world)}


def _again(world: World) -> list[Any]:
    world.deliver(_body("r"))
    return list(world.events())


@pytest.mark.parametrize(
    "correction",
    [
        {"status": Status.CORRECTED, **ELSEWHERE},
        {"status": Status.CORRECTED},
        {"status": Status.CORRECTED, "outcome": Outcome.DETECTED},
        {"status": Status.WITHDRAWN},
    ],
    ids=["other claims", "same claims", "positive", "withdrawn"],
)
def test_a_correction_in_the_middle_prevails(world: World, correction: dict[str, Any]) -> None:
    for place in PLACES:
        result_id = f"r{place}"
        correct = _correction(world, result_id, 2, **correction)
        world.result(result_id=result_id)
        with interrupted({place: correct}):
            assert world.deliver(_body(result_id)) == []
        live = _live(world, result_id)
        if "outcome" in correction or correction["status"] is Status.WITHDRAWN:
            assert live == [], place
        else:
            [certificate] = live
            centre = correction.get("testing_centre", "Laboratoire du Parc")
            assert world.entry(certificate)["tc"] == centre, place
        reminded = [row for row in world.rows() if row["certificate"]["S"] == "due#recovery"]
        assert len([row for row in reminded if row["source_id"]["S"] == result_id]) == (
            1 if "outcome" in correction else 0
        ), place


def test_a_correction_and_its_undoing_in_the_middle(world: World) -> None:
    for first in PLACES:
        for second in range(first + 1, len(PLACES) + 1, 3):
            result_id = f"r{first}-{second}"
            correct = _correction(world, result_id, 2, **ELSEWHERE)
            undo = _correction(world, result_id, 3)
            world.result(result_id=result_id)
            with interrupted({first: correct, second: undo}) as made:
                assert world.deliver(_body(result_id)) == []
            if second >= len(made):
                undo()
            [certificate] = _live(world, result_id)
            assert world.entry(certificate)["tc"] == "Laboratoire du Parc", (first, second)


def _correction(
    world: World,
    result_id: str,
    version: int,
    **changes: Any,  # noqa: ANN401 - any field of a result
) -> Callable[[], object]:
    """What stores a version of a result and handles its message."""

    def correct() -> None:
        values = {"status": Status.CORRECTED, **changes}
        world.result(result_id=result_id, version=version, **values)
        world.deliver(_body(result_id))

    return correct


@pytest.mark.parametrize("correction", [{"status": Status.WITHDRAWN}, ELSEWHERE])
@pytest.mark.parametrize("known", [True, False])
def test_a_read_that_is_late_leaves_no_certificate_of_an_old_version(
    world: World, monkeypatch: pytest.MonkeyPatch, correction: dict[str, Any], *, known: bool
) -> None:
    """An eventually consistent read gives the first version after the second was handled."""
    late = world.result(result_id="r")
    if known:
        assert world.deliver(_body("r")) == []
    world.result(result_id="r", version=2, **correction)
    read = ResultReader._read

    def reads_late(reader: ResultReader, result_id: str, *, consistently: bool) -> StoredResult:
        current = read(reader, result_id, consistently=consistently)
        assert current is not None
        return current if consistently else late

    monkeypatch.setattr(ResultReader, "_read", reads_late)
    assert world.deliver(_body("r", 2), _body("r")) == []
    standing = ["test#2"] if correction == ELSEWHERE else []
    assert [certificate.certificate for certificate in _live(world, "r")] == standing
