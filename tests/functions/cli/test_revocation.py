"""`vigie revocation`: other countries' batches are taken over if who signed may have."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from typer.testing import CliRunner

from cli.main import app
from tests.functions.revocation.world import KID, World
from vigie import aws
from vigie.cms.signed_data import Unsigned
from vigie.dcc.x509_profile import Subject, build_upload
from vigie.revocation.batch import BatchList, ListedBatch, batch_of, write_batch, write_list
from vigie.revocation.hashes import HashType

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime.now(UTC)
REVOKED = bytes(range(16))
BATCH_ID = "3f2504e0-4f89-11d3-9a0c-0305e82c3301"
KID_TEXT = base64.b64encode(bytes.fromhex(KID)).decode()


class Country:
    """Another country, with an upload certificate."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._key = ec.generate_private_key(ec.SECP256R1())
        certificate = build_upload(
            Subject(name, "Authority", "Upload"),
            self._key,
            serial=1,
            not_before=NOW - timedelta(days=1),
        )
        self.der = certificate.public_bytes(serialization.Encoding.DER)

    def batch(self, country: str | None = None, days: int = 30) -> bytes:
        """A signed batch of one entry."""
        said = batch_of(
            country or self._name,
            NOW + timedelta(days=days),
            bytes.fromhex(KID),
            HashType.UCI,
            [REVOKED],
        )
        unsigned = Unsigned(write_batch(said), self.der, NOW)
        return unsigned.assemble(
            self._key.sign(unsigned.digest, ec.ECDSA(Prehashed(hashes.SHA256())))
        )


@pytest.fixture
def world(mocked_aws: None) -> World:  # noqa: ARG001 - the account that the world is in
    made = World()
    made.now = NOW
    for path, value in {
        "tables/revocations": "revocations",
        "buckets/revocation": "revocation",
    }.items():
        aws.ssm().put_parameter(Name=f"/vigie/test/{path}", Value=value, Type="String")
    return made


def run(*arguments: object) -> tuple[int, str]:
    environment = {"VIGIE_ENVIRONMENT": "test", "COLUMNS": "200"}
    done = CliRunner().invoke(app, ["revocation", *map(str, arguments)], env=environment)
    return done.exit_code, done.output


def is_revoked(world: World) -> bool:
    world.publish()
    return world.device().has(KID_TEXT, {HashType.UCI: REVOKED}, NOW)


def test_a_foreign_batch_is_taken_over_and_deleted_when_its_country_says_so(
    world: World, tmp_path: Path
) -> None:
    belgium = Country("BE")
    file, trust = tmp_path / f"{BATCH_ID}.cms", tmp_path / "trust.json"
    file.write_bytes(base64.b64encode(belgium.batch()))
    entries = [
        {"certificateType": kind, "country": "BE", "rawData": base64.b64encode(der).decode()}
        for kind, der in (("UPLOAD", belgium.der), ("DSC", b"other"))
    ]
    trust.write_text(json.dumps(entries))
    assert run("import", file, "--upload", trust) == (
        0,
        f"{file.name}: 1 entries of BE taken over\n",
    )
    assert run("import", file, "--upload", trust) == (0, f"{file.name}: known\n")
    assert is_revoked(world)
    # It is not ours to tell others of.
    assert world.listed() == {}
    assert REVOKED.hex() in run("show", BATCH_ID)[1]
    assert "counts" in run("list")[1]
    for country, deletes in (("NL", 0), ("BE", 1)):
        gone = ListedBatch(batch_id=BATCH_ID, country=country, date=NOW, deleted=True)
        told = tmp_path / "list.json"
        told.write_bytes(write_list(BatchList(more=False, batches=(gone,))))
        assert run("import", told, "--upload", trust)[1].endswith(f"{deletes} batches deleted\n")
        assert is_revoked(world) is (deletes == 0)
    assert "deleted" in run("list")[1]


def test_what_may_not_be_taken_over_is_named_and_the_rest_is(world: World, tmp_path: Path) -> None:
    belgium, stranger = Country("BE"), Country("BE")
    trusted = tmp_path / "belgium.der"
    trusted.write_bytes(belgium.der)
    sound = belgium.batch()
    at = sound.index(b"entries")
    files = {
        f"{BATCH_ID}.cms": (sound, "taken over"),
        f"{BATCH_ID[:-1]}2.cms": (stranger.batch(), "uploader-unknown"),
        f"{BATCH_ID[:-1]}3.cms": (belgium.batch("NL"), "batch-country"),
        f"{BATCH_ID[:-1]}4.cms": (belgium.batch(days=-1), "batch-expired"),
        f"{BATCH_ID[:-1]}5.cms": (sound[:at] + b"E" + sound[at + 1 :], "cms-signature"),
        "canary.cms": (sound, "batch-id"),
    }
    for name, (content, _) in files.items():
        (tmp_path / name).write_bytes(content)
    code, output = run("import", *(tmp_path / name for name in files), "--upload", trusted)
    assert code == 1
    lines = output.splitlines()
    assert all(told in line for (_, told), line in zip(files.values(), lines, strict=True)), output
    assert is_revoked(world)


def test_an_upload_certificate_is_made_once_of_a_key(world: World) -> None:
    key = aws.kms().create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")["KeyMetadata"]
    assert "upload-other-key" in run("signer", "--organisation", "A", "--key", key["Arn"])[1]
    arguments = ("signer", "--organisation", "A", "--key", key["Arn"])
    assert "made" in run(*arguments, "--replace")[1]
    assert "kept" in run(*arguments)[1]
    assert not is_revoked(world)
