"""The operator's command starts, pauses and follows a mass reissue."""

from __future__ import annotations

import re
from datetime import timedelta
from random import Random
from unittest import mock

import pytest
from typer.testing import CliRunner

from cli.certificate_count import Group, Number, count
from cli.main import app
from tests.functions.certificate_reissue.world import BEFORE, NEW, NOW, OLD, World, certificate, put
from tests.functions.resources import create_queue
from vigie import aws
from vigie.certificates.certificate_scan import CertificateScan
from vigie.certificates.document_signer import DocumentSigner
from vigie.certificates.reissue_job import Criteria

CERTIFICATES = [certificate(f"r{number:03}") for number in range(60)]
PARAMETERS = {
    "tables/certificates": "certificates",
    "tables/reissue-jobs": "reissue-jobs",
    "reissue/rate": "800",
}
STARTED = ("start", "--reason", "key-compromised", "--kid", OLD)


@pytest.fixture
def world(mocked_aws: None) -> World:  # noqa: ARG001 - the account that the world is in
    world = World()
    queues = {
        "queues/reissue": world.queue,
        "queues/reissue-dead-letters": create_queue("dead"),
    }
    for name, value in {**PARAMETERS, **queues}.items():
        aws.ssm().put_parameter(Name=f"/vigie/test/{name}", Value=value, Type="String")
    put(*CERTIFICATES, certificate("other", kid=NEW, kind="recovery"))
    return world


def run(*options: str, answer: str = "") -> tuple[int, str]:
    """Run the command."""
    asked = ["reissue", options[0], "--environment", "test", *options[1:]]
    done = CliRunner().invoke(app, asked, input=answer, env={"COLUMNS": "150"})
    return done.exit_code, re.sub(r" +", " ", done.output)


def test_the_estimate_says_what_it_takes_and_starts_nothing(world: World) -> None:
    status, shown = run("estimate")
    assert status == 0
    assert f"│ test │ {OLD} │ 60 │ 0 │" in shown
    assert f"│ recovery │ {NEW} │ 1 │ 0 │" in shown
    assert "certificates: 61\ncounted in the whole table, 61 items\n" in shown
    assert "at 800 a second" in shown
    assert "KMS: 61 signatures" in shown
    assert "messages to people: none" in shown
    assert "revocations: none" in shown
    assert world.jobs.last() == []


def test_a_job_is_started_once_its_estimate_is_agreed_to(world: World) -> None:
    assert run(*STARTED, answer="n\n")[0] == 1
    assert world.jobs.last() == []
    status, shown = run(*STARTED, "--rate", "5", "--revoke", "--tell", answer="y\n")
    assert status == 0
    assert shown.index("certificates: 60") < shown.index("Sign them again?")
    assert "revocations: 60" in shown
    plan = world.job.plan
    assert (plan.expected, plan.rate, plan.revoke, plan.tell) == (60, 5, True, True)
    assert (plan.criteria.kids, plan.reason) == ((OLD,), "key-compromised")
    # One at a time.
    status, shown = run(*STARTED, "--yes")
    assert (status, "job-not-over" in shown) == (1, True)


def test_a_job_is_paused_resumed_followed_and_ended(world: World) -> None:
    run(*STARTED, "--rate", "1", "--yes")
    assert "job 1 is paused" in run("pause")[1]
    assert "job 1 is running" in run("resume")[1]
    world.now = world.job.plan.created_at + timedelta(minutes=2)
    with mock.patch("certificate_reissue.pace.PERIOD", timedelta(seconds=30)):
        world.tick()
    shown = run("status")[1]
    assert "│ 1 │ key-compromised │ running │ 1 │ 60 │ 30 │ 50.0 │ 0:00:30 │" in shown
    assert "waiting: 2 messages of up to 25 certificates; dead: 0" in shown
    assert "job 1 is cancelled" in run("cancel")[1]
    status, shown = run("resume")
    assert (status, "job-over" in shown) == (1, True)


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (("--rate", "801"), "rate-too-high"),
        (("--kid", "abc"), "kid-malformed"),
        (("--kind", "passport"), "kind-unknown"),
        (("--issued-before", "2999-01-01"), "issued-before"),
        (("--kid", "ff" * 8), "reissue-empty"),
        (("--reason", "Mme Martin"), "reason-malformed"),
    ],
)
def test_what_cannot_be_is_refused_with_its_rule(
    world: World, options: tuple[str, ...], code: str
) -> None:
    status, shown = run("start", "--reason", "rule-changed", *options, "--yes")
    assert (status, code in shown) == (1, True)
    assert world.jobs.last() == []


def test_nothing_is_signed_again_by_the_signer_that_it_is_taken_from(world: World) -> None:
    active = {"t": DocumentSigner.of("arn", b"der")}
    with (
        mock.patch("cli.reissue.SignerParameters.active", return_value=active),
        mock.patch("cli.reissue.signer.kid", return_value=bytes.fromhex(OLD)),
    ):
        status, shown = run(*STARTED, "--yes")
    assert (status, "signer-active" in shown) == (1, True)
    assert world.jobs.last() == []


@pytest.mark.usefixtures("world")
def test_more_revocations_than_lists_can_hold_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cli.reissue_estimate.MOST_REVOCATIONS", 59)
    status, shown = run(*STARTED, "--revoke", "--yes")
    assert (status, "revocations-too-many" in shown) == (1, True)
    assert run(*STARTED, "--yes")[0] == 0


def test_a_sample_without_one_is_no_proof_that_there_is_none(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cli.certificate_count.PAGE", 1)
    monkeypatch.setattr("cli.certificate_count.SAMPLED", 30)
    none = ("start", "--reason", "key-compromised", "--kid", "ff" * 8, "--yes")
    status, shown = run(*none)
    assert (status, "reissue-rare" in shown, "--exact" in shown) == (1, True, True)
    assert "reissue-empty" in run(*none, "--exact")[1]
    assert world.jobs.last() == []


def _random(seed: int) -> Random:
    return Random(seed)  # noqa: S311 - it chooses parts of a table, the same at each run


def test_a_sample_says_how_wrong_it_may_be_and_is_not_wronger(
    world: World,  # noqa: ARG001 - what is counted
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("cli.certificate_count.PAGE", 1)
    monkeypatch.setattr("cli.certificate_count.SAMPLED", 30)
    scan = CertificateScan(aws.dynamodb(), "certificates")
    criteria = Criteria(issued_before=BEFORE, kids=(OLD,))
    right = 0
    for seed in range(10):
        counted = count(scan, criteria, NOW, exact=False, random=_random(seed))
        assert (counted.parts, counted.parts_read) == (61, 30)
        assert counted.total.error > 0
        right += abs(counted.total.value - 60) <= counted.total.error
    assert right >= 8
    exact = count(scan, criteria, NOW, exact=True, random=_random(0))
    assert exact.groups == {Group("test", OLD): Number(60, 0)}
