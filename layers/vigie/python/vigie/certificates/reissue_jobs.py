"""The table of mass reissues: one item for each job, of which the last one alone may run."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from vigie.aws import aws_errors, error_code
from vigie.certificates.reissue_job import Order, Plan, Progress, ReissueJob
from vigie.errors import Rejected

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

SCHEMA_VERSION = 1
_LIST = "jobs"
_DIGITS = 6


class ReissueJobs:
    """Keeps jobs: `list` and `job` are the key.

    Args:
        dynamodb: the DynamoDB client.
        table: name of the table.
    """

    def __init__(self, dynamodb: DynamoDBClient, table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def last(self, number: int = 1) -> list[ReissueJob]:
        """The last jobs, the very last one first.

        Args:
            number: how many at most.

        Raises:
            Rejected: a newer version of the system wrote one.
            Unavailable: the table did not answer.
        """
        with aws_errors("reissue-jobs-table"):
            answer = self._dynamodb.query(
                TableName=self._table,
                KeyConditionExpression="#list = :list",
                ExpressionAttributeNames={"#list": "list"},
                ExpressionAttributeValues={":list": {"S": _LIST}},
                ScanIndexForward=False,
                Limit=number,
                ConsistentRead=True,
            )
        return [_from_item(item) for item in answer["Items"]]

    def create(self, plan: Plan) -> ReissueJob:
        """Have a job run, unless another one may.

        Raises:
            Rejected: `job-not-over`, the last one is running or paused.
            Unavailable: the table did not answer.
        """
        last = next(iter(self.last()), None)
        if last is not None and not last.over:
            raise Rejected("job-not-over", f"job {last.number} is {last.state}: one at a time")
        job = ReissueJob(
            number=1 if last is None else last.number + 1,
            plan=plan,
            order=Order.RUN,
            ordered_at=plan.created_at,
            progress=Progress(),
        )
        with aws_errors("reissue-jobs-table"):
            try:
                self._dynamodb.put_item(
                    TableName=self._table,
                    Item=_to_item(job),
                    ConditionExpression="attribute_not_exists(job)",
                )
            except ClientError as error:
                if error_code(error) != "ConditionalCheckFailedException":
                    raise
            else:
                return job
        raise Rejected("job-not-over", "somebody else started one at the same time")

    def give_order(self, number: int, order: Order, at: datetime) -> None:
        """Have a job run, wait or end.

        Raises:
            Rejected: `job-over`, there is no such job that may still run.
            Unavailable: the table did not answer.
        """
        with aws_errors("reissue-jobs-table"):
            try:
                self._dynamodb.update_item(
                    TableName=self._table,
                    Key=_key(number),
                    UpdateExpression="SET #order = :order, ordered_at = :at",
                    ConditionExpression=(
                        "attribute_exists(job) AND attribute_not_exists(ended_at)"
                        " AND #order <> :cancel"
                    ),
                    ExpressionAttributeNames={"#order": "order"},
                    ExpressionAttributeValues={
                        ":order": {"S": order},
                        ":at": {"S": at.isoformat()},
                        ":cancel": {"S": Order.CANCEL},
                    },
                )
            except ClientError as error:
                if error_code(error) != "ConditionalCheckFailedException":
                    raise
            else:
                return
        raise Rejected("job-over", f"there is no job {number} that could still run")

    def advance(self, number: int, progress: Progress) -> bool:
        """Keep the progress of a run, unless another run was first.

        Whatever was ordered meanwhile, what was released was released.

        Args:
            number: of the job.
            progress: its version is one more than that of what the run began with.

        Returns:
            Whether it was kept.

        Raises:
            Unavailable: the table did not answer.
        """
        ended = "" if progress.ended_at is None else ", ended_at = :ended_at"
        values: dict[str, AttributeValueTypeDef] = {
            ":progress": {"S": progress.model_dump_json()},
            ":version": {"N": str(progress.version)},
            ":before": {"N": str(progress.version - 1)},
        }
        if progress.ended_at is not None:
            values[":ended_at"] = {"S": progress.ended_at.isoformat()}
        with aws_errors("reissue-jobs-table"):
            try:
                self._dynamodb.update_item(
                    TableName=self._table,
                    Key=_key(number),
                    UpdateExpression=(
                        f"SET progress = :progress, progress_version = :version{ended}"
                    ),
                    ConditionExpression="progress_version = :before",
                    ExpressionAttributeValues=values,
                )
            except ClientError as error:
                if error_code(error) != "ConditionalCheckFailedException":
                    raise
                return False
        return True


def _key(number: int) -> dict[str, AttributeValueTypeDef]:
    return {"list": {"S": _LIST}, "job": {"S": f"{number:0{_DIGITS}}"}}


def _to_item(job: ReissueJob) -> dict[str, AttributeValueTypeDef]:
    return {
        **_key(job.number),
        "schema": {"N": str(SCHEMA_VERSION)},
        "plan": {"S": job.plan.model_dump_json()},
        "order": {"S": job.order},
        "ordered_at": {"S": job.ordered_at.isoformat()},
        "progress": {"S": job.progress.model_dump_json()},
        "progress_version": {"N": str(job.progress.version)},
    }


def _from_item(item: dict[str, Any]) -> ReissueJob:
    if int(item["schema"]["N"]) > SCHEMA_VERSION:
        raise Rejected("job-schema-unknown", "the item has a newer schema version")
    return ReissueJob(
        number=int(item["job"]["S"]),
        plan=Plan.model_validate_json(item["plan"]["S"]),
        order=Order(item["order"]["S"]),
        ordered_at=datetime.fromisoformat(item["ordered_at"]["S"]),
        progress=Progress.model_validate_json(item["progress"]["S"]),
    )
