"""Which limit of AWS, or of our own settings, comes first as results come faster.

From the calls that a result makes, the time that functions take for it, and a dated file of
quotas. Nothing is known here of what AWS does beyond a quota.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tests.functions.conftest import REGION
from tests.infra.template import name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tests.bench.measured import Measured
    from tests.infra.template import Templates

_QUOTAS = json.loads((Path(__file__).parent / f"quotas-{REGION}.json").read_text())


class Limit(NamedTuple):
    """How far a limit reaches.

    Attributes:
        name: of the limit.
        value: as AWS, or our setting, states it.
        results: a second, at which it is reached.
        remedy: what to do before.
    """

    name: str
    value: float
    results: float
    remedy: str


def limits(measured: Measured, copies: Mapping[str, int]) -> list[Limit]:
    """Every limit, the one that comes first before the others.

    Args:
        measured: what a result takes.
        copies: by function that reads a queue, how many of it run at once at most.
    """
    found = [
        *_of_calls(measured),
        *_of_writes(measured),
        _of_partitions(measured),
        *_of_functions(measured, copies),
    ]
    return sorted(found, key=lambda limit: limit.results)


def copies_of(templates: Templates) -> dict[str, int]:
    """The maximum concurrency of each function's queue, as the templates say."""
    folders = {name(one): folder for folder, one in templates.functions().items()}
    return {
        folders[
            templates.target(source.stack, source.properties["FunctionName"])
        ]: source.properties["ScalingConfig"]["MaximumConcurrency"]
        for source in templates.of("AWS::Lambda::EventSourceMapping")
    }


def _of_calls(measured: Measured) -> Iterator[Limit]:
    for quota in _QUOTAS["calls_a_second"]:
        calls = sum(times for (_, call), times in measured.calls.items() if call in quota["calls"])
        yield _limit(quota, calls)
    yield _limit(_QUOTAS["published_a_second"], measured.published)


def _of_writes(measured: Measured) -> Iterator[Limit]:
    for quota in _QUOTAS["write_units_a_second"]:
        yield _of_table(quota, measured.written)


def _of_partitions(measured: Measured) -> Limit:
    """The key that is written most, as if it had its share of any number of results.

    That is right of a key which many results share, and too strict of one that each result has
    to itself: its share is then one of the results that were measured.
    """
    return _of_table(_QUOTAS["write_units_a_second_of_a_partition"], measured.hottest)


def _of_table(quota: Mapping[str, str | float], units_of: Mapping[str, float]) -> Limit:
    table, units = max(units_of.items(), key=lambda one: one[1])
    limit = _limit(quota, units)
    return limit._replace(name=f"{limit.name} ({table.rsplit('-', 1)[-1]})")


def _of_functions(measured: Measured, copies: Mapping[str, int]) -> Iterator[Limit]:
    yield _limit(_QUOTAS["concurrent_executions"], sum(measured.seconds.values()))
    yield _limit(_QUOTAS["messages_in_flight"], max(measured.seconds.values()))
    for function, most in copies.items():
        if seconds := measured.seconds.get(function):
            remedy = f"Our setting: the concurrency of {function} in infra/."
            yield Limit(f"copies of {function}", most, most / seconds, remedy)


def _limit(quota: Mapping[str, str | float], each: float) -> Limit:
    value = float(quota["value"])
    results = value / each if each else float("inf")
    return Limit(str(quota["name"]), value, results, str(quota["raise"]))
