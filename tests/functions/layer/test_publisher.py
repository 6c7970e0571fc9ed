"""Events share a message with those that every subscription filters as it does them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Literal

from tests.functions.resources import create_topic
from vigie import aws
from vigie.events.bundle import MOST_EVENTS, unbundled
from vigie.events.event import (
    CertificateIssued,
    ResultRecorded,
    event_id,
    parse_event,
)
from vigie.events.publisher import EventPublisher
from vigie.results.codes import Method, Outcome

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
PERSON = "p1.mfrggzdfmztwq2lknnwg23tponxw4ylm"


def recorded(number: int) -> ResultRecorded:
    """That a result was recorded."""
    return ResultRecorded(
        id=event_id("ResultRecorded", str(number), 1),
        occurred_at=NOON,
        result_id=str(number),
        version=1,
        person=PERSON,
        laboratory="750712184",
        disease="covid-19",
        method=Method.NAAT,
        outcome=Outcome.DETECTED,
        sampled_at=NOON,
    )


def issued(
    number: int, kind: Literal["test", "recovery"], *, untold: bool = False
) -> CertificateIssued:
    """That a certificate was issued."""
    return CertificateIssued(
        id=event_id("CertificateIssued", str(number), 1),
        occurred_at=NOON,
        result_id=str(number),
        certificate=f"{kind}#1",
        version=1,
        person=PERSON,
        kind=kind,
        disease="covid-19",
        untold=untold,
    )


def test_events_that_are_filtered_alike_share_messages(mocked_aws: None) -> None:  # noqa: ARG001 - the account
    topic, seen = create_topic("events")
    several = [recorded(number) for number in range(MOST_EVENTS + 1)]
    certificates = [issued(1, "test"), issued(2, "recovery"), issued(3, "test")]
    certificates.append(issued(4, "recovery", untold=True))
    EventPublisher(aws.sns(), topic).publish([several[0], *certificates, *several[1:]])
    messages = aws.sqs().receive_message(
        QueueUrl=seen, MaxNumberOfMessages=10, MessageAttributeNames=["All"]
    )["Messages"]
    told = [
        (
            {name: one["StringValue"] for name, one in message["MessageAttributes"].items()},
            [parse_event(event).source_id for event in unbundled(message["Body"])],
        )
        for message in messages
    ]
    assert sorted(told, key=repr) == [
        ({"type": "CertificateIssued", "kind": "recovery"}, ["2"]),
        ({"type": "CertificateIssued", "kind": "test"}, ["1", "3"]),
        ({"type": "CertificateIssued", "kind": "untold"}, ["4"]),
        ({"type": "ResultRecorded"}, [str(number) for number in range(MOST_EVENTS)]),
        ({"type": "ResultRecorded"}, [str(MOST_EVENTS)]),
    ]
