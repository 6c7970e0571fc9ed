"""Counting what functions ask of AWS while they run in process, and how long they compute."""

from __future__ import annotations

import io
import time
from collections import Counter, defaultdict
from contextlib import contextmanager, redirect_stdout
from typing import TYPE_CHECKING, Any, NamedTuple
from unittest import mock

from botocore.client import BaseClient
from botocore.exceptions import ClientError
from moto.core.botocore_stubber import BotocoreStubber

from tests.bench import usage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from tests.flows.wired import Consume

_CALL: Callable[..., Any] = vars(BaseClient)["_make_api_call"]
_ANSWER: Callable[..., Any] = vars(BotocoreStubber)["__call__"]
# What a function that works on several things at once waits for side by side.
_SIDE_BY_SIDE = frozenset({"dynamodb", "kms", "sesv2"})
_WRITES = frozenset({"PutItem", "UpdateItem", "DeleteItem"})
# Milliseconds that a call takes on its way and at its service: assumed, not measured.
_WAITS = {"dynamodb": 5, "kms": 10, "s3": 25, "sesv2": 60, "sns": 20, "sqs": 10, "ssm": 10}
# What Lambda writes of itself for an invocation: START, END and REPORT.
_REPORT_BYTES = 400
# Lambda's active tracing takes one invocation in twenty.
_TRACED = 0.05
# The most that Amazon SQS hands out, and deletes, in one request.
_RECEIVED_AT_ONCE = 10
# Lambda gives so many MiB one processor, and others in proportion.
_MIB_OF_A_PROCESSOR = 1769


class Function(NamedTuple):
    """What the time of a function depends on.

    Attributes:
        memory_mib: of its template.
        side_by_side: how many calls of DynamoDB, KMS or SES it waits for at once.
    """

    memory_mib: int
    side_by_side: int = 1


class Meter:
    """Counts while functions run; one meter at a time.

    The time of a function is what it computes on this machine, as if a processor of Lambda
    were as quick, divided by the share of a processor that its memory gives; and the waits.

    Args:
        log: where the functions log.

    Attributes:
        calls: by function and operation.
        used: units of the price list.
        used_by: the same of each function, what is sent to it included.
        seconds: that each function ran for.
        written: write units by table and partition key, without those of its indexes.
        published: messages to topics.
    """

    def __init__(self, log: io.StringIO) -> None:
        self._log = log
        self._within: tuple[str, Function] | None = None
        self._emulating = self._waited = 0.0
        self.calls: Counter[tuple[str, str]] = Counter()
        self.used: defaultdict[str, float] = defaultdict(float)
        self.used_by: defaultdict[str, defaultdict[str, float]] = defaultdict(
            lambda: defaultdict(float)
        )
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self.written: Counter[tuple[str, str]] = Counter()
        self.published = 0

    def counted(self, name: str, function: Function, consume: Consume) -> Consume:
        """The same function, counted at each batch of its queue."""

        def door(event: dict[str, object], context: None) -> Any:  # noqa: ANN401 - as Powertools answers
            records: Any = event["Records"]
            self._charge(name, "sqs request", _requests([one["body"] for one in records]))
            with self.invocation(name, function):
                return consume(event, context)

        return door

    @contextmanager
    def invocation(self, name: str, function: Function) -> Iterator[None]:
        """Count what is done inside as one invocation."""
        self._within, self._emulating, self._waited = (name, function), 0.0, 0.0
        printed, logged = io.StringIO(), self._log.tell()
        began = time.process_time()
        try:
            with redirect_stdout(printed):
                yield
        finally:
            computed = time.process_time() - began - self._emulating
            self._within = None
            share = min(1.0, function.memory_mib / _MIB_OF_A_PROCESSOR)
            seconds = computed / share + self._waited / 1000
            self.seconds[name] += seconds
            self._charge(name, "lambda GB-second", seconds * function.memory_mib / 1024)
            self._charge(name, "lambda request", 1)
            self._charge(name, "xray trace", _TRACED)
            written = len(printed.getvalue()) + self._log.tell() - logged + _REPORT_BYTES
            self._charge(name, "cloudwatch log KB", written / 1024)

    @contextmanager
    def switched_on(self) -> Iterator[None]:
        """Count the calls inside that functions make."""

        def make(client: BaseClient, operation: str, params: dict[str, Any]) -> object:
            if self._within is None:
                return _CALL(client, operation, params)
            return self._call(*self._within, client, operation, params)

        def answer(*args: Any, **kwargs: Any) -> object:  # noqa: ANN401 - moto's own
            began = time.process_time()
            try:
                return _ANSWER(*args, **kwargs)
            finally:
                self._emulating += time.process_time() - began

        with (
            mock.patch.object(BaseClient, "_make_api_call", make),
            mock.patch.object(BotocoreStubber, "__call__", answer),
        ):
            yield

    def _call(
        self,
        name: str,
        function: Function,
        client: BaseClient,
        operation: str,
        params: dict[str, Any],
    ) -> object:
        service = client.meta.service_model.service_name
        self.calls[name, f"{service} {operation}"] += 1
        parallel = function.side_by_side if service in _SIDE_BY_SIDE else 1
        self._waited += _WAITS[service] / parallel
        if service == "dynamodb" and operation in _WRITES:
            return self._write(client, operation, params)
        if operation == "TransactWriteItems":
            return self._transact(client, params)
        self.published += len(params.get("PublishBatchRequestEntries", ()))
        try:
            answer: Any = _CALL(client, operation, params)
        except ClientError as error:
            self._use(usage.of_call(service, operation, params, dict(error.response)))
            raise
        self._use(usage.of_call(service, operation, params, answer))
        return answer

    def _write(self, client: BaseClient, operation: str, params: dict[str, Any]) -> object:
        before = usage.stored(params)
        try:
            return _CALL(client, operation, params)
        finally:
            after = usage.stored(params)
            self._count_written(params, usage.of_item(before, after))
            self._use(usage.of_write(params["TableName"], before, after))

    def _transact(self, client: BaseClient, params: dict[str, Any]) -> object:
        writes = usage.writes_of(params)
        before = [usage.stored(write) for write in writes]
        try:
            return _CALL(client, "TransactWriteItems", params)
        finally:
            for write, old in zip(writes, before, strict=True):
                new, table = usage.stored(write), write["TableName"]
                self._count_written(write, 2 * usage.of_item(old, new))
                self._use(usage.of_write(table, old, new))
                self._use(usage.of_write(table, old, new))

    def _count_written(self, write: Mapping[str, Any], units: int) -> None:
        self.written[write["TableName"], usage.partition_of(write)] += units

    def _use(self, used: usage.Usage) -> None:
        name = self._within[0] if self._within else ""
        for unit, number in used.items():
            self._charge(name, unit, number)

    def _charge(self, function: str, unit: str, number: float) -> None:
        self.used[unit] += number
        self.used_by[function][unit] += number


def _requests(bodies: list[str]) -> int:
    """What the messages of a batch are charged as: sent, and ten at most received and deleted."""
    starts = range(0, len(bodies), _RECEIVED_AT_ONCE)
    groups = [bodies[start : start + _RECEIVED_AT_ONCE] for start in starts]
    sent = sum(usage.message_requests([body]) for body in bodies)
    return sent + sum(usage.message_requests(group) + 1 for group in groups)
