"""Keys that are there already: when giving them again is no fault.

Source: `internal/publish/model/exposure_model.go` of the Exposure Notification key server,
ReviseKeys. Every code here confirms a test, so that the report type of a key never changes:
giving a key again under its revision token does nothing.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from key_upload.refusal import ErrorCode, PublishRefusedError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from key_upload.revision_token import RevisableKey
    from vigie.tracing.diagnosis_key import DiagnosisKey
    from vigie.tracing.stored_key import KnownKey


def new_among(
    keys: Sequence[DiagnosisKey],
    known: Mapping[bytes, KnownKey],
    revisable: Sequence[RevisableKey] | None,
) -> tuple[DiagnosisKey, ...]:
    """The keys that are not there yet.

    Args:
        keys: those to store.
        known: those of them that are there, by their bytes.
        revisable: what the revision token names; None without a token.

    Raises:
        PublishRefusedError: a key is there and the token does not name it, or it was given
            otherwise before.
    """
    named = None if revisable is None else {key.key_data: key for key in revisable}
    for key in keys:
        if key.key_data in known:
            _refuse_unless_same(key, known[key.key_data], named)
    return tuple(key for key in keys if key.key_data not in known)


def _refuse_unless_same(
    key: DiagnosisKey, known: KnownKey, named: Mapping[bytes, RevisableKey] | None
) -> None:
    if named is None:
        raise _refused(ErrorCode.MISSING_REVISION_TOKEN, "a key is there already")
    in_token = named.get(key.key_data)
    if in_token is None or _times(in_token) != _times(key):
        raise _refused(ErrorCode.INVALID_REVISION_TOKEN, "the token does not name a key")
    if _times(known) != _times(key):
        raise _refused(ErrorCode.INVALID_REVISION_TOKEN, "a key was given with other times")
    if known.report_type is not key.report_type:
        raise _refused(ErrorCode.INVALID_REPORT_TYPE_TRANSITION, "a key was given otherwise")


def _times(key: DiagnosisKey | KnownKey | RevisableKey) -> tuple[int, int]:
    return key.rolling_start_interval_number, key.rolling_period


def _refused(code: ErrorCode, text: str) -> PublishRefusedError:
    return PublishRefusedError(HTTPStatus.BAD_REQUEST, code, text)
