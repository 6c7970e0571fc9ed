"""What dispatch tells of its work: log lines with codes, and counts under the same names."""

from __future__ import annotations

from collections import Counter, defaultdict
from threading import Lock
from typing import TYPE_CHECKING

from aws_lambda_powertools.metrics import MetricUnit

from notification_dispatch.log_codes import LogCode

if TYPE_CHECKING:
    from aws_lambda_powertools.logging import Logger
    from aws_lambda_powertools.metrics import Metrics


class Journal:
    """Logs what becomes of happenings and counts it; `flush` writes the rest of a batch.

    What most messages end in, sent, is one line for a batch and channel, with the key of each
    record. It may be told from several threads.

    Args:
        logger: the function's logger.
        metrics: the function's metrics.
    """

    def __init__(self, logger: Logger, metrics: Metrics) -> None:
        self._logger = logger
        self._metrics = metrics
        self._lock = Lock()
        self._sent: defaultdict[str, list[str]] = defaultdict(list)
        self._counts: Counter[LogCode] = Counter()

    def sent(self, record_id: str, channel: str) -> None:
        """A provider took the message of a sending."""
        with self._lock:
            self._sent[channel].append(record_id)
            self._counts[LogCode.MESSAGE_SENT] += 1

    def tell(self, code: LogCode, **details: str) -> None:
        """A happening ended in another way."""
        with self._lock:
            self._logger.info(code.value, extra=details)
            self._counts[code] += 1

    def flush(self) -> None:
        """Write the line of what was sent, and the counts, since the last time."""
        for channel, records in self._sent.items():
            self._logger.info(
                LogCode.MESSAGE_SENT.value, extra={"channel": channel, "sendings": records}
            )
        for code, count in self._counts.items():
            self._metrics.add_metric(code.value, MetricUnit.Count, count)
        self._sent.clear()
        self._counts.clear()
