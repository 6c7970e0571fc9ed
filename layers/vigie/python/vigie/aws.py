"""How Vigie talks to AWS: one session, lazy clients, errors mapped in one place."""

from __future__ import annotations

from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from vigie.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_cloudwatch.client import CloudWatchClient
    from mypy_boto3_cognito_idp.client import CognitoIdentityProviderClient
    from mypy_boto3_dynamodb.client import DynamoDBClient
    from mypy_boto3_kms.client import KMSClient
    from mypy_boto3_s3.client import S3Client
    from mypy_boto3_secretsmanager.client import SecretsManagerClient
    from mypy_boto3_sesv2.client import SESV2Client
    from mypy_boto3_sns.client import SNSClient
    from mypy_boto3_sqs.client import SQSClient
    from mypy_boto3_ssm.client import SSMClient
    from mypy_boto3_sts.client import STSClient

_RETRIED = Config(
    connect_timeout=2,
    read_timeout=20,
    retries={"mode": "standard", "max_attempts": 4},
    max_pool_connections=32,
)
# Links and forms name the Region's own endpoint: the global one redirects, which forms do not
# follow.
_LINKS = _RETRIED.merge(Config(signature_version="s3v4", s3={"addressing_style": "virtual"}))
# A provider of messages takes no idempotency token: the SDK must not send twice on its own.
TRANSACTION_CANCELLED = "TransactionCanceledException"
_SENT_ONCE = Config(connect_timeout=2, read_timeout=20, retries={"total_max_attempts": 1})


@cache
def _session() -> boto3.Session:
    return boto3.Session()


@cache
def cognito_idp() -> CognitoIdentityProviderClient:
    """The Cognito client of this process."""
    return _session().client("cognito-idp", config=_RETRIED)


@cache
def cloudwatch() -> CloudWatchClient:
    """The CloudWatch client of this process."""
    return _session().client("cloudwatch", config=_RETRIED)


@cache
def dynamodb() -> DynamoDBClient:
    """The DynamoDB client of this process."""
    return _session().client("dynamodb", config=_RETRIED)


@cache
def kms() -> KMSClient:
    """The KMS client of this process."""
    return _session().client("kms", config=_RETRIED)


@cache
def s3() -> S3Client:
    """The S3 client of this process."""
    return _session().client("s3", config=_RETRIED)


@cache
def s3_links() -> S3Client:
    """The S3 client of this process for presigned links and forms."""
    return _session().client("s3", config=_LINKS)


@cache
def secretsmanager() -> SecretsManagerClient:
    """The Secrets Manager client of this process."""
    return _session().client("secretsmanager", config=_RETRIED)


@cache
def sns() -> SNSClient:
    """The SNS client of this process, for topics."""
    return _session().client("sns", config=_RETRIED)


@cache
def sqs() -> SQSClient:
    """The SQS client of this process."""
    return _session().client("sqs", config=_RETRIED)


@cache
def ssm() -> SSMClient:
    """The Systems Manager client of this process."""
    return _session().client("ssm", config=_RETRIED)


@cache
def sts() -> STSClient:
    """The STS client of this process."""
    return _session().client("sts", config=_RETRIED)


@cache
def sesv2() -> SESV2Client:
    """The SES client of this process, which never retries a send."""
    return _session().client("sesv2", config=_SENT_ONCE)


@cache
def sns_sms() -> SNSClient:
    """The SNS client of this process for SMS, which never retries a send."""
    return _session().client("sns", config=_SENT_ONCE)


def forget_clients() -> None:
    """Forget the session and clients, for a test that replaces AWS under them."""
    for client in (
        _session,
        cloudwatch,
        cognito_idp,
        dynamodb,
        kms,
        s3,
        s3_links,
        secretsmanager,
        sns,
        sqs,
        ssm,
        sts,
        sesv2,
        sns_sms,
    ):
        client.cache_clear()


def error_code(error: ClientError) -> str:
    """AWS's own code of the error, such as `ConditionalCheckFailedException`."""
    return error.response.get("Error", {}).get("Code", "Unknown")


def cancellation_codes(error: ClientError) -> list[str]:
    """Why a transaction of DynamoDB was cancelled, item by item; empty for any other error.

    An item that stood in nobody's way has the text `None`, one whose condition failed
    `ConditionalCheckFailed`.
    """
    if error_code(error) != TRANSACTION_CANCELLED:
        return []
    reasons = error.response.get("CancellationReasons", [])
    return [str(reason.get("Code")) for reason in reasons]


@contextmanager
def aws_errors(what: str) -> Iterator[None]:
    """Turn every error of AWS inside the block into `Unavailable`.

    Conditions that a caller expects (a failed condition, a missing object) are
    caught by the caller inside the block, with `error_code`.

    Args:
        what: the name of the dependency, such as `results-table`; it is logged.

    Raises:
        Unavailable: with the code `what:AWS's code`.
    """
    try:
        yield
    except ClientError as error:
        # AWS's message may repeat what was sent to it, so only its code goes on.
        raise Unavailable(f"{what}:{error_code(error)}") from None
    except BotoCoreError as error:
        raise Unavailable(f"{what}:{type(error).__name__}") from None
