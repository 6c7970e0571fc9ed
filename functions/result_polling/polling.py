"""Ordering a test with an app, and asking for its result."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from result_polling.log_codes import LogCode
from result_polling.message import OrderAnswer, ResultAnswer
from vigie.errors import Unavailable
from vigie.orders.order_result import told_of
from vigie.orders.order_token import hashed_token, new_order_token, order_token
from vigie.tracing.upload_code import UploadCode

if TYPE_CHECKING:
    from datetime import datetime

    from result_polling.order_store import Order, OrderStore
    from vigie.http.door import Tell
    from vigie.orders.order_result import OrderResult
    from vigie.sealing import DerivedKey
    from vigie.tracing.code_signer import CodeSigner

# Of 35 bits, with millions of orders: one in ten thousand is taken.
_TRIES = 4


class NoOrderError(Exception):
    """There is no order, it is over, or its token was exchanged often enough: all the same."""


class ResultPolling:
    """Makes orders and delivers their results.

    Args:
        orders: the orders table.
        secret: keys the hashes of tokens.
        signer: signs upload codes.
        website: where a test is ordered; the token is put behind it.
        tell: told the code of each end.
    """

    def __init__(
        self,
        *,
        orders: OrderStore,
        secret: DerivedKey,
        signer: CodeSigner,
        website: str,
        tell: Tell,
    ) -> None:
        self._orders = orders
        self._secret = secret
        self._signer = signer
        self._website = website
        self._tell = tell

    def order(self, now: datetime) -> OrderAnswer:
        """A new order.

        Raises:
            Unavailable: something did not answer.
        """
        for _ in range(_TRIES):
            token, polling_token = new_order_token(), _uuid()
            if self._orders.add(self._hashed(token), self._hashed(polling_token), now):
                self._tell(LogCode.TEST_ORDERED)
                return OrderAnswer(
                    website=self._website + token,
                    token=token,
                    polling_token=polling_token,
                    submission_token=_uuid(),
                )
        raise Unavailable("orders-table:tokens-taken")

    def poll(self, polling_token: uuid.UUID, now: datetime) -> ResultAnswer | None:
        """The result of the order of a polling token; None while there is none.

        Raises:
            NoOrderError: no order has the token, or it is over.
            Rejected: a newer version of the system wrote the order.
            Unavailable: something did not answer.
        """
        order = self._orders.polled(self._hashed(str(polling_token)), now)
        if order is None:
            self._tell(LogCode.POLLING_REFUSED)
            raise NoOrderError
        return self._awaited_or_delivered(order, now)

    def exchange(self, written: str, now: datetime) -> ResultAnswer | None:
        """The result of the order of a token that somebody typed; None while there is none.

        Only an exchange that delivers is counted, and there are two of them.

        Raises:
            NoOrderError: no order has the token, it is over, or was exchanged twice.
            Rejected: a newer version of the system wrote the order.
            Unavailable: something did not answer.
        """
        token = order_token(written)
        order = self._orders.get(self._hashed(token), now) if token else None
        if order is None or not self._may_exchange(order, now):
            self._tell(LogCode.EXCHANGE_REFUSED)
            raise NoOrderError
        return self._awaited_or_delivered(order, now)

    def _may_exchange(self, order: Order, now: datetime) -> bool:
        if told_of(order.results) is None:
            return True
        return self._orders.count_exchange(order.token, now)

    def _awaited_or_delivered(self, order: Order, now: datetime) -> ResultAnswer | None:
        result = told_of(order.results)
        if result is None or result.outcome is None:
            self._tell(LogCode.RESULT_AWAITED)
            return None
        code = self._upload_code(result, now)
        self._orders.note_delivery(order.token, now)
        self._tell(LogCode.RESULT_DELIVERED)
        return ResultAnswer(
            test_day=result.test_day,
            outcome=result.outcome,
            kit=result.kit,
            upload_supported=code is not None,
            upload_code=code,
        )

    def _upload_code(self, result: OrderResult, now: datetime) -> str | None:
        if result.upload is None or not result.upload.holds(now):
            return None
        code = UploadCode(jti=result.jti, issued_at=now.replace(microsecond=0))
        signed = self._signer.sign(code)
        self._tell(LogCode.UPLOAD_CODE_GIVEN)
        return signed

    def _hashed(self, token: str) -> str:
        return hashed_token(self._secret.bytes(), token)


def _uuid() -> str:
    return str(uuid.uuid4())
