"""The reviewed table of grants, `docs/grants.md`, as it is read."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

_PAGE = Path(__file__).resolve().parents[2] / "docs" / "grants.md"
_KINDS = ("table", "bucket", "key", "topic", "queue", "secret")
# Resource, role and actions of a line; a denial says `never` before its actions.
_LINE = re.compile(r"\| ([a-z ]+) `([^`]+)` \| ([^|]+) \| `([^`]+)` \|")


class Cell(NamedTuple):
    """A role and a resource: `queue`, `intake`."""

    role: str
    kind: str
    resource: str


class ReviewedGrants:
    """What each role may do to each resource.

    Attributes:
        roles: every role that has a name of ours.
        resources: kind and name of every resource.
    """

    def __init__(self) -> None:
        glance, rest = _PAGE.read_text(encoding="utf-8").split("\n## What each role may do\n")
        table = [line for line in glance.splitlines() if line.startswith("| ")]
        self.roles = [cell.strip() for cell in table[0].split("|")[2:-1]]
        first = [line.split("|")[1].strip() for line in table[2:]]
        self.resources = [(kind, name) for kind, _, name in (one.partition(" ") for one in first)]
        self._allowed: dict[Cell, set[str]] = {}
        for kind, resource, role, actions in _LINE.findall(rest.split("\n## ")[0]):
            cell = Cell(role, kind, resource.split("/")[0])
            self._allowed.setdefault(cell, set()).update(actions.split(", "))

    def allowed(self, cell: Cell) -> set[str]:
        """The actions of a cell, as they stand in the table; empty if it has none."""
        return self._allowed.get(cell, set())
