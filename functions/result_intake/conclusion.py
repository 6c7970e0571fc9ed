"""From a draft that breaks no rule of level error to the test that it tells of."""

from result_intake.contact_details import email_address
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
from vigie.model import trusted
from vigie.orders.order_token import order_token
from vigie.person.identity import Contact, Identity
from vigie.person.phone import e164
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
    # The rules have judged every value: validating them once more takes half of all the time.
    return trusted(
        TestResult,
        {
            "local_id": trusted(
                LocalId,
                {
                    "accession": draft.accession or "",
                    "loinc": loinc,
                    "sub_id": _sub_id(draft.sub_id),
                },
            ),
            "status": draft.status,
            "outcome": _outcome(draft),
            "disease": disease.key,
            "method": disease.loinc[loinc],
            "device": draft.device if draft.device in disease.devices else None,
            "sampled_at": sampled.at,
            "reported_at": reported.at,
            "reported_day_only": not reported.timed,
            "identity": _identity(draft),
            "contact": _contact(draft),
            "language": language_of(draft.language) if draft.language else None,
            "cycle_threshold": ct_value(draft.cycle_threshold) if draft.cycle_threshold else None,
            "variant": screening(draft.variant) if draft.variant else None,
            "lineage": lineage_name(draft) if draft.lineage else None,
            "prescriber": rpps(draft.prescriber) if draft.prescriber else None,
            "commune": commune_code(draft.commune) if draft.commune else None,
            "postcode": postcode_of(draft.postcode) if draft.postcode else None,
            "testing_centre": _testing_centre(draft.testing_centre),
            "order_token": order_token(draft.order_token) if draft.order_token else None,
        },
    )


def _testing_centre(name: str | None) -> str | None:
    return tidy(name)[:MAX_TESTING_CENTRE].strip() or None if name else None


def _contact(draft: Draft) -> Contact:
    email, phone = draft.email, draft.phone
    return trusted(
        Contact,
        {"email": email_address(email) if email else None, "phone": e164(phone) if phone else None},
    )


def _outcome(draft: Draft) -> Outcome:
    if draft.status is Status.NOT_OBTAINABLE:
        return Outcome.NOT_OBTAINABLE
    return next(iter(outcomes_of(draft)), Outcome.NOT_OBTAINABLE)


def _identity(draft: Draft) -> Identity:
    return trusted(
        Identity,
        {
            "family_name": tidy(draft.family_name or ""),
            "given_names": tuple(filter(None, map(tidy, draft.given_names))),
            "birth_date": draft.birth_date or "",
            "other_names": other_names(draft)[:MAX_OTHER_NAMES] if draft.other_names else (),
            "sex": draft.sex or Sex.UNKNOWN,
            "ins": matricule_ins(draft.ins, draft.ins_kind) if draft.ins else None,
        },
    )


def _sub_id(text: str) -> str:
    return "" if text == "1" else text
