"""What the rules ask of a draft, each as a question that is true where the rule is broken."""

from datetime import UTC, datetime, timedelta

from result_intake import contact_details
from result_intake.draft import Draft
from result_intake.moment import Moment
from result_intake.reporting_values import (
    ct_value,
    language_of,
    lineage_name,
    other_names,
    outcomes_of,
    screening,
    screening_period,
    tidy,
)
from vigie.catalogue import disease_of_loinc
from vigie.geography import commune_code, is_commune, postcode_of
from vigie.identifiers.finess import finess, has_finess_check_digit
from vigie.identifiers.ins import matricule_ins
from vigie.identifiers.rpps import has_rpps_check_digit, rpps
from vigie.orders.order_token import order_token
from vigie.person.phone import e164
from vigie.results.codes import Method, Outcome, Status

AHEAD = timedelta(days=1)
MAX_GIVEN_NAMES = 10
EARLIEST = datetime(2019, 1, 1, tzinfo=UTC)
_LOOKED_FOR = frozenset("01")  # absent, present
_WITHOUT_OUTCOME = frozenset({Status.NOT_OBTAINABLE, Status.WITHDRAWN})


def too_long(text: str | None, limit: int) -> bool:
    """More characters than the limit, in the form in which it would be kept."""
    if text is None or (len(text) <= limit and text.isascii()):
        return False
    return len(tidy(text)) > limit


def given_names_too_long(draft: Draft, _now: datetime) -> bool:
    """Too many given names, or too many characters in them."""
    return len(draft.given_names) > MAX_GIVEN_NAMES or too_long(" ".join(draft.given_names), 80)


def no_letter(text: str | None) -> bool:
    """Something is there, but no letter: a person cannot be named by it."""
    return bool(text) and not any(map(str.isalpha, text or ""))


def other_name_malformed(draft: Draft, _now: datetime) -> bool:
    """A further family name is given that cannot be kept as one."""
    return len(other_names(draft)) < len(draft.other_names)


def has_digit(text: str | None) -> bool:
    """A digit stands in the text."""
    if not text or text.isalpha():
        return False
    return any(map(str.isdigit, text))


def loinc_unknown(draft: Draft, _now: datetime) -> bool:
    """A code is given, and it tests for no disease of the catalogue."""
    return bool(draft.loinc) and disease_of_loinc(draft.loinc or "") is None


def outcome_missing(draft: Draft, _now: datetime) -> bool:
    """No outcome code, and the status does not explain why."""
    return draft.status not in _WITHOUT_OUTCOME


def outcome_unknown(draft: Draft, _now: datetime) -> bool:
    """Outcome codes, none of them known, where one is needed."""
    needed = draft.status not in _WITHOUT_OUTCOME
    return needed and not outcomes_of(draft)


def outcome_contradictory(draft: Draft, _now: datetime) -> bool:
    """Known outcome codes that say different things."""
    several = len(draft.outcomes) > 1 and draft.status is not Status.NOT_OBTAINABLE
    return several and len(outcomes_of(draft)) > 1


def outcome_despite_status(draft: Draft, _now: datetime) -> bool:
    """An outcome where the status says that there is none."""
    if draft.status is not Status.NOT_OBTAINABLE:
        return False
    return bool(outcomes_of(draft) - {Outcome.NOT_OBTAINABLE})


def in_future(moment: Moment | None, now: datetime) -> bool:
    """Later than a day from now."""
    return moment is not None and moment.at > now + AHEAD


def too_early(moment: Moment | None) -> bool:
    """Before the first tests of any disease that this system was made for."""
    return moment is not None and moment.at < EARLIEST


def without_zone(moment: Moment | None) -> bool:
    """A time of day without a zone."""
    return moment is not None and moment.timed and not moment.zoned


def sampled_after_reported(draft: Draft, tolerance: timedelta) -> bool:
    """Sampled later than reported by more than the tolerance.

    Where one of the two is a day only, days are compared.
    """
    sampled, reported = draft.sampled_at, draft.reported_at
    if sampled is None or reported is None:
        return False
    if sampled.timed and reported.timed:
        return sampled.at > reported.at + tolerance
    return sampled.at.date() > (reported.at + tolerance).date()


def sampled_just_after_reported(draft: Draft, _now: datetime) -> bool:
    """Sampled after the report, but within a day of it."""
    just = sampled_after_reported(draft, timedelta())
    return just and not sampled_after_reported(draft, AHEAD)


def born_after_sampling(draft: Draft, _now: datetime) -> bool:
    """Born later than sampled; a newborn may be sampled on the day."""
    if draft.birth_date is None or draft.sampled_at is None:
        return False
    latest = (draft.sampled_at.at + AHEAD).date().isoformat()
    return draft.birth_date > latest[: len(draft.birth_date)]


