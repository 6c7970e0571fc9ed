"""A publication of a disease's numbers, written once and listed when it is whole.

What is published follows from the counts and the date alone. A version is claimed by its
`datapackage.json`, which has the hash of every other file and is written first, on condition that
there is none. A run that died is finished by the next, if the counts are still the same; if they
are not, the version that was begun is left as it is, unlisted, and the next one is claimed.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from statistics_publication import data_package
from statistics_publication.file_making import make_files, published_file, write_summary
from statistics_publication.log_codes import LogCode
from statistics_publication.summary import Told
from vigie.errors import Unavailable
from vigie.statistics.published import Publication

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from aws_lambda_powertools import Logger

    from statistics_publication.count_reader import CountReader
    from statistics_publication.level import Level
    from statistics_publication.open_data_bucket import OpenDataBucket
    from statistics_publication.population import Population
    from vigie.catalogue.disease import Disease
    from vigie.statistics.published import PublishedFile

# Versions of one day that runs may have begun and left.
_PASSED_OVER = 20


class Publishing:
    """Publishes what was counted.

    Args:
        counts: the counts.
        bucket: what the public reads.
        population: inhabitants.
        levels: what tables are made for.
        logger: told of what happens.
    """

    def __init__(
        self,
        counts: CountReader,
        bucket: OpenDataBucket,
        population: Population,
        levels: Sequence[Level],
        logger: Logger,
    ) -> None:
        self._counts = counts
        self._bucket = bucket
        self._population = population
        self._levels = levels
        self._logger = logger

    def publish(self, disease: Disease, published_on: date, now: datetime) -> None:
        """Publish the numbers of a disease, unless the same stand there as the last version.

        Nothing is published of a disease without a test.

        Args:
            disease: the disease.
            published_on: the date of publication.
            now: the present, aware.

        Raises:
            Rejected: a newer version of the system wrote the counts.
            Unavailable: AWS did not answer.
        """
        self._counts.refresh(disease.key, now)
        before = self._versions(disease, published_on)
        with TemporaryDirectory() as folder:
            version = max((one.version for one in before), default=1)
            for number in range(version, version + _PASSED_OVER):
                if self._version(Told(disease, published_on, number), Path(folder)):
                    return
                self._logger.info(LogCode.VERSION_PASSED_OVER, version=number)
        raise Unavailable("open-data-bucket:too-many-versions")

    def _versions(self, disease: Disease, published_on: date) -> list[Publication]:
        return [
            one
            for one in self._bucket.index().publications
            if (one.disease, one.date) == (disease.key, published_on)
        ]

    def _version(self, told: Told, folder: Path) -> bool:
        """Publish a version; False if its name has been given to other numbers."""
        days = self._counts.days(told.disease.key, told.disease.first_day, told.published_on)
        made = make_files(told, days, self._levels, folder)
        if not made.digest.has_tests:
            return True
        listed = (
            *made.listed,
            write_summary(made, self._population, made.listed, folder),
        )
        claim = folder / data_package.NAME
        claim.write_text(
            data_package.data_package(told, made.tables, listed), encoding="utf-8", newline="\n"
        )
        path = f"data/{told.disease.key}/{told.published_on}/v{told.version}"
        claimed = self._bucket.keep(f"{path}/{claim.name}", claim)
        if not claimed and self._bucket.read(f"{path}/{claim.name}") != claim.read_bytes():
            return False
        for file in listed:
            self._bucket.keep(f"{path}/{file.name}", folder / file.name)
        self._list(told, path, (*listed, published_file(claim, None)))
        code = LogCode.NUMBERS_PUBLISHED if claimed else LogCode.NUMBERS_UNCHANGED
        self._logger.info(
            code, disease=told.disease.key, date=str(told.published_on), version=told.version
        )
        return True

    def _list(self, told: Told, path: str, listed: tuple[PublishedFile, ...]) -> None:
        self._bucket.list_publication(
            Publication(
                disease=told.disease.key,
                date=told.published_on,
                version=told.version,
                path=f"/{path}",
                files=listed,
                names=told.disease.names,
            )
        )
