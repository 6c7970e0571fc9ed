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
from vigie.certificates.source import Source
from vigie.events.event import AnyEvent, CertificateIssued
from vigie.results.codes import Status


class Silence(StrEnum):
    """Why a happening gives no message."""

    SOURCE_GONE = "source-gone"
    TOO_OLD = "too-old"
    SUPERSEDED = "superseded"
    PRELIMINARY = "preliminary"
    NEVER_TOLD = "never-told"
    SOURCE_WITHDRAWN = "source-withdrawn"
    SAME_LINK = "same-link"
    NOT_TOLD = "not-told"


def takes_back(source: Source) -> bool:
    """Whether nothing is shown of a source: only who was told of it before must hear of that."""
    return source.withdrawn or source.status is Status.PRELIMINARY


def decide(
    event: AnyEvent, source: Source | None, now: datetime, *, told: bool
) -> Template | Silence:
    """The template that an event is told with, or why it is not told.

    Args:
        event: what happened.
        source: the current version of the record that it speaks of; None if there is none.
        now: aware.
        told: whether a message about the record may have gone out; it matters only where
            `takes_back`, and is to be found out after the record was loaded.
    """
    if source is None:
        # Erased, or past its retention: nothing is left to be shown.
        return Silence.SOURCE_GONE
    if event.occurred_at + LIFETIME <= now:
        # A replay of the archive, whose sending record may be gone.
        return Silence.TOO_OLD
    return _RULES[event.type](event, source, told) or Template.DOCUMENT_AVAILABLE


def _of_record(event: AnyEvent, source: Source, told: bool) -> Silence | None:  # noqa: FBT001 - one signature for the table
    if event.version < source.version:
        # The newer version has an event of its own, and the link opens the newest anyway.
        return Silence.SUPERSEDED
    if told or not takes_back(source):
        return None
    return Silence.NEVER_TOLD if source.withdrawn else Silence.PRELIMINARY


def _of_dose(_event: AnyEvent, _source: Source, _told: bool) -> Silence:  # noqa: FBT001 - as above
    # Its certificate is told, or there is nothing to be shown.
    return Silence.NOT_TOLD


def _of_issue(event: AnyEvent, source: Source, _told: bool) -> Silence | None:  # noqa: FBT001 - as above
    if isinstance(event, CertificateIssued) and event.untold:
        # Its subscription filters it; an archive that is replayed does not.
        return Silence.NOT_TOLD
    if isinstance(event, CertificateIssued) and event.kind == "test":
        # It is behind the link of its result, which went out at the same time.
        return Silence.SAME_LINK
    # An older version of the source is no reason for silence: a certificate outlives the
    # versions that do not change its claims, and then has no newer event.
    if source.withdrawn:
        return Silence.SOURCE_WITHDRAWN
    return Silence.PRELIMINARY if takes_back(source) else None


def _of_expiry(_event: AnyEvent, _source: Source, _told: bool) -> Silence:  # noqa: FBT001 - as above
    # The certificate that carries on is told.
    return Silence.NOT_TOLD


def _of_revocation(_event: AnyEvent, _source: Source, _told: bool) -> Silence:  # noqa: FBT001 - as above
    # The correction or withdrawal that caused it is told.
    return Silence.NOT_TOLD


_RULES: dict[str, Callable[[AnyEvent, Source, bool], Silence | None]] = {
    "ResultRecorded": _of_record,
    "ResultCorrected": _of_record,
    "ResultWithdrawn": _of_record,
    "VaccinationRecorded": _of_dose,
    "VaccinationCorrected": _of_dose,
    "VaccinationWithdrawn": _of_record,
    "CertificateIssued": _of_issue,
    "CertificateExpiring": _of_expiry,
    "CertificateRevoked": _of_revocation,
}