def ins_malformed(draft: Draft, _now: datetime) -> bool:
    """An INS is given whose form or key is wrong for what it is said to be."""
    return bool(draft.ins) and matricule_ins(draft.ins or "", draft.ins_kind) is None


def ins_of_trial(draft: Draft, _now: datetime) -> bool:
    """No INS but one for trials is given in what is no trial."""
    return bool(draft.ins_kind) and not draft.test_mode


def email_malformed(draft: Draft, _now: datetime) -> bool:
    """An e-mail address is given that is none."""
    return bool(draft.email) and contact_details.email_address(draft.email or "") is None


def phone_malformed(draft: Draft, _now: datetime) -> bool:
    """A phone number is given that is none."""
    return bool(draft.phone) and e164(draft.phone or "") is None


def language_unknown(draft: Draft, _now: datetime) -> bool:
    """A language is given that no message is written in."""
    return bool(draft.language) and language_of(draft.language or "") is None


def device_missing(draft: Draft, _now: datetime) -> bool:
    """An antigen test without a device."""
    disease = disease_of_loinc(draft.loinc or "")
    if disease is None or disease.loinc[draft.loinc or ""] is not Method.ANTIGEN:
        return False
    return bool(disease.devices) and not draft.device


def device_unknown(draft: Draft, _now: datetime) -> bool:
    """An antigen test with a device that the catalogue does not have."""
    disease = disease_of_loinc(draft.loinc or "")
    if disease is None or disease.loinc[draft.loinc or ""] is not Method.ANTIGEN:
        return False
    return bool(draft.device) and draft.device not in disease.devices


def ct_malformed(draft: Draft, _now: datetime) -> bool:
    """A Ct is given that cannot be one."""
    return bool(draft.cycle_threshold) and ct_value(draft.cycle_threshold or "") is None


def variant_malformed(draft: Draft, _now: datetime) -> bool:
    """A variant screening is given that is not in the notation."""
    return bool(draft.variant) and screening(draft.variant) is None


def variant_letter_not_asked(draft: Draft, _now: datetime) -> bool:
    """A letter is told that is not screened for on the day of the sampling."""
    period = screening_period(draft)
    told = screening(draft.variant)
    if period is None or told is None:
        return False
    return any(not period.takes(letter) for letter, _ in told.findings)


def variant_letter_missing(draft: Draft, _now: datetime) -> bool:
    """A letter is not told that is to be screened for on the day of the sampling."""
    period = screening_period(draft)
    told = screening(draft.variant)
    if period is None or told is None:
        return False
    return bool(period.letters.keys() - dict(told.findings))


def variant_despite_ct(draft: Draft, _now: datetime) -> bool:
    """A mutation is told as looked for in a specimen with too little of the agent."""
    disease = disease_of_loinc(draft.loinc or "")
    told, threshold = screening(draft.variant), ct_value(draft.cycle_threshold or "")
    if disease is None or disease.screening is None or told is None or threshold is None:
        return False
    looked_for = any(figure in _LOOKED_FOR for _, figure in told.findings)
    return looked_for and threshold > disease.screening.max_cycle_threshold


def lineage_malformed(draft: Draft, _now: datetime) -> bool:
    """A lineage is told that has not the form of one of the disease."""
    return bool(draft.lineage) and lineage_name(draft) is None


def prescriber_malformed(draft: Draft, _now: datetime) -> bool:
    """A prescriber is given, and the number has not the form of a RPPS number."""
    return bool(draft.prescriber) and rpps(draft.prescriber or "") is None


def prescriber_check_digit_wrong(draft: Draft, _now: datetime) -> bool:
    """A RPPS number is given whose check digit is wrong."""
    number = rpps(draft.prescriber or "")
    return number is not None and not has_rpps_check_digit(number)


def establishment_malformed(draft: Draft, _now: datetime) -> bool:
    """A FINESS number is given that has not the form of one."""
    return bool(draft.establishment) and finess(draft.establishment or "") is None


def establishment_check_digit_wrong(draft: Draft, _now: datetime) -> bool:
    """A FINESS number is given whose check digit is wrong."""
    number = finess(draft.establishment or "")
    return number is not None and not has_finess_check_digit(number)


def commune_malformed(draft: Draft, _now: datetime) -> bool:
    """A commune is given whose INSEE code is wrong."""
    return bool(draft.commune) and commune_code(draft.commune or "") is None


def commune_unknown(draft: Draft, _now: datetime) -> bool:
    """A commune is given in the form of an INSEE code that no present commune has."""
    code = commune_code(draft.commune or "")
    return code is not None and not is_commune(code)


def postcode_malformed(draft: Draft, _now: datetime) -> bool:
    """A postcode is given that is no French one."""
    return bool(draft.postcode) and postcode_of(draft.postcode or "") is None


def order_token_malformed(draft: Draft, _now: datetime) -> bool:
    """The token of an order is given that is none, or was mistyped."""
    return bool(draft.order_token) and order_token(draft.order_token or "") is None
