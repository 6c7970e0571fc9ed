"""The files of a publication, made in a folder one day after the other."""

from __future__ import annotations

import hashlib
import json
from contextlib import ExitStack, closing
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from statistics_publication.csv_file import CsvFile
from statistics_publication.data_package import DICTIONARY, dictionary_rows
from statistics_publication.day_counts import VariantCounts
from statistics_publication.disclosure import disclosure_rule
from statistics_publication.level import Rolling
from statistics_publication.parquet import write_parquet
from statistics_publication.rows import counts_rows, rates_rows, variants_rows
from statistics_publication.summary import Digest
from statistics_publication.table import counts_table, rates_table, variants_table
from vigie.statistics.published import SUMMARY, Download, PublishedFile

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from statistics_publication.day_counts import DayCounts
    from statistics_publication.level import Level
    from statistics_publication.population import Population
    from statistics_publication.summary import Told
    from statistics_publication.table import Table

_CHUNK = 1024 * 1024


class Made(NamedTuple):
    """What was made of the days.

    Attributes:
        tables: the tables that there are files of.
        listed: the files, but for the summary.
        digest: what the summary is made of.
    """

    tables: tuple[Table, ...]
    listed: tuple[PublishedFile, ...]
    digest: Digest


class _LevelFiles:
    """The files of a level."""

    def __init__(self, level: Level, folder: Path) -> None:
        self._rolling = Rolling(level)
        self.tables: tuple[Table, ...] = (counts_table(level.name), rates_table(level.name))
        if level.name != "dep":
            # A département has few positive tests whose variant is known.
            self.tables += (variants_table(level.name),)
        self.files = tuple(CsvFile(table, folder / f"{table.name}.csv") for table in self.tables)

    def add(self, day: DayCounts) -> None:
        """Write the rows of a day."""
        self._rolling.add(day)
        counts, rated, *_ = self.files
        counts.add(counts_rows(self._rolling, day.day))
        rated.add(rates_rows(self._rolling, day.day))

    def add_weeks(self, weeks: dict[date, dict[str, VariantCounts]]) -> None:
        """Write the rows of all weeks."""
        for file in self.files[2:]:
            file.add(variants_rows(self._rolling.level, weeks, disclosure_rule().least_typed))

    def close(self) -> None:
        """Write what is not written yet."""
        for file in self.files:
            file.close()


def make_files(
    told: Told, days: Iterable[DayCounts], levels: Sequence[Level], folder: Path
) -> Made:
    """Write every file but the summary and the package's description.

    Days without a test have no rows.

    Args:
        told: what the publication is called.
        days: the oldest first.
        levels: what tables are made for.
        folder: where to.
    """
    digest = Digest(told)
    weeks: dict[date, dict[str, VariantCounts]] = {}
    with ExitStack() as opened:
        files = [opened.enter_context(closing(_LevelFiles(level, folder))) for level in levels]
        for day in days:
            if not day.total().tests:
                continue
            digest.add(day)
            for each in files:
                each.add(day)
            week = weeks.setdefault(day.day - timedelta(days=day.day.weekday()), {})
            for place, counts in day.variants.items():
                week[place] = week.get(place, VariantCounts()).plus(counts)
        for each in files:
            each.add_weeks(weeks)
    tables = tuple(table for each in files for table in each.tables)
    listed: list[PublishedFile] = []
    for each in files:
        for table, file in zip(each.tables, each.files, strict=True):
            source, target = folder / f"{table.name}.csv", folder / f"{table.name}.parquet"
            write_parquet(table, source, target)
            listed += (published_file(source, file.rows), published_file(target, file.rows))
    return Made(tables, (*listed, _dictionary(tables, folder)), digest)


def write_summary(
    made: Made, population: Population, listed: Sequence[PublishedFile], folder: Path
) -> PublishedFile:
    """Write the summary.

    Args:
        made: of the days.
        population: inhabitants.
        listed: the other files.
        folder: where to.
    """
    downloads = [
        Download(name=file.name, format=file.name.rpartition(".")[2], rows=file.rows)
        for file in listed
    ]
    path = folder / SUMMARY
    # Floats as JSON writes them; the same each time.
    content = made.digest.summary(population, downloads).model_dump(mode="json")
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return published_file(path, None)


def published_file(path: Path, rows: int | None) -> PublishedFile:
    """What is said of a file."""
    digest, length = hashlib.sha256(), 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
            length += len(chunk)
    return PublishedFile(name=path.name, bytes=length, sha256=digest.hexdigest(), rows=rows)


def _dictionary(tables: Sequence[Table], folder: Path) -> PublishedFile:
    path = folder / f"{DICTIONARY.name}.csv"
    with closing(CsvFile(DICTIONARY, path)) as file:
        file.add(dictionary_rows(tables))
    return published_file(path, file.rows)
