"""Counting the current versions of results, and what was counted of them before out again.

Results are counted many at once: their accounts are written side by side, each on the condition
that nobody else did meanwhile, and what all of them add to the counts in one transaction
(`statistics_counting.account`). A result that fails is tried again on its own account.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, NamedTuple

from statistics_counting.account import person_key
from statistics_counting.batch_store import MOST_CELLS
from statistics_counting.chunks import Counted, chunks
from statistics_counting.counted_test import counted_test
from statistics_counting.log_codes import LogCode
from statistics_counting.posting import TURNS, Ledger, Posted, total
from vigie.errors import Rejected, Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime, timedelta
    from zoneinfo import ZoneInfo

    from aws_lambda_powertools import Logger

    from statistics_counting.account_store import AccountStore
    from statistics_counting.batch_store import BatchStore
    from statistics_counting.change_notes import ChangeNotes
    from statistics_counting.posting import Change
    from vigie.consumer import Failure
    from vigie.results.result_reader import ResultReader

_TRIES = 8


class Stores(NamedTuple):
    """What the counting reads and writes.

    Attributes:
        results: current versions.
        accounts: whose tests are counted.
        batches: what is added to the counts.
        notes: of the days that change.
    """

    results: ResultReader
    accounts: AccountStore
    batches: BatchStore
    notes: ChangeNotes


class Pace(NamedTuple):
    """How the counting goes about it.

    Attributes:
        writers: how many accounts are written side by side.
        pause: waits for the next try, which is given from 0.
        new_id: names a batch as none was before.
    """

    writers: int
    pause: Callable[[int], None]
    new_id: Callable[[], str]


class Counting:
    """Counts results.

    Args:
        stores: what it reads and writes.
        pace: how it goes about it.
        zone: whose calendar counts.
        kept: how long it is remembered where a test was counted, from when it last was: longer
            than results live.
        logger: told of what happens, never about whom.
    """

    def __init__(
        self, stores: Stores, pace: Pace, zone: ZoneInfo, kept: timedelta, logger: Logger
    ) -> None:
        self._stores = stores
        self._pace = pace
        self._zone = zone
        self._kept = kept
        self._logger = logger

    def count(self, told: Mapping[str, int], now: datetime) -> dict[str, Failure]:
        """Make the counts right for results.

        Args:
            told: the version of each result that is known of; 0 if none is.
            now: the present, aware.

        Returns:
            Why those failed that did: rejected, where another version of the system wrote what is
            read; else AWS did not answer, or others kept writing the same accounts.
        """
        waiting = dict(told)
        failures: dict[str, Failure] = {}
        for attempt in range(_TRIES):
            if not waiting:
                return failures
            try:
                again = self._tried(waiting, now, consistent=attempt > 0 or 0 in waiting.values())
            except Unavailable as unavailable:
                return failures | dict.fromkeys(waiting, unavailable)
            except Rejected as rejected:
                if len(waiting) == 1:
                    return failures | dict.fromkeys(waiting, rejected)
                # One of them may not be read: the others shall not suffer for it.
                for result_id, version in waiting.items():
                    failures |= self.count({result_id: version}, now)
                return failures
            waiting = {result_id: waiting[result_id] for result_id in again}
            if waiting and attempt:
                self._pace.pause(attempt)
        return failures | dict.fromkeys(waiting, Unavailable("counted-table:contended"))

    def _tried(self, told: Mapping[str, int], now: datetime, *, consistent: bool) -> set[str]:
        """Count results; those that must be tried again."""
        found = self._stores.results.told(told)
        if len(found) < len(told):
            # They have expired; what they were counted as stays counted.
            self._logger.info(LogCode.RESULT_GONE, results=len(told) - len(found))
        counted = (Counted(each, counted_test(each, self._zone)) for each in found.values())
        again: set[str] = set()
        for chunk in chunks(one for one in counted if one.matters):
            again |= self._chunk(chunk, now, consistent=consistent)
        return again

    def _chunk(self, chunk: Sequence[Counted], now: datetime, *, consistent: bool) -> set[str]:
        results = [one.result for one in chunk]
        accounts = self._stores.accounts.around(results, consistent=consistent)
        named = {layer.batch for account in accounts.values() for layer in account.layers}
        fates = self._stores.batches.fates(named, now)
        ledger = Ledger(accounts, fates, self._expiry(now))
        fit = [one for one in chunk if consistent or ledger.is_new(one.result)]
        again = {one.name for one in chunk} - {one.name for one in fit}
        for one in fit:
            if ledger.waits(one.result):
                again.add(one.name)
            match ledger.post(one.result, one.test):
                case Posted.AGAIN:
                    again.add(one.name)
                case Posted.SETTLED:
                    self._logger.warning(LogCode.CORRECTION_TOO_LATE)
        batch = self._pace.new_id()
        changes = ledger.changes(batch)
        if len(fit) > 1 and _cells(changes) > MOST_CELLS:
            half = len(fit) // 2
            for part in (fit[:half], fit[half:]):
                again |= self._chunk(part, now, consistent=consistent)
            return again
        failed = self._written(batch, changes, ledger, fit, now)
        again |= {one.name for one in fit if not failed.isdisjoint(ledger.places(one.result))}
        return again | self._moved_meanwhile(fit, ledger)

    def _written(
        self,
        batch: str,
        changes: list[Change],
        ledger: Ledger,
        fit: Sequence[Counted],
        now: datetime,
    ) -> set[str]:
        """Write accounts, and add to the counts; the keys of those that were not written."""
        if not changes:
            return set()
        counted = any(change.counts for change in changes)
        self._stores.notes.tell(total(changes), now)
        if counted:
            self._stores.batches.open(batch, now, self._expiry(now + self._kept))
        done = self._write_in_order(changes, ledger, fit)
        failed = {each.account.key for each in changes} - {each.account.key for each in done}
        if counted and not self._stores.batches.commit(batch, total(done)):
            self._logger.warning(LogCode.BATCH_GIVEN_UP)
            failed |= {each.account.key for each in done}
        return failed

    def _write_in_order(
        self, changes: Sequence[Change], ledger: Ledger, fit: Sequence[Counted]
    ) -> list[Change]:
        """Those that were written: of a result, nothing more once one was not."""
        places = {one.name: ledger.places(one.result) for one in fit}
        done: list[Change] = []
        failed = ledger.crowded
        for turn in range(TURNS):
            share = [
                change
                for change in changes
                if change.turn == turn
                and change.account.key not in failed
                and failed.isdisjoint(key for name in change.results for key in places[name])
            ]
            written = self._write_all(share)
            done += written
            failed |= {each.account.key for each in share} - {each.account.key for each in written}
        return done

    def _write_all(self, changes: Sequence[Change]) -> list[Change]:
        """Those that were written."""
        if self._pace.writers == 1:
            return [change for change in changes if self._write(change)]
        with ThreadPoolExecutor(self._pace.writers) as pool:
            written = list(pool.map(self._write, changes))
        return [change for change, done in zip(changes, written, strict=True) if done]

    def _write(self, change: Change) -> bool:
        for test in change.settled:
            self._stores.accounts.note_settled(test, change.account.expires_at)
        return self._stores.accounts.write(change.account)

    def _moved_meanwhile(self, fit: Iterable[Counted], ledger: Ledger) -> set[str]:
        """Results of pseudonyms that are not counted any more as what they were.

        An account that a pseudonym is counted in does not change when the pseudonym leaves it.
        """
        linked = {
            one.name: (person_key(one.result.person), ledger.home(one.result.person)) for one in fit
        }
        elsewhere = {name: pair for name, pair in linked.items() if pair[0] != pair[1]}
        if not elsewhere:
            return set()
        accounts = self._stores.accounts.load({own for own, _ in elsewhere.values()})
        return {
            name
            for name, (own, home) in elsewhere.items()
            if person_key(accounts[own].lead or own.partition("#")[2]) != home
        }

    def _expiry(self, now: datetime) -> int:
        """Whatever the day of sampling: who forgot it before the result is gone counts it twice."""
        return int((now + self._kept).timestamp())


def _cells(changes: Iterable[Change]) -> int:
    return len({count.cell for change in changes for count in change.counts})
