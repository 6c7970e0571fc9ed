"""The function wired to AWS in process, with a results table and the tables of counts."""

from __future__ import annotations

import io
import json
import uuid
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from aws_lambda_powertools import Logger

from statistics_counting.account import Account, from_item
from statistics_counting.counting import Pace
from statistics_counting.handler import build
from statistics_counting.settings import Settings
from tests.functions.resources import create_queue, create_table, items, sqs_event
from tests.unit.certificate_signing.samples import result as sample_result
from vigie import aws
from vigie.events.event import PersonsEvent, PersonsLinked, PersonsUnlinked
from vigie.results.result_reader import ResultReader
from vigie.results.stored_result import StoredResult, to_item
from vigie.statistics.cell import MEASURES

if TYPE_CHECKING:
    from tests.unit.statistics_counting.recounted import Recounted
    from vigie.consumer import BatchConsumer

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
PARIS = ZoneInfo("Europe/Paris")


class World:
    """Tables and the queue of one test, and the function that uses them."""

    def __init__(self) -> None:
        self.now = NOW
        self.log = io.StringIO()
        self._logger = Logger(service=str(uuid.uuid4()), stream=self.log, level="DEBUG")
        create_table("results", "result_id")
        create_table("counted", "counted")
        create_table("counts", "list", "entry")
        self.settings = Settings(
            results_table="results",
            counted_table="counted",
            counts_table="counts",
            dead_letters_url=create_queue("dead"),
            time_zone=PARIS,
        )

    def store(self, result_id: str = "750000001-abc", **changes: Any) -> StoredResult:  # noqa: ANN401 - any field of a result
        """Store a version of a result, which replaces the one before and tells whose that was."""
        document = sample_result(result_id=result_id, **changes)
        before = ResultReader(aws.dynamodb(), "results").get(result_id)
        if before:
            earlier = {*before.earlier_persons, before.person} - {document.person}
            document = document.model_copy(update={"earlier_persons": tuple(sorted(earlier))})
        result = StoredResult(**document.model_dump(), identity=b"sealed", contact=None)
        aws.dynamodb().put_item(TableName="results", Item=to_item(result))
        return result

    def deliver(self, *result_ids: str) -> list[str]:
        """Hand events about results to a new instance of the function; places that go back."""
        return self.deliver_bodies(*map(event_about, result_ids))

    def deliver_bodies(self, *bodies: str) -> list[str]:
        """Hand messages to a new instance of the function; places that go back."""
        return self.hand(self.door(), *bodies)

    def door(self) -> BatchConsumer:
        """A new instance of the function."""
        return build(
            self.settings,
            logger=self._logger,
            now=lambda: self.now,
            pace=Pace(writers=1, pause=lambda _: None, new_id=lambda: uuid.uuid4().hex),
        )

    @staticmethod
    def hand(door: BatchConsumer, *bodies: str) -> list[str]:
        """Hand a batch to an instance of the function; places that go back."""
        answer = door(sqs_event(list(bodies)), None)
        return [str(failure["itemIdentifier"]) for failure in answer["batchItemFailures"]]

    def counts(self) -> Recounted:
        """The counters of all cells: tests, positives, P and T by day, place, age and sex."""
        found: dict[tuple[str, str, str, str], list[int]] = {}
        for item in self.cells():
            day = item["list"]["S"].split("#")[2]
            place, kind = item["entry"]["S"].split("#")
            for name, value in item.items():
                measure, _, sex = name.partition("_")
                if measure in MEASURES and value["N"] != "0":
                    row = found.setdefault((day, place, kind, sex), [0, 0, 0, 0])
                    row[MEASURES.index(measure)] = int(value["N"])
        return {cell: (row[0], row[1], row[2], row[3]) for cell, row in found.items()}

    def cells(self) -> list[dict[str, Any]]:
        """The items of cells."""
        return [item for item in items("counts") if item["list"]["S"].startswith("cells#")]

    def counters(self, entry: str) -> dict[str, int]:
        """The counters of the only cell of an entry, without those that are zero."""
        (cell,) = (item for item in self.cells() if item["entry"]["S"] == entry)
        numbers = {name: int(value["N"]) for name, value in cell.items() if "N" in value}
        return {name: number for name, number in numbers.items() if number and name != "schema"}

    def changed(self) -> list[str]:
        """The days that are noted as changed, each with the hour."""
        return sorted(
            item["entry"]["S"]
            for item in items("counts")
            if item["list"]["S"].startswith("changed")
        )

    def accounts(self) -> dict[str, Account]:
        """What is remembered of where tests were counted, by key."""
        found = (from_item(item) for item in items("counted") if "document" in item)
        return {account.key: account for account in found}

    def uncounted(self) -> list[str]:
        """The keys of accounts of which something is not in the counts."""
        begun = {item["counted"]["S"] for item in items("counted") if "state" in item}
        return [
            account.key
            for account in self.accounts().values()
            if any(f"batch#{layer.batch}" in begun for layer in account.layers)
        ]

    def logged(self) -> list[dict[str, Any]]:
        """The lines of the log."""
        return [json.loads(line) for line in self.log.getvalue().splitlines()]


def event_about(result_id: str, version: int = 1) -> str:
    """An event about a version of a result, of which the function reads no more."""
    told = {"type": "ResultCorrected", "result_id": result_id, "version": version}
    return json.dumps(told)


def linked(version: int, *persons: str) -> str:
    """An event that says that pseudonyms are one person's, or that one is nobody else's."""
    told = PersonsEvent(id=f"{version}", occurred_at=NOW, persons=persons, version=version)
    model = PersonsLinked if len(persons) > 1 else PersonsUnlinked
    return model(**told.model_dump()).model_dump_json()
