"""Each rule from both sides: a draft that breaks it, and the nearest one that does not."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from result_intake.draft import Coded, Draft
from result_intake.moment import Moment, moment
from result_intake.rule_table import RULES
from result_intake.rules import conclude
from vigie.identifiers.ins import InsKind
from vigie.results.codes import Language, Method, Outcome, Sex, Status
from vigie.results.reading import Level

NOW = datetime(2022, 1, 12, 12, tzinfo=UTC)
PCR, RAPID = "94500-6", "97097-0"


def at(day: int, hour: int, *, month: int = 1, year: int = 2022) -> Moment:
    return moment(date(year, month, day), (hour, 0, 0), 60)


# Midnight in France lies between them.
LAST_OF_THREE_LETTERS = at(19, 23, month=12, year=2021)
FIRST_OF_FOUR_LETTERS = at(20, 0, month=12, year=2021)

SOUND = Draft(
    ordinal="1",
    place="line 2",
    accession="A1",
    loinc=PCR,
    status=Status.FINAL,
    outcomes=(Coded("260373001", "SCT"),),
    sampled_at=at(10, 9),
    reported_at=at(10, 18),
    family_name="Durand",
    given_names=("Zoé",),
    birth_date="1990-02-28",
    sex=Sex.FEMALE,
    ins="2690549588157 80",
    email="zoe@example.fr",
    phone="06 12 34 56 78",
    language="fr-FR",
    cycle_threshold="23,5",
    variant=(("C", "1"), ("A", "0"), ("D", "9")),
    lineage="BA.1.1",
    prescriber="10001234565",
    commune="2A004",
    postcode="20 000",
    testing_centre="Laboratoire du Port",
)


def codes(draft: Draft) -> set[str]:
    return {breach.code for breach in conclude(draft, now=NOW)[1]}


def test_sound_draft_breaks_nothing_and_is_normalised() -> None:
    result, breaches = conclude(SOUND, now=NOW)
    assert breaches == ()
    assert result is not None
    assert (result.disease, result.method) == ("covid-19", Method.NAAT)
    assert result.outcome is Outcome.DETECTED
    assert result.contact.phone == "+33612345678"
    assert result.identity.ins == "269054958815780"
    kept, _ = conclude(replace(SOUND, prescriber="10001234566"), now=NOW)
    assert kept is not None
    assert kept.prescriber == "10001234566"
    assert result.language is Language.FRENCH
    assert result.cycle_threshold == 23.5
    assert result.variant is not None
    assert result.variant.findings == (("A", "0"), ("C", "1"), ("D", "9"))
    assert result.lineage == "BA.1.1"
    assert result.sampled_at == datetime(2022, 1, 10, 8, tzinfo=UTC)


# Rule, what breaks it, and what comes nearest without breaking it.
SIDES: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("accession-missing", {"accession": None}, {"accession": "0"}),
    ("accession-too-long", {"accession": "x" * 65}, {"accession": "x" * 64}),
    ("sub-id-too-long", {"sub_id": "x" * 65}, {"sub_id": "x" * 64}),
    ("loinc-missing", {"loinc": None}, {"loinc": PCR}),
    ("loinc-unknown", {"loinc": "1751-7"}, {"loinc": "92142-9"}),
    ("status-missing", {"status": None}, {"status": Status.AMENDED}),
    ("outcome-missing", {"outcomes": ()}, {"outcomes": (), "status": Status.NOT_OBTAINABLE}),
    (
        "outcome-unknown",
        {"outcomes": (Coded("POS", "99LAB"),)},
        {"outcomes": (Coded("POS", "HL70078"),)},
    ),
    (
        "outcome-contradictory",
        {"outcomes": (Coded("10828004"), Coded("260385009"))},
        {"outcomes": (Coded("10828004"), Coded("260373001"))},
    ),
    (
        "outcome-despite-status",
        {"status": Status.NOT_OBTAINABLE},
        {"status": Status.NOT_OBTAINABLE, "outcomes": (Coded("373121007"),)},
    ),
    ("sampled-at-missing", {"sampled_at": None}, {"sampled_at": at(9, 1)}),
    (
        "sampled-at-future",
        {"sampled_at": at(13, 14), "reported_at": at(13, 14)},
        {"sampled_at": at(13, 13), "reported_at": at(13, 13)},
    ),
    (
        "sampled-at-too-early",
        {"sampled_at": at(31, 23, month=12, year=2018)},
        {"sampled_at": at(1, 1, year=2019)},
    ),
    (
        "sampled-at-day-only",
        {"sampled_at": moment(date(2022, 1, 10))},
        {"sampled_at": at(10, 12)},
    ),
    (
        "sampled-at-without-zone",
        {"sampled_at": moment(date(2022, 1, 10), (9, 0, 0))},
        {"sampled_at": moment(date(2022, 1, 10))},
    ),
    ("reported-at-missing", {"reported_at": None}, {"reported_at": at(11, 1)}),
    ("reported-at-future", {"reported_at": at(13, 14)}, {"reported_at": at(13, 13)}),
    (
        "reported-at-without-zone",
        {"reported_at": moment(date(2022, 1, 10), (18, 0, 0))},
        {"reported_at": at(10, 18)},
    ),
    (
        "reported-at-day-only",
        {"reported_at": moment(date(2022, 1, 10))},
        {"reported_at": at(10, 12)},
    ),
    (
        "sampled-after-reported",
        {"sampled_at": at(11, 19)},
        {"sampled_at": at(11, 18)},
    ),
    (
        "sampled-just-after-reported",
        {"sampled_at": at(10, 19)},
        {"sampled_at": at(10, 19), "reported_at": moment(date(2022, 1, 10))},
    ),
    ("family-name-missing", {"family_name": None}, {"family_name": "O"}),
    ("family-name-too-long", {"family_name": "x" * 81}, {"family_name": "x" * 80}),
    ("family-name-without-letter", {"family_name": "--"}, {"family_name": "-o"}),
    ("family-name-with-digit", {"family_name": "Durand2"}, {"family_name": "Durand II"}),
    ("other-name-malformed", {"other_names": ("Petit", "9")}, {"other_names": ("Petit",)}),
    ("other-name-malformed", {"other_names": ("é" * 81,)}, {"other_names": ("é" * 80,)}),
    ("given-name-missing", {"given_names": ()}, {"given_names": ("A",)}),
    ("given-name-too-long", {"given_names": ("a",) * 11}, {"given_names": ("a",) * 10}),
    ("given-name-too-long", {"given_names": ("a" * 81,)}, {"given_names": ("a" * 80,)}),
    ("given-name-without-letter", {"given_names": ("A", ".")}, {"given_names": ("A.",)}),
    ("given-name-with-digit", {"given_names": ("R2",)}, {"given_names": ("R",)}),
    ("birth-date-missing", {"birth_date": None}, {"birth_date": "1900-01-01"}),
    ("birth-date-out-of-range", {"birth_date": "1799"}, {"birth_date": "1800"}),
    ("birth-date-after-sampling", {"birth_date": "2022-01-12"}, {"birth_date": "2022-01-10"}),
    ("birth-date-after-sampling", {"birth_date": "2022-02"}, {"birth_date": "2022-01"}),
    ("birth-date-partial", {"birth_date": "1990-02"}, {"birth_date": "1990-02-01"}),
    ("sex-missing", {"sex": None}, {"sex": Sex.UNKNOWN}),
    ("ins-malformed", {"ins": "269054958815781"}, {"ins": "2951099126111 93"}),
    ("contact-missing", {"email": None, "phone": None}, {"email": None}),
    ("email-malformed", {"email": "zoe@example"}, {"email": "z.o+e@mail.example.fr"}),
    ("phone-malformed", {"phone": "612345678"}, {"phone": "+32 475 12 34 56"}),
    ("language-unknown", {"language": "oc"}, {"language": "eng"}),
    (
        "device-missing",
        {"loinc": RAPID},
        {"loinc": RAPID, "device": "1232"},
    ),
    (
        "device-unknown",
        {"loinc": RAPID, "device": "1"},
        {"loinc": PCR, "device": "1"},
    ),
    ("ct-malformed", {"cycle_threshold": "50.1"}, {"cycle_threshold": "50"}),
    ("variant-malformed", {"variant": (("A", "2"),)}, {"variant": (("A", "8"), ("E", "9"))}),
    ("variant-malformed", {"variant": (("A", "0"), ("A", "1"))}, {"variant": ()}),
    (
        "variant-letter-not-asked",
        {"variant": (("A", "0"), ("C", "0"), ("D", "0")), "sampled_at": LAST_OF_THREE_LETTERS},
        {"variant": (("A", "0"), ("C", "0"), ("D", "0")), "sampled_at": FIRST_OF_FOUR_LETTERS},
    ),
    (
        "variant-letter-not-asked",
        {"variant": (("A", "0"), ("C", "0"), ("D", "0"), ("E", "0"))},
        {"variant": (("A", "0"), ("B", "0"), ("C", "0"), ("D", "0"))},
    ),
    (
        "variant-letter-missing",
        {"variant": (("A", "0"), ("C", "0")), "sampled_at": LAST_OF_THREE_LETTERS},
        {"variant": (("A", "0"), ("B", "9"), ("C", "0")), "sampled_at": LAST_OF_THREE_LETTERS},
    ),
    (
        "variant-letter-missing",
        {"variant": (("A", "0"), ("B", "9"), ("C", "0")), "sampled_at": FIRST_OF_FOUR_LETTERS},
        {"variant": (("A", "0"), ("C", "0"), ("D", "9")), "sampled_at": FIRST_OF_FOUR_LETTERS},
    ),
    (
        "variant-despite-ct",
        {"cycle_threshold": "30,1"},
        {"cycle_threshold": "30"},
    ),
    (
        "variant-despite-ct",
        {"cycle_threshold": "35", "variant": (("A", "1"), ("C", "9"), ("D", "9"))},
        {"cycle_threshold": "35", "variant": (("A", "9"), ("C", "8"), ("D", "9"))},
    ),
    ("lineage-malformed", {"lineage": "Omicron"}, {"lineage": "B.1.1.529"}),
    ("lineage-malformed", {"lineage": "BA.2.1.1.1"}, {"lineage": "XBB.1.5"}),
    ("lineage-malformed", {"lineage": "LA31705-8"}, {"lineage": "LA31705-9"}),
    ("lineage-malformed", {"loinc": "92142-9"}, {"loinc": "92142-9", "lineage": None}),
    ("lineage-malformed", {"loinc": "100383-9"}, {"loinc": "100383-9", "lineage": "IIb"}),
    (
        "ins-of-trial",
        {"ins": None, "ins_kind": InsKind.DEMONSTRATION},
        {"ins": None, "ins_kind": InsKind.DEMONSTRATION, "test_mode": True},
    ),
    ("prescriber-malformed", {"prescriber": "1000123456"}, {"prescriber": "10001234566"}),
    ("prescriber-check-digit", {"prescriber": "10001234566"}, {"prescriber": "10001234565"}),
    ("establishment-malformed", {"establishment": "75071218"}, {"establishment": "750712185"}),
    ("establishment-check-digit", {"establishment": "750712185"}, {"establishment": "750712184"}),
    ("commune-malformed", {"commune": "99123"}, {"commune": "97411"}),
    ("commune-unknown", {"commune": "01999"}, {"commune": "01015"}),
    ("postcode-malformed", {"postcode": "96000"}, {"postcode": "75940"}),
    (
        "testing-centre-too-long",
        {"testing_centre": "x" * 81},
        {"testing_centre": "x" * 80},
    ),
    ("order-token-malformed", {"order_token": "q7k2m9x7"}, {"order_token": "Q7K2-M9X8"}),
]  # fmt: skip


@pytest.mark.parametrize(("code", "breaking", "keeping"), SIDES)
def test_rule_from_both_sides(code: str, breaking: dict[str, Any], keeping: dict[str, Any]) -> None:
    broken = replace(SOUND, places={RULES[code].field: "here"}, **breaking)
    result, breaches = conclude(broken, now=NOW)
    told = [breach for breach in breaches if breach.code == code]
    assert [breach.place for breach in told] == ["here"]
    assert (result is None) == any(breach.level is Level.ERROR for breach in breaches)
    assert code not in codes(replace(SOUND, **keeping))


def test_every_checked_rule_is_tested_from_both_sides() -> None:
    checked = {code for code, rule in RULES.items() if rule.breaks}
    assert checked == {code for code, _, _ in SIDES}


def test_level_error_alone_costs_the_result() -> None:
    assert conclude(replace(SOUND, sex=None, phone="1"), now=NOW)[0] is not None
    assert conclude(replace(SOUND, accession=None), now=NOW)[0] is None


def test_malformed_optional_values_are_dropped() -> None:
    draft = replace(
        SOUND,
        ins="1",
        email="x",
        phone="y",
        language="zz",
        cycle_threshold="low",
        variant=(("Z", "1"),),
        prescriber="1",
        commune="?",
        order_token="q7k2m9x7",
    )
    result, _ = conclude(draft, now=NOW)
    assert result is not None
    assert result.identity.ins is None
    assert result.contact.email is None
    assert result.contact.phone is None
    assert result.language is None
    assert result.cycle_threshold is None
    assert result.variant is None
    assert result.prescriber is None
    assert result.commune is None
    assert result.order_token is None


def test_fault_of_a_format_silences_the_rules_of_its_field() -> None:
    draft = replace(SOUND, birth_date=None, faults=[])
    draft.fault("birth-date-malformed", "birth_date", place="PID-7")
    _, breaches = conclude(draft, now=NOW)
    assert [(breach.code, breach.place) for breach in breaches] == [
        ("birth-date-malformed", "PID-7")
    ]


@pytest.mark.parametrize("status", [Status.WITHDRAWN, Status.NOT_OBTAINABLE])
def test_outcome_is_not_obtainable_where_the_status_says_why(status: Status) -> None:
    result, _ = conclude(replace(SOUND, status=status, outcomes=()), now=NOW)
    assert result is not None
    assert result.outcome is Outcome.NOT_OBTAINABLE


def test_no_message_echoes_a_value() -> None:
    draft = replace(SOUND, family_name="X9" * 50, phone="canary", ins="canary", email="canary")
    for breach in conclude(draft, now=NOW)[1]:
        assert "canary" not in breach.message + breach.place
        assert "X9" not in breach.message


def test_sub_identifier_one_is_none() -> None:
    result, _ = conclude(replace(SOUND, sub_id="1"), now=NOW)
    assert result is not None
    assert result.local_id.sub_id == ""


def test_names_have_one_form_whatever_the_composition() -> None:
    composed, _ = conclude(replace(SOUND, given_names=("Zo\u00e9",)), now=NOW)
    decomposed, _ = conclude(replace(SOUND, given_names=(" Zoe\u0301 ",)), now=NOW)
    assert composed == decomposed
