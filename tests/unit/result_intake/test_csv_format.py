"""Vigie's own CSV: dialects, times, faulty lines and headers."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from result_intake.csv_format import looks_like, read_file, read_header, read_rows
from result_intake.csv_format.columns import COLUMNS
from result_intake.csv_format.line import MAX_COLUMNS, MAX_LINE
from result_intake.csv_format.time_pattern import TimeNotation, time_reader
from result_intake.moment import iso_moment
from vigie.results.codes import Language, Outcome, Sex, Status
from vigie.results.reading import Item, Level
from vigie.results.test_result import TestResult

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
NAMES = [column.name for column in COLUMNS]
ROW = {
    "result_id": "26A0147-1",
    "status": "F",
    "loinc": "94500-6",
    "result": "260415000",
    "sampled_at": "2026-11-23T08:15:00+01:00",
    "reported_at": "2026-11-23T14:02:00+01:00",
    "family_name": "LEFÈVRE",
    "given_names": "Anne-Marie Odile",
    "birth_date": "1969-05-14",
    "sex": "F",
    "email": "a.lefevre@example.fr",
    "language": "fr",
}


def header(separator: str = ";") -> bytes:
    return separator.join(NAMES).encode()


def line(separator: str = ";", **changes: str) -> bytes:
    row = ROW | changes
    return separator.join(row.get(name, "") for name in NAMES).encode()


def read(*lines: bytes, head: bytes | None = None) -> list[Item]:
    return list(read_file([head or header(), *lines], now=NOW))


def one(*, head: bytes | None = None, **changes: str) -> Item:
    (item,) = read(line(**changes), head=head)
    return item


def result(item: Item) -> TestResult:
    assert item.result is not None, item.breaches
    return item.result


def codes(item: Item) -> set[str]:
    return {breach.code for breach in item.breaches}


def test_a_full_line_gives_every_value() -> None:
    item = one(
        sub_id="2",
        ins="2 69 05 49 588 157 80",
        phone="06 39 98 12 34",
        variant="A0 C1 D9",
        ct="24,5",
        prescriber="10001234565",
        commune="2a004",
        testing_centre="Laboratoire du Port",
        mode="P",
    )
    found = result(item)
    assert item.breaches == ()
    assert (item.ordinal, item.place, item.test_mode) == ("1", "line 2", False)
    assert found.local_id.model_dump() == {
        "accession": "26A0147-1",
        "loinc": "94500-6",
        "sub_id": "2",
    }
    assert (found.status, found.outcome) == (Status.FINAL, Outcome.NOT_DETECTED)
    assert found.sampled_at == datetime(2026, 11, 23, 7, 15, tzinfo=UTC)
    assert found.identity.given_names == ("Anne-Marie", "Odile")
    assert (found.identity.sex, found.identity.ins) == (Sex.FEMALE, "269054958815780")
    assert found.contact.phone == "+33639981234"
    assert found.language is Language.FRENCH
    assert found.cycle_threshold == 24.5
    assert found.variant is not None
    assert found.variant.findings == (("A", "0"), ("C", "1"), ("D", "9"))
    assert (found.prescriber, found.commune) == ("10001234565", "2A004")
    assert found.testing_centre == "Laboratoire du Port"


@pytest.mark.parametrize("separator", [";", ","])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n"])
def test_every_dialect_reads_the_same(separator: str, mark: bytes, end: bytes) -> None:
    found = read(line(separator) + end, head=mark + header(separator) + end)
    assert [result(item) for item in found] == [result(one())]


def test_columns_come_in_any_order_and_optional_ones_may_be_absent() -> None:
    names = [*reversed(ROW), "vigie_csv_1"]
    row = ";".join([*reversed(ROW.values()), ""]).encode()
    (item,) = read(row, head=";".join(names).encode())
    assert result(item) == result(one())


def test_quotes_keep_separators_and_double_quotes() -> None:
    found = result(one(testing_centre='"Labo; ""du Port"""'))
    assert found.testing_centre == 'Labo; "du Port"'


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("23/11/2026 08:15", datetime(2026, 11, 23, 7, 15, tzinfo=UTC)),
        ("23/11/2026 08:15:30", datetime(2026, 11, 23, 7, 15, 30, tzinfo=UTC)),
        ("14/07/2026 08:15", datetime(2026, 7, 14, 6, 15, tzinfo=UTC)),
        ("2026-11-23T07:15:00Z", datetime(2026, 11, 23, 7, 15, tzinfo=UTC)),
    ],
)
def test_times_are_iso_or_french(written: str, expected: datetime) -> None:
    item = one(sampled_at=written)
    assert result(item).sampled_at == expected
    assert item.breaches == ()


