"""The page of the numbers on what the functions count and publish, few tests as on a first day."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import pytest

from infra.pages import build_numbers
from tests.functions.resources import objects
from tests.web.browser import chromium, visit
from tests.web.site import served

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.functions.statistics_publication.world import World


@pytest.fixture
def site(tmp_path: Path, world: World) -> Iterator[str]:
    """The address of the page on what was published, twice, of four tests."""
    chromium()
    world.count(12)
    world.count(5)
    world.positive(5)
    world.positive(3, department="2A", age=95)
    world.publish()
    world.count(3)
    world.publish()
    for key, content in objects("open-data").items():
        path = tmp_path / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    page = build_numbers(tmp_path / "page")
    for file in page.iterdir():
        file.rename(tmp_path / file.name)
    with served(tmp_path) as address:
        yield address


def test_the_page_shows_what_the_published_files_say(site: str, tmp_path: Path) -> None:
    found = visit(f"{site}/en.html", thorough=True, width=360)
    assert found["state"] == "ready"
    assert found["console"] == found["violations"] == []
    assert "version 2, corrected" in found["dated"]
    rows = {row[0]: row for row in found["tables"]["map"]}
    (table,) = (link for link in found["downloads"] if link.endswith("v2/sp-dep-day.csv"))
    with (tmp_path / table.removeprefix(f"{site}/")).open(encoding="utf-8") as file:
        published = list(csv.DictReader(file, delimiter=";"))
    for place in ("75", "2A"):
        (last,) = (
            row
            for row in published
            if (row["dep"], row["jour"], row["cl_age90"]) == (place, "2026-11-21", "0")
        )
        shown = rows[place]
        assert [float(cell.replace(",", "")) for cell in shown[6:9]] == [
            pytest.approx(float(last[rate]), abs=0.051) for rate in ("Ti", "Tp", "Td")
        ]
    assert rows["75"][3:6] == ["3", "1", "3"]
    assert any("/v1/" in link for link in found["downloads"])
