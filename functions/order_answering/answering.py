"""Writing into the orders of apps what the results that name them say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from order_answering.log_codes import LogCode
from vigie.orders.order_result import order_result
from vigie.tracing.upload_code import jti_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from aws_lambda_powertools import Logger

    from order_answering.order_store import OrderStore
    from vigie.catalogue.disease import Disease
    from vigie.events.event import ResultEvent
    from vigie.results.result_reader import ResultReader
    from vigie.sealing import DerivedKey


class OrderAnswering:
    """Answers orders.

    Every version of a result is told of, and an order keeps the newest that it was told of: it
    does not matter in which order messages come, nor how often.

    Args:
        results: the results table.
        orders: the orders table.
        secret: keys the `jti`, as for the codes that are given behind a link.
        diseases: the catalogue.
        now: the time, aware.
        logger: told of each order.
    """

    def __init__(  # noqa: PLR0913 - its collaborators
        self,
        *,
        results: ResultReader,
        orders: OrderStore,
        secret: DerivedKey,
        diseases: Mapping[str, Disease],
        now: Callable[[], datetime],
        logger: Logger,
    ) -> None:
        self._results = results
        self._orders = orders
        self._secret = secret
        self._diseases = diseases
        self._now = now
        self._logger = logger

    def heed(self, event: ResultEvent) -> None:
        """Write what a result says into its order, and out of those that it answered before.

        Raises:
            Rejected: a newer version of the system wrote the result.
            Unavailable: something did not answer.
        """
        result = self._results.at_least(event.result_id, event.version)
        if result is None or not (result.order or result.earlier_orders):
            return
        jti = jti_of(self._secret.bytes(), result.result_id)
        disease = self._diseases.get(result.disease)
        for order in filter(None, (result.order, *result.earlier_orders)):
            said = order_result(result, disease, jti, answers=order == result.order)
            written = self._orders.answer(order, said, self._now())
            code = LogCode.ORDER_ANSWERED if written else LogCode.ORDER_GONE
            self._logger.info(code.value, extra={"version": result.version})
