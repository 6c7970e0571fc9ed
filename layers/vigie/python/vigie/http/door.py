"""The door of a function that answers an HTTP API (payload format 2.0): what they all do alike."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, TypeVar

from aws_lambda_powertools.logging import Logger
from aws_lambda_powertools.metrics import Metrics, MetricUnit

from vigie.model import Frozen
from vigie.settings import read_settings
from vigie.unforeseen import told_by_type

if TYPE_CHECKING:
    from collections.abc import Callable
    from enum import StrEnum

    from aws_lambda_powertools.utilities.typing import LambdaContext

# The response to an event.
Answer: TypeAlias = "Callable[[dict[str, Any]], dict[str, Any]]"
Handler: TypeAlias = "Callable[[dict[str, Any], LambdaContext], dict[str, Any]]"
_Settings = TypeVar("_Settings", bound=Frozen)
_Settings_contra = TypeVar("_Settings_contra", bound=Frozen, contravariant=True)


class Build(Protocol[_Settings_contra]):
    """Wires a function from its settings; what else it takes has defaults."""

    def __call__(self, settings: _Settings_contra, *, logger: Logger, metrics: Metrics) -> Answer:
        """What answers events."""


class Tell(Protocol):
    """Told the code, and the reason where there is one, of what an operator may look for."""

    def __call__(self, code: StrEnum, reason: str = "") -> None:
        """Log and count it."""


def utc_now() -> datetime:
    """The time, aware."""
    return datetime.now(UTC)


def telling(logger: Logger, metrics: Metrics) -> Tell:
    """What logs each thing by its code, and counts it under the same name."""

    def tell(code: StrEnum, reason: str = "") -> None:
        logger.info(code.value, extra={"reason": reason} if reason else None)
        metrics.add_metric(code.value, MetricUnit.Count, 1)

    return tell


def http_door(settings: type[_Settings], build: Build[_Settings]) -> Handler:
    """The handler of a function.

    The first request builds what answers, and all later ones of the instance use it.

    Args:
        settings: the model of its environment.
        build: wires it.
    """

    @cache
    def metrics() -> Metrics:
        return Metrics()

    @cache
    def api() -> Answer:
        return build(read_settings(settings), logger=Logger(), metrics=metrics())

    def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
        with told_by_type():
            metrics().add_metric("requests", MetricUnit.Count, 1)
            try:
                return api()(event)
            finally:
                metrics().flush_metrics()

    return handler
