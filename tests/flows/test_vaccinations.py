"""From the record of a dose to what a person sees, and what becomes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.flows.test_changes import certificates
from tests.flows.vaccination import CONTACT, PERSON, recorded
from tests.functions.resources import items
from vigie.dcc.verification import verify
from vigie.vaccinations.stored_vaccination import VaccinationStatus

if TYPE_CHECKING:
    from tests.flows.wired import Wired


def shown(wired: Wired) -> dict[str, Any]:
    """What the first link shows of the dose, whose certificate verifies if it is valid."""
    opened = wired.open(wired.messages()[0].token, PERSON.birth_date)
    (dose,) = opened["vaccinations"]
    (certificate,) = dose["certificates"]
    if certificate["hcert"]:
        assert verify(certificate["hcert"], wired.signers.trusted(), wired.now).trusted
    return dict(dose)


def test_a_dose_is_certified_told_corrected_and_withdrawn(wired: Wired) -> None:
    recorded(wired)
    assert [message.recipient for message in wired.messages()] == [CONTACT.email]
    dose = shown(wired)
    assert (dose["number"], dose["certificates"][0]["state"]) == (2, "valid")

    recorded(wired, version=2, number=3)
    assert certificates(wired) == [
        ("vaccination#1", "vaccination-corrected"),
        ("vaccination#2", None),
    ]
    assert len(wired.messages()) == 2
    # The first link shows the correction too.
    dose = shown(wired)
    assert (dose["number"], dose["certificates"][0]["name"]) == (3, "vaccination#2")

    recorded(wired, version=3, number=3, status=VaccinationStatus.WITHDRAWN)
    assert len(wired.messages()) == 3
    assert shown(wired)["certificates"][0]["state"] == "revoked"
    (table,) = (name for name in wired.deployment.tables if name.endswith("-revocations"))
    listed = [item for item in items(table) if item["list"]["S"].startswith("pending")]
    assert len(listed) == 2
    assert {"VaccinationRecorded", "VaccinationCorrected", "VaccinationWithdrawn"} <= {
        word for body in wired.archived() for word in body.split('"')
    }


def test_everything_twice_and_the_last_first_ends_the_same(wired: Wired) -> None:
    wired.disorderly = True
    recorded(wired)
    recorded(wired, version=2, number=3)
    assert [why for _, why in certificates(wired)] == ["vaccination-corrected", None]
    assert len(wired.messages()) == 2
    assert "message-rejected" not in wired.codes()
