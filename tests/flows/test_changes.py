"""A laboratory changes its mind: what was certified is revoked, and the person hears of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.flows.laboratory import LABORATORY, WRITERS, file_of, invented, later
from tests.flows.shown import opened, valid_kinds
from tests.functions.resources import items
from vigie.certificates.stored_certificate import from_item
from vigie.results.codes import Outcome, Status

if TYPE_CHECKING:
    from tests.flows.wired import Wired


def certificates(wired: Wired) -> list[tuple[str, str | None]]:
    """Name of every certificate and why it is revoked, if it is."""
    (table,) = (name for name in wired.deployment.tables if name.endswith("-certificates"))
    stored = (from_item(item) for item in items(table) if "hcert" in item)
    return sorted((one.certificate, one.revocation_reason) for one in stored)


@pytest.mark.parametrize("extension", WRITERS)
def test_a_corrected_name_is_certified_anew(wired: Wired, extension: str) -> None:
    test = invented(10)
    wired.send(f"{LABORATORY}/matin.{extension}", file_of([test], extension))
    identity = test.identity.model_copy(update={"family_name": "Corrigé"})
    corrected = later(test, status=Status.CORRECTED, identity=identity)
    wired.send(f"{LABORATORY}/corrections.{extension}", file_of([corrected], extension))

    assert certificates(wired) == [("test#1", "result-corrected"), ("test#2", None)]
    assert len(wired.messages()) == 2
    # The first link shows the correction too.
    for shown in opened(wired, corrected):
        assert shown["version"] == 2
        assert valid_kinds(wired, shown) == ["test"]
        assert [one["name"] for one in shown["certificates"]] == ["test#2"]


@pytest.mark.parametrize("extension", WRITERS)
def test_a_correction_to_positive_revokes_and_waits_for_recovery(
    wired: Wired, extension: str
) -> None:
    test = invented(10)
    wired.send(f"{LABORATORY}/matin.{extension}", file_of([test], extension))
    corrected = later(test, status=Status.CORRECTED, outcome=Outcome.DETECTED)
    wired.send(f"{LABORATORY}/corrections.{extension}", file_of([corrected], extension))

    assert certificates(wired) == [("test#1", "result-corrected")]
    for shown in opened(wired, corrected):
        assert valid_kinds(wired, shown) == []
        assert shown["recovery_certificate_from"] is not None


@pytest.mark.parametrize("extension", WRITERS)
def test_a_withdrawal_revokes_and_is_told(wired: Wired, extension: str) -> None:
    test = invented(11)
    wired.send(f"{LABORATORY}/matin.{extension}", file_of([test], extension))
    withdrawn = later(test, status=Status.WITHDRAWN)
    wired.send(f"{LABORATORY}/annulations.{extension}", file_of([withdrawn], extension))

    assert certificates(wired) == [("test#1", "result-withdrawn")]
    assert len(wired.messages()) == 2
    for shown in opened(wired, test):
        assert shown["standing"]["code"] == "withdrawn"
        assert shown["outcome"] is None
        assert valid_kinds(wired, shown) == []


def test_the_reminder_of_a_withdrawn_result_comes_to_nothing(wired: Wired) -> None:
    test = invented(10, outcome=Outcome.DETECTED)
    wired.send(f"{LABORATORY}/matin.csv", file_of([test], "csv"))
    wired.send(
        f"{LABORATORY}/annulations.csv", file_of([later(test, status=Status.WITHDRAWN)], "csv")
    )
    assert certificates(wired) == []
    (table,) = (name for name in wired.deployment.tables if name.endswith("-certificates"))
    assert items(table) == []
