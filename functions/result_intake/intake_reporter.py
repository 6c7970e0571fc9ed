"""What result intake tells its operators: log lines with codes, and metrics in the log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_lambda_powertools.metrics import Metrics, MetricUnit

if TYPE_CHECKING:
    from aws_lambda_powertools import Logger

    from result_intake.log_codes import LogCode
    from vigie.acknowledgement import Fragment
    from vigie.inbox import InboxFile


class IntakeReporter:
    """Logs each step, and adds up the items of an invocation by outcome.

    Metrics are in CloudWatch's embedded metric format; no dimension could point at a person.

    Args:
        logger: of the function.
    """

    def __init__(self, logger: Logger) -> None:
        self._logger = logger
        self._metrics = Metrics()
        self._waiting = False

    def tell(self, code: LogCode, **about: str | int) -> None:
        """Log a step, with ids and numbers only."""
        self._logger.info(code.value, extra=about)

    def tell_read(
        self, code: LogCode, file: InboxFile, fragment: Fragment, **about: str | int
    ) -> None:
        """Log and count what became of a file's items; those of a retry are counted again."""
        self.tell(
            code,
            file_id=file.file_id,
            laboratory=file.laboratory,
            **about,
            items=sum(fragment.counts.values()),
            refused=",".join(rule.code for rule in fragment.rules),
        )
        for outcome, number in fragment.counts.items():
            self._add("Items" + "".join(word.capitalize() for word in outcome.split("_")), number)
        if fragment.rules:
            self._add("FilesRefused", 1)

    def flush(self) -> None:
        """Write the metrics added up since the last time, if there are any."""
        if self._waiting:
            self._metrics.flush_metrics()
            self._waiting = False

    def _add(self, name: str, number: int) -> None:
        self._metrics.add_metric(name=name, unit=MetricUnit.Count, value=number)
        self._waiting = True
