"""Counting the current version of a result, and what was counted of it before out again.

A person is the first of the pseudonyms that linkage says are one person's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from statistics_counting.counted_store import CountedResult, KeptHistory, disease_of, history_key
from statistics_counting.counted_test import counted_test
from statistics_counting.history import History, difference
from statistics_counting.log_codes import LogCode
from vigie.catalogue import diseases
from vigie.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, timedelta
    from zoneinfo import ZoneInfo

    from aws_lambda_powertools import Logger

    from statistics_counting.counted_store import CountedStore, Loaded
    from statistics_counting.counted_test import CountedTest
    from vigie.events.event import AnyPersonsEvent
    from vigie.results.result_reader import ResultReader
    from vigie.results.stored_result import StoredResult

# Others write the same cells all the time; each try reads again.
_TRIES = 10


class Counting:
    """Counts results.

    Args:
        results: reads current versions.
        store: keeps what was counted.
        zone: whose calendar counts.
        kept: how long it is remembered where a test was counted, from when it last was: longer than
            results live.
        logger: told of what happens, never about whom.
    """

    def __init__(
        self,
        results: ResultReader,
        store: CountedStore,
        zone: ZoneInfo,
        kept: timedelta,
        logger: Logger,
    ) -> None:
        self._results = results
        self._store = store
        self._zone = zone
        self._kept = kept
        self._logger = logger

    def count(self, result_id: str, now: datetime) -> None:
        """Make the counts right for a result.

        Args:
            result_id: the result.
            now: the present, aware.

        Raises:
            Rejected: a newer version of the system wrote what is read.
            Unavailable: AWS did not answer, or others kept writing the same cells.
        """
        for _ in range(_TRIES):
            result = self._results.get(result_id)
            if result is None:
                # It has expired; what it was counted as stays counted.
                self._logger.info(LogCode.RESULT_GONE)
                return
            lead = self._store.lead_of(result.person)
            counted = self._counted(result, history_key(result.disease, lead), now)
            # Who is one person may have changed before the test was where that is looked for.
            if counted and self._store.lead_of(result.person) == lead:
                return
        raise Unavailable("counts-table:contended")

    def regroup(self, event: AnyPersonsEvent, now: datetime) -> None:
        """Count pseudonyms as one person, or one apart from those that it was counted with.

        It is noted first, and then each test of theirs that is remembered is counted again, so
        that a retry does what is left.

        Args:
            event: who is one person.
            now: the present, aware.

        Raises:
            Rejected: as `count`.
            Unavailable: as `count`.
        """
        for person in event.persons:
            self._store.note_lead(person, event.persons[0], event.version, self._expiry(now))
        leads = {*event.persons}.union(*map(self._store.leads_of, event.persons))
        keys = [history_key(disease, lead) for disease in diseases() for lead in sorted(leads)]
        for history in self._store.histories(keys):
            for test in history.tests:
                self.count(test.result_id, now)

    def _counted(self, result: StoredResult, own: str, now: datetime) -> bool:
        """Count a version of a result unless it is counted; False if others came between."""
        loaded = self._store.load(result.result_id, [own])
        before = loaded.result.history
        at_home = not before or before == own or before.startswith(f"{own}#")
        newer = result.version - loaded.result.version
        if newer < 0 or (not newer and at_home):
            return True
        if before and before not in loaded.histories:
            loaded = self._store.load(result.result_id, [own, before])
            if loaded.result.history != before:
                return False
        return self._change(result, own, loaded, now)

    def _change(self, result: StoredResult, own: str, loaded: Loaded, now: datetime) -> bool:
        test = counted_test(result, self._zone)
        before = loaded.result.history
        if test is None and not loaded.result.revision:
            return True
        old = {key: kept.history for key, kept in loaded.histories.items()}
        if before and not old[before].has(result.result_id):
            # Its day is settled: what it was counted as stays counted.
            self._logger.warning(LogCode.CORRECTION_TOO_LATE)
            return self._write(result, before, loaded, old, now)
        new = dict(old)
        if before:
            new[before] = old[before].without(result.result_id)
        if test is None:
            return self._write(result, "", loaded, new, now)
        where = self._place(test, own, before, new)
        new[where] = new.get(where, History()).having(test)
        return self._write(result, where, loaded, new, now)

    def _write(
        self,
        result: StoredResult,
        where: str,
        loaded: Loaded,
        new: Mapping[str, History],
        now: datetime,
    ) -> bool:
        """Write histories and what they change; False if others came between."""
        old = {key: loaded.kept(key).history for key in new}
        changed = {key: history for key, history in new.items() if history != old[key]}
        counts = difference(
            [(disease_of(key), old[key]) for key in changed],
            [(disease_of(key), history) for key, history in changed.items()],
        )
        self._store.tell_changed(counts, now)
        return self._store.change(
            result.result_id,
            self._noted(result, loaded, where, now),
            {key: self._kept_history(each, loaded.kept(key), now) for key, each in changed.items()},
            counts,
        )

    def _place(
        self, test: CountedTest, own: str, before: str, histories: Mapping[str, History]
    ) -> str:
        """The history that takes a test: that of the person, or one of its own."""
        apart = f"{own}#{test.result_id}"
        if before == apart:
            return apart
        return own if histories[own].takes(test) else apart

    def _noted(
        self, result: StoredResult, loaded: Loaded, where: str, now: datetime
    ) -> CountedResult:
        return CountedResult(
            version=result.version,
            history=where,
            revision=loaded.result.revision,
            expires_at=max(self._expiry(now), loaded.result.expires_at),
        )

    def _kept_history(self, history: History, known: KeptHistory, now: datetime) -> KeptHistory:
        return KeptHistory(
            history=history.settled(),
            revision=known.revision,
            expires_at=max(self._expiry(now), known.expires_at),
        )

    def _expiry(self, now: datetime) -> int:
        """Whatever the day of sampling: who forgot it before the result is gone counts it twice."""
        return int((now + self._kept).timestamp())
