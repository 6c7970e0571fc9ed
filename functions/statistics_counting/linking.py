"""Following who is one person: the tests of linked pseudonyms stand in one account."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from statistics_counting.account import person_key
from vigie.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime, timedelta

    from statistics_counting.account import Account
    from statistics_counting.account_store import AccountStore
    from statistics_counting.batch_store import BatchStore
    from statistics_counting.counting import Counting
    from vigie.events.event import AnyPersonsEvent

_TRIES = 8


class Linking:
    """Heeds events about who is one person.

    Args:
        accounts: whose tests are counted.
        batches: what is added to the counts.
        counting: moves tests.
        kept: how long it is remembered what a pseudonym is counted as.
    """

    def __init__(
        self, accounts: AccountStore, batches: BatchStore, counting: Counting, kept: timedelta
    ) -> None:
        self._accounts = accounts
        self._batches = batches
        self._counting = counting
        self._kept = kept

    def regroup(self, event: AnyPersonsEvent, now: datetime) -> None:
        """Count pseudonyms as one person, or one apart from those that it was counted with.

        It is noted first, and then each test that does not stand where it belongs is counted
        again, so that a retry does what is left, and a repeat nothing.

        Args:
            event: who is one person.
            now: the present, aware.

        Raises:
            Rejected: another version of the system wrote what is read.
            Unavailable: AWS did not answer, or others kept writing the same accounts.
        """
        expires_at = int((now + self._kept).timestamp())
        for _ in range(_TRIES):
            accounts = self._accounts.load(map(person_key, event.persons))
            noted = [
                _noted(accounts[person_key(person)], person, event, expires_at)
                for person in event.persons
                if accounts[person_key(person)].link_version < event.version
            ]
            if all(self._accounts.write(account) for account in noted):
                self._move(accounts | {account.key: account for account in noted}, now)
                return
        raise Unavailable("counted-table:contended")

    def _move(self, accounts: dict[str, Account], now: datetime) -> None:
        """Count again what does not stand where it belongs, among pseudonyms' accounts."""
        leads = {person_key(lead) for account in accounts.values() for lead in account.leads}
        accounts |= self._accounts.load(leads - accounts.keys())
        owners = {
            person_key(test.person)
            for account in accounts.values()
            for test in account.history.tests
        }
        accounts |= self._accounts.load(owners - accounts.keys())
        moves: dict[str, dict[str, int]] = defaultdict(dict)
        for account in accounts.values():
            for test in account.history.tests:
                home = _home(accounts[person_key(test.person)])
                if home != account.key:
                    moves[home][test.result_id] = 0
        # For each home apart: then it takes tests, and loses none before others have it.
        for moved in (*moves.values(), self._unsure(accounts.values(), now)):
            for failure in self._counting.count(moved, now).values():
                raise failure

    def _unsure(self, accounts: Iterable[Account], now: datetime) -> dict[str, int]:
        """Results that were moved, but perhaps not in the counts: by who died over it."""
        layers = [layer for account in accounts for layer in account.layers]
        fates = self._batches.fates({layer.batch for layer in layers}, now)
        return {name: 0 for layer in layers if layer.batch in fates for name in layer.results}


def _home(account: Account) -> str:
    return person_key(account.lead) if account.lead else account.key


def _noted(account: Account, person: str, event: AnyPersonsEvent, expires_at: int) -> Account:
    lead = event.persons[0]
    update = {
        "lead": lead if lead != person else "",
        "leads": tuple(sorted({*account.leads, lead} - {person})),
        "link_version": event.version,
        "expires_at": max(expires_at, account.expires_at),
    }
    return account.model_copy(update=update)
