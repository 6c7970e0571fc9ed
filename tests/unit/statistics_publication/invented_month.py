"""Two invented months of an epidemic, the same each time; `python -m` writes the sample of it."""

from __future__ import annotations

import hashlib
import math
import random
from datetime import date, timedelta
from pathlib import Path

from statistics_publication.day_counts import Cell, Counts, DayCounts, VariantCounts
from statistics_publication.population import population
from statistics_publication.summary import Digest, Told
from vigie.catalogue import diseases
from vigie.results.codes import Sex
from vigie.statistics.age_class import AGE_CLASSES
from vigie.statistics.published import (
    INDEX,
    SUMMARY,
    Download,
    Publication,
    PublicationIndex,
    PublishedFile,
    Summary,
)

PUBLISHED_ON = date(2026, 11, 24)
SAMPLE = Path(__file__).parents[2] / "samples" / "open_data"
_DAYS = 60
_TESTS_A_DAY = 40_000
_DELAYS = (0.35, 0.4, 0.15, 0.06, 0.03, 0.01)
_LINEAGES = ("BA.2.86", "JN.1", "XBB.1.5")


def days() -> dict[date, DayCounts]:
    """The counts of sixty days up to publication, the last of them incomplete."""
    chance = random.Random("vigie")  # noqa: S311 - the same months each time
    first = PUBLISHED_ON - timedelta(days=_DAYS)
    told = (first + timedelta(days=number) for number in range(_DAYS + 1))
    return {day: _day(day, (day - first).days, chance) for day in told}


def invented_summary() -> Summary:
    """The summary of the invented months."""
    digest = Digest(Told(diseases()["covid-19"], PUBLISHED_ON, 1))
    for day in days().values():
        digest.add(day)
    return digest.summary(
        population(),
        [
            Download(name="sp-dep-day.csv", format="csv", rows=67_771),
            Download(name="sp-dep-day.parquet", format="parquet", rows=67_771),
        ],
    )


def _day(day: date, number: int, chance: random.Random) -> DayCounts:
    weekend = 0.45 if day.weekday() > 4 else 1.0
    come = sum(_DELAYS[: (PUBLISHED_ON - day).days])
    positivity = 0.04 + 0.08 * math.exp(-(((number - 45) / 14) ** 2))
    people = population()
    whole = sum(people.counts[place, age] for place in people.places for age in AGE_CLASSES)
    cells: dict[Cell, Counts] = {}
    for place in people.places:
        heat = 0.6 + 0.8 * random.Random(place).random()  # noqa: S311 - as above
        for age in AGE_CLASSES:
            for sex in (Sex.FEMALE, Sex.MALE):
                share = people.counts[place, age] / whole / 2
                tests = _about(_TESTS_A_DAY * weekend * come * share, chance)
                positives = _about(tests * positivity * heat, chance)
                if not tests:
                    continue
                again = _about(positives * 0.1, chance)
                cells[Cell(place, age, sex)] = Counts(
                    tests, min(positives, tests), max(positives - again, 0), tests - again
                )
    positives = sum(counts.positives for counts in cells.values())
    tests = sum(counts.tests for counts in cells.values())
    return DayCounts(
        day=day,
        cells=cells,
        delays=tuple(round(tests * part) for part in _DELAYS),
        variants={"75": _variants(number, positives)} if positives else {},
    )


def _variants(number: int, positives: int) -> VariantCounts:
    screened = positives // 3
    new = 1 / (1 + math.exp(-(number - 35) / 6))
    sequenced = positives // 40
    newest = round(sequenced * new)
    return VariantCounts(
        screened=screened,
        sequenced=sequenced,
        readable=dict.fromkeys("ACD", screened),
        found={"A": round(screened * (1 - new)), "C": round(screened * new), "D": screened // 50},
        lineages=dict(
            zip(_LINEAGES, (newest, (sequenced - newest) // 2, sequenced // 9), strict=True)
        ),
    )


def _about(expected: float, chance: random.Random) -> int:
    return max(0, round(chance.gauss(expected, math.sqrt(expected) if expected > 0 else 0)))


def main() -> None:
    """Write the sample."""
    content = (invented_summary().model_dump_json(indent=1) + "\n").encode()
    path = f"/data/covid-19/{PUBLISHED_ON}/v1"
    index = PublicationIndex(
        publications=(
            Publication(
                disease="covid-19",
                date=PUBLISHED_ON,
                version=1,
                path=path,
                names=diseases()["covid-19"].names,
                files=(
                    PublishedFile(
                        name=SUMMARY,
                        bytes=len(content),
                        sha256=hashlib.sha256(content).hexdigest(),
                        rows=None,
                    ),
                ),
            ),
        )
    )
    folder = SAMPLE / path.lstrip("/")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / SUMMARY).write_bytes(content)
    (SAMPLE / INDEX).write_text(index.model_dump_json(indent=1) + "\n")


if __name__ == "__main__":
    main()
