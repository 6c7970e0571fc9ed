"""Other systems' CSV is read by layouts that are data: SimpleReport, ReportStream, and any new."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from result_intake.csv_format import looks_like, read_file
from result_intake.csv_format.layout import Layout, layouts, layouts_of
from result_intake.csv_format.time_pattern import TimeNotation, check_pattern, time_reader
from result_intake.reading import read_items
from result_intake.recognition import recognise
from vigie.errors import Rejected
from vigie.results.codes import Language, Method, Outcome, Sex, Status
from vigie.results.reading import Item, Level
from vigie.results.test_result import TestResult

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
ROW = {
    "patient_last_name": "Doe",
    "patient_first_name": "Jane",
    "patient_middle_name": "Ann",
    "patient_dob": "1/20/1962",
    "patient_gender": "F",
    "patient_email": "jane.doe@example.org",
    "accession_number": "12200-A",
    "equipment_model_name": "ID NOW",
    "test_performed_code": "94534-5",
    "test_result": "Detected",
    "order_test_date": "12/20/2025 14:00",
    "specimen_collection_date": "12/21/2025 4:00",
    "test_result_date": "12/22/2025 14:00",
    "date_result_released": "",
    "testing_lab_name": "My Urgent Care, Downtown",
    "test_result_status": "F",
    "comment": "",
}


def written(separator: str = ",", **changes: str) -> list[bytes]:
    row = ROW | changes
    cells = [f'"{cell}"' if separator in cell else cell for cell in row.values()]
    return [separator.join(each).encode() for each in (list(row), cells)]


def one(separator: str = ",", **changes: str) -> Item:
    (item,) = read_file(written(separator, **changes), now=NOW)
    return item


def result(item: Item) -> TestResult:
    assert item.result is not None, item.breaches
    return item.result


def codes(item: Item) -> set[str]:
    return {breach.code for breach in item.breaches}


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_simplereport_in_every_dialect(separator: str) -> None:
    found = result(one(separator))
    assert found.local_id.accession == "12200-A"
    assert (found.local_id.loinc, found.method) == ("94534-5", Method.NAAT)
    assert (found.status, found.outcome) == (Status.FINAL, Outcome.DETECTED)
    assert found.identity.family_name == "Doe"
    assert found.identity.given_names == ("Jane", "Ann")
    assert (found.identity.birth_date, found.identity.sex) == ("1962-01-20", Sex.FEMALE)
    assert found.sampled_at == datetime(2025, 12, 21, 3, 0, tzinfo=UTC)
    assert found.reported_at == datetime(2025, 12, 22, 13, 0, tzinfo=UTC)
    assert found.testing_centre == "My Urgent Care, Downtown"


def test_times_without_a_zone_are_told_as_in_every_format() -> None:
    assert codes(one()) == {"sampled-at-without-zone", "reported-at-without-zone"}


@pytest.mark.parametrize(
    ("written_as", "expected"),
    [
        ("12/20/2025 4:00 PST", datetime(2025, 12, 20, 12, 0, tzinfo=UTC)),
        ("2025-12-20T04:00-08:00", datetime(2025, 12, 20, 12, 0, tzinfo=UTC)),
        ("1/5/26 9:00", datetime(2026, 1, 5, 8, 0, tzinfo=UTC)),
        ("12/20/2025", datetime(2025, 12, 20, 11, 0, tzinfo=UTC)),
    ],
)
def test_times_as_its_senders_write_them(written_as: str, expected: datetime) -> None:
    item = one(specimen_collection_date=written_as, test_result_date="1/6/2026 10:00")
    assert result(item).sampled_at == expected


@pytest.mark.parametrize("written_as", ["20/12/2025 4:00", "12/20/2025 4:00 XYZ", "tomorrow"])
def test_a_time_of_another_notation_is_an_error_at_its_column(written_as: str) -> None:
    item = one(specimen_collection_date=written_as)
    assert [(each.code, each.place) for each in item.breaches if each.level is Level.ERROR] == [
        ("sampled-at-malformed", "line 2, column specimen_collection_date")
    ]


def test_the_next_column_counts_where_the_preferred_one_is_empty() -> None:
    item = one(specimen_collection_date="", date_result_released="12/23/2025 9:00")
    assert result(item).sampled_at == datetime(2025, 12, 20, 13, 0, tzinfo=UTC)
    assert result(item).reported_at == datetime(2025, 12, 23, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("word", "outcome"),
    [
        ("DETECTED", Outcome.DETECTED),
        ("Positive", Outcome.DETECTED),
        ("Not Detected", Outcome.NOT_DETECTED),
        ("negative", Outcome.NOT_DETECTED),
        ("Inconclusive", Outcome.INCONCLUSIVE),
        ("Invalid Result", Outcome.NOT_OBTAINABLE),
        ("260415000", Outcome.NOT_DETECTED),
    ],
)
def test_words_of_results(word: str, outcome: Outcome) -> None:
    assert result(one(test_result=word)).outcome is outcome


def test_a_word_that_is_none_is_never_guessed() -> None:
    assert "outcome-unknown" in codes(one(test_result="Not really detected"))


def test_what_the_layout_cannot_say_is_its_stated_default() -> None:
    assert result(one(test_result_status="")).status is Status.FINAL
    head, line = written()
    absent = head.replace(b"test_result_status", b"comment_2")
    (item,) = read_file([absent, line], now=NOW)
    assert result(item).status is Status.FINAL
    assert result(one(test_result_status="C")).status is Status.CORRECTED


def test_a_device_by_its_model_name_and_a_language_by_its_own() -> None:
    item = one(
        test_performed_code="97097-0",
        equipment_model_name="Sofia SARS antigen FIA",
        patient_preferred_language="French",
    )
    assert (result(item).device, result(item).language) == ("1097", Language.FRENCH)


def test_a_trial_is_told_by_its_processing_mode() -> None:
    assert one(processing_mode_code="D").test_mode
    assert not one(processing_mode_code="P").test_mode


def test_a_missing_column_is_told_in_the_words_of_the_layout() -> None:
    head, line = written()
    head = head.replace(b"patient_dob", b"born")
    (item,) = read_file([head, line], now=NOW)
    assert [(each.code, each.place) for each in item.breaches] == [
        ("column-missing", "line 1, column patient_dob")
    ]


def test_reportstream_is_simplereport_with_the_reporting_facility() -> None:
    item = one(reporting_facility_name="", reporting_facility_clia="")
    assert result(item) == result(one())
    assert "column-unknown" not in codes(item)


def test_a_line_with_another_number_of_fields_costs_itself_only() -> None:
    head, line = written()
    lines = [head, line, line + b",x", line.rsplit(b",", 1)[0], line]
    first, longer, shorter, last = read_file(lines, now=NOW)
    assert (codes(longer), codes(shorter)) == ({"fields-too-many"}, {"fields-too-few"})
    assert (first.result, longer.result, shorter.result) == (last.result, None, None)


# A layout of nobody's, as a laboratory's software might write it.
INVENTED = {
    "name": "labo",
    "notice": "invented",
    "recognised_by": ["dossier", "analyse"],
    "separators": ["|"],
    "exact": False,
    "columns": [
        {"name": "dossier", "field": "accession", "required": True},
        {"name": "analyse", "field": "loinc", "required": True},
        {"name": "rendu", "field": "outcomes", "required": True},
        {"name": "nom", "field": "family_name", "required": True},
        {"name": "prenom", "field": "given_names", "required": True},
        {"name": "naissance", "field": "birth_date", "required": True},
        {"name": "preleve", "field": "sampled_at", "required": True},
        {"name": "valide", "field": "reported_at", "required": True},
    ],
    "unread": ["remarque"],
    "defaults": {"status": "final"},
    "values": {"outcomes": {"négatif": "260385009"}},
    "times": ["d.M.yyyy H:mm"],
    "time_zone": "America/Martinique",
    "dates": ["d.M.yyyy"],
}
INVENTED_FILE = (
    "Dossier|Analyse|Rendu|Nom|Prenom|Naissance|Preleve|Valide|Remarque\n"
    "7|94500-6|Négatif|MOREL|Zoé|3.2.1980|22.11.2026 10:10|22.11.2026 18:00|\n"
)


@pytest.fixture
def add_layout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    known = layouts()

    def add(content: str) -> None:
        (tmp_path / "labo.json").write_text(content, encoding="utf-8")
        added = layouts_of(tmp_path)
        monkeypatch.setattr("result_intake.csv_format.header.layouts", lambda: (*added, *known))

    return add


def test_a_new_layout_is_a_new_file_and_no_code(add_layout: Callable[[str], None]) -> None:
    content = INVENTED_FILE.encode()
    (before,) = read_items([content], recognise(content), now=NOW)
    assert codes(before) == {"column-missing"}
    add_layout(json.dumps(INVENTED))
    (item,) = read_items([content], recognise(content), now=NOW)
    found = result(item)
    assert found.sampled_at == datetime(2026, 11, 22, 14, 10, tzinfo=UTC)
    assert (found.outcome, found.status) == (Outcome.NOT_DETECTED, Status.FINAL)
    assert codes(item) == {"sex-missing", "contact-missing"}


@pytest.mark.parametrize(
    "change",
    [
        {"columns": [{"name": "a", "field": "nonsense"}]},
        {"values": {"status": {"f": "finished"}}},
        {"defaults": {"sex": "X"}},
        {"times": ["d.M HH:mm"]},
        {"times": ["d.M.yyyy["]},
        {"separators": 7},
    ],
)
def test_a_layout_that_is_wrong_is_refused_by_its_name(
    tmp_path: Path, change: dict[str, object]
) -> None:
    (tmp_path / "labo.json").write_text(json.dumps(INVENTED | change), encoding="utf-8")
    with pytest.raises(Rejected) as caught:
        layouts_of(tmp_path)
    assert (caught.value.code, caught.value.place) == ("layout-malformed", "labo.json")


@pytest.mark.parametrize("known", layouts(), ids=lambda known: known.name)
def test_every_layout_is_recognised_by_its_own_columns(known: Layout) -> None:
    for separator in known.separators:
        names = [column.name for column in known.columns] + list(known.unread)
        head = separator.join(names).encode()
        assert looks_like(head)
        items = list(read_file([head, separator.join("" for _ in names).encode()], now=NOW))
        assert all("column" not in code for item in items for code in codes(item))


def test_patterns_of_time() -> None:
    check_pattern("iso")
    read = time_reader(TimeNotation(("yyyyMMdd[HHmm[ss][Z]]",), None, {}))
    found = read("202012150254-0500")
    assert found is not None
    assert (found.at, found.zoned) == (datetime(2020, 12, 15, 7, 54, tzinfo=UTC), True)
    assert read("20201315") is None
