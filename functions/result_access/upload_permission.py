"""Whether a person may alert their contacts with a result."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vigie.results.codes import Outcome, Status
from vigie.tracing.upload_code import GIVEN_FOR

if TYPE_CHECKING:
    from datetime import datetime

    from vigie.catalogue.disease import Disease
    from vigie.results.stored_result import ResultDocument

_SETTLED = frozenset({Status.FINAL, Status.AMENDED, Status.CORRECTED})


def upload_permitted_until(
    result: ResultDocument, disease: Disease | None, now: datetime
) -> datetime | None:
    """Until when an upload code is given for a result; None if none is.

    It is given for a settled result that detected the agent, by a method that the disease's
    entry names, for 14 days after the sampling.

    Args:
        result: the current version.
        disease: its entry of the catalogue, if there is one.
        now: the time, aware.
    """
    if result.status not in _SETTLED or result.outcome is not Outcome.DETECTED:
        return None
    if disease is None or result.method not in disease.upload_methods:
        return None
    until = result.sampled_at + GIVEN_FOR
    return until if result.sampled_at <= now < until else None
