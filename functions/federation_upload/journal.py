"""What the offering tells of its work: log lines with codes, and counts for the metrics."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_lambda_powertools.metrics import MetricUnit, single_metric

from federation_upload.log_codes import LogCode

if TYPE_CHECKING:
    from aws_lambda_powertools import Logger

    from vigie.federation.federation_store import BatchRecord
    from vigie.federation.gateway import Gateway


class Journal:
    """Logs what happens to batches and counts it; `flush` writes the counts.

    Args:
        logger: the function's logger.
    """

    def __init__(self, logger: Logger) -> None:
        self._logger = logger
        self._taken = self._refused = 0

    def offered(self, gateway: Gateway, record: BatchRecord) -> None:
        """A batch was taken, or the one key of it refused."""
        self._logger.info(
            LogCode.BATCH_OFFERED,
            gateway=gateway.name,
            tag=record.tag,
            keys=record.keys,
            taken=record.taken,
            refused=record.refused,
        )
        self._taken += record.taken
        self._refused += sum(record.refused.values())

    def answered(self, gateway: Gateway) -> None:
        """A gateway was offered all that there is."""
        with single_metric(name="GatewayAnswered", unit=MetricUnit.Count, value=1) as metric:
            metric.add_dimension(name="gateway", value=gateway.name)

    def failed(self, gateway: Gateway, reason: str) -> None:
        """A gateway did not take it."""
        self._logger.warning(LogCode.GATEWAY_FAILED, gateway=gateway.name, reason=reason)

    def out_of_time(self, gateway: Gateway) -> None:
        """The next run has to go on."""
        self._logger.warning(LogCode.OUT_OF_TIME, gateway=gateway.name)

    def flush(self) -> None:
        """Write the counts since the last time, in CloudWatch's embedded metric format."""
        for name, value in (("KeysOffered", self._taken), ("OffersRefused", self._refused)):
            with single_metric(name=name, unit=MetricUnit.Count, value=value):
                pass
        self._taken = self._refused = 0
