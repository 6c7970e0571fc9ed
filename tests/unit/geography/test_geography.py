"""Communes, postcodes, départements and regions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.geography import (
    Residence,
    commune_code,
    department_of_commune,
    departments,
    has_french_postcodes,
    is_commune,
    postcode_of,
    region_of_department,
    regions,
    residence_of,
)


def test_there_are_101_departements_in_18_regions_and_the_collectivities() -> None:
    in_regions = {code for code, each in departments().items() if each.region != code}
    assert len(in_regions) == 101
    assert len({departments()[code].region for code in in_regions}) == 18
    assert {code for code in departments() if code not in in_regions} >= {
        *("975", "977", "978", "986", "987", "988")
    }


def test_every_departement_has_a_region_that_has_a_name() -> None:
    assert {each.region for each in departments().values()} == set(regions())
    assert departments()["2A"].name == "Corse-du-Sud"
    assert regions()[region_of_department("974") or ""] == "La Réunion"
    assert regions()[region_of_department("69") or ""] == "Auvergne-Rhône-Alpes"
    assert region_of_department("20") is None


@pytest.mark.parametrize(
    ("commune", "department"),
    [("69123", "69"), ("2A004", "2A"), ("2B033", "2B"), ("97411", "974"), ("98818", "988")],
)
def test_the_departement_is_in_the_code(commune: str, department: str) -> None:
    assert is_commune(commune)
    assert department_of_commune(commune) == department


@pytest.mark.parametrize(
    ("code", "form", "listed"),
    [
        (" 2a004", True, True),
        ("75056", True, True),
        ("75115", True, True),  # a municipal arrondissement
        ("01015", True, True),  # a delegated commune
        ("01999", True, False),
        ("69003", True, True),
        ("20000", False, False),  # a postcode of Corsica
        ("99109", False, False),  # a country
        ("00123", False, False),
        ("6912", False, False),
        ("٦٩١٢٣", False, False),
    ],
)
def test_codes_are_checked(code: str, form: bool, listed: bool) -> None:  # noqa: FBT001 - a table
    found = commune_code(code)
    assert (found is not None) is form
    assert (found is not None and is_commune(found)) is listed


@pytest.mark.parametrize(
    ("commune", "postcode", "expected"),
    [
        ("2A004", None, ("2A004", "2A")),
        ("2A004", "75001", ("2A004", "2A")),  # the commune is the more exact
        (None, "75001", ("75056", "75")),
        (None, "01400", (None, "01")),  # several communes
        (None, "94390", ("91479", "91")),  # the runways of Orly
        (None, "01410", (None, "01")),  # of two départements, the one of most people
        (None, "20000", ("2A004", "2A")),
        (None, "20293", (None, "2B")),  # CEDEX
        (None, "75940", (None, "75")),  # CEDEX
        (None, "97133", ("97701", "977")),
        (None, "97150", ("97801", "978")),
        (None, "97500", (None, "975")),
        (None, "98800", ("98818", "988")),
        ("69999", "20000", ("2A004", "2A")),
        ("69999", None, ("69999", "69")),
        ("96123", "01400", ("96123", "01")),  # no such département
        (None, None, (None, None)),
    ],
)
def test_residence(
    commune: str | None, postcode: str | None, expected: tuple[str | None, str | None]
) -> None:
    assert residence_of(commune, postcode) == Residence(*expected)


@given(st.integers(0, 99_999).map("{:05}".format))
def test_a_postcode_has_a_departement_that_exists(postcode: str) -> None:
    if postcode_of(postcode) is None:
        assert residence_of(None, postcode) == (None, None)
        return
    found = residence_of(None, postcode)
    assert found.department in departments()
    assert found.commune is None or department_of_commune(found.commune) == found.department


@pytest.mark.parametrize(
    ("written", "postcode"),
    [("75 001", "75001"), ("97100", "97100"), ("00100", None), ("96000", None), ("SW1A 1", None)],
)
def test_postcodes_are_checked(written: str, postcode: str | None) -> None:
    assert postcode_of(written) == postcode


@pytest.mark.parametrize(
    ("country", "french"),
    [("", True), ("FR", True), ("fra", True), ("MQ", True), ("USA", False), ("BE", False)],
)
def test_postcodes_of_other_countries_are_not_taken_for_french(country: str, french: bool) -> None:  # noqa: FBT001 - a table
    assert has_french_postcodes(country) is french
