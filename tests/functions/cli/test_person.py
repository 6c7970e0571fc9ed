"""The operator's command shows who is one person, and parts what was linked wrongly."""

from __future__ import annotations

import re

import pytest
from typer.testing import CliRunner

from cli.main import app
from tests.functions.person_linkage.world import INS, World, identity
from tests.functions.resources import create_queue, drained
from vigie import aws

ONE, OTHER = identity(ins=INS), identity(given="Anne Odile")


class Deployed(World):
    """The function, and what the command finds it by."""

    def __init__(self) -> None:
        super().__init__()
        self.queue = create_queue("vigie-test-linkage")
        for table in ("results", "persons"):
            name = f"/vigie/test/tables/{table}"
            aws.ssm().put_parameter(Name=name, Value=table, Type="String")


@pytest.fixture
def world(mocked_aws: None) -> Deployed:  # noqa: ARG001 - the account that the world is in
    world = Deployed()
    world.deliver(world.result(1, ONE), world.result(2, OTHER))
    return world


def run(*arguments: str) -> tuple[int, str]:
    """Run the command."""
    answer = CliRunner().invoke(
        app, ["person", *arguments, "--environment", "test"], env={"COLUMNS": "200"}
    )
    return answer.exit_code, re.sub(r" +", " ", answer.output)


def test_a_person_is_shown_by_a_result_or_a_pseudonym(world: Deployed) -> None:
    status, shown = run("show", "750000001-1")
    assert status == 0
    assert world.pseudonym(ONE) in shown
    assert f"{world.pseudonym(OTHER)} │ this person" in shown
    assert "by name" in shown
    assert run("show", world.pseudonym(ONE)) == (status, shown)


def test_who_is_alone_is_linked_with_nobody(world: Deployed) -> None:
    world.deliver(world.result(3, identity("Moreau")))
    assert "linked with nobody" in run("show", "750000001-3")[1]


def test_two_are_parted_with_a_reason_that_is_shown(world: Deployed) -> None:
    status, shown = run("unlink", "750000001-1", world.pseudonym(OTHER), "--reason", "two sisters")
    assert status == 0, shown
    assert world.deliver(*drained(world.queue)) == []
    _, shown = run("show", "750000001-1")
    assert f"{world.pseudonym(OTHER)} │ another │ two sisters" in shown
    assert "by nothing any more" in shown


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("show", "750000001-9"), "result-unknown"),
        (("unlink", "750000001-1", "750000001-9", "--reason", "two"), "result-unknown"),
        (("unlink", "750000001-1", "750000001-1", "--reason", "two"), "person-inseparable"),
        (("unlink", "750000001-1", "750000001-2", "--reason", "x"), "reason-malformed"),
    ],
)
def test_what_cannot_be_done_is_told(
    world: Deployed, arguments: tuple[str, ...], code: str
) -> None:
    status, shown = run(*arguments)
    assert status == 1
    assert code in shown
    assert drained(world.queue) == []
