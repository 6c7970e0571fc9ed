"""Keys that are there already: which are revised, which stay, and which may not be given again.

Source: `internal/publish/database/exposure.go` of the Exposure Notification key server,
InsertAndReviseExposures, and `internal/publish/model/exposure_model.go`, Exposure.Revise.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple

from key_upload.refusal import ErrorCode, PublishRefusedError
from key_upload.report_types import may_become
from vigie.tracing.diagnosis_key import DiagnosisKey, ReportType

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from key_upload.revision_token import RevisableKey
    from vigie.tracing.stored_key import KnownKey


class Revision(NamedTuple):
    """A key that is there, as it is to be from the revision on, and as it is known."""

    key: DiagnosisKey
    known: KnownKey


class Changes(NamedTuple):
    """What an upload changes.

    Attributes:
        new: keys to store.
        revised: keys to revise.
        dropped: the bytes of keys that are there and that the token does not name.
    """

    new: tuple[DiagnosisKey, ...]
    revised: tuple[Revision, ...]
    dropped: tuple[bytes, ...]


def changes_by(
    keys: Sequence[DiagnosisKey],
    known: Mapping[bytes, KnownKey],
    revisable: Sequence[RevisableKey] | None,
    now: datetime,
    *,
    partial: bool,
) -> Changes:
    """What an upload of keys changes.

    Args:
        keys: of the upload.
        known: those of them that are there, by their bytes.
        revisable: what the revision token names, none if it is not one of ours; None without a
            token.
        now: the time, aware.
        partial: drop keys that the token does not name, instead of refusing them all.

    Raises:
        PublishRefusedError: a key is there and the token does not name it, or it was given with
            other times, or may not become what it is given as.
    """
    named = {key.key_data: key for key in revisable or ()}
    new: list[DiagnosisKey] = []
    revised: list[Revision] = []
    dropped: list[bytes] = []
    for key in keys:
        earlier = known.get(key.key_data)
        if earlier is None:
            new.append(key)
            continue
        if revisable is None:
            raise _refused(
                ErrorCode.MISSING_REVISION_TOKEN, "no revision token, but sent existing keys"
            )
        if named and partial and key.key_data not in named:
            dropped.append(key.key_data)
            continue
        _refuse_other_times(key, earlier, named.get(key.key_data))
        if _is_revision(key, earlier, now):
            revised.append(Revision(key, earlier))
    # Nobody was warned because of a new key, so there is nothing to take back.
    stored = tuple(key for key in new if key.report_type is not ReportType.REVOKED)
    return Changes(stored, tuple(revised), tuple(dropped))


def _refuse_other_times(key: DiagnosisKey, known: KnownKey, named: RevisableKey | None) -> None:
    if named is None or not _times(key) == _times(known) == _times(named):
        raise _refused(ErrorCode.INVALID_REVISION_TOKEN, "revision token is invalid")


def _is_revision(key: DiagnosisKey, known: KnownKey, now: datetime) -> bool:
    """Whether a key is given as something else than before; a key is revised once."""
    if key.report_type in {known.report_type, known.revised_as}:
        return False
    if known.revised_as is not None:
        raise _refused(ErrorCode.KEY_ALREADY_REVISED, "key was already revised")
    if not may_become(known.report_type, key.report_type):
        raise _refused(
            ErrorCode.INVALID_REPORT_TYPE_TRANSITION,
            "invalid report type transition: cannot transition from "
            f"{known.report_type.name} to {key.report_type.name}",
        )
    # What is about to be deleted is not given out any more.
    return now < known.expires_at


def _times(key: DiagnosisKey | KnownKey | RevisableKey) -> tuple[int, int]:
    return key.rolling_start_interval_number, key.rolling_period


def _refused(code: ErrorCode, text: str) -> PublishRefusedError:
    return PublishRefusedError(HTTPStatus.BAD_REQUEST, code, text)
