"""The function wired to AWS in process, with results of people that a test invents."""

from __future__ import annotations

import io
import uuid
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger

from person_linkage.handler import build
from person_linkage.settings import Settings
from tests.functions.resources import create_queue, create_table, create_topic, sqs_event, told
from vigie import aws
from vigie.events.event import (
    AnyPersonsEvent,
    PersonsLinked,
    ResultRecorded,
    event_id,
    parse_persons_event,
    write_event,
)
from vigie.geography import Residence
from vigie.person.identity import Contact, Identity
from vigie.person.linkage_tokens import Traits, linkage_tokens
from vigie.person.pseudonym import Pseudonymiser
from vigie.person.standing import Standing, from_item, key_of
from vigie.person.unlinking import UnlinkRequested
from vigie.results.codes import Method, Outcome, Sex, Status
from vigie.results.stored_result import StoredResult, to_item

if TYPE_CHECKING:
    from collections.abc import Iterable

KEY = b"k" * 32
RECEIVED = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
INS, OTHER_INS = "269054958815780", "269054958815877"
RETENTION = timedelta(days=90)


def identity(
    family: str = "Lefèvre", given: str = "Anne", *, ins: str | None = None, other: str = ""
) -> Identity:
    """Somebody born on one day."""
    return Identity(
        family_name=family,
        given_names=tuple(given.split()),
        other_names=(other,) if other else (),
        birth_date="1969-05-14",
        sex=Sex.FEMALE,
        ins=ins,
    )


class World:
    """Tables, the topic, and the function that uses them."""

    def __init__(self) -> None:
        create_table("results", "result_id")
        create_table("persons", "place", "person")
        topic, self._seen = create_topic("events")
        self.dead_letters = create_queue("dead")
        self.log = io.StringIO()
        # Powertools keeps one logger, with its stream, for each service.
        self._logger = Logger(service=str(uuid.uuid4()), stream=self.log, level="DEBUG")
        self.settings = Settings(
            results_table="results",
            persons_table="persons",
            events_topic_arn=topic,
            dead_letters_url=self.dead_letters,
            retention_days=RETENTION.days,
        )

    def result(
        self,
        number: int,
        about: Identity,
        *,
        received_at: datetime = RECEIVED,
        **changes: Any,  # noqa: ANN401 - any field of a result
    ) -> str:
        """Store a result of somebody; the body of its event."""
        person = Pseudonymiser(KEY, 1).person(about)
        traits = Traits(about, Contact(), Residence(None, None), None)
        values: dict[str, Any] = {
            "result_id": f"750000001-{number}",
            "version": 1,
            "revision": 1,
            "laboratory": "750000001",
            "person": person,
            "contact_tag": None,
            "status": Status.FINAL,
            "outcome": Outcome.DETECTED,
            "disease": "covid-19",
            "method": Method.NAAT,
            "loinc": "94500-6",
            "device": None,
            "sampled_at": received_at - timedelta(days=1),
            "reported_at": received_at - timedelta(hours=1),
            "language": None,
            "cycle_threshold": None,
            "variant": None,
            "prescriber": None,
            "commune": None,
            "testing_centre": None,
            "linkage": linkage_tokens(traits, KEY),
            "content_hash": "0" * 64,
            "answers": (),
            "received_at": received_at,
            "expires_at": 2_000_000_000,
            "identity": b"sealed",
            "contact": None,
        }
        result = StoredResult(**values | changes)
        aws.dynamodb().put_item(TableName="results", Item=to_item(result))
        return write_event(
            ResultRecorded(
                id=event_id("ResultRecorded", result.result_id, 1),
                occurred_at=received_at,
                result_id=result.result_id,
                version=1,
                person=person,
                laboratory="750000001",
                disease="covid-19",
                method=Method.NAAT,
                outcome=Outcome.DETECTED,
                sampled_at=result.sampled_at,
            )
        )

    def deliver(self, *bodies: str) -> list[str]:
        """Hand a batch to a new instance of the function; the messages that go back, by place."""
        consumer = build(self.settings, logger=self._logger, writers=1)
        answer = consumer(sqs_event(list(bodies)), None)
        return [str(failure["itemIdentifier"]) for failure in answer["batchItemFailures"]]

    def part(self, one: Identity, other: Identity) -> list[str]:
        """Deliver the decision that two are not one person."""
        request = UnlinkRequested(
            persons=(self.pseudonym(one), self.pseudonym(other)),
            reason="two sisters",
            requested_at=RECEIVED + timedelta(days=1),
        )
        return self.deliver(request.model_dump_json())

    def pseudonym(self, about: Identity) -> str:
        """The pseudonym of somebody."""
        return Pseudonymiser(KEY, 1).person(about)

    def standing(self, about: Identity) -> Standing | None:
        """What is kept of somebody."""
        answer = aws.dynamodb().get_item(TableName="persons", Key=key_of(self.pseudonym(about)))
        return from_item(answer["Item"])[0] if "Item" in answer else None

    def told(self) -> list[AnyPersonsEvent]:
        """What was published since it was last asked."""
        return [parse_persons_event(body) for body in told(self._seen)]


def persons_by(events: Iterable[AnyPersonsEvent]) -> dict[str, tuple[str, ...]]:
    """What a consumer that heeds versions makes of events: the person of each pseudonym."""
    newest: dict[str, AnyPersonsEvent] = {}
    for event in events:
        for person in event.persons:
            if person not in newest or newest[person].version <= event.version:
                newest[person] = event
    return {
        person: event.persons
        for person, event in newest.items()
        if isinstance(event, PersonsLinked)
    }
