"""What results cost: calls of AWS by kind of result, and dollars for a million of them.

Files of laboratories take their whole way, wired as production's templates say; what the
functions call is counted, and charged at the prices of a dated file. Left out is what does
not follow from a result: schedules and polls of empty queues, stored bytes, keys by the month,
the free tier, links that people open; and what carriers of messages charge.
"""

from __future__ import annotations

import io
import os
from contextlib import contextmanager, redirect_stdout
from datetime import timedelta
from math import ceil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple
from unittest import mock

from moto import mock_aws
from rich.console import Console
from rich.table import Table

import certificate_signing.handler
import notification_dispatch.handler
import person_linkage.handler
import statistics_counting.handler
from result_intake.item_recorder import WRITERS
from tests.bench.measured import PRICES, Measured, by_table, dollars_of
from tests.bench.meter import Function, Meter
from tests.flows.laboratory import LABORATORY, file_of, invented, later
from tests.flows.templates import production_templates
from tests.flows.wired import NOW, Wired
from tests.functions.conftest import REGION
from tests.functions.kms_signing import digests_signed
from vigie import aws
from vigie.person.identity import Contact
from vigie.results.codes import Outcome, Status

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.infra.template import Templates
    from vigie.results.test_result import TestResult

_IN_A_FILE = 250
_TARGET_DOLLARS = 25
_TARGET_WITHOUT_SIGNATURES = 10
_TARGET_GROWTH = 10.1
_FEW, _MANY, _GROWN_IN_A_FILE = 25, 250, 25
_WIDTH = 140
# How many things a function works on at once.
_SIDE_BY_SIDE = {
    "result_intake": WRITERS,
    "certificate_signing": certificate_signing.handler.SIDE_BY_SIDE,
    "notification_dispatch": notification_dispatch.handler.SIDE_BY_SIDE,
    "statistics_counting": statistics_counting.handler.WRITERS,
    "person_linkage": person_linkage.handler.WRITERS,
}


class _Kind(NamedTuple):
    """A kind of result.

    Attributes:
        known: whether a negative result of the test was sent before.
        released: whether its day comes eleven days later.
    """

    known: bool = False
    released: bool = False


_KINDS = {
    "negative": _Kind(),
    "positive": _Kind(released=True),
    "duplicate": _Kind(known=True),
    "correction": _Kind(known=True),
    "rejected": _Kind(),
}


def main() -> None:
    """Measure and print."""
    console = Console(width=_WIDTH)
    with TemporaryDirectory() as folder:
        templates = production_templates(Path(folder))
        kinds = {kind: measured(templates, kind, _IN_A_FILE, _IN_A_FILE) for kind in _KINDS}
        alone = measured(templates, "negative", 20, 1)
        few = measured(templates, "negative", _FEW, _GROWN_IN_A_FILE).total * _FEW
        many = measured(templates, "negative", _MANY, _GROWN_IN_A_FILE).total * _MANY
    console.print(_calls_table(kinds))
    console.print(_dollars_table({**kinds, "negative, alone in its file": alone}))
    _tell_targets(console, kinds["negative"])
    _tell_growth(console, few, many)
    console.print(
        f"Prices of {PRICES['region']} as of {PRICES['as_of']}, without the free tier."
        " Not counted: what carriers of e-mail and SMS charge, schedules, storage."
    )


def _tell_targets(console: Console, negative: Measured) -> None:
    total, without = negative.total, negative.total - negative.dollars["kms"]
    console.print(
        f"A million negative results: ${total:.2f}, target < ${_TARGET_DOLLARS}:"
        f" {_met(total < _TARGET_DOLLARS)}; without KMS ${without:.2f},"
        f" target < ${_TARGET_WITHOUT_SIGNATURES}: {_met(without < _TARGET_WITHOUT_SIGNATURES)}"
    )
    for function, dollars in sorted(negative.by_function.items(), key=lambda one: -one[1]):
        console.print(f"  {function}: ${dollars:.2f}")


def _tell_growth(console: Console, few: float, many: float) -> None:
    growth, marginal = many / few, (many - few) / (_MANY - _FEW)
    console.print(
        f"{_MANY} results in {_MANY // _GROWN_IN_A_FILE} files cost {growth:.2f} times as much as"
        f" {_FEW} in one; target ≤ {_TARGET_GROWTH}: {_met(growth <= _TARGET_GROWTH)}"
    )
    console.print(
        f"A million more cost ${marginal:.2f} in files of {_GROWN_IN_A_FILE}, the first"
        f" ${few / _FEW:.2f}: no price and no use of a service grows with the number"
    )


