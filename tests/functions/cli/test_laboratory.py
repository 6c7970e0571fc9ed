"""The operator's command keeps the register of laboratories."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from cli.main import app
from tests.functions.resources import create_queue, create_table, drained
from vigie import aws
from vigie.inbox import LaboratoryCheck
from vigie.laboratories import Laboratory, LaboratoryState, LaboratoryStore

if TYPE_CHECKING:
    from pathlib import Path

FINESS = "750712184"
SUBJECT = f"CN=lis.lilas.example,OU={FINESS},O=Lilas,C=FR"
SCOPE = "laboratories/uploads"
ADD = (
    *("add", FINESS, "--name", "Laboratoire des Lilas", "--subject", SUBJECT),
    *("--email", "astreinte@lilas.example", "--allow", "covid-19", "--allow", "94500-6"),
)


class Environment:
    """What the stacks of an environment tell the command."""

    def __init__(self) -> None:
        create_table("laboratories", "finess", by_client=("client_id", "finess"))
        self.pool = aws.cognito_idp().create_user_pool(PoolName="clients")["UserPool"]["Id"]
        self.checks = create_queue("check")
        for path, value in (
            ("tables/laboratories", "laboratories"),
            ("queues/inbox-check", self.checks),
            ("buckets/inbox", "the-inbox"),
            ("buckets/outbox", "the-outbox"),
            ("laboratories/role", "arn:aws:iam::1:role/laboratory"),
            ("laboratories/client-pool", self.pool),
            ("laboratories/token-scope", SCOPE),
            ("laboratories/token-url", "https://clients.example/oauth2/token"),
            ("public-url", "https://vigie.example"),
        ):
            aws.ssm().put_parameter(Name=f"/vigie/test/{path}", Value=value, Type="String")

    def entry(self, finess: str = FINESS) -> Laboratory:
        """What the register has."""
        found = LaboratoryStore(aws.dynamodb(), "laboratories").get(finess)
        assert found is not None
        return found

    def clients(self) -> list[str]:
        """The ids of the clients in the pool."""
        found = aws.cognito_idp().list_user_pool_clients(UserPoolId=self.pool, MaxResults=10)
        return [one["ClientId"] for one in found["UserPoolClients"]]

    def checked(self) -> list[tuple[str, bool]]:
        """The laboratories whose files are to be read again, refused ones included."""
        messages = map(LaboratoryCheck.model_validate_json, drained(self.checks))
        return [(one.laboratory, one.refused) for one in messages]


@pytest.fixture
def environment(mocked_aws: None) -> Environment:  # noqa: ARG001 - the account
    return Environment()


def lab(*arguments: str, status: int = 0) -> str:
    """What the command says."""
    told = CliRunner().invoke(
        app, ["lab", *arguments, "--environment", "test"], env={"COLUMNS": "200"}
    )
    assert told.exit_code == status, told.output
    return re.sub(r" +", " ", told.output)


def test_a_laboratory_is_registered_and_told_what_it_needs(environment: Environment) -> None:
    told = lab(*ADD)
    for needed in (
        f"s3://the-inbox/{FINESS}/",
        f"s3://the-outbox/{FINESS}/",
        "role: arn:aws:iam::1:role/laboratory",
        "trust-anchor: none",
    ):
        assert needed in told
    entry = environment.entry()
    assert (entry.active, entry.allowed) == (True, ("covid-19", "94500-6"))
    (change,) = entry.changes
    assert (change.what, change.reason) == ("added", "registered")
    assert change.by.startswith("arn:aws:")
    assert environment.checked() == [(FINESS, True)]


def test_a_life_is_on_record_with_who_when_and_why(environment: Environment) -> None:
    lab(*ADD)
    lab("suspend", FINESS, "--reason", "same data every hour")
    assert environment.entry().state is LaboratoryState.SUSPENDED
    lab("resume", FINESS, "--reason", "mended")
    lab("change", FINESS, "--reason", "new site", "--name", "Lilas Nord", "--allow", "all")
    lab("remove", FINESS, "--reason", "closed")
    entry = environment.entry()
    assert (entry.state, entry.name, entry.allowed) == ("removed", "Lilas Nord", ("all",))
    assert [(one.what, one.reason) for one in entry.changes] == [
        ("added", "registered"),
        ("suspended", "same data every hour"),
        ("resumed", "mended"),
        ("changed name allowed", "new site"),
        ("removed", "closed"),
    ]
    # One for its registration and one for its resumption.
    assert environment.checked() == [(FINESS, True)] * 2
    assert f"{FINESS} │ Lilas Nord │ removed" in lab("list")
    assert "0 laboratories" in lab("list", "--state", "active")


def test_who_was_removed_may_be_registered_again(environment: Environment) -> None:
    lab(*ADD)
    lab("client", FINESS, "--reason", "no AWS client")
    lab("remove", FINESS, "--reason", "closed")
    assert environment.clients() == []
    lab(*ADD, "--reason", "reopened")
    assert environment.entry().active
    assert environment.entry().client_id is None
    assert len(environment.entry().changes) == 4


def test_a_removal_deletes_the_client_also_when_it_is_repeated(environment: Environment) -> None:
    lab(*ADD)
    lab("client", FINESS, "--reason", "no AWS client")
    store = LaboratoryStore(aws.dynamodb(), "laboratories")
    entry = environment.entry()
    # A removal that was stopped before it came to the client.
    stopped = entry.changed(entry.changes[-1], state=LaboratoryState.REMOVED)
    store.put(stopped)
    assert environment.clients() == [entry.client_id]
    for _ in range(2):
        lab("remove", FINESS, "--reason", "closed")
        assert environment.clients() == []
        assert environment.entry() == stopped


def test_a_resumption_that_was_stopped_is_repeated(environment: Environment) -> None:
    lab(*ADD)
    environment.checked()
    lab("resume", FINESS, "--reason", "again")
    assert environment.checked() == [(FINESS, True)]
    assert len(environment.entry().changes) == 1


@pytest.mark.parametrize(
    ("replaced", "code"),
    [
        ({FINESS: "75071218"}, "finess-malformed"),
        ({SUBJECT: "lis.lilas.example"}, "subject-malformed"),
        ({SUBJECT: SUBJECT.replace(FINESS, "690781810")}, "subject-of-another"),
        ({SUBJECT: f"OU={FINESS}"}, "subject-malformed"),
        ({"covid-19": "cholera"}, "test-unknown"),
        ({"covid-19": "influenza/serology"}, "test-unknown"),
        ({"astreinte@lilas.example": "astreinte"}, "laboratory-malformed"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_registered(
    environment: Environment, replaced: dict[str, str], code: str
) -> None:
    told = lab(*(replaced.get(argument, argument) for argument in ADD), status=1)
    assert code in told
    assert environment.checked() == []
    assert list(LaboratoryStore(aws.dynamodb(), "laboratories").all()) == []


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (ADD, "laboratory-known"),
        (("suspend", "690781810", "--reason", "x"), "laboratory-unknown"),
        (("suspend", FINESS, "--reason", " "), "reason-missing"),
        (("change", FINESS, "--reason", "x"), "nothing-to-change"),
        (("change", FINESS, "--reason", "x", "--email", "none"), "laboratory-malformed"),
    ],
)
def test_what_cannot_be_done_changes_nothing(
    environment: Environment, arguments: tuple[str, ...], code: str
) -> None:
    lab(*ADD)
    before = environment.entry()
    assert code in lab(*arguments, status=1)
    assert environment.entry() == before


def test_a_doubtful_number_is_registered_with_a_warning(environment: Environment) -> None:
    doubtful = "750712185"
    told = lab(*(argument.replace(FINESS, doubtful) for argument in ADD))
    assert "warning: 750712185" in told
    assert environment.entry(doubtful).active


def test_many_are_registered_at_once_and_those_known_before_left_alone(
    environment: Environment, tmp_path: Path
) -> None:
    file = tmp_path / "laboratories.csv"
    rows = [
        "finess;name;subject;email;phone;allow",
        f"{FINESS};Autre nom;{SUBJECT};a@lilas.example;;all",
        '690781810;HCL;"CN=hcl,OU=690781810,C=FR";b@hcl.example;+33 4;covid-19 influenza/naat',
    ]
    file.write_text("\n".join(rows))
    lab(*ADD)
    environment.checked()
    assert "1 registered, 1 known before" in lab("import", str(file))
    assert environment.entry().name == "Laboratoire des Lilas"
    assert environment.entry("690781810").allowed == ("covid-19", "influenza/naat")
    assert sorted(environment.checked()) == [("690781810", True), (FINESS, True)]
    file.write_text("\n".join([*rows, "69;x;CN=x,OU=69;x@y;;all"]))
    before = json.dumps(aws.dynamodb().scan(TableName="laboratories")["Items"])
    assert "finess-malformed" in lab("import", str(file), status=1)
    assert json.dumps(aws.dynamodb().scan(TableName="laboratories")["Items"]) == before


def test_a_laboratory_gets_a_client_whose_secret_is_kept_nowhere(environment: Environment) -> None:
    lab(*ADD)
    told = dict(
        line.split(": ", 1) for line in lab("client", FINESS, "--reason", "no AWS").splitlines()
    )
    assert environment.clients() == [told["client id"]]
    made = aws.cognito_idp().describe_user_pool_client(
        UserPoolId=environment.pool, ClientId=told["client id"]
    )["UserPoolClient"]
    assert (made["AllowedOAuthFlows"], made["AllowedOAuthScopes"]) == (
        ["client_credentials"],
        [SCOPE],
    )
    assert made["ClientSecret"] == told["client secret"]
    entry = environment.entry()
    assert entry.client_id == told["client id"]
    assert entry.changes[-1].what == "client"
    written = json.dumps(aws.dynamodb().scan(TableName="laboratories")["Items"])
    assert told["client secret"] not in written


def test_a_new_client_takes_the_place_of_the_old_one(environment: Environment) -> None:
    lab(*ADD)
    lab("client", FINESS, "--reason", "no AWS")
    old = environment.entry().client_id
    lab("client", FINESS, "--reason", "secret lost")
    assert environment.clients() == [environment.entry().client_id] != [old]


def test_a_suspended_laboratory_gets_no_client(environment: Environment) -> None:
    lab(*ADD)
    lab("suspend", FINESS, "--reason", "x")
    assert "laboratory-state" in lab("client", FINESS, "--reason", "x", status=1)
    assert environment.clients() == []
