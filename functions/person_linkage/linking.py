"""Linking: the tokens of a result are kept, and whoever they join becomes one person.

Tokens are written before anything is compared, and standings are read before tokens are: of two
results of one person that are handled at once, the one that reads last sees both, and a standing
that changed in between makes it begin again. Events are published after the standings that they
tell of, and again on a retry.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from person_linkage.log_codes import LogCode
from person_linkage.messages import read_message
from person_linkage.neighbourhood import Neighbourhood
from person_linkage.regrouping import PROLONGED_BY, changes, events_of, parted
from vigie.errors import Unavailable
from vigie.person.linkage import MAX_GROUP
from vigie.person.unlinking import UnlinkRequested

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime, timedelta

    from aws_lambda_powertools import Logger

    from person_linkage.token_store import TokenStore
    from vigie.events.publisher import EventPublisher
    from vigie.person.linkage import Profile
    from vigie.person.standing import Standing
    from vigie.person.standing_store import StandingStore
    from vigie.results.result_reader import ResultReader

# Each round may find people of whom the standing was not read yet.
_ROUNDS = 10


class Linking:
    """Handles the messages of the linkage queue.

    Args:
        results: the results table.
        tokens: where tokens are kept.
        standings: where it is kept who is one person.
        publisher: of the events topic.
        retention: how long tokens and standings are kept.
        logger: told of what changed, never of whom.
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
    ) -> None:
        self._results = results
        self._tokens = tokens
        self._standings = standings
        self._publisher = publisher
        self._retention = retention
        self._logger = logger

    def handle(self, body: str) -> None:
        """Handle a message.

        Raises:
            Rejected: it is none.
            Unavailable: AWS did not answer, or others kept changing the same people.
        """
        message = read_message(body)
        if isinstance(message, UnlinkRequested):
            self._part(message)
            return
        result = self._results.get(message.result_id)
        if result is None or not result.linkage:
            return
        self._tokens.keep(result.person, result.linkage, self._expiry(result.received_at))
        self._regroup({result.person: result.linkage}, result.received_at)

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
        changed = {standing.person: standing for standing in after}
        events = events_of({**before, **changed}.values())
        self._publisher.publish(events)
        if changed:
            self._logger.info(LogCode.PERSONS_CHANGED, persons=len(changed), told=len(events))

    def _kept_until(self, at: datetime) -> int:
        """When a standing may go: never before tokens do that a decision in it keeps apart."""
        return self._expiry(at) + PROLONGED_BY

    def _expiry(self, at: datetime) -> int:
        return int((at + self._retention).timestamp())
