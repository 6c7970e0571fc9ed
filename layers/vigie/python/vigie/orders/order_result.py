"""What the app that ordered a test finds: the results of the order, without anything of the person.

Several results may name one order, such as an antigen test and a NAAT of the same day. Each is
kept under the `jti` of its upload code, a keyed hash that leads nobody to it.

Source: `doc/architecture/api-contracts/mobile-facing/submission/virology-test-order-submission.md`
of the NHS COVID-19 app.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from vigie.model import Frozen
from vigie.results.codes import Method, Outcome
from vigie.results.shown_outcome import shown_outcome
from vigie.tracing.upload_permission import UploadWindow, upload_window

if TYPE_CHECKING:
    from collections.abc import Iterable

    from vigie.catalogue.disease import Disease
    from vigie.results.stored_result import ResultDocument

# How long an order waits for its result, and how long it is kept once the result was delivered.
WAITS_FOR = timedelta(weeks=4)
KEPT_DELIVERED = timedelta(hours=4)
# Of one order: nobody is tested more often on one of them.
MOST_RESULTS = 8


class TestOutcome(StrEnum):
    """What a test says, in the words of the app."""

    __test__ = False  # it is no test of pytest's

    POSITIVE = "POSITIVE"
    NEGATIVE = "NEGATIVE"
    VOID = "VOID"


class TestKit(StrEnum):
    """How the test was made, in the words of the app."""

    __test__ = False  # it is no test of pytest's

    LAB_RESULT = "LAB_RESULT"
    RAPID_RESULT = "RAPID_RESULT"


_OUTCOMES = {
    Outcome.DETECTED: TestOutcome.POSITIVE,
    Outcome.NOT_DETECTED: TestOutcome.NEGATIVE,
    Outcome.INCONCLUSIVE: TestOutcome.VOID,
    Outcome.NOT_OBTAINABLE: TestOutcome.VOID,
}
_KITS = {Method.NAAT: TestKit.LAB_RESULT, Method.ANTIGEN: TestKit.RAPID_RESULT}


class OrderResult(Frozen):
    """A result of an order.

    Attributes:
        jti: of its upload codes; see `vigie.tracing.upload_code`.
        version: of the result; a newer one prevails.
        outcome: None where there is nothing to rely on: it is preliminary, was withdrawn, or
            answers another order by now.
        kit: how the test was made.
        sampled_at: when the specimen was taken.
        upload: when an upload code is given for it; None if none ever is.
    """

    jti: str
    version: int
    outcome: TestOutcome | None
    kit: TestKit | None
    sampled_at: datetime
    upload: UploadWindow | None = None

    @property
    def test_day(self) -> str:
        """The beginning of the day (UTC) of the test, ISO 8601 with `Z`."""
        return f"{self.sampled_at.astimezone(UTC).date().isoformat()}T00:00:00Z"


def order_result(
    result: ResultDocument, disease: Disease | None, jti: str, *, answers: bool
) -> OrderResult:
    """What a result says to an order.

    Only tests of a disease that phones trace, for the agent itself, are told to an app.

    Args:
        result: the current version.
        disease: its entry of the catalogue, if there is one.
        jti: of its upload codes.
        answers: whether it answers this order still.
    """
    kit = _KITS.get(result.method)
    shown = shown_outcome(result)
    told = answers and kit and shown and disease is not None and disease.upload_methods
    return OrderResult(
        jti=jti,
        version=result.version,
        outcome=_OUTCOMES[shown] if told and shown else None,
        kit=kit,
        sampled_at=result.sampled_at,
        upload=upload_window(result, disease) if told else None,
    )


def told_of(results: Iterable[OrderResult]) -> OrderResult | None:
    """The one that the app is told of; None if there is none to tell of.

    A positive one comes first, then one that says something, then the latest.
    """
    order = (TestOutcome.VOID, TestOutcome.NEGATIVE, TestOutcome.POSITIVE)
    ready = [
        (order.index(each.outcome), each.sampled_at, each.jti, each)
        for each in results
        if each.outcome is not None
    ]
    return max(ready)[-1] if ready else None


def to_entry(result: OrderResult) -> dict[str, Any]:
    """The value that is kept of a result in the item of its order."""
    said = result.model_dump_json(exclude={"jti"})
    return {"M": {"version": {"N": str(result.version)}, "said": {"S": said}}}


def from_entries(entries: dict[str, Any]) -> tuple[OrderResult, ...]:
    """The results of an order's item: by their `jti`, what `to_entry` gave."""
    return tuple(
        OrderResult.model_validate_json(f'{{"jti":"{jti}",{entry["M"]["said"]["S"][1:]}')
        for jti, entry in entries.items()
    )
