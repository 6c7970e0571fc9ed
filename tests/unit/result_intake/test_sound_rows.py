"""Rows that are concluded without the table of rules come to what the table would say."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from result_intake.csv_format.columns import COLUMNS
from result_intake.csv_format.header import Header, read_header
from result_intake.csv_format.layout import layouts
from result_intake.csv_format.row import RowReader
from result_intake.csv_format.shared_cells import GROUPS
from result_intake.csv_format.sound_row import RULES_OF_ROWS, SoundRows
from result_intake.rule_table import RULES
from result_intake.rules import conclude_item
from vigie.results.reading import Item

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
SAMPLE = {column.name: column.sample for column in COLUMNS} | {
    "variant": "",
    "lineage": "",
    "order_token": "",
    "used_name": "",
}
# What laboratories write into the cells of a field: sound, odd, wrong, nothing.
WRITTEN = {
    "accession": ("26A1", "A" * 65, "\N{FULLWIDTH LATIN CAPITAL LETTER A}1", "é", ""),
    "sub_id": ("", "1", "2", "x" * 65),
    "status": ("F", "P", "C", "A", "W", "D", "X", "f", "R", ""),
    "loinc": ("94500-6", "94558-4", "85478-6", "94534-5", "1-1", ""),
    "outcomes": ("260373001", "P", "N", "I", "X", "Detected", "not detected", "123", ""),
    "device": ("", "1232", "9999", "Sofia SARS Antigen FIA"),
    "sampled_at": (
        "2026-11-23T08:15:00+01:00", "23/11/2026 08:15", "2026-11-23T08:15", "2026-11-23",
        "2018-11-23T08:15:00Z", "2027-11-23T08:15:00Z", "11/23/2026 8:15", "", "x",
        "2026-11-23T08:15:00+01:75", "2026-11-23T24:00:00Z",
    ),
    "reported_at": (
        "2026-11-23T14:15:00+01:00", "2026-11-23T07:15:01Z", "23/11/2026 14:15", "2026-11-23T08:10",
        "2026-11-23", "2026-11-22T01:00:00Z", "2027-11-23T08:15:00Z", "11/24/26 8:15 EST", "", "x",
    ),
    "ins": ("", "269054958815780", "2 69 05 49 588 157 80", "269054958815781"),
    "family_name": (
        "LEFÈVRE", "N'DIAYE", "d\N{RIGHT SINGLE QUOTATION MARK}Alembert", "LE  GALL",
        "Le\N{COMBINING CEDILLA}", "Ng2", "-", "",
        "x" * 81, "Łukasz", "LE GALL-MARTIN",
    ),
    "other_names": ("", "MOREL", "1"),
    "given_names": (
        "Anne-Marie Odile", "Zoé", "A B C D E F G H I J K", "3", "", "x" * 81, "Ann  B",
    ),
    "birth_date": (
        "1969-05-14", "14/05/1969", "1/20/1962", "1969-05", "1969", "1799-12-31", "2026-11-25",
        "2026-11-24", "2018-12-31", "2019-01-01", "31/02/1969", "",
    ),
    "sex": ("F", "M", "I", "f", "W", ""),
    "email": ("", "a.b@example.fr", "no address"),
    "phone": ("", "06 39 98 12 34", "+33 (0)6 39 98 12 34", "123"),
    "language": ("", "fr", "en", "de"),
    "variant": ("", "", "A0C1D9", "Z"),
    "lineage": ("", "", "BA.2.86", "?"),
    "order_token": ("", "", "q7k2m9x8", "q7k2m9x9"),
    "cycle_threshold": ("", "24,5", "51", "x"),
    "prescriber": ("", "10001234565", "10001234566", "1"),
    "commune": ("", "2A004", "99999", "x"),
    "postcode": ("", "13002", "1"),
    "testing_centre": ("", "Laboratoire du Port", "y" * 90),
    "test_mode": ("", "P", "T", "d", "Q"),
}  # fmt: skip
HEADERS = [
    read_header(layout.separators[0].join(column.name for column in layout.columns).encode())
    for layout in layouts()
]


@st.composite
def rows(draw: st.DrawFn) -> tuple[Header, list[str]]:
    """A header, and a row whose cells are mostly sound."""
    header = draw(st.sampled_from(HEADERS))
    cells = [""] * header.width
    odd = draw(st.sets(st.sampled_from(sorted(WRITTEN)), max_size=3))
    for field, positions in header.fields.items():
        for at in positions:
            known = WRITTEN[field]
            cells[at] = draw(st.sampled_from(known)) if field in odd else known[0]
    return header, cells


def by_table(header: Header, cells: list[str]) -> Item:
    draft = RowReader(header).read(cells, ordinal="1", place="line 2")
    return conclude_item(draft, now=NOW)


def without_table(header: Header, cells: list[str]) -> Item | None:
    found = SoundRows(header, RowReader(header), NOW)
    return found.conclude(cells, ordinal="1", place="line 2")


@given(rows())
def test_what_is_concluded_here_is_what_the_table_says(row: tuple[Header, list[str]]) -> None:
    found = without_table(*row)
    if found is not None:
        expected = by_table(*row)
        assert found == expected
        assert found.model_dump_json() == expected.model_dump_json()
        # What is built without being validated would be valid.
        assert Item.model_validate(expected.model_dump()) == expected


@given(st.lists(rows(), min_size=2, max_size=6))
def test_what_is_remembered_of_other_rows_changes_nothing(
    drawn: list[tuple[Header, list[str]]],
) -> None:
    header = drawn[0][0]
    reader = RowReader(header)
    sound = SoundRows(header, reader, NOW)
    for other, cells in drawn:
        if other is header:
            found = sound.conclude(cells, ordinal="1", place="line 2")
            assert found is None or found == by_table(header, cells)


def test_a_sound_row_needs_no_table() -> None:
    header = read_header(";".join(SAMPLE).encode())
    found = without_table(header, list(SAMPLE.values()))
    assert found is not None
    assert found.breaches == ()


@pytest.mark.parametrize("header", HEADERS, ids=[layout.name for layout in layouts()])
def test_a_row_of_every_layout_may_need_no_table(header: Header) -> None:
    cells = [""] * header.width
    for field, positions in header.fields.items():
        cells[positions[0]] = WRITTEN[field][0]
    assert without_table(header, cells) is not None


def test_every_rule_of_what_is_judged_here_is_known_here() -> None:
    for field, known in RULES_OF_ROWS.items():
        asked = {rule.code for rule in RULES.values() if rule.field == field and rule.breaks}
        assert asked == known


def test_the_rules_of_every_other_field_are_asked_of_its_group() -> None:
    together = {field for group in GROUPS for field in group}
    assert not together & RULES_OF_ROWS.keys()
    filled = {field for header in HEADERS for field in header.fields}
    assert filled <= together | RULES_OF_ROWS.keys()
