"""Which report of a test prevails, whatever the order and the number of arrivals.

A result is named by its laboratory and the laboratory's own id of the test. Reports of
one result are ordered by (time of the report, rank of its status, hash of its content).
The stored version is the greatest that ever arrived: an older one that arrives later
changes nothing, and a withdrawal is kept even if the original was never seen, so that
the late original does not bring it back.

A report whose time is known to the day only has no place of its own among those of that
day that have a time. It counts as the first of them if it begins a result (preliminary,
final), and as the last if it changes one (amended, corrected, withdrawn, not obtainable);
among themselves the rank decides. To compare by rank each two of which one has no time
would be no order: a withdrawal of 9:00 is less than a final report of 14:00, which is
less than a correction without a time, which is less than the withdrawal. A report has one
place whatever it is compared with, so what prevails cannot depend on the arrival.

Every order of arrival, with any repetition, ends in the same content. The number of a
version does not have that property: it counts the contents that were stored, so it is 2
when a correction follows its original and 1 when it overtakes it.
"""

import base64
import hashlib
import hmac
import json
from datetime import UTC, date, datetime
from enum import IntEnum, StrEnum
from typing import NamedTuple

from result_intake.moment import FRANCE
from vigie.results.codes import Status
from vigie.results.stored_result import ResultDocument
from vigie.results.test_result import LocalId, TestResult

ANSWERS_KEPT = 16
_ID_LENGTH = 26
_HASH_KEPT = 32
_CHANGING = frozenset({Status.AMENDED, Status.CORRECTED, Status.WITHDRAWN, Status.NOT_OBTAINABLE})


class Answer(StrEnum):
    """What becomes of a report.

    `ACCEPTED`, `CORRECTED` and `WITHDRAWN` store a version; `DUPLICATE` says that a stored
    version had this very content, `SUPERSEDED` that a newer report came before.
    """

    ACCEPTED = "accepted"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"
    DUPLICATE = "duplicate"
    SUPERSEDED = "superseded"


class _PartOfDay(IntEnum):
    """Where a report stands among those of its day."""

    BEGIN = 0
    TIMED = 1
    END = 2


class Report(NamedTuple):
    """A report of a result, as it arrives.

    Attributes:
        result: what the laboratory says.
        laboratory: FINESS of the laboratory whose inbox it came by.
        source: where it was read, `<file id>:<ordinal>`.
        received_at: when its file reached the inbox.
        content_hash: see `content_hash`.
    """

    result: TestResult
    laboratory: str
    source: str
    received_at: datetime
    content_hash: str

    @property
    def result_id(self) -> str:
        """The id of the result that it speaks of."""
        return result_id(self.laboratory, self.result.local_id)


class Decision(NamedTuple):
    """What to do with a report, and what to answer.

    Attributes:
        answer: for the laboratory.
        version: the version that the report stored, now or on an earlier try; for an answer
            that stores nothing, the current one.
        writes: whether the report is to be stored as that version.
        answers: what the stored item remembers, once it is.
        in_vain: whether it is a withdrawal that leaves the result standing.
    """

    answer: Answer
    version: int
    writes: bool
    answers: tuple[tuple[str, str], ...]
    in_vain: bool = False


def result_id(laboratory: str, local_id: LocalId) -> str:
    """The id of a result: `<FINESS>-` and 26 characters of base32 of SHA-256 (130 bits)."""
    named = json.dumps([laboratory, local_id.accession, local_id.loinc, local_id.sub_id])
    digest = hashlib.sha256(named.encode()).digest()
    return f"{laboratory}-{base64.b32encode(digest).decode().lower()[:_ID_LENGTH]}"


def content_hash(result: TestResult, key: bytes) -> str:
    """HMAC-SHA256, hexadecimal, of everything that the laboratory said, as canonical JSON.

    It has a key because it covers the identity, which a plain hash would let one guess.
    What was not said is left out, so that a field added to `TestResult` changes no hash.
    """
    said = result.model_dump(mode="json", exclude_defaults=True)
    said["sampled_at"] = result.sampled_at.astimezone(UTC).isoformat()
    said["reported_at"] = result.reported_at.astimezone(UTC).isoformat()
    written = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hmac.digest(key, written.encode(), hashlib.sha256).hex()


def decide(current: ResultDocument | None, report: Report) -> Decision:
    """Say what becomes of a report, given the current version of its result.

    The same source again gets the answer that it got first. An item remembers its last 16
    stored versions; the retry of a source that 16 later versions have pushed out is answered
    as a report that was superseded, which it was.
    """
    if current is None:
        answer = _answer(report, first=True)
        return Decision(answer, 1, writes=True, answers=(_remember(report, answer, 1),))
    remembered = dict(current.answers).get(report.source)
    if remembered is not None:
        name, number, _ = remembered.split()
        return Decision(Answer(name), int(number), writes=False, answers=current.answers)
    if _was_stored(current, report):
        return _unheeded(Answer.DUPLICATE, current, report)
    if _order(report.result, report.content_hash) < _order(current, current.content_hash):
        return _unheeded(Answer.SUPERSEDED, current, report)
    version = current.version + 1
    answer = _answer(report, first=False)
    answers = (*current.answers, _remember(report, answer, version))[-ANSWERS_KEPT:]
    return Decision(answer, version, writes=True, answers=answers)


def _answer(report: Report, *, first: bool) -> Answer:
    if report.result.status is Status.WITHDRAWN:
        return Answer.WITHDRAWN
    return Answer.ACCEPTED if first else Answer.CORRECTED


def _unheeded(answer: Answer, current: ResultDocument, report: Report) -> Decision:
    return Decision(
        answer,
        current.version,
        writes=False,
        answers=current.answers,
        in_vain=report.result.status is Status.WITHDRAWN and not current.withdrawn,
    )


def _remember(report: Report, answer: Answer, version: int) -> tuple[str, str]:
    # The content of each version is remembered too: a repetition of one that was corrected
    # since stays a duplicate, as it was answered when it came before the correction.
    return report.source, f"{answer} {version} {report.content_hash[:_HASH_KEPT]}"


def _was_stored(current: ResultDocument, report: Report) -> bool:
    if report.content_hash == current.content_hash:
        return True
    kept = report.content_hash[:_HASH_KEPT]
    return any(answer.split()[2] == kept for _, answer in current.answers)


def _order(
    said: TestResult | ResultDocument, content_hash: str
) -> tuple[date, _PartOfDay, datetime, int, str]:
    day = said.reported_at.astimezone(FRANCE).date()
    return day, _part_of_day(said), said.reported_at, said.status.rank, content_hash


def _part_of_day(said: TestResult | ResultDocument) -> _PartOfDay:
    if not said.reported_day_only:
        return _PartOfDay.TIMED
    return _PartOfDay.END if said.status in _CHANGING else _PartOfDay.BEGIN
