"""What is told of publications: log lines with a code, and metrics."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_lambda_powertools.metrics import MetricUnit, single_metric

from revocation_publication.log_codes import LogCode

if TYPE_CHECKING:
    from aws_lambda_powertools import Logger

    from vigie.revocation.stored_batch import StoredBatch


class Journal:
    """Logs what happens to batches and counts it; `flush` writes the counts.

    Args:
        logger: the function's logger.
    """

    def __init__(self, logger: Logger) -> None:
        self._logger = logger
        self._published = 0

    def published(self, batch: StoredBatch) -> None:
        """A batch is on the list."""
        self._logger.info(
            LogCode.BATCH_PUBLISHED, batch_id=batch.batch_id, kid=batch.kid, entries=batch.entries
        )
        self._published += batch.entries

    def ended(self, batch: StoredBatch) -> None:
        """A batch is listed as deleted."""
        self._logger.info(LogCode.BATCH_ENDED, batch_id=batch.batch_id)

    def out_of_time(self) -> None:
        """There is more to publish than a run has time for."""
        self._logger.warning(LogCode.OUT_OF_TIME)

    def flush(self) -> None:
        """Write the count since the last time, in CloudWatch's embedded metric format."""
        with single_metric(
            name="RevocationsPublished", unit=MetricUnit.Count, value=self._published
        ):
            self._published = 0
