"""Counting and publishing in one account: what is published follows from what was counted."""

from __future__ import annotations

import csv
import io
import json
import uuid
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger

from statistics_publication.disclosure import disclosure_rule
from statistics_publication.handler import build
from statistics_publication.level import levels
from statistics_publication.population import population
from statistics_publication.settings import Settings
from tests.functions.resources import create_bucket, objects
from tests.functions.statistics_counting.world import PARIS
from tests.functions.statistics_counting.world import World as CountingWorld
from vigie.catalogue import diseases
from vigie.results.codes import Outcome, Sex
from vigie.statistics.published import INDEX, SUMMARY, PublicationIndex, Summary

if TYPE_CHECKING:
    from vigie.statistics.published import Publication

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
TODAY = date(2026, 11, 24)
DISEASE = "covid-19"
LEVELS = levels(population(), disclosure_rule().least_inhabitants)


class World:
    """Tables and the bucket of one test, and both functions.

    Args:
        tables_for: names of the levels that tables are made for; all without any.
    """

    def __init__(self, *tables_for: str) -> None:
        self._levels = [level for level in LEVELS if not tables_for or level.name in tables_for]
        self.counting = CountingWorld()
        create_bucket("open-data")
        self.now = NOW
        self.log = io.StringIO()
        self._logger = Logger(service=str(uuid.uuid4()), stream=self.log)
        self._told = 0

    def count(self, days_ago: int, **changes: Any) -> str:  # noqa: ANN401 - any field of a result
        """Have a test of somebody counted, by default a negative one of a woman of Paris."""
        self._told += 1
        values = {
            "result_id": f"result-{self._told}",
            "person": f"p1.person-{self._told}",
            "department": "75",
            "age": 34,
            "sex": Sex.FEMALE,
            "sampled_at": self.now - timedelta(days=days_ago),
            "received_at": self.now - timedelta(days=days_ago),
            **changes,
        }
        result_id = str(values.pop("result_id"))
        self.counting.now = self.now
        self.counting.store(result_id, **values)
        if self.counting.deliver(result_id):
            raise AssertionError("a test was not counted")
        return result_id

    def positive(self, days_ago: int, **changes: Any) -> str:  # noqa: ANN401 - as `count`
        """Have a positive test counted."""
        return self.count(days_ago, outcome=Outcome.DETECTED, **changes)

    def publish(self, event: dict[str, object] | None = None) -> None:
        """Run a new instance of the function."""
        settings = Settings(counts_table="counts", open_data_bucket="open-data", time_zone=PARIS)
        catalogue = {DISEASE: diseases()[DISEASE]}
        door = build(
            settings,
            logger=self._logger,
            now=lambda: self.now,
            catalogue=catalogue,
            tables_for=self._levels,
        )
        door(event or {})

    def publications(self) -> list[Publication]:
        """What the index lists."""
        stored = objects("open-data").get(INDEX)
        if stored is None:
            return []
        return list(PublicationIndex.model_validate_json(stored).publications)

    def file(self, name: str, place: int = 0) -> bytes:
        """A file of a publication, the newest by default."""
        path = self.publications()[place].path.lstrip("/")
        return objects("open-data")[f"{path}/{name}"]

    def summary(self, place: int = 0) -> Summary:
        """The summary of a publication."""
        return Summary.model_validate_json(self.file(SUMMARY, place))

    def rows(self, name: str, **wanted: str) -> list[dict[str, str]]:
        """The rows of a CSV with certain values."""
        text = self.file(name).decode()
        return [
            row
            for row in csv.DictReader(io.StringIO(text), delimiter=";")
            if all(row[column] == value for column, value in wanted.items())
        ]

    def codes(self) -> list[str]:
        """The codes of the log."""
        return [json.loads(line)["message"] for line in self.log.getvalue().splitlines()]
