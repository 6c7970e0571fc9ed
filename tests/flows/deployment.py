"""The resources that the templates ask for, made in process.

moto's CloudFormation makes every KMS key symmetric and keeps what event sources deliver, so
the resources are made by their own services, and the wiring is read from the templates.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from cli.kms_private_key import KmsPrivateKey
from tests.functions.resources import create_bucket
from tests.infra.template import name
from vigie import aws
from vigie.settings import read_settings

if TYPE_CHECKING:
    from tests.infra.template import Resource, Templates
    from vigie.model import Frozen

_TABLE = (
    "TableName",
    "AttributeDefinitions",
    "KeySchema",
    "GlobalSecondaryIndexes",
    "BillingMode",
)


class Source(NamedTuple):
    """A queue that a function reads.

    Attributes:
        function: its folder.
        queue: URL.
        batch_size: how many messages it is handed at once.
    """

    function: str
    queue: str
    batch_size: int


class Deployment:
    """What the templates ask for, in the account of a test.

    Attributes:
        sources: every queue with the function that reads it.
        tables: name of each table, by the name in the template.
        buckets: name of every bucket.
        queues: URL of every queue.
        functions: the folders of the functions that are deployed.
    """

    def __init__(self, templates: Templates) -> None:
        self._templates = templates
        self.functions = frozenset(templates.functions())
        self._made: dict[str, str] = {}
        self._make("AWS::KMS::Key", _key)
        self._make("AWS::DynamoDB::Table", _table)
        self._make("AWS::S3::Bucket", _bucket)
        self._make("AWS::SNS::Topic", _topic)
        self._make("AWS::SQS::Queue", _queue)
        self._make("AWS::SecretsManager::Secret", _secret)
        self.tables = [self._made[name(one)] for one in templates.of("AWS::DynamoDB::Table")]
        self.buckets = [self._made[name(one)] for one in templates.of("AWS::S3::Bucket")]
        self.queues = [self._made[name(one)] for one in templates.of("AWS::SQS::Queue")]
        self._redrive()
        self._subscribe()
        self.sources = self._sources()

    def settings(self, function: str, model: type[Frozen]) -> Any:  # noqa: ANN401 - an instance of the model
        """The settings of a function, read from the environment that its template gives it."""
        return read_settings(model, self.environment(function))

    def environment(self, function: str) -> dict[str, str]:
        """The variables of a function, with what is made for what they refer to."""
        resource = self._templates.functions()[function]
        variables: dict[str, Any] = resource.properties["Environment"]["Variables"]
        return {key: self._of(resource, value) for key, value in variables.items()}

    def notified(self, bucket: str) -> list[str]:
        """URL of each queue that a bucket tells of new objects."""
        return [
            self._of(resource, configuration["Queue"])
            for resource in self._templates.of("AWS::S3::Bucket")
            if self._made[name(resource)] == bucket
            for configuration in resource.properties["NotificationConfiguration"][
                "QueueConfigurations"
            ]
            if configuration["Event"] == "s3:ObjectCreated:*"
        ]

    def signing_key(self, purpose: str) -> KmsPrivateKey:
        """The key of `csca` or `dsc`, by the parameter that tells operators of it."""
        (parameter,) = (
            one
            for one in self._templates.of("AWS::SSM::Parameter")
            if one.properties["Name"] == f"/vigie/production/keys/{purpose}"
        )
        return KmsPrivateKey(aws.kms(), self._of(parameter, parameter.properties["Value"]))

    def _make(self, kind: str, make: Any) -> None:  # noqa: ANN401 - a function of properties
        for resource in self._templates.of(kind):
            self._made[name(resource)] = make(resource.properties)

    def _of(self, resource: Resource, value: object) -> str:
        text = self._templates.target(resource.stack, value)
        for target, made in self._made.items():
            # A text may name several.
            text = text.replace(target, made)
        return text

    def _redrive(self) -> None:
        for resource in self._templates.of("AWS::SQS::Queue"):
            policy = resource.properties.get("RedrivePolicy")
            if policy is None:
                continue
            dead_letters = _queue_arn(self._of(resource, policy["deadLetterTargetArn"]))
            aws.sqs().set_queue_attributes(
                QueueUrl=self._made[name(resource)],
                Attributes={
                    "RedrivePolicy": f'{{"deadLetterTargetArn": "{dead_letters}",'
                    f' "maxReceiveCount": {policy["maxReceiveCount"]}}}'
                },
            )

    def _subscribe(self) -> None:
        for resource in self._templates.of("AWS::SNS::Subscription"):
            properties = resource.properties
            if properties["Protocol"] != "sqs":
                continue
            aws.sns().subscribe(
                TopicArn=self._of(resource, properties["TopicArn"]),
                Protocol="sqs",
                Endpoint=_queue_arn(self._of(resource, properties["Endpoint"])),
                Attributes={
                    "RawMessageDelivery": json.dumps(properties["RawMessageDelivery"]),
                    "FilterPolicy": json.dumps(properties.get("FilterPolicy", {})),
                },
            )

    def _sources(self) -> list[Source]:
        folders = {name(one): folder for folder, one in self._templates.functions().items()}
        sources = self._templates.of("AWS::Lambda::EventSourceMapping")
        # What is collected for a while is handed on when nothing else waits any more.
        sources = sorted(
            sources, key=lambda one: one.properties.get("MaximumBatchingWindowInSeconds", 0)
        )
        return [
            Source(
                function=folders[
                    self._templates.target(resource.stack, resource.properties["FunctionName"])
                ],
                queue=self._of(resource, resource.properties["EventSourceArn"]),
                batch_size=resource.properties["BatchSize"],
            )
            for resource in sources
        ]


def _key(properties: dict[str, Any]) -> str:
    kind = {key: properties[key] for key in ("KeySpec", "KeyUsage") if key in properties}
    return aws.kms().create_key(**kind)["KeyMetadata"]["Arn"]


def _table(properties: dict[str, Any]) -> str:
    aws.dynamodb().create_table(**{key: properties[key] for key in _TABLE if key in properties})
    return str(properties["TableName"])


def _bucket(properties: dict[str, Any]) -> str:
    versioned = properties.get("VersioningConfiguration", {}).get("Status") == "Enabled"
    create_bucket(properties["BucketName"], versioned=versioned)
    return str(properties["BucketName"])


def _topic(properties: dict[str, Any]) -> str:
    return aws.sns().create_topic(Name=properties["TopicName"])["TopicArn"]


def _queue(properties: dict[str, Any]) -> str:
    return aws.sqs().create_queue(
        QueueName=properties["QueueName"],
        Attributes={"VisibilityTimeout": str(properties.get("VisibilityTimeout", 30))},
    )["QueueUrl"]


def _secret(properties: dict[str, Any]) -> str:
    return aws.secretsmanager().create_secret(Name=properties["Name"], SecretString="secret")["ARN"]


def _queue_arn(url: str) -> str:
    answer = aws.sqs().get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
    return answer["Attributes"]["QueueArn"]
