"""Whether a result lets a person alert their contacts, and when."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - read from the annotations
from typing import TYPE_CHECKING, NamedTuple

from vigie.results.codes import Outcome, Status
from vigie.tracing.upload_code import GIVEN_FOR

if TYPE_CHECKING:
    from vigie.catalogue.disease import Disease
    from vigie.results.stored_result import ResultDocument

_SETTLED = frozenset({Status.FINAL, Status.AMENDED, Status.CORRECTED})


class UploadWindow(NamedTuple):
    """When upload codes are given for a result.

    Attributes:
        begins: aware, the first moment.
        ends: aware, the first moment after the last.
    """

    begins: datetime
    ends: datetime

    def holds(self, now: datetime) -> bool:
        """Whether a code is given at a time."""
        return self.begins <= now < self.ends


def upload_window(result: ResultDocument, disease: Disease | None) -> UploadWindow | None:
    """When upload codes are given for a result; None if none ever is.

    They are given for a settled result that detected the agent, by a method that the disease's
    entry names, for 14 days after the sampling.

    Args:
        result: the current version.
        disease: its entry of the catalogue, if there is one.
    """
    if result.status not in _SETTLED or result.outcome is not Outcome.DETECTED:
        return None
    if disease is None or result.method not in disease.upload_methods:
        return None
    return UploadWindow(result.sampled_at, result.sampled_at + GIVEN_FOR)


def upload_permitted_until(
    result: ResultDocument, disease: Disease | None, now: datetime
) -> datetime | None:
    """Until when an upload code is given for a result; None if none is at that time.

    Args:
        result: the current version.
        disease: its entry of the catalogue, if there is one.
        now: the time, aware.
    """
    window = upload_window(result, disease)
    return window.ends if window is not None and window.holds(now) else None
