"""A disease, a result and a person for the rules of signing, with what a test changes."""

from datetime import UTC, date, datetime
from typing import Any

from vigie.catalogue.disease import Device, Disease, RecoveryRule, TestCertificateRule
from vigie.person.identity import Identity
from vigie.results.codes import Language, Method, Outcome, Status
from vigie.results.stored_result import ResultDocument
from vigie.vaccinations.stored_vaccination import VaccinationDocument, VaccinationStatus

LISTED = "1232"
SAMPLED = datetime(2026, 11, 1, 9, 30, tzinfo=UTC)
IDENTITY = Identity(
    family_name="d'Aubigné-Müller", given_names=("Zoë", "Anne-Laure"), birth_date="1964-08-12"
)
DISEASE = Disease(
    key="covid-19",
    names={Language.FRENCH: "COVID-19"},
    first_day=date(2020, 1, 1),
    target="840539006",
    loinc={"94500-6": Method.NAAT, "94558-4": Method.ANTIGEN, "94762-2": Method.SEROLOGY},
    devices={LISTED: Device(name="A listed antigen test")},
    test_certificate=TestCertificateRule(methods=(Method.NAAT, Method.ANTIGEN)),
    recovery=RecoveryRule(
        methods=(Method.NAAT, Method.ANTIGEN),
        first_day=11,
        last_day=180,
        antigen_sampled_from=date(2021, 10, 1),
        antigen_sampled_until=date(2026, 11, 10),
    ),
)


def result(**changes: Any) -> ResultDocument:  # noqa: ANN401 - any field of a result
    """A final PCR result that does not detect the virus, changed as told."""
    values: dict[str, Any] = {
        "result_id": "750000001-abc",
        "version": 1,
        "revision": 1,
        "laboratory": "750000001",
        "person": "p1.someone",
        "contact_tag": None,
        "status": Status.FINAL,
        "outcome": Outcome.NOT_DETECTED,
        "disease": "covid-19",
        "method": Method.NAAT,
        "loinc": "94500-6",
        "device": None,
        "sampled_at": SAMPLED,
        "reported_at": SAMPLED,
        "language": None,
        "cycle_threshold": None,
        "variant": None,
        "prescriber": None,
        "commune": None,
        "testing_centre": "Laboratoire du Parc",
        "content_hash": "0" * 64,
        "answers": (),
        "received_at": SAMPLED,
        "expires_at": 2_000_000_000,
    }
    return ResultDocument.model_validate(values | changes)


def vaccination(**changes: Any) -> VaccinationDocument:  # noqa: ANN401 - any field of a vaccination
    """The second dose of Comirnaty, given the day before, changed as told."""
    values: dict[str, Any] = {
        "vaccination_id": "V-abc",
        "version": 1,
        "revision": 1,
        "person": "p1.someone",
        "contact_tag": None,
        "status": VaccinationStatus.RECORDED,
        "disease": "covid-19",
        "product": "EU/1/20/1528",
        "number": 2,
        "given_on": date(2026, 10, 31),
        "country": "FR",
        "lot": "FE1573",
        "language": None,
        "recorded_at": SAMPLED,
        "expires_at": 2_000_000_000,
    }
    return VaccinationDocument.model_validate(values | changes)