@pytest.mark.parametrize(
    "written", ["31/11/2026 08:15", "11/23/2026 08:15", "1/1/2026", "23/11/2026 25:00", "hier"]
)
def test_a_time_that_is_none_rejects_the_line_only(written: str) -> None:
    bad, good = read(line(sampled_at=written), line())
    assert codes(bad) == {"sampled-at-malformed"}
    assert bad.breaches[0].place == "line 2, column sampled_at"
    assert good.result is not None


def test_a_day_without_a_time_is_told() -> None:
    assert codes(one(sampled_at="23/11/2026")) == {"sampled-at-day-only"}


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("14/05/1969", "1969-05-14"),
        ("1969-05-14", "1969-05-14"),
        ("1969-05", "1969-05"),
        ("1969", "1969"),
    ],
)
def test_birth_dates(written: str, expected: str) -> None:
    assert result(one(birth_date=written)).identity.birth_date == expected


@pytest.mark.parametrize("written", ["31/02/1969", "1969-13", "14/05/69", "19690514"])
def test_a_birth_date_that_is_none_is_an_error(written: str) -> None:
    assert codes(one(birth_date=written)) == {"birth-date-malformed"}


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("P", Outcome.DETECTED),
        ("N", Outcome.NOT_DETECTED),
        ("I", Outcome.INCONCLUSIVE),
        ("X", Outcome.NOT_OBTAINABLE),
        ("260373001", Outcome.DETECTED),
        ("10828004", Outcome.DETECTED),
        ("260385009", Outcome.NOT_DETECTED),
        ("419984006", Outcome.INCONCLUSIVE),
    ],
)
def test_results_are_snomed_codes_or_french_letters(written: str, expected: Outcome) -> None:
    assert result(one(result=written)).outcome is expected


@pytest.mark.parametrize("written", ["n", "Négatif", "999"])
def test_another_result_is_an_error(written: str) -> None:
    assert codes(one(result=written)) == {"outcome-unknown"}


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("P", Status.PRELIMINARY),
        ("F", Status.FINAL),
        ("C", Status.CORRECTED),
        ("A", Status.AMENDED),
        ("W", Status.WITHDRAWN),
        ("D", Status.WITHDRAWN),
        ("X", Status.NOT_OBTAINABLE),
    ],
)
def test_statuses(written: str, expected: Status) -> None:
    assert result(one(status=written, result="" if written in "WDX" else "N")).status is expected


def test_an_unknown_status_is_an_error() -> None:
    assert codes(one(status="final")) == {"status-unknown"}


@pytest.mark.parametrize(
    ("written", "trial"), [("", False), ("P", False), ("T", True), ("D", True)]
)
def test_modes(written: str, *, trial: bool) -> None:
    item = one(mode=written)
    assert item.test_mode is trial
    assert item.result is not None


def test_a_mode_that_is_none_is_an_error() -> None:
    item = one(mode="X")
    assert [(each.code, each.place) for each in item.breaches] == [
        ("mode-unknown", "line 2, column mode")
    ]


def test_an_unknown_sex_is_a_warning() -> None:
    assert codes(one(sex="W")) == {"sex-unknown"}
    assert result(one(sex="I")).identity.sex is Sex.UNKNOWN


@pytest.mark.parametrize("written", ["A2", "A0A1", "F1", "A"])
def test_variants_outside_the_notation_are_left_out(written: str) -> None:
    item = one(variant=written)
    assert codes(item) == {"variant-malformed"}
    assert result(item).variant is None


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        (b"a;b;c", "fields-too-few"),
        (line() + b";", "fields-too-many"),
        (line(family_name='"LEFEVRE'), "record-malformed"),
        (line(family_name='"LEF"EVRE'), "record-malformed"),
        (line(family_name="LEF\x00EVRE"), "record-malformed"),
        (line(given_names="Zo\u00eb").replace("È".encode(), b"\xc8"), "encoding-malformed"),
        (line(family_name="LEF~VRE").replace(b"~", b"\x81"), "encoding-malformed"),
        (line(family_name="L" * MAX_LINE), "record-too-large"),
        (b";" * MAX_COLUMNS, "record-too-large"),
    ],
)
def test_a_bad_line_is_one_rejected_item(bad: bytes, code: str) -> None:
    first, second, third = read(line(), bad, line())
    assert (first.result is None, third.result is None) == (False, False)
    assert [(each.code, each.level) for each in second.breaches] == [(code, Level.ERROR)]
    assert (second.ordinal, second.place) == ("2", "line 3")


def test_empty_lines_count_but_are_no_items() -> None:
    assert [item.ordinal for item in read(line(), b"\r\n", line())] == ["1", "3"]


@pytest.mark.parametrize("name", [column.name for column in COLUMNS if column.required])
def test_each_missing_required_column_refuses_the_file(name: str) -> None:
    (item,) = read(line(), line(), head=header().replace(f"{name};".encode(), b"", 1))
    assert (item.ordinal, item.result) == ("0", None)
    assert [(each.code, each.place) for each in item.breaches] == [
        ("column-missing", f"line 1, column {name}")
    ]


