"""Linking: the tokens of a result are kept, and whoever they join becomes one person.

Tokens are written before anything is compared, and standings are read before tokens are: of two
results of one person that are handled at once, the one that reads last sees both, and a standing
that changed in between makes it begin again. Who was never seen before and is like nobody is done
with then: most are. Events are published after the standings that they tell of, and on a retry
again, until it is noted that they were.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, NamedTuple

from person_linkage.log_codes import LogCode
from person_linkage.messages import read_message
from person_linkage.neighbourhood import Neighbourhood
from person_linkage.regrouping import PROLONGED_BY, changes, events_of, parted
from vigie.errors import Rejected, Unavailable
from vigie.events.event import ResultEvent
from vigie.person.linkage import MAX_GROUP
from vigie.unforeseen import told_by_type

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime, timedelta

    from aws_lambda_powertools import Logger

    from person_linkage.token_store import TokenStore
    from vigie.consumer import Failure
    from vigie.events.publisher import EventPublisher
    from vigie.person.linkage import Profile
    from vigie.person.standing import Standing
    from vigie.person.standing_store import StandingStore
    from vigie.person.unlinking import UnlinkRequested
    from vigie.results.result_reader import ResultReader
    from vigie.results.stored_result import StoredResult

# Each round may find people of whom the standing was not read yet.
_ROUNDS = 10


class _Person(NamedTuple):
    """Tokens of a pseudonym in some results, and when the last of these came."""

    tokens: frozenset[str]
    at: datetime


class Linking:
    """Handles the messages of the linkage queue.

    Args:
        results: the results table.
        tokens: where tokens are kept.
        standings: where it is kept who is one person.
        publisher: of the events topic.
        retention: how long tokens and standings are kept.
        logger: told of what changed, never of whom.
        writers: how many people are looked at side by side.
    """

    def __init__(  # noqa: PLR0913 - its collaborators
        self,
        *,
        results: ResultReader,
        tokens: TokenStore,
        standings: StandingStore,
        publisher: EventPublisher,
        retention: timedelta,
        logger: Logger,
        writers: int,
    ) -> None:
        self._results = results
        self._tokens = tokens
        self._standings = standings
        self._publisher = publisher
        self._retention = retention
        self._logger = logger
        self._writers = writers

    def handle(self, bodies: Sequence[str]) -> list[Failure | None]:
        """Handle the messages of a batch; why each failed, or None.

        Each pseudonym is looked at once, however many results of it there are.

        Raises:
            Rejected: a newer version of the system wrote one of the results.
        """
        read = [_read(body) for body in bodies]
        versions: dict[str, int] = {}
        for one in read:
            if isinstance(one, ResultEvent):
                versions[one.result_id] = max(one.version, versions.get(one.result_id, 0))
        try:
            results = self._results.told(versions)
            failures = self._link([result for result in results.values() if result.linkage])
        except Unavailable as failure:
            return [failure if isinstance(one, ResultEvent) else self._done(one) for one in read]
        of_results = {result.result_id: failures.get(result.person) for result in results.values()}
        return [
            of_results.get(one.result_id) if isinstance(one, ResultEvent) else self._done(one)
            for one in read
        ]

    def _done(self, message: UnlinkRequested | Rejected) -> Failure | None:
        if isinstance(message, Rejected):
            return message
        try:
            self._part(message)
        except (Rejected, Unavailable) as failure:
            return failure
        return None

    def _link(self, results: Iterable[StoredResult]) -> dict[str, Failure | None]:
        """Link the people of results; why it failed, by pseudonym."""
        people: dict[str, _Person] = {}
        for result in results:
            before = people.get(result.person, _Person(frozenset(), result.received_at))
            tokens = before.tokens.union(result.linkage)
            people[result.person] = _Person(tokens, max(before.at, result.received_at))
        if not people:
            return {}
        newest = max(person.at for person in people.values())
        tokens_by_person = {name: person.tokens for name, person in people.items()}
        kept = self._tokens.kept(tokens_by_person, self._expiry(newest))

        def linked(name: str) -> Failure | None:
            return self._linked(name, people[name], known=name in kept)

        if self._writers == 1:
            return {name: linked(name) for name in people}
        with ThreadPoolExecutor(self._writers) as pool:
            return dict(zip(people, pool.map(linked, people), strict=True))

    def _linked(self, name: str, person: _Person, *, known: bool) -> Failure | None:
        """Link a pseudonym; why it failed."""
        try:
            with told_by_type("person-failed", self._logger):
                # Kept for longer than asked, so that they are not written for each result.
                expires_at = self._expiry(person.at) + PROLONGED_BY
                first = not known and self._tokens.keep(name, person.tokens, expires_at)
                # Who was never seen has no standing, and needs none if nobody is like them.
                if not first or self._neighbours({name: person.tokens}, {}).keys() != {name}:
                    self._regroup({name: person.tokens}, person.at)
        except (Rejected, Unavailable) as failure:
            return failure
        return None

    def _part(self, request: UnlinkRequested) -> None:
        for _ in range(_ROUNDS):
            before = self._standings.of(request.persons)
            after = parted(request, before.standings, self._kept_until(request.requested_at))
            if not after or self._standings.change(after, before):
                self._logger.info(LogCode.PERSONS_PARTED)
                self._regroup(dict.fromkeys(request.persons, ()), request.requested_at)
                return
        raise Unavailable("persons-table:contended")

    def _regroup(self, start: Mapping[str, Iterable[str]], at: datetime) -> None:
        asked = set(start)
        for _ in range(_ROUNDS):
            before = self._standings.of(asked)
            found = {mate for each in before.standings.values() for mate in each.group}
            profiles: Mapping[str, Profile] = {}
            if found <= asked:
                profiles = self._neighbours(start, before.standings)
                found |= profiles.keys()
            if not found <= asked:
                asked |= found
                continue
            after = changes(profiles, before.standings, at, self._kept_until(at))
            if not after or self._standings.change(after, before):
                self._tell(before.standings, after)
                return
        raise Unavailable("persons-table:contended")

    def _neighbours(
        self, start: Mapping[str, Iterable[str]], standings: Mapping[str, Standing]
    ) -> Mapping[str, Profile]:
        """All whom evidence joins to some people, or once did."""
        known = {person: {*tokens} for person, tokens in start.items()}
        for person, standing in standings.items():
            known.setdefault(person, set()).update(standing.places)
        neighbourhood = Neighbourhood(self._tokens.together)
        profiles = neighbourhood.of(known)
        if neighbourhood.crowded:
            self._logger.warning(LogCode.PLACE_CROWDED, places=neighbourhood.crowded)
        if len(profiles) > MAX_GROUP:
            self._logger.warning(LogCode.NEIGHBOURS_MANY, found=len(profiles))
        return profiles

    def _tell(self, before: Mapping[str, Standing], after: Iterable[Standing]) -> None:
        """Tell what was not told yet: it is noted after it was, so that a retry tells it again."""
        changed = {standing.person: standing for standing in after}
        untold = [
            standing
            for standing in {**before, **changed}.values()
            if standing.told != standing.version
        ]
        if not untold:
            return
        events = events_of(untold)
        self._publisher.publish(events)
        self._standings.note_told(untold)
        self._logger.info(LogCode.PERSONS_CHANGED, persons=len(changed), told=len(events))

    def _kept_until(self, at: datetime) -> int:
        """When a standing may go: never before tokens do that a decision in it keeps apart."""
        return self._expiry(at) + 2 * PROLONGED_BY

    def _expiry(self, at: datetime) -> int:
        return int((at + self._retention).timestamp())


def _read(body: str) -> ResultEvent | UnlinkRequested | Rejected:
    try:
        return read_message(body)
    except Rejected as rejected:
        return rejected
