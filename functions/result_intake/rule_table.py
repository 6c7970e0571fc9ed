"""The rules that a test must meet: one table for all formats.

Required (an error each): who reported it under which number (accession), what was looked for
(LOINC), what was found (outcome), how settled it is (status), when it was sampled and reported,
and whom it is about (family name, given name, birth date): without any of these a result cannot
be kept under its own identity, ordered against its corrections, or certified. All else is
useful, not needed: a missing or malformed value is a warning, and a malformed one is dropped.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple, TypeAlias

from result_intake import checks
from result_intake.draft import Draft
from vigie.results.reading import Level

Question: TypeAlias = Callable[[Draft, datetime], bool]

ERROR = Level.ERROR
WARNING = Level.WARNING


class Rule(NamedTuple):
    """One thing that is asked of a test.

    Attributes:
        code: its stable name.
        level: whether the item is rejected.
        field: of the draft, whose place is told.
        message: what is asked for; never a value.
        breaks: whether a draft breaks it at a given time; None where formats find it while
            reading (`Draft.fault`), or where it shows only when the test is stored.
        of_absent: whether it is broken by a field that is empty, and no other; all else are
            asked of what is there.
    """

    code: str
    level: Level
    field: str
    message: str
    breaks: Question | None = None
    of_absent: bool = False


def _required(code: str, field: str, message: str) -> Rule:
    return Rule(code, ERROR, field, message, lambda *_: True, of_absent=True)


_TABLE = (
    # Of the item as a whole: found by the formats.
    Rule(
        "message-type-unsupported",
        ERROR,
        "",
        "Only test reports are read: HL7 ORU^R01, FHIR R4 Bundle.",
    ),
    Rule("message-malformed", ERROR, "", "The message does not follow the syntax of its format."),
    Rule("message-too-large", ERROR, "", "The message exceeds the bounds of this reader."),
    Rule("record-malformed", ERROR, "", "The record does not follow the syntax of its format."),
    Rule("record-too-large", ERROR, "", "The record exceeds the bounds of this reader."),
    Rule(
        "message-without-header",
        ERROR,
        "",
        "Lines stand outside any message: a message begins with MSH.",
    ),
    Rule(
        "line-without-segment",
        WARNING,
        "",
        "A line that is no segment is taken as the rest of the one before.",
    ),
    Rule(
        "test-repeated",
        ERROR,
        "sub_id",
        "Several tests of a record have one number and code: sub-identifiers must differ.",
    ),
    Rule("test-missing", ERROR, "", "The record has no test of a disease of the catalogue."),
    Rule("patient-missing", ERROR, "", "The test says nothing of the person tested."),
    Rule("encoding-assumed", WARNING, "", "The text is not in the character set it declares."),
    Rule(
        "encoding-windows",
        WARNING,
        "",
        "The text is not UTF-8: Windows-1252 is assumed.",
    ),
    Rule("encoding-malformed", ERROR, "", "The text is not UTF-8."),
    Rule("fields-too-few", ERROR, "", "The line has fewer fields than the header."),
    Rule("fields-too-many", ERROR, "", "The line has more fields than the header."),
    Rule(
        "value-truncated",
        ERROR,
        "",
        "The value is cut short, as its last character says: it is required in full.",
    ),
    Rule("mode-unknown", ERROR, "test_mode", "The mode is not one of P, T, D."),
    Rule("version-unsupported", ERROR, "", "The file is of a version that is not read."),
    Rule("column-missing", ERROR, "", "The column is required: no line of the file is read."),
    Rule("column-repeated", ERROR, "", "The column stands twice: no line of the file is read."),
    Rule("column-unknown", WARNING, "", "The column is not one of the layout: it is not read."),
    Rule(
        "entry-format-unknown",
        ERROR,
        "",
        "The entry of the archive is in none of the formats.",
    ),
    Rule("entry-archive", ERROR, "", "The entry of the archive is an archive: it is not read."),
    Rule("reference-unresolved", ERROR, "", "The reference leads to nothing in the Bundle."),
    Rule(
        "reference-ambiguous",
        ERROR,
        "",
        "A reference leads to several resources of the Bundle that differ.",
    ),
    Rule(
        "subject-contradictory",
        ERROR,
        "",
        "The observation and its report are about different persons.",
    ),
    # The laboratory's own name of the test.
    _required("accession-missing", "accession", "The laboratory's number of the test is required."),
    Rule(
        "accession-too-long",
        ERROR,
        "accession",
        "The laboratory's number of the test has at most 64 characters.",
        lambda draft, _: checks.too_long(draft.accession, 64),
    ),
    Rule(
        "sub-id-too-long",
        ERROR,
        "sub_id",
        "The sub-identifier has at most 64 characters.",
        lambda draft, _: checks.too_long(draft.sub_id, 64),
    ),
    # What was looked for, and found.
    _required("loinc-missing", "loinc", "The LOINC code of the test is required."),
    Rule(
        "loinc-unknown",
        ERROR,
        "loinc",
        "The code is not the LOINC code of a test of the catalogue.",
        checks.loinc_unknown,
    ),
    Rule(
        "test-not-allowed",
        ERROR,
        "loinc",
        "The laboratory is not registered for this test: it may only withdraw what it reported.",
    ),
    _required("status-missing", "status", "The status of the result is required."),
    Rule("status-unknown", ERROR, "status", "The status is not one of those that the format has."),
    Rule("status-without-result", ERROR, "status", "The status says that there is no result yet."),
    Rule(
        "outcome-missing",
        ERROR,
        "outcomes",
        "A coded result is required unless none could be obtained.",
        checks.outcome_missing,
        of_absent=True,
    ),
    Rule(
        "outcome-not-coded",
        ERROR,
        "outcomes",
        "The result is text or a number: a code is required.",
    ),
    Rule(
        "outcome-unknown",
        ERROR,
        "outcomes",
        "The result code is in no list of the catalogue.",
        checks.outcome_unknown,
    ),
    Rule(
        "outcome-contradictory",
        ERROR,
        "outcomes",
        "The result codes contradict each other.",
        checks.outcome_contradictory,
    ),
    Rule(
        "outcome-despite-status",
        WARNING,
        "outcomes",
        "The status says that no result could be obtained, yet one is given: it is not kept.",
        checks.outcome_despite_status,
    ),
    # When.
    _required("sampled-at-missing", "sampled_at", "The sampling time is required."),
    Rule("sampled-at-malformed", ERROR, "sampled_at", "The sampling time is no date or time."),
    Rule(
        "sampled-at-future",
        ERROR,
        "sampled_at",
        "The sampling time is more than a day ahead.",
        lambda draft, now: checks.in_future(draft.sampled_at, now),
    ),
    Rule(
        "sampled-at-too-early",
        ERROR,
        "sampled_at",
        "The sampling time is before 2019.",
        lambda draft, _: checks.too_early(draft.sampled_at),
    ),
    Rule(
        "sampled-at-day-only",
        WARNING,
        "sampled_at",
        "The sampling time has no time of day: midday is assumed.",
        lambda draft, _: bool(draft.sampled_at and not draft.sampled_at.timed),
    ),
    Rule(
        "sampled-at-without-zone",
        WARNING,
        "sampled_at",
        "The sampling time has no time zone: French time is assumed.",
        lambda draft, _: checks.without_zone(draft.sampled_at),
    ),
    _required("reported-at-missing", "reported_at", "The time of the report is required."),
    Rule("reported-at-malformed", ERROR, "reported_at", "The time of the report is no time."),
    Rule(
        "reported-at-future",
        ERROR,
        "reported_at",
        "The time of the report is more than a day ahead.",
        lambda draft, now: checks.in_future(draft.reported_at, now),
    ),
    Rule(
        "reported-at-without-zone",
        WARNING,
        "reported_at",
        "The time of the report has no time zone: French time is assumed.",
        lambda draft, _: checks.without_zone(draft.reported_at),
    ),
    Rule(
        "reported-at-day-only",
        WARNING,
        "reported_at",
        "The report has no time of day: of its day it counts as the first, "
        "or as the last if it changes a result.",
        lambda draft, _: bool(draft.reported_at and not draft.reported_at.timed),
    ),
    Rule(
        "withdrawal-superseded",
        WARNING,
        "status",
        "The withdrawal changes nothing: a later report of the test prevails. "
        "Withdraw with a later time.",
    ),
    Rule(
        "sampled-after-reported",
        ERROR,
        "sampled_at",
        "The sampling time is more than a day after the report: one of the two is wrong.",
        lambda draft, _: checks.sampled_after_reported(draft, timedelta(days=1)),
    ),
    Rule(
        "sampled-just-after-reported",
        WARNING,
        "sampled_at",
        "The sampling time is after the report: a clock or a zone may be wrong.",
        checks.sampled_just_after_reported,
    ),
    # Whom.
    _required("family-name-missing", "family_name", "The family name is required."),
    Rule(
        "family-name-too-long",
        ERROR,
        "family_name",
        "The family name has at most 80 characters.",
        lambda draft, _: checks.too_long(draft.family_name, 80),
    ),
    Rule(
        "family-name-without-letter",
        ERROR,
        "family_name",
        "The family name has no letter.",
        lambda draft, _: checks.no_letter(draft.family_name),
    ),
    Rule(
        "family-name-with-digit",
        WARNING,
        "family_name",
        "The family name has a digit.",
        lambda draft, _: checks.has_digit(draft.family_name),
    ),
    Rule(
        "other-name-malformed",
        WARNING,
        "other_names",
        "A further family name has a letter and at most 80 characters: it is left out.",
        checks.other_name_malformed,
    ),
    _required("given-name-missing", "given_names", "A given name is required."),
    Rule(
        "given-name-too-long",
        ERROR,
        "given_names",
        "There are at most 10 given names, of at most 80 characters together.",
        checks.given_names_too_long,
    ),
    Rule(
        "given-name-without-letter",
        ERROR,
        "given_names",
        "A given name has no letter.",
        lambda draft, _: any(map(checks.no_letter, draft.given_names)),
    ),
    Rule(
        "given-name-with-digit",
        WARNING,
        "given_names",
        "A given name has a digit.",
        lambda draft, _: any(map(checks.has_digit, draft.given_names)),
    ),
    _required("birth-date-missing", "birth_date", "The birth date is required."),
    Rule("birth-date-malformed", ERROR, "birth_date", "The birth date is no date."),
    Rule(
        "birth-date-out-of-range",
        ERROR,
        "birth_date",
        "The birth date is before 1800.",
        lambda draft, _: draft.birth_date is not None and draft.birth_date < "1800",
    ),
    Rule(
        "birth-date-after-sampling",
        ERROR,
        "birth_date",
        "The birth date is after the sampling.",
        checks.born_after_sampling,
    ),
    Rule(
        "birth-date-partial",
        WARNING,
        "birth_date",
        "The birth date lacks its day or month.",
        lambda draft, _: draft.birth_date is not None and len(draft.birth_date) < len("2000-01-01"),
    ),
    Rule("sex-missing", WARNING, "sex", "The sex is missing.", lambda *_: True, of_absent=True),
    Rule("sex-unknown", WARNING, "sex", "The sex is not one of F, M, O, U."),
    Rule("ins-malformed", WARNING, "ins", "The INS or its key is wrong.", checks.ins_malformed),
    Rule(
        "ins-of-trial",
        WARNING,
        "ins",
        "The INS is one for trials: it stands for nobody.",
        checks.ins_of_trial,
        of_absent=True,
    ),
    # How to reach the person.
    Rule(
        "contact-missing",
        WARNING,
        "phone",
        "No e-mail address and no phone number: nobody can be told.",
        lambda draft, _: not draft.email,
        of_absent=True,
    ),
    Rule(
        "email-malformed",
        WARNING,
        "email",
        "The e-mail address is not valid.",
        checks.email_malformed,
    ),
    Rule(
        "phone-malformed",
        WARNING,
        "phone",
        "The phone number is not valid.",
        checks.phone_malformed,
    ),
    Rule(
        "language-unknown",
        WARNING,
        "language",
        "Messages are not written in this language.",
        checks.language_unknown,
    ),
    # What else is known of the test.
    Rule(
        "device-missing",
        WARNING,
        "device",
        "An antigen test has no device of the EU common list: it gives no certificate.",
        checks.device_missing,
        of_absent=True,
    ),
    Rule(
        "device-unknown",
        WARNING,
        "device",
        "The device is not in the EU common list: the test gives no certificate.",
        checks.device_unknown,
    ),
    Rule("ct-malformed", WARNING, "cycle_threshold", "Ct is from 1 to 50.", checks.ct_malformed),
    Rule(
        "variant-malformed",
        WARNING,
        "variant",
        "Variant screening is one figure, 0, 1, 8 or 9, for each of the letters A to E.",
        checks.variant_malformed,
    ),
    Rule(
        "variant-letter-not-asked",
        WARNING,
        "variant",
        "A letter is not screened for in tests sampled on that day.",
        checks.variant_letter_not_asked,
    ),
    Rule(
        "variant-letter-missing",
        WARNING,
        "variant",
        "Every letter that is screened for on that day is to be told, with 9 if it was not.",
        checks.variant_letter_missing,
    ),
    Rule(
        "variant-despite-ct",
        WARNING,
        "variant",
        "Specimens of a higher Ct than the screening allows are not screened: 9 is to be told.",
        checks.variant_despite_ct,
    ),
    Rule(
        "lineage-malformed",
        WARNING,
        "lineage",
        "The lineage is none in the naming of the disease, such as BA.2.86.",
        checks.lineage_malformed,
    ),
    Rule(
        "prescriber-malformed",
        WARNING,
        "prescriber",
        "The prescriber is an RPPS number, 11 digits.",
        checks.prescriber_malformed,
    ),
    Rule(
        "prescriber-check-digit",
        WARNING,
        "prescriber",
        "The last digit of the RPPS number is not its check digit: the number is kept.",
        checks.prescriber_check_digit_wrong,
    ),
    Rule(
        "establishment-malformed",
        WARNING,
        "establishment",
        "The FINESS number of an establishment has 9 characters.",
        checks.establishment_malformed,
    ),
    Rule(
        "establishment-check-digit",
        WARNING,
        "establishment",
        "The last digit of the FINESS number is not its check digit.",
        checks.establishment_check_digit_wrong,
    ),
    Rule(
        "commune-malformed",
        WARNING,
        "commune",
        "The commune is an INSEE code, 5 characters.",
        checks.commune_malformed,
    ),
    Rule(
        "commune-unknown",
        WARNING,
        "commune",
        "The commune is none that INSEE lists: is it a postcode, or a former commune?",
        checks.commune_unknown,
    ),
    Rule(
        "postcode-malformed",
        WARNING,
        "postcode",
        "The postcode is a French one, 5 digits.",
        checks.postcode_malformed,
    ),
    Rule(
        "testing-centre-too-long",
        WARNING,
        "testing_centre",
        "The name of the testing centre has at most 80 characters: it is cut.",
        lambda draft, _: checks.too_long(draft.testing_centre, 80),
    ),
    Rule(
        "order-token-malformed",
        WARNING,
        "order_token",
        "The token of an order has 8 letters and digits, the last of which checks the others.",
        checks.order_token_malformed,
    ),
)

RULES: dict[str, Rule] = {rule.code: rule for rule in _TABLE}