def _met(met: bool) -> str:  # noqa: FBT001 - a judgement in words
    return "met" if met else "missed"


def measured(templates: Templates, name: str, number: int, in_a_file: int) -> Measured:
    """Run a kind in an account of its own, and count what follows from its own files."""
    kind = _KINDS[name]
    negative = [_negative(each) for each in range(number)]
    with account(), redirect_stdout(io.StringIO()):
        wired = Wired(templates)
        if kind.known:
            _send(wired, "avant", negative, in_a_file)
        meter = Meter(wired.log)
        functions = _functions(templates)
        for consumer in list(wired.consumers):
            counted = meter.counted(consumer, functions[consumer], wired.consumers[consumer])
            wired.consumers[consumer] = counted
        with meter.switched_on():
            _send(wired, "matin", [_changed(name, test) for test in negative], in_a_file)
            if kind.released:
                wired.now = NOW + timedelta(days=11)
                with meter.invocation("certificate_release", functions["certificate_release"]):
                    wired.tick_release()
                wired.settle()
        wired.close()
    # The laboratory's own call.
    meter.used["s3 put"] += ceil(number / in_a_file)
    return Measured(
        {call: times / number for call, times in meter.calls.items()},
        {unit: units / number for unit, units in meter.used.items()},
        {function: seconds / number for function, seconds in meter.seconds.items()},
        by_table(meter.written, sum, number),
        by_table(meter.written, max, number),
        meter.published / number,
        {function: dollars_of(used) / number for function, used in meter.used_by.items()},
    )


def _functions(templates: Templates) -> dict[str, Function]:
    functions = {
        name: Function(resource.properties["MemorySize"])
        for name, resource in templates.functions().items()
    }
    # They work side by side there, and one by one here, so that nothing is counted twice.
    for name, number in _SIDE_BY_SIDE.items():
        functions[name] = functions[name]._replace(side_by_side=number)
    return functions


@contextmanager
def account() -> Iterator[None]:
    environment = {
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "POWERTOOLS_METRICS_NAMESPACE": "vigie-bench",
        "POWERTOOLS_SERVICE_NAME": "bench",
    }
    aws.forget_clients()
    with mock.patch.dict(os.environ, environment):
        # Under the emulator's command every client would go there.
        os.environ.pop("AWS_ENDPOINT_URL", None)
        os.environ.pop("AWS_SESSION_TOKEN", None)
        with mock_aws(), digests_signed():
            yield
    aws.forget_clients()


def _negative(number: int) -> TestResult:
    return invented(number, contact=Contact(email=f"personne.{number}@example.fr"))


def _changed(kind: str, test: TestResult) -> TestResult:
    match kind:
        case "positive":
            return test.model_copy(update={"outcome": Outcome.DETECTED})
        case "correction":
            # The certificate says it, so that it is revoked and made anew.
            sampled_at = test.sampled_at - timedelta(hours=1)
            return later(test, status=Status.CORRECTED, sampled_at=sampled_at)
        case "rejected":
            identity = test.identity.model_copy(update={"birth_date": "1969-14-14"})
            return test.model_copy(update={"identity": identity})
    return test


def _send(wired: Wired, name: str, tests: Sequence[TestResult], in_a_file: int) -> None:
    for first in range(0, len(tests), in_a_file):
        key = f"{LABORATORY}/{name}-{first}.csv"
        wired.notify(wired.put(key, file_of(tests[first : first + in_a_file], "csv")))
    wired.settle()


def _calls_table(kinds: dict[str, Measured]) -> Table:
    table = Table(
        "calls for a result", *kinds, title="Calls of AWS by kind, batches by their share"
    )
    lines = sorted({call for one in kinds.values() for call in one.calls})
    for call in lines:
        shares = (one.calls.get(call, 0) for one in kinds.values())
        table.add_row(" · ".join(call), *(f"{share:.3f}" if share else "" for share in shares))
    table.add_section()
    totals = (sum(one.calls.values()) for one in kinds.values())
    table.add_row("all", *(f"{total:.2f}" for total in totals))
    return table


def _dollars_table(kinds: dict[str, Measured]) -> Table:
    table = Table(
        "service", *kinds, title=f"Dollars for a million results, in files of {_IN_A_FILE}"
    )
    for service in sorted({name for one in kinds.values() for name in one.dollars}):
        amounts = (one.dollars.get(service, 0) for one in kinds.values())
        table.add_row(service, *(f"{amount:.2f}" for amount in amounts))
    table.add_section()
    table.add_row("all", *(f"{one.total:.2f}" for one in kinds.values()))
    return table


if __name__ == "__main__":
    main()
