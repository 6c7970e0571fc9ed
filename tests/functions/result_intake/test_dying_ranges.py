"""A file of a hundred ranges, some of which die half-way, ends as one that nothing disturbed.

The same way as `python -m tests.bench.large_file`, which sends a gigabyte.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.bench.gigabyte.run import Plan, send

if TYPE_CHECKING:
    import pytest

    from tests.functions.result_intake.world import World

_PLAN = Plan(size=500_000, part_bytes=4_600, in_a_process=55, processes=2)


def test_ranges_that_die_half_way_change_nothing(
    world: World, tmp_path_factory: pytest.TempPathFactory
) -> None:
    undisturbed = send(world, tmp_path_factory.mktemp("undisturbed"), _PLAN)
    assert undisturbed.ranges >= 100
    assert undisturbed.died == 0
    answer = json.loads(undisturbed.acknowledgement)
    expected = undisturbed.expected
    assert {name: n for name, n in answer["summary"].items() if n} == {
        "items": expected.total(),
        **expected,
    }
    listed = expected.total() - expected["accepted"]
    assert len(answer["entries"]) == listed
    assert answer["omitted"] == 0
    stored = expected.total() - expected["rejected"] - expected["duplicate"]
    assert undisturbed.kept.results == undisturbed.kept.events == stored

    world.forget()
    disturbed = send(world, tmp_path_factory.mktemp("disturbed"), _PLAN._replace(deaths=1))
    assert disturbed.died == 1
    assert disturbed.acknowledgement == undisturbed.acknowledgement
    assert disturbed.spreadsheet == undisturbed.spreadsheet
    told_once = (disturbed.kept.results, disturbed.kept.digest, disturbed.kept.events)
    assert told_once == (undisturbed.kept.results, undisturbed.kept.digest, stored)
    # Whatever a range holds, it is read and answered within bounds.
    assert disturbed.peak_mib < 512
