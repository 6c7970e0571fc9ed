"""The page of the numbers in a real browser, on the invented month of the samples."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from infra.pages import build_numbers
from tests.web.browser import chromium, visit
from tests.web.site import served
from vigie.statistics.published import Summary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SAMPLE = Path(__file__).parents[1] / "samples" / "open_data"
SUMMARY = "data/covid-19/2026-11-24/v1/summary.json"


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    chromium()
    return build_numbers(tmp_path_factory.mktemp("page"))


@pytest.fixture
def site(page: Path, tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """The address of the page on the sample's data, and the folder that it is served from."""
    folder = tmp_path / "site"
    shutil.copytree(page, folder)
    shutil.copytree(SAMPLE, folder, dirs_exist_ok=True)
    with served(folder) as address:
        yield address, folder


def summary() -> Summary:
    return Summary.model_validate_json((SAMPLE / SUMMARY).read_bytes())


def change(folder: Path, path: str, how: Callable[[dict[str, Any]], object]) -> None:
    file = folder / path
    contents = json.loads(file.read_text())
    how(contents)
    file.write_text(json.dumps(contents))


def plain(text: str) -> str:
    """Without the spaces that French puts into numbers."""
    return "".join(text.split())


def assert_clean(found: dict[str, Any], address: str) -> None:
    """Nothing from elsewhere, nothing complained of, nothing kept, and accessible."""
    assert {urlsplit(url)._replace(path="", query="").geturl() for url in found["requests"]} <= {
        address,
        "data://",
        "data:",
    }
    assert found["console"] == []
    assert found.get("violations", []) == []
    assert found["stored"] == "00"


@pytest.mark.parametrize(
    ("name", "language", "width", "scheme"),
    [
        ("index.html", "fr", 1280, "dark"),
        ("en.html", "en", 360, "light"),
    ],
)
def test_everyone_reads_the_published_numbers(
    site: tuple[str, Path], name: str, language: str, width: int, scheme: str
) -> None:
    address, _ = site
    found = visit(
        f"{address}/{name}", thorough=True, width=width, scheme=scheme, area="2A", save=True
    )
    assert_clean(found, address)
    assert found["language"] == language
    assert found["width"] <= width
    published = summary()
    last = published.france.days.index(published.window.last)
    comma = "," if language == "fr" else "."
    incidence = published.france.Ti[last]
    assert incidence is not None
    assert found["figures"]["Ti"] == f"{incidence:.1f}".replace(".", comma)
    tests = sum(published.france.tests[last - 6 : last + 1])
    assert plain(found["figures"]["tests"]).replace(",", "") == str(tests)
    assert f"{published.departements['2A'].Ti:.1f}".replace(".", comma) in found["reading"]
    assert len(found["tables"]["map"]) == 1 + len(published.departements)
    assert len(found["tables"]["curves"]) == 1 + len(published.france.days)
    assert len(found["tables"]["ages"]) == 11
    assert len(found["pictures"]) == 8
    assert all(role == "img" and label for role, label in found["pictures"])
    assert found["keyboard"] == {
        "openAtFirst": False,
        "tabs": found["keyboard"]["tabs"],
        "reached": True,
        "scrolled": True,
    }
    lines = found["saved"]["text"].removeprefix("\ufeff").splitlines()
    assert found["saved"]["name"] == "covid-19-2026-11-24-v1-departements.csv"
    assert lines[0] == "code;name;pop;tests;P;T;Ti;Tp;Td"
    ain = published.departements["01"]
    assert lines[1].startswith(f"01;Ain;{ain.pop};{ain.tests};{ain.P};")


def test_a_disease_can_be_chosen_and_stays_in_the_other_language(site: tuple[str, Path]) -> None:
    address, folder = site
    flu = folder / "data" / "influenza" / "2026-11-23" / "v1"
    shutil.copytree((folder / SUMMARY).parent, flu)
    names = {"fr": "Grippe", "en": "Influenza"}

    def add(contents: dict[str, Any]) -> None:
        other = {"disease": "influenza", "names": names, "path": f"/{flu.relative_to(folder)}"}
        contents["publications"].append({**contents["publications"][0], **other})

    change(folder, "data/index.json", add)
    change(folder, f"{flu.relative_to(folder)}/summary.json", lambda told: told.update(names=names))
    found = visit(f"{address}/index.html?disease=influenza", switch=True)
    assert_clean(found, address)
    assert found["address"] == f"{address}/en.html?disease=influenza"
    assert found["language"] == "en"
    assert found["heading"].startswith("Influenza")
    assert found["diseases"] == ["COVID-19", "Influenza"]
    assert found["downloads"] == [f"{address}/data/influenza/2026-11-23/v1/summary.json"]


def test_what_is_not_published_is_said_so(site: tuple[str, Path]) -> None:
    address, folder = site

    def hide(contents: dict[str, Any]) -> None:
        contents["departements"]["48"].update(P=None, T=None, tests=None, Ti=None, Tp=None, Td=None)
        contents["variants"].update(weeks=[], letters={}, lineages={})
        contents["completeness"] = {}
        contents["version"] = 2

    change(folder, SUMMARY, hide)
    found = visit(f"{address}/en.html", thorough=True, area="48")
    assert_clean(found, address)
    assert found["unpublished"] == 1
    assert found["reading"].startswith("Not published")
    assert (
        next(row for row in found["tables"]["map"] if row[0] == "48")[3:] == ["not published"] * 6
    )
    assert found["tables"]["letters"] == []
    assert "corrected" in found["dated"]
    assert "not known" in found["complete"]


def test_an_epidemic_without_a_case_is_a_map_of_one_colour(site: tuple[str, Path]) -> None:
    address, folder = site

    def heal(contents: dict[str, Any]) -> None:
        for place in contents["departements"].values():
            place.update(P=0, Ti=0.0, Tp=0.0)

    change(folder, SUMMARY, heal)
    found = visit(f"{address}/en.html")
    assert_clean(found, address)
    assert found["legend"][0] == "any value"
    assert found["unpublished"] == 0


def test_before_the_first_publication_the_page_says_so(site: tuple[str, Path]) -> None:
    address, folder = site
    change(folder, "data/index.json", lambda contents: contents["publications"].clear())
    found = visit(f"{address}/index.html", thorough=True)
    assert_clean(found, address)
    assert found["state"] == "empty"
    assert "Aucun chiffre" in found["said"]


def test_numbers_that_cannot_be_read_are_not_shown_in_part(site: tuple[str, Path]) -> None:
    address, folder = site
    (folder / SUMMARY).write_text('{"schema_version": 2}')
    found = visit(f"{address}/en.html", thorough=True)
    assert found["state"] == "failed"
    assert found["retry"]
    assert found["violations"] == []
    assert found["console"] == [
        "warning: /data/covid-19/2026-11-24/v1/summary.json has another schema"
    ]
