"""The table of grants: `python -m tests.infra.grants_table` writes `docs/grants.md`."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from infra.constructs.layer_set import ROOT
from tests.infra.grants import KINDS, Grants
from tests.infra.synthesis import ACCOUNT, production_settings, synthesise

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tests.infra.grants import Grant
    from tests.infra.template import Templates

PAGE = ROOT / "docs" / "grants.md"
ROLES = "What each role may do"
_HEAD = """\
# Who may do what

Written by `make grants` from production's templates; a test fails where the two differ. Names are
without the environment's prefix. What has no line is not granted: AWS refuses what nothing
allows. An action or a resource with `*` stands here as it stands in the policy; `other` is what is
not ours or has no name of ours.

"""
_AT_A_GLANCE = """\
## At a glance

A dot: the role's own policy names the resource. Lines on all resources (`*`) have none.

"""
_ROLES = f"""\
## {ROLES}

"""
_RESOURCES = """\
## What resources say of themselves

Their own policies. `root` is the account: on a key it hands the decision to the policies of the
account's roles, which are above; a denial stands against everybody, administrators included.

"""
_TRUST = """\
## Who may become a role, and what may call a function

"""


def page(templates: Templates) -> str:
    """The page, as Markdown."""
    settings = production_settings()
    grants = Grants(templates, f"vigie-{settings.environment}-", f"-{ACCOUNT}-{settings.region}")
    of_roles = grants.of_roles()
    return "\n".join(
        [
            _HEAD + _AT_A_GLANCE + _glance(grants, of_roles),
            _ROLES + _rows(of_roles),
            _RESOURCES + _rows(grants.of_resources()),
            _TRUST + _rows(grants.of_trust()),
        ]
    )


def _glance(grants: Grants, of_roles: Sequence[Grant]) -> str:
    named = {
        (grant.who, grant.kind, grant.resource.split("/")[0])
        for grant in of_roles
        if grant.effect == "Allow"
    }
    roles = grants.roles()
    return _table(
        ["resource", *roles],
        (
            [f"{kind} {resource}"]
            + ["●" if (role, kind, resource) in named else "" for role in roles]
            for kind in KINDS
            for resource in sorted(grants.resources[kind])
        ),
    )


def _rows(grants: Iterable[Grant]) -> str:
    return _table(
        ["resource", "who", "may", "on condition"],
        (
            [
                f"{grant.kind} `{grant.resource}`",
                f"`{grant.who}`" if "*" in grant.who else grant.who,
                f"never `{grant.actions}`" if grant.effect == "Deny" else f"`{grant.actions}`",
                f"`{grant.condition}`" if grant.condition else "",
            ]
            for grant in grants
        ),
    )


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def main() -> None:
    """Synthesise production and write the page."""
    with tempfile.TemporaryDirectory() as folder:
        templates = synthesise(production_settings(), Path(folder))
        PAGE.write_text(page(templates), encoding="utf-8")


if __name__ == "__main__":
    main()
