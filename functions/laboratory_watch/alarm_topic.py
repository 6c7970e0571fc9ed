"""The alarms topic, where people hear of a laboratory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vigie.aws import aws_errors

if TYPE_CHECKING:
    from mypy_boto3_sns.client import SNSClient

    from laboratory_watch.wording import Notice


class AlarmTopic:
    """Publishes to the alarms topic.

    Args:
        sns: the SNS client.
        topic_arn: of the topic.
    """

    def __init__(self, sns: SNSClient, topic_arn: str) -> None:
        self._sns = sns
        self._topic_arn = topic_arn

    def tell(self, notice: Notice) -> None:
        """Tell people.

        Raises:
            Unavailable: the topic did not take it.
        """
        with aws_errors("alarms-topic"):
            self._sns.publish(TopicArn=self._topic_arn, Subject=notice.subject, Message=notice.text)
