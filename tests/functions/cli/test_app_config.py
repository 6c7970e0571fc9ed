"""The operator's command publishes the app's configuration, signed, and takes it back."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cli.main import app
from tests.functions.resources import create_bucket, objects
from vigie import aws
from vigie.lists.list_bucket import ListBucket

FRANCE = Path(__file__).parents[3] / "docs" / "app-configuration" / "france.json"
_BUCKET = "app-config"


@pytest.fixture(autouse=True)
def _deployed(mocked_aws: None) -> None:  # noqa: ARG001 - the account that it is in
    create_bucket(_BUCKET)
    key = aws.kms().create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")["KeyMetadata"]
    told = {
        "buckets/app-config": _BUCKET,
        "keys/app-config": key["Arn"],
        "tracing-url": "https://tracing.example",
    }
    for path, value in told.items():
        aws.ssm().put_parameter(Name=f"/vigie/test/{path}", Value=value, Type="String")


def run(*arguments: str, answer: str = "") -> tuple[int, str]:
    environment = {"COLUMNS": "250", "VIGIE_ENVIRONMENT": "test"}
    done = CliRunner().invoke(app, ["app-config", *arguments], env=environment, input=answer)
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, done.output


def configuration(folder: Path, recommended: str = "1.2.0") -> str:
    """A configuration that differs by a version only."""
    document = json.loads(FRANCE.read_text(encoding="utf-8"))
    document["platforms"]["ios"]["recommended"] = recommended
    path = folder / f"{recommended}.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return str(path)


def fetched(path: str) -> tuple[bytes, str]:
    """What CloudFront would give, and how long it may be kept."""
    answer = aws.s3().get_object(Bucket=_BUCKET, Key=path.removeprefix("/"))
    return answer["Body"].read(), answer["CacheControl"]


def pointed() -> dict[str, Any]:
    """What the document in force says, found as a phone finds it."""
    pointer, kept = fetched("app-config/current.json")
    assert kept == "public, max-age=300"
    signed, kept = fetched(json.loads(pointer)["document"])
    assert kept == "public, max-age=31536000, immutable"
    payload = signed.split(b".")[1]
    said: dict[str, Any] = json.loads(
        base64.urlsafe_b64decode(payload + b"=" * (-len(payload) % 4))
    )
    assert json.loads(pointer)["number"] == said["number"]
    return said


def recommended() -> str:
    """The version of the app that phones are told to have."""
    return str(pointed()["configuration"]["platforms"]["ios"]["recommended"])


def test_what_is_published_is_found_verified_and_taken_back(tmp_path: Path) -> None:
    assert run("set", configuration(tmp_path), "--yes")[0] == 0
    first, _ = fetched("app-config/1.jws")
    status, said = run("set", configuration(tmp_path, "1.3.0"), answer="y\n")
    assert status == 0
    assert '-      "recommended": "1.2.0"' in said
    assert recommended() == "1.3.0"

    assert run("rollback", "1", "--yes")[0] == 0

    assert (pointed()["number"], recommended()) == (3, "1.2.0")
    assert fetched("app-config/1.jws")[0] == first
    shown = run("show")[1]
    assert "version 1 again" in shown
    assert shown.count("arn:aws:sts::123456789012:user/moto") == 3
    downloaded, keys = tmp_path / "3.jws", tmp_path / "keys.json"
    downloaded.write_bytes(fetched("app-config/3.jws")[0])
    keys.write_bytes(fetched("app-config/keys.json")[0])
    assert json.loads(run("keys")[1]) == json.loads(keys.read_text())
    status, said = run("verify", str(downloaded), "--keys", str(keys), "--environment", "nowhere")
    assert (status, said.startswith("version 3, published ")) == (0, True)


def test_a_document_that_was_changed_or_signed_by_another_is_refused(tmp_path: Path) -> None:
    run("set", configuration(tmp_path), "--yes")
    header, payload, signature = fetched("app-config/1.jws")[0].split(b".")
    other = base64.urlsafe_b64encode(
        base64.urlsafe_b64decode(payload + b"===").replace(b"1.2.0", b"0.0.1")
    ).rstrip(b"=")
    path = tmp_path / "changed.jws"
    path.write_bytes(b".".join((header, other, signature)))
    assert run("verify", str(path))[1].startswith("document-signature")
    path.write_bytes(b"none at all")
    assert run("verify", str(path))[1].startswith("jws-form")


def test_nothing_is_published_without_a_yes_or_with_a_mistake(tmp_path: Path) -> None:
    assert run("set", configuration(tmp_path), answer="n\n")[0] == 1
    broken = tmp_path / "broken.json"
    broken.write_text(FRANCE.read_text(encoding="utf-8").replace('"high": 100', '"high": 1000'))
    status, said = run("set", str(broken), "--yes")
    assert (status, "infectiousnessWeights.high" in said) == (1, True)
    assert objects(_BUCKET) == {}
    assert run("show")[1].startswith("configuration-missing")


def test_of_two_operators_one_wins_and_the_other_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("set", configuration(tmp_path), "--yes")
    mine, theirs = configuration(tmp_path, "1.4.0"), configuration(tmp_path, "1.5.0")

    def while_i_look(*_: object, **__: object) -> bool:
        monkeypatch.undo()
        assert run("set", theirs, "--yes")[0] == 0
        return True

    monkeypatch.setattr("typer.confirm", while_i_look)
    status, said = run("set", mine)
    assert (status, "list-contended" in said) == (1, True)
    assert (pointed()["number"], recommended()) == (2, "1.5.0")


def test_who_died_before_the_copies_were_made_runs_it_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("set", configuration(tmp_path), "--yes")
    make_public = ListBucket.make_public
    monkeypatch.setattr(ListBucket, "make_public", lambda *_: None)
    run("set", configuration(tmp_path, "1.3.0"), "--yes")
    assert recommended() == "1.2.0"
    monkeypatch.setattr(ListBucket, "make_public", make_public)

    assert "version 2 says the same already" in run("set", configuration(tmp_path, "1.3.0"))[1]

    assert recommended() == "1.3.0"


def test_differences_are_shown_to_a_file_and_from_a_version(tmp_path: Path) -> None:
    run("set", configuration(tmp_path), "--yes")
    run("set", configuration(tmp_path, "1.3.0"), "--yes")
    assert run("diff", configuration(tmp_path, "1.3.0"))[1] == "no difference\n"
    assert '"recommended": "1.3.0"' in run("diff")[1]
    assert run("diff", "2")[1] == "no difference\n"
    assert run("diff", "9")[1].startswith("version-unknown")


def test_one_that_newer_rules_refuse_is_shown_and_replaced_and_not_brought_back(
    tmp_path: Path,
) -> None:
    run("set", configuration(tmp_path), "--yes")
    (written,) = [key for key in objects(_BUCKET) if key.endswith("/configuration.json")]
    older = aws.s3().get_object(Bucket=_BUCKET, Key=written)["Body"].read()
    aws.s3().put_object(
        Bucket=_BUCKET, Key=written, Body=older.replace(b'"flipPercent":25', b'"flipPercent":50')
    )
    assert run("show")[0] == 0
    status, said = run("set", configuration(tmp_path, "1.3.0"), "--yes")
    assert (status, '-    "flipPercent": 50' in said) == (0, True)
    assert recommended() == "1.3.0"
    status, said = run("rollback", "1", "--yes")
    assert (status, "analytics.flipPercent" in said) == (1, True)
