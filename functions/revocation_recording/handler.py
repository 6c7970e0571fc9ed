"""The door of the recording of revocations: messages of the revocations queue."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from aws_lambda_powertools import Logger

from revocation_recording.entry_store import EntryStore
from revocation_recording.messages import revocation_of
from revocation_recording.recording import Recording
from revocation_recording.settings import Settings
from vigie import aws
from vigie.certificates.certificate_reader import CertificateReader
from vigie.consumer import Consumer, DeadLetters
from vigie.settings import read_settings
from vigie.unforeseen import told_by_type

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
    from aws_lambda_powertools.utilities.typing import LambdaContext


def handler(event: dict[str, object], context: LambdaContext | None) -> PartialItemFailureResponse:
    """Record the certificate that each message says is revoked."""
    with told_by_type():
        return _door()(event, context)


def build(settings: Settings, *, logger: Logger) -> Consumer:
    """Put the collaborators together.

    Args:
        settings: from the environment.
        logger: the function's logger.
    """
    recording = Recording(
        CertificateReader(aws.dynamodb(), settings.certificates_table),
        EntryStore(aws.dynamodb(), settings.revocations_table),
        logger,
    )
    return Consumer(
        lambda body: recording.record(revocation_of(body)),
        DeadLetters(aws.sqs(), settings.dead_letters_url),
        logger,
    )


@cache
def _door() -> Consumer:
    return build(read_settings(Settings), logger=Logger())
