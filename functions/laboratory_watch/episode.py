"""An episode: from when a reason begins to hold for a laboratory to when it holds no more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import AwareDatetime

from laboratory_watch.rules import Reason, Verdict
from vigie.model import Frozen

if TYPE_CHECKING:
    from datetime import datetime

    from laboratory_watch.rules import Finding


class Episode(Frozen):
    """The last time that a reason held for a laboratory.

    Attributes:
        reason: which.
        begun_at: when it was first seen to hold.
        over_at: when it was seen to hold no more; None while it stands.
        told: whether people were told of its last change.
        revision: how often the record was written.
    """

    schema_version: int = 1
    reason: Reason
    begun_at: AwareDatetime
    over_at: AwareDatetime | None = None
    told: bool = False
    revision: int = 1

    @property
    def stands(self) -> bool:
        """Whether it is not over."""
        return self.over_at is None


def next_episode(
    last: Episode | None, finding: Finding, now: datetime, last_at: datetime | None
) -> Episode | None:
    """The episode after a finding; the same one if nothing changes.

    A reason begins once a day at most, whatever it does in between. It is over only when a file
    that arrived since it began shows so: of silence nothing else can be concluded.

    Args:
        last: the last episode of the reason, if there was one.
        finding: of the rule.
        now: the moment of the figures, in the country's time.
        last_at: when the laboratory's last file arrived, if one is known.
    """
    if last is not None and last.stands:
        shown = last_at is not None and last_at > last.begun_at
        if finding.verdict is Verdict.CLEAR and shown:
            return _changed(last, over_at=now)
        return last
    if finding.verdict is not Verdict.HOLDS:
        return last
    if last is None:
        return Episode(reason=finding.reason, begun_at=now)
    if last.begun_at.astimezone(now.tzinfo).date() >= now.date():
        return last
    return Episode(reason=finding.reason, begun_at=now, revision=last.revision + 1)


def told(episode: Episode) -> Episode:
    """The same once people were told of it."""
    return episode.model_copy(update={"told": True, "revision": episode.revision + 1})


def _changed(episode: Episode, *, over_at: datetime) -> Episode:
    update = {"over_at": over_at, "told": False, "revision": episode.revision + 1}
    return episode.model_copy(update=update)
