"""What the export tells of its work: log lines with codes, and counts for the metrics."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_lambda_powertools.metrics import MetricUnit, single_metric

from key_export.log_codes import LogCode

if TYPE_CHECKING:
    from datetime import timedelta

    from aws_lambda_powertools import Logger

    from key_export.batch import Batch
    from key_export.file_making import MadeFile


class Journal:
    """Logs what happens to exports and counts it; `flush` writes the counts.

    Args:
        logger: the function's logger.
    """

    def __init__(self, logger: Logger) -> None:
        self._logger = logger
        self._keys = self._padding = 0
        self._delays: dict[str, timedelta] = {}

    def exported(self, root: str, batch: Batch, number: int, made: MadeFile) -> None:
        """A file was made; another run may have been first to keep it."""
        self._logger.info(
            LogCode.FILE_EXPORTED,
            exports=root,
            start=batch.start.isoformat(),
            file=number,
            keys=made.keys,
            padding=made.padded,
            revised=made.said.facts.revised_keys,
            bytes=len(made.archive),
        )
        self._keys += made.keys
        self._padding += made.padded

    def finished(self, root: str, batch: Batch, files: int) -> None:
        """A batch has all its files."""
        self._logger.info(
            LogCode.BATCH_FINISHED,
            exports=root,
            start=batch.start.isoformat(),
            end=batch.end.isoformat(),
            files=files,
        )

    def deleted(self, batches: int) -> None:
        """The files of so many batches were deleted."""
        if batches:
            self._logger.info(LogCode.EXPORTS_DELETED, batches=batches)

    def delayed(self, root: str, delay: timedelta) -> None:
        """So long ago the next batch of a region was due, when that was last looked at."""
        self._delays[root] = delay

    def out_of_time(self) -> None:
        """The next run has to go on."""
        self._logger.warning(LogCode.OUT_OF_TIME)

    def flush(self) -> None:
        """Write the counts since the last time, in CloudWatch's embedded metric format."""
        for name, value in (("KeysExported", self._keys), ("PaddingKeys", self._padding)):
            with single_metric(name=name, unit=MetricUnit.Count, value=value):
                pass
        if self._delays:
            seconds = max(self._delays.values()).total_seconds()
            with single_metric(name="ExportDelay", unit=MetricUnit.Seconds, value=seconds):
                pass
        self._keys = self._padding = 0
        self._delays.clear()
