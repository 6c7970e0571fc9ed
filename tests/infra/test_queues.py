"""Queues, topics and subscriptions: nothing is lost, and nothing is lost silently."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.infra.template import listed, name

if TYPE_CHECKING:
    from tests.infra.template import Resource, Templates

pytestmark = pytest.mark.xdist_group("infra")

_FOURTEEN_DAYS = 14 * 24 * 3600


def _dead_letters(templates: Templates) -> set[str]:
    """Queues that another queue, a subscription or a rule puts aside to."""
    redriven = [
        templates.target(one.stack, one.properties["RedrivePolicy"]["deadLetterTargetArn"])
        for kind in ("AWS::SQS::Queue", "AWS::SNS::Subscription")
        for one in templates.of(kind)
        if "RedrivePolicy" in one.properties
    ]
    missed = [
        templates.target(rule.stack, target["DeadLetterConfig"]["Arn"])
        for rule in templates.of("AWS::Events::Rule")
        for target in rule.properties["Targets"]
    ]
    return {*redriven, *missed}


def _subscriptions(templates: Templates) -> list[Resource]:
    return [
        subscription
        for subscription in templates.of("AWS::SNS::Subscription")
        if subscription.properties["Protocol"] != "email"
    ]


def test_every_queue_has_a_dead_letter_queue_or_is_one(templates: Templates) -> None:
    dead_letters = _dead_letters(templates)
    queues = templates.of("AWS::SQS::Queue")
    assert len(queues) > len(dead_letters) > 0
    for queue in queues:
        assert ("RedrivePolicy" in queue.properties) != (name(queue) in dead_letters), name(queue)


def test_dead_letters_are_kept_for_fourteen_days(templates: Templates) -> None:
    for queue in templates.of("AWS::SQS::Queue"):
        assert queue.properties["MessageRetentionPeriod"] == _FOURTEEN_DAYS, name(queue)


def test_the_first_dead_letter_raises_an_alarm(templates: Templates) -> None:
    alarmed = {
        templates.target(alarm.stack, alarm.properties["Dimensions"][0]["Value"])
        for alarm in templates.of("AWS::CloudWatch::Alarm")
        if alarm.properties["MetricName"] == "ApproximateNumberOfMessagesVisible"
        and alarm.properties["Threshold"] == 1
        and alarm.properties["ComparisonOperator"] == "GreaterThanOrEqualToThreshold"
        and alarm.properties["AlarmActions"]
    }
    assert alarmed == _dead_letters(templates)


def test_every_subscription_is_raw_takes_its_types_and_keeps_what_it_cannot_deliver(
    templates: Templates,
) -> None:
    subscriptions = _subscriptions(templates)
    assert {one.stack for one in subscriptions} == {
        "archive",
        "certificates",
        "linkage",
        "notifications",
        "polling",
        "revocation",
        "statistics",
        "twoddoc",
    }
    for subscription in subscriptions:
        properties = subscription.properties
        assert properties["RawMessageDelivery"] is True
        assert properties["RedrivePolicy"]["deadLetterTargetArn"]
        # The archive takes every type, also one that is added later.
        assert ("FilterPolicy" in properties) == (subscription.stack != "archive")


def test_nobody_is_told_of_a_certificate_that_the_link_of_its_result_shows(
    templates: Templates,
) -> None:
    (policy,) = (
        one.properties["FilterPolicy"]
        for one in _subscriptions(templates)
        if one.stack == "notifications"
    )
    assert policy["kind"] == [{"exists": False}, "recovery", "vaccination"]


def test_a_message_stays_invisible_six_times_as_long_as_its_consumer_may_take(
    templates: Templates,
) -> None:
    queues = {name(queue): queue.properties for queue in templates.of("AWS::SQS::Queue")}
    functions = {name(one): one.properties for one in templates.functions().values()}
    sources = templates.of("AWS::Lambda::EventSourceMapping")
    assert len(sources) == 13
    for source in sources:
        queue = queues[templates.target(source.stack, source.properties["EventSourceArn"])]
        function = functions[templates.target(source.stack, source.properties["FunctionName"])]
        collected = source.properties.get("MaximumBatchingWindowInSeconds", 0)
        assert queue["VisibilityTimeout"] >= 6 * function["Timeout"] + collected


def test_a_laboratory_is_told_what_is_missing_only_when_the_intake_has_given_up(
    templates: Templates,
) -> None:
    (intake,) = (
        queue.properties
        for queue in templates.of("AWS::SQS::Queue")
        if queue.properties["QueueName"] == "vigie-production-intake"
    )
    tried_minutes = intake["VisibilityTimeout"] * intake["RedrivePolicy"]["maxReceiveCount"] / 60
    functions = templates.functions()
    for function, setting in (("inbox_sweep", "OPEN_MINUTES"), ("inbox_check", "RETRY_MINUTES")):
        minutes = int(functions[function].properties["Environment"]["Variables"][setting])
        assert tried_minutes < minutes <= tried_minutes + 30, function


def test_a_batch_fails_item_by_item_and_copies_are_limited(templates: Templates) -> None:
    for source in templates.of("AWS::Lambda::EventSourceMapping"):
        assert source.properties["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
        assert source.properties["ScalingConfig"]["MaximumConcurrency"] >= 2


def test_queues_are_encrypted_under_a_key_of_ours_and_refuse_plain_http(
    templates: Templates,
) -> None:
    keys = {name(key) for key in templates.of("AWS::KMS::Key")}
    tls_only = templates.tls_only("AWS::SQS::QueuePolicy")
    for queue in templates.of("AWS::SQS::Queue"):
        assert templates.target(queue.stack, queue.properties["KmsMasterKeyId"]) in keys
        assert name(queue) in tls_only


def test_topics_are_encrypted_under_a_key_of_ours_and_refuse_plain_http(
    templates: Templates,
) -> None:
    keys = {name(key) for key in templates.of("AWS::KMS::Key")}
    tls_only = templates.tls_only("AWS::SNS::TopicPolicy")
    topics = templates.of("AWS::SNS::Topic")
    assert len(topics) == 3
    for topic in topics:
        assert templates.target(topic.stack, topic.properties["KmsMasterKeyId"]) in keys
        assert name(topic) in tls_only


def test_services_send_to_queues_only_for_a_source_of_ours(templates: Templates) -> None:
    for policy, statement in templates.policies("AWS::SQS::QueuePolicy"):
        if statement["Effect"] == "Allow":
            assert listed(statement["Action"]) == ["sqs:SendMessage"], name(policy)
            assert statement["Condition"]["ArnEquals"]["aws:SourceArn"], name(policy)
