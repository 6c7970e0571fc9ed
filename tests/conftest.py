"""How many inputs hypothesis tries, and what a run adds to pytest's own summary.

Few inputs by default, many on demand: `--hypothesis-profile=many`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import settings

from tests.faults import summary

if TYPE_CHECKING:
    import pytest

# A slow machine is no fault of what is tested.
settings.register_profile("few", deadline=None)
settings.register_profile("many", max_examples=20_000, deadline=None)
settings.load_profile("few")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what the tests of faults tried; the hook must stand here to work under xdist."""
    told = list(summary.lines(terminalreporter.stats.get("passed", [])))
    if told:
        terminalreporter.section("faults")
    for line in told:
        terminalreporter.line(line)
