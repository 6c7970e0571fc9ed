"""Which happening is worth a message: a table of rules, and nothing else.

The message is the same whatever happened (something is there, with a link), so that
it tells nothing to whoever looks at the telephone. What differs is only whether it
goes out.
"""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum

from notification_dispatch.sending import Template
from vigie.access.grant import LIFETIME
from vigie.events.event import (
    AnyEvent,
    CertificateIssued,
    ResultEvent,
)
from vigie.results.codes import Status
from vigie.results.stored_result import StoredResult


class Silence(StrEnum):
    """Why a happening gives no message."""

    RESULT_GONE = "result-gone"
    TOO_OLD = "too-old"
    SUPERSEDED = "superseded"
    PRELIMINARY = "preliminary"
    NEVER_TOLD = "never-told"
    RESULT_WITHDRAWN = "result-withdrawn"
    SAME_LINK = "same-link"
    NOT_TOLD = "not-told"


def takes_back(result: StoredResult) -> bool:
    """Whether nothing is shown of a result: only who was told of it before must hear of that."""
    return result.withdrawn or result.status is Status.PRELIMINARY


def decide(
    event: AnyEvent, result: StoredResult | None, now: datetime, *, told: bool
) -> Template | Silence:
    """The template that an event is told with, or why it is not told.

    Args:
        event: what happened.
        result: the current version of the result that it speaks of; None if there is none.
        now: aware.
        told: whether a message about the result may have gone out; it matters only where
            `takes_back`, and is to be found out after the result was loaded.
    """
    if result is None:
        # Erased, or past its retention: nothing is left to be shown.
        return Silence.RESULT_GONE
    if event.occurred_at + LIFETIME <= now:
        # A replay of the archive, whose sending record may be gone.
        return Silence.TOO_OLD
    return _RULES[event.type](event, result, told) or Template.DOCUMENT_AVAILABLE


def _of_result(event: AnyEvent, result: StoredResult, told: bool) -> Silence | None:  # noqa: FBT001 - one signature for the table
    if isinstance(event, ResultEvent) and event.version < result.version:
        # The newer version has an event of its own, and the link opens the newest anyway.
        return Silence.SUPERSEDED
    if told or not takes_back(result):
        return None
    return Silence.NEVER_TOLD if result.withdrawn else Silence.PRELIMINARY


def _of_issue(event: AnyEvent, result: StoredResult, _told: bool) -> Silence | None:  # noqa: FBT001 - as above
    if isinstance(event, CertificateIssued) and event.untold:
        # Its subscription filters it; an archive that is replayed does not.
        return Silence.NOT_TOLD
    if isinstance(event, CertificateIssued) and event.kind == "test":
        # It is behind the link of its result, which went out at the same time.
        return Silence.SAME_LINK
    # An older version of the result is no reason for silence: a certificate outlives the
    # versions that do not change its claims, and then has no newer event.
    if result.withdrawn:
        return Silence.RESULT_WITHDRAWN
    return Silence.PRELIMINARY if takes_back(result) else None


def _of_expiry(_event: AnyEvent, _result: StoredResult, _told: bool) -> Silence:  # noqa: FBT001 - as above
    # The certificate that carries on is told.
    return Silence.NOT_TOLD


def _of_revocation(_event: AnyEvent, _result: StoredResult, _told: bool) -> Silence:  # noqa: FBT001 - as above
    # The correction or withdrawal that caused it is told.
    return Silence.NOT_TOLD


_RULES: dict[str, Callable[[AnyEvent, StoredResult, bool], Silence | None]] = {
    "ResultRecorded": _of_result,
    "ResultCorrected": _of_result,
    "ResultWithdrawn": _of_result,
    "CertificateIssued": _of_issue,
    "CertificateExpiring": _of_expiry,
    "CertificateRevoked": _of_revocation,
}
