"""The content of a certificate against the schema 1.3.0."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from vigie.dcc import schema
from vigie.dcc.certificate import (
    DigitalCovidCertificate,
    Entry,
    PersonName,
    RecoveryEntry,
    TestEntry,
    TestKind,
    TestOutcome,
    VaccinationEntry,
)
from vigie.dcc.cwt import Plain
from vigie.dcc.errors import EncodingError

_SHARED: dict[str, Any] = {
    "disease": "840539006",
    "country": "FR",
    "issuer": "CNAM",
    "uvci": "URN:UVCI:01:FR:A#B",
}
_VACCINATION = VaccinationEntry(
    **_SHARED,
    prophylaxis="1119349007",
    product="EU/1/20/1528",
    holder="ORG-100030215",
    dose=3,
    series=2,
    given_on=date(2021, 12, 1),
)
_NAAT = TestEntry(
    **_SHARED,
    kind=TestKind.NAAT,
    name="PCR",
    collected_at=datetime(2021, 7, 1, 12, 30, 5, tzinfo=timezone(timedelta(hours=2))),
    outcome=TestOutcome.DETECTED,
    centre="Laboratoire",
)
_RECOVERY = RecoveryEntry(
    **_SHARED,
    first_positive_on=date(2021, 7, 1),
    valid_from=date(2021, 7, 12),
    valid_until=date(2021, 12, 28),
)


def _certificate(entry: Entry, birth_date: str = "1980-01-31") -> DigitalCovidCertificate:
    name = PersonName.of("d'Ornano", "Éloïse")
    return DigitalCovidCertificate(name=name, birth_date=birth_date, entry=entry)


def _map(entry: Entry = _NAAT) -> dict[str, Any]:
    return _certificate(entry).to_map()


@pytest.mark.parametrize(
    ("entry", "group", "content"),
    [
        (
            _VACCINATION,
            "v",
            {
                "vp": "1119349007",
                "mp": "EU/1/20/1528",
                "ma": "ORG-100030215",
                "dn": 3,
                "sd": 2,
                "dt": "2021-12-01",
            },
        ),
        (
            _NAAT,
            "t",
            {
                "tt": "LP6464-4",
                "nm": "PCR",
                "sc": "2021-07-01T10:30:05Z",
                "tr": "260373001",
                "tc": "Laboratoire",
            },
        ),
        (_RECOVERY, "r", {"fr": "2021-07-01", "df": "2021-07-12", "du": "2021-12-28"}),
    ],
)
def test_each_kind_has_the_keys_of_the_schema(
    entry: Entry, group: str, content: dict[str, object]
) -> None:
    written = _certificate(entry).to_map()

    assert written == {
        "ver": "1.3.0",
        "nam": {"fn": "d'Ornano", "fnt": "DORNANO", "gn": "Éloïse", "gnt": "ELOISE"},
        "dob": "1980-01-31",
        group: [
            {"tg": "840539006", "co": "FR", "is": "CNAM", "ci": "URN:UVCI:01:FR:A#B", **content}
        ],
    }
    assert schema.faults(_map(entry)) == ()
    assert schema.groups(_map(entry)) == (group,)


@pytest.mark.parametrize("birth_date", ["", "1980", "1980-01", "1980-01-31"])
def test_a_birth_date_may_be_partial(birth_date: str) -> None:
    assert _certificate(_NAAT, birth_date).to_map()["dob"] == birth_date


@pytest.mark.parametrize("birth_date", ["1880-01-01", "31/01/1980", "1980-1-1", "1980\n", "٢٠٢٠"])
def test_a_birth_date_of_another_form_is_refused(birth_date: str) -> None:
    with pytest.raises(ValidationError):
        _certificate(_NAAT, birth_date)


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": TestKind.ANTIGEN},
        {"kind": TestKind.ANTIGEN, "device": "1232"},
        {"device": "1232"},
        {"country": "fr"},
        {"issuer": "x" * 81},
        {"collected_at": datetime(2021, 7, 1)},  # noqa: DTZ001 - the zone is missing on purpose
        {"uvci": ""},
    ],
)
def test_a_test_that_contradicts_itself_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        TestEntry.model_validate(_NAAT.model_dump() | changes)


def test_an_antigen_test_is_named_by_its_device() -> None:
    content = _NAAT.model_dump() | {"kind": TestKind.ANTIGEN, "device": "1232", "name": None}

    written = TestEntry.model_validate(content).model_dump(by_alias=True, exclude_none=True)

    assert written["ma"] == "1232"
    assert "nm" not in written


@pytest.mark.parametrize(
    "changes", [{"valid_from": date(2021, 6, 30)}, {"valid_until": date(2021, 7, 11)}]
)
def test_a_recovery_is_valid_after_its_test(changes: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        RecoveryEntry.model_validate(_RECOVERY.model_dump() | changes)


def test_a_refusal_does_not_echo_the_content() -> None:
    with pytest.raises(ValidationError) as refused:
        _certificate(_NAAT, "CANARY-1980")

    assert "CANARY" not in str(refused.value)


@given(st.text(alphabet=st.characters(max_codepoint=0x17F), max_size=120))
def test_any_latin_name_fits_the_schema(name: str) -> None:
    try:
        person = PersonName.of(name, name)
    except EncodingError:
        return
    content = _map() | {"nam": person.model_dump(by_alias=True, exclude_none=True)}

    assert schema.faults(content) == ()


def test_names_are_composed() -> None:
    assert PersonName.of("Lefe\u0300vre").family == "Lefèvre"


def _without(*keys: str) -> dict[str, Plain]:
    return {key: value for key, value in _map().items() if key not in keys}


def _with_entry(group: str = "t", **changes: Plain) -> dict[str, Plain]:
    entries: dict[str, Entry] = {"t": _NAAT, "v": _VACCINATION, "r": _RECOVERY}
    content = _map(entries[group])
    content[group][0].update(changes)
    return content


@pytest.mark.parametrize(
    ("content", "faults"),
    [
        ({}, {"ver: required", "dob: required", "nam: required", "v|t|r: exactly one"}),
        (_without("dob"), {"dob: required"}),
        (_map() | {"dob": None}, {"dob: type"}),
        (_map() | {"dob": "1980-1-1"}, {"dob: pattern"}),
        (_map() | {"ver": "1.3"}, {"ver: pattern"}),
        (_map() | {"nam": []}, {"nam: type"}),
        (_map() | {"nam": {}}, {"nam/fnt: required"}),
        (_map() | {"nam": {"fnt": "Abc"}}, {"nam/fnt: pattern"}),
        (_map() | {"nam": {"fnt": "A" * 81}}, {"nam/fnt: maxLength"}),
        (_map() | {"nam": {"fnt": "A", "gn": 1}}, {"nam/gn: type"}),
        (_without("t"), {"v|t|r: exactly one"}),
        (_map() | _map(_RECOVERY), {"v|t|r: exactly one"}),
        (_map() | {"v": None}, {"v|t|r: exactly one", "v: type"}),
        (_map() | {"t": []}, {"t: exactly one entry"}),
        (_map() | {"t": _map()["t"] * 2}, {"t: exactly one entry"}),
        (_map() | {"t": ["x"]}, {"t/0: type"}),
        (_with_entry(co="fr"), {"t/0/co: pattern"}),
        (_with_entry(ci="x" * 81), {"t/0/ci: maxLength"}),
        (_with_entry("v", dn=0), {"v/0/dn: minimum"}),
        (_with_entry("v", dn=True), {"v/0/dn: type"}),
        (_with_entry("v", dn=1.5), {"v/0/dn: type"}),
        (_with_entry("v", dn=float("inf")), {"v/0/dn: type"}),
        (_with_entry("v", dn=1.0), set()),
        (_with_entry("r", fr=None), {"r/0/fr: type"}),
        (_with_entry(unknown="x"), set()),
    ],
)
def test_the_schema_names_the_place_and_the_rule(
    content: dict[str, Plain], faults: set[str]
) -> None:
    assert set(schema.faults(content)) == faults


@pytest.mark.parametrize("group", ["v", "t", "r"])
def test_each_required_key_is_required(group: str) -> None:
    complete: Any = _with_entry(group)
    for key in complete[group][0].keys() - {"nm", "tc"}:
        content: Any = _with_entry(group)
        del content[group][0][key]

        assert schema.faults(content) == (f"{group}/0/{key}: required",)


def test_an_instant_is_written_in_utc() -> None:
    assert _NAAT.collected_at.astimezone(UTC).hour == 10
