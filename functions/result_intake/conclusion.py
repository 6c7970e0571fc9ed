"""From a draft that breaks no rule of level error to the test that it tells of."""

from result_intake.contact_details import e164, email_address
from result_intake.draft import Draft
from result_intake.reporting_values import (
    ct_value,
    language_of,
    lineage_name,
    other_names,
    outcomes_of,
    screening,
    tidy,
)
from vigie.catalogue import disease_of_loinc
from vigie.errors import Rejected
from vigie.geography import commune_code, postcode_of
from vigie.identifiers.ins import matricule_ins
from vigie.identifiers.rpps import rpps
from vigie.person.identity import Contact, Identity
from vigie.results.codes import Outcome, Sex, Status
from vigie.results.test_result import LocalId, TestResult

MAX_TESTING_CENTRE = 80
MAX_OTHER_NAMES = 3


def result_of(draft: Draft) -> TestResult:
    """The test of a draft. Malformed values that are not required are left out.

    Raises:
        Rejected: a required value is missing: the rules were not asked first.
    """
    disease = disease_of_loinc(draft.loinc or "")
    sampled, reported = draft.sampled_at, draft.reported_at
    if disease is None or sampled is None or reported is None or draft.status is None:
        raise Rejected("draft-incomplete", "the draft lacks a required value", place=draft.place)
    loinc = draft.loinc or ""
    device = draft.device if draft.device in disease.devices else None
    return TestResult(
        local_id=LocalId(
            accession=draft.accession or "", loinc=loinc, sub_id=_sub_id(draft.sub_id)
        ),
        status=draft.status,
        outcome=_outcome(draft),
        disease=disease.key,
        method=disease.loinc[loinc],
        device=device,
        sampled_at=sampled.at,
        reported_at=reported.at,
        reported_day_only=not reported.timed,
        identity=_identity(draft),
        contact=Contact(
            email=email_address(draft.email or ""),
            phone=e164(draft.phone or ""),
        ),
        language=language_of(draft.language or ""),
        cycle_threshold=ct_value(draft.cycle_threshold or ""),
        variant=screening(draft.variant) if draft.variant else None,
        lineage=lineage_name(draft),
        prescriber=rpps(draft.prescriber or ""),
        commune=commune_code(draft.commune or ""),
        postcode=postcode_of(draft.postcode or ""),
        testing_centre=tidy(draft.testing_centre or "")[:MAX_TESTING_CENTRE].strip() or None,
    )


def _outcome(draft: Draft) -> Outcome:
    if draft.status is Status.NOT_OBTAINABLE:
        return Outcome.NOT_OBTAINABLE
    return next(iter(outcomes_of(draft)), Outcome.NOT_OBTAINABLE)


def _identity(draft: Draft) -> Identity:
    return Identity(
        family_name=tidy(draft.family_name or ""),
        other_names=other_names(draft)[:MAX_OTHER_NAMES],
        given_names=tuple(filter(None, map(tidy, draft.given_names))),
        birth_date=draft.birth_date or "",
        sex=draft.sex or Sex.UNKNOWN,
        ins=matricule_ins(draft.ins or "", draft.ins_kind),
    )


def _sub_id(text: str) -> str:
    return "" if text == "1" else text
