"""Vaccination certificates: how doses are counted and products written."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.certificate_signing.samples import IDENTITY
from vigie.certificates.certified_person import certified
from vigie.dcc import schema, value_sets
from vigie.dcc.errors import EncodingError
from vigie.dcc.vaccination import Vaccination, is_listed, vaccination_entry, written_dose
from vigie.dcc.value_sets import SetId, ValueSets

_SETS = value_sets.shipped()
_ON = date(2022, 3, 1)
_JANSSEN, _COMIRNATY, _BIMERVAX = "EU/1/20/1525", "EU/1/20/1528", "EU/1/22/1709"


def _vaccination(**changes: Any) -> Vaccination:  # noqa: ANN401 - any field
    dose = {
        "disease": "840539006",
        "product": _COMIRNATY,
        "number": 2,
        "given_on": date(2022, 2, 1),
        "country": "FR",
    }
    return Vaccination.model_validate(dose | changes)


def _certificate(sets: ValueSets = _SETS, **changes: Any) -> dict[str, Any]:  # noqa: ANN401 - any field
    entry = vaccination_entry(_vaccination(**changes), sets, issuer="CNAM", uvci="U", on=_ON)
    return certified(IDENTITY, entry).to_map()


def test_a_dose_becomes_an_entry_of_the_schema() -> None:
    certificate = _certificate()

    assert schema.faults(certificate) == ()
    assert certificate["v"] == [
        {
            "tg": "840539006",
            "vp": "1119349007",
            "mp": _COMIRNATY,
            "ma": "ORG-100030215",
            "dn": 2,
            "sd": 2,
            "dt": "2022-02-01",
            "co": "FR",
            "is": "CNAM",
            "ci": "U",
        }
    ]


@pytest.mark.parametrize(
    ("changes", "written"),
    [
        ({"number": 1}, (1, 2)),
        ({"number": 2}, (2, 2)),
        ({"number": 3}, (3, 3)),
        ({"number": 4}, (4, 4)),
        ({"number": 1, "product": _JANSSEN}, (1, 1)),
        ({"number": 2, "product": _JANSSEN}, (2, 1)),
        ({"number": 2, "first_product": _JANSSEN}, (2, 1)),
        ({"number": 3, "first_product": _JANSSEN}, (3, 1)),
        ({"number": 1, "recovered_before": True}, (1, 1)),
        ({"number": 2, "recovered_before": True}, (2, 1)),
        ({"number": 3, "course": 3}, (3, 3)),
        ({"number": 4, "course": 3}, (4, 4)),
        ({"number": 2, "course": 3}, (2, 3)),
        ({"number": 1, "course": 2, "product": _JANSSEN}, (1, 2)),
        ({"number": 3, "product": _BIMERVAX, "first_product": _COMIRNATY}, (3, 3)),
    ],
)
def test_doses_are_counted_as_the_union_agreed(
    changes: dict[str, Any], written: tuple[int, int]
) -> None:
    [entry] = _certificate(**changes)["v"]

    assert (entry["dn"], entry["sd"]) == written


@given(
    number=st.integers(1, 12),
    product=st.sampled_from([code for code, vaccine in _SETS.vaccines.items() if vaccine.course]),
    recovered=st.booleans(),
)
def test_a_completed_course_is_never_taken_for_a_booster(
    *, number: int, product: str, recovered: bool
) -> None:
    dose = _vaccination(number=number, product=product, recovered_before=recovered)

    written = written_dose(dose, _SETS, _ON)

    course = 1 if recovered else _SETS.vaccines[product].course or 0
    assert written.number == number
    assert (written.number >= written.series) == (number >= course)
    booster = written.number > written.series or written.series > course
    assert booster == (number > course)


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"given_on": date(2022, 3, 2)}, "vaccination-date"),
        ({"disease": "14189004"}, "vaccination-disease"),
        ({"product": "CANARY"}, "vaccine-unknown"),
        ({"holder": "ORG-100031184"}, "vaccine-holder"),
        ({"prophylaxis": "29061000087103"}, "vaccine-prophylaxis"),
        ({"product": _BIMERVAX}, "vaccine-course"),
    ],
)
def test_what_contradicts_the_value_sets_is_refused(changes: dict[str, Any], rule: str) -> None:
    with pytest.raises(EncodingError) as refused:
        _certificate(**changes)

    assert refused.value.rule == rule
    assert "CANARY" not in str(refused.value)


def test_a_product_that_left_the_list_is_written_and_is_not_for_new_certificates() -> None:
    assert not is_listed(_vaccination(product="NVX-CoV2373"), _SETS)
    assert is_listed(_vaccination(), _SETS)
    assert _certificate(product="NVX-CoV2373", course=2)["v"][0]["mp"] == "NVX-CoV2373"


def test_a_record_may_name_the_broader_prophylaxis() -> None:
    [entry] = _certificate(prophylaxis="28531000087107", holder="ORG-100030215")["v"]

    assert entry["vp"] == "28531000087107"


def test_boosters_have_no_writing_before_there_was_a_rule() -> None:
    early = date(2021, 12, 20)

    assert written_dose(_vaccination(number=2), _SETS, early) == (2, 2)
    with pytest.raises(EncodingError) as refused:
        written_dose(_vaccination(number=3), _SETS, early)
    assert refused.value.rule == "dose-encoding"


def test_a_new_release_changes_the_writing_from_its_day_on() -> None:
    document = _SETS.model_dump(mode="json", by_alias=True)
    document["dose_encodings"].append(
        {
            "from": "2022-03-01",
            "booster_series_after_one": "number",
            "booster_series_after_more": "course",
        }
    )
    sets = ValueSets.model_validate(document)

    assert written_dose(_vaccination(number=3), sets, date(2022, 2, 28)) == (3, 3)
    assert written_dose(_vaccination(number=3), sets, _ON) == (3, 2)
    assert written_dose(_vaccination(number=2, product=_JANSSEN), sets, _ON) == (2, 2)


def test_every_product_for_new_certificates_can_be_written() -> None:
    for product in _SETS[SetId.PRODUCT].codes:
        if _SETS[SetId.PRODUCT].active(product):
            [entry] = _certificate(product=product, course=2)["v"]
            assert _SETS[SetId.HOLDER].active(entry["ma"])
            assert _SETS[SetId.PROPHYLAXIS].active(entry["vp"])
