"""Each reason is told when it begins and when it is over, once a day at most."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from laboratory_watch.episode import Episode, next_episode, told
from laboratory_watch.rules import Finding, Reason, Verdict
from tests.unit.laboratory_watch.figures import MONDAY, moment

HOURS = st.lists(st.tuples(st.sampled_from(Verdict), st.booleans()), max_size=100)


@given(HOURS)
def test_it_begins_and_ends_in_turn_and_begins_once_a_day(
    hours: list[tuple[Verdict, bool]],
) -> None:
    last: Episode | None = None
    last_at, changes = None, []
    for hour, (verdict, arrived) in enumerate(hours):
        now = moment(MONDAY, 0) + timedelta(hours=hour)
        last_at = now if arrived else last_at
        after = next_episode(last, Finding(Reason.REJECTS, verdict, {}), now, last_at)
        if after is not None and after != last:
            assert after.revision == (last.revision if last else 0) + 1
            assert not after.told
            changes.append(after)
            after = told(after)
        last = after
    assert [each.stands for each in changes] == [place % 2 == 0 for place in range(len(changes))]
    days = Counter(each.begun_at.date() for each in changes if each.stands)
    assert all(number == 1 for number in days.values())


def test_nothing_is_over_until_a_file_shows_it() -> None:
    begun_at = moment(MONDAY, 9)
    episode = told(Episode(reason=Reason.SILENT, begun_at=begun_at))
    clear = Finding(Reason.SILENT, Verdict.CLEAR, {})
    later = begun_at + timedelta(days=3)
    assert next_episode(episode, clear, later, begun_at - timedelta(hours=9)) == episode
    assert next_episode(episode, clear, later, None) == episode
    over = next_episode(episode, clear, later, begun_at + timedelta(hours=9))
    assert over is not None
    assert over.over_at == later
