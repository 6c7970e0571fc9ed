"""Putting the tests of results into accounts, and taking them out again: rules without AWS."""

from __future__ import annotations

from collections import Counter
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from statistics_counting.account import Account, Fate, apart_key, is_apart, layer_of, person_key
from statistics_counting.history import History, difference, without_zeros

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from statistics_counting.counted_test import CountedTest
    from statistics_counting.history import Counts
    from vigie.results.stored_result import ResultDocument

# Batches that are still at work on one account; with more, it is waited for them.
_MOST_LAYERS = 6
# What holds no test is written again only when it would be forgotten so much too early.
_PROLONGED_BY = 30 * 24 * 3600


class Posted(Enum):
    """What became of a result.

    `SETTLED`: a correction of what is counted for good. `AGAIN`: more accounts must be read.
    """

    DONE = "done"
    SETTLED = "settled"
    AGAIN = "again"


class Change(NamedTuple):
    """An account that is to be written.

    Attributes:
        account: as it is to be, at the revision that was read.
        counts: what its batch is to add on its behalf.
        settled: tests that it forgets and that stay counted.
        results: those that changed it.
        turn: when to write it, from 0. What a test leaves comes after what takes it, so that who
            dies in between leaves it in two places and not in none; and an account says that it
            overflowed before anything is apart from it.
    """

    account: Account
    counts: Counts
    settled: tuple[CountedTest, ...]
    results: frozenset[str]
    turn: int


TURNS = 3


class Ledger:
    """The accounts around some results, and what becomes of them.

    Args:
        accounts: by key, as `AccountStore.around` reads them.
        fates: of the batches that they name and that are not committed.
        expires_at: Unix seconds, of what is written.
    """

    def __init__(
        self, accounts: Mapping[str, Account], fates: Mapping[str, Fate], expires_at: int
    ) -> None:
        self._accounts = accounts
        self._histories = {key: account.history for key, account in accounts.items()}
        self._fates = fates
        self._expires_at = expires_at
        self._results: dict[str, set[str]] = {key: set() for key in accounts}

    def home(self, person: str) -> str:
        """The key of the account that tests of a pseudonym are counted in."""
        return person_key(self._accounts[person_key(person)].lead or person)

    def places(self, result: ResultDocument) -> list[str]:
        """The keys of all accounts that a result's test may be in."""
        keys: dict[str, None] = {}
        for person in (result.person, *result.earlier_persons):
            leads = self._accounts[person_key(person)].leads
            keys |= dict.fromkeys(map(person_key, (person, *leads)))
        return [*keys, *({apart_key(result.result_id)} & self._accounts.keys())]

    def is_new(self, result: ResultDocument) -> bool:
        """Whether nothing but the account of the pseudonym itself has to do with a result.

        Then an account that was read a moment too early does no harm: it cannot be written.
        """
        account = self._accounts[person_key(result.person)]
        return (
            result.version == 1
            and not result.earlier_persons
            and not account.leads
            and not account.history.full
            and not account.history.version_of(result.result_id)
        )

    def waits(self, result: ResultDocument) -> bool:
        """Whether it is not known yet what becomes of a batch that counts a result."""
        return any(
            self._fates.get(layer.batch) is Fate.OPEN and result.result_id in layer.results
            for key in self.places(result)
            for layer in self._accounts[key].layers
        )

    def post(self, result: ResultDocument, test: CountedTest | None) -> Posted:
        """Put the test of a result where it belongs, and nowhere else.

        Args:
            result: a version of it; where a newer one is known, nothing changes.
            test: as it counts; None if it does not.
        """
        named, places = result.result_id, self.places(result)
        apart = self._histories.get(apart_key(named))
        known = max(self._histories[key].version_of(named) for key in places)
        if apart is not None and apart.settled_through:
            return Posted.SETTLED if result.version > known else Posted.DONE
        if known > result.version:
            return Posted.DONE
        where = self._where(result, test, apart)
        if test is not None and where is None:
            return Posted.AGAIN
        homes = {self.home(person) for person in (result.person, *result.earlier_persons)}
        for key in places:
            if test is not None and key == where:
                self._set(key, named, self._histories[key].having(test))
            elif key in homes and result.version > 1:
                self._forget(key, named, result.version)
            else:
                self._forget(key, named, 0)
        return Posted.DONE

    def changes(self, batch: str) -> list[Change]:
        """The accounts that are to be written in a batch."""
        changes = (self._change(account, batch) for account in self._accounts.values())
        return [change for change in changes if change is not None]

    @property
    def crowded(self) -> set[str]:
        """The keys of accounts that too many batches are at work on."""
        return {
            key
            for key, account in self._accounts.items()
            if sum(self._fates.get(layer.batch) is Fate.OPEN for layer in account.layers)
            > _MOST_LAYERS
        }

    def _where(
        self, result: ResultDocument, test: CountedTest | None, apart: History | None
    ) -> str | None:
        """The key of the account that takes a test; None if that was not read."""
        if test is None:
            return None
        home, key = self.home(result.person), apart_key(result.result_id)
        before = apart and apart.test_of(result.result_id)
        if before and before.person == test.person:
            return key
        if self._histories[home].takes(test):
            return home
        if apart is None:
            return None
        overflowed = self._histories[home].model_copy(update={"overflowed": True})
        self._set(home, result.result_id, overflowed)
        return key

    def _forget(self, key: str, result_id: str, since: int) -> None:
        history = self._histories[key]
        if history.test_of(result_id) or history.version_of(result_id) < since:
            self._set(key, result_id, history.without(result_id, since))

    def _set(self, key: str, result_id: str, history: History) -> None:
        if history != self._histories[key]:
            self._histories[key] = history
            self._results[key].add(result_id)

    def _change(self, account: Account, batch: str) -> Change | None:
        history = self._histories[account.key]
        given_up = [
            layer for layer in account.layers if self._fates.get(layer.batch) is Fate.GIVEN_UP
        ]
        short = account.lead and account.expires_at + _PROLONGED_BY < self._expires_at
        if history == account.history and not given_up and not short:
            return None
        counts = difference(account.history, history)
        for layer in given_up:
            counts.update(layer.counts)
        counts = without_zeros(counts)
        results = self._results[account.key].union(*(layer.results for layer in given_up))
        kept = history.settled()
        layers = tuple(
            layer for layer in account.layers if self._fates.get(layer.batch) is Fate.OPEN
        )
        if counts:
            layers += (layer_of(batch, results, counts),)
        update = {
            "history": kept,
            "layers": layers,
            "expires_at": max(self._expires_at, account.expires_at),
        }
        return Change(
            account.model_copy(update=update),
            counts,
            tuple(_missing(history, kept)),
            frozenset(self._results[account.key]),
            self._turn(account, history),
        )

    @staticmethod
    def _turn(account: Account, history: History) -> int:
        if is_apart(account.key):
            return 1
        return 2 if any(_missing(account.history, history)) else 0


def total(changes: list[Change]) -> Counts:
    """What changes add up to."""
    counts: Counts = Counter()
    for change in changes:
        counts.update(change.counts)
    return without_zeros(counts)


def _missing(before: History, kept: History) -> Iterator[CountedTest]:
    left = {test.result_id for test in kept.tests}
    return (test for test in before.tests if test.result_id not in left)