def test_another_systems_file_is_told_every_column_that_it_lacks() -> None:
    (item,) = read(b"x,y", head=b"Patient_last_name,Patient_first_name")
    assert codes(item) == {"column-missing"}
    missing = [each.place for each in item.breaches]
    assert missing == [f"line 1, column {each.name}" for each in COLUMNS if each.required]


def test_a_repeated_column_refuses_the_file() -> None:
    (item,) = read(line() + b";", head=header() + b";loinc")
    assert codes(item) == {"column-repeated"}


def test_another_version_is_refused_with_that_reason_only() -> None:
    (item,) = read(line(), head=header().replace(b"vigie_csv_1", b"vigie_csv_2"))
    assert codes(item) == {"version-unsupported"}


def test_a_line_in_windows_1252_is_read_and_told() -> None:
    first, second, third = read(line(), line().decode().encode("cp1252"), line())
    assert (codes(first), codes(third)) == (set(), set())
    assert [(each.code, each.level, each.place) for each in second.breaches] == [
        ("encoding-windows", Level.WARNING, "line 3")
    ]
    assert result(second) == result(first)


def test_a_file_that_says_that_it_is_utf_8_is_taken_at_its_word() -> None:
    bad, good = read(line().decode().encode("cp1252"), line(), head=b"\xef\xbb\xbf" + header())
    assert codes(bad) == {"encoding-malformed"}
    assert good.result is not None


def test_a_header_in_windows_1252_is_told_once() -> None:
    first, second = read(line() + b";", line() + b";", head=header() + ";Prénom".encode("cp1252"))
    assert codes(first) == {"encoding-windows", "column-unknown"}
    assert codes(second) == set()


def test_an_empty_file_is_refused() -> None:
    (item,) = read_file([], now=NOW)
    assert codes(item) == {"column-missing"}


def test_an_unknown_column_is_told_once_without_its_name() -> None:
    first, second = read(line() + b";x", line() + b";y", head=header() + b";LEFEVRE")
    assert [(each.code, each.place) for each in first.breaches] == [
        ("column-unknown", f"line 1, field {len(NAMES) + 1}")
    ]
    assert (second.breaches, first.result) == ((), second.result)


def test_a_range_of_lines_reads_as_it_does_within_the_whole() -> None:
    lines = [line(result_id=str(number)) for number in range(6)]
    layout = read_header(header() + b";other")
    lines = [each + b";" for each in lines]
    whole = list(read_file([header() + b";other", *lines], now=NOW))
    parts = [
        *read_rows(lines[:2], layout, first=1, now=NOW),
        *read_rows(lines[2:], layout, first=3, now=NOW),
    ]
    assert parts == whole


def test_a_refused_header_is_told_by_the_first_range_only() -> None:
    layout = read_header(b"a;b")
    assert len(list(read_rows([line()], layout, first=1, now=NOW))) == 1
    assert list(read_rows([line()], layout, first=2, now=NOW)) == []


@pytest.mark.parametrize(
    "head",
    [
        header(),
        b"\xef\xbb\xbf" + header(","),
        b"loinc",
        b"Patient_last_name,Patient_first_name\n1,2",
        b'"result_id";"x"',
    ],
)
def test_tables_are_recognised(head: bytes) -> None:
    assert looks_like(head)


@pytest.mark.parametrize("head", [b"", b"\x00\x01;\x02", b'{"a":1,"b":2}', b"hello", b"1;2;3"])
def test_what_is_no_table_is_not(head: bytes) -> None:
    assert not looks_like(head)


@given(st.lists(st.binary(max_size=300), max_size=6))
def test_any_bytes_give_named_rules(lines: list[bytes]) -> None:
    for head in (header(), b"".join(lines[:1])):
        for item in read_file([head, *lines], now=NOW):
            assert item.result is not None or item.breaches


@given(st.text(max_size=12), st.text(max_size=12))
def test_no_breach_echoes_a_value(first: str, second: str) -> None:
    secret = "Quetzalcoatl"
    row = line(
        result_id=secret * 9, status=secret, loinc=secret, result=secret, sampled_at=secret,
        birth_date=secret, ins=secret, email=secret, variant=first, ct=second, mode=secret,
    )  # fmt: skip
    for item in read(row, head=header()):
        assert secret not in item.model_dump_json(exclude={"result"})


@given(st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)))  # noqa: DTZ001 - without a zone
def test_french_times_are_iso_times_without_a_zone(when: datetime) -> None:
    read_time = time_reader(TimeNotation(("dd/MM/yyyy[ HH:mm[:ss]]",), "Europe/Paris", {}))
    french = read_time(when.strftime("%d/%m/%Y %H:%M:%S"))
    iso = iso_moment(when.strftime("%Y-%m-%dT%H:%M:%S"))
    assert french is not None
    assert iso is not None
    assert (french.at, french.zoned, iso.zoned) == (iso.at, True, False)
