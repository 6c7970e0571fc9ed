"""`vigie revocation`: other countries' batches are taken over if who signed may have."""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from typer.testing import CliRunner

from cli.foreign_batches import Judge
from cli.main import app
from cli.uploaders import PinnedUploaders
from tests.functions.revocation.world import KID, World
from tests.unit.trust.issuers import entry
from vigie import aws
from vigie.cms.signed_data import Unsigned
from vigie.dcc.x509_profile import Subject, build_upload
from vigie.errors import Rejected
from vigie.lists.list_bucket import ListBucket
from vigie.lists.publication import ListFile
from vigie.lists.published_lists import PublishedLists
from vigie.revocation.batch import (
    UNKNOWN_KID,
    BatchList,
    ListedBatch,
    batch_of,
    write_batch,
    write_list,
)
from vigie.revocation.hashes import HashType
from vigie.trust.signer_list import SIGNERS_FILE, TRUST, ListedSigner, SignerList
from vigie.trust.trusted_kids import TrustedKids

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime.now(UTC)
REVOKED = bytes(range(16))
BATCH_ID = "3f2504e0-4f89-11d3-9a0c-0305e82c3301"
BELGIAN_KID, OTHER_BELGIAN_KID, DUTCH_KID = "be" * 8, "b0" * 8, "d0" * 8
SIGNERS = {BELGIAN_KID: "BE", OTHER_BELGIAN_KID: "BE", DUTCH_KID: "NL"}


class Country:
    """Another country, with an upload certificate."""

    def __init__(self, name: str, since: timedelta = timedelta(days=1)) -> None:
        self._name = name
        self._key = ec.generate_private_key(ec.SECP256R1())
        certificate = build_upload(
            Subject(name, "Authority", "Upload"),
            self._key,
            serial=1,
            not_before=NOW - since,
        )
        self.der = certificate.public_bytes(serialization.Encoding.DER)

    def vouch(self, certificate: bytes) -> str:
        """A signature of a certificate, as the gateway's trust list has it."""
        unsigned = Unsigned(certificate, self.der, NOW, detached=True)
        signature = self._key.sign(unsigned.digest, ec.ECDSA(Prehashed(hashes.SHA256())))
        return base64.b64encode(unsigned.assemble(signature)).decode()

    def batch(
        self, country: str | None = None, days: int = 30, kid: str | None = BELGIAN_KID
    ) -> bytes:
        """A signed batch of one entry."""
        said = batch_of(
            country or self._name,
            NOW + timedelta(days=days),
            None if kid is None else bytes.fromhex(kid),
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
        "buckets/verifier-lists": "lists",
    }.items():
        aws.ssm().put_parameter(Name=f"/vigie/test/{path}", Value=value, Type="String")
    signers = tuple(
        ListedSigner(
            number=number,
            kid=base64.b64encode(bytes.fromhex(kid)).decode(),
            country=country,
            certificate="",
            added_at=NOW,
        )
        for number, (kid, country) in enumerate(SIGNERS.items(), 1)
    )
    file = ListFile(SignerList(signers=signers).model_dump_json().encode())
    ListBucket(aws.s3(), "lists").publish(TRUST, {SIGNERS_FILE: file}, NOW, replaced=None)
    return made


def run(*arguments: object) -> tuple[int, str]:
    environment = {"VIGIE_ENVIRONMENT": "test", "COLUMNS": "200"}
    done = CliRunner().invoke(app, ["revocation", *map(str, arguments)], env=environment)
    return done.exit_code, done.output


def is_revoked(world: World, kid: str = BELGIAN_KID) -> bool:
    world.publish()
    text = base64.b64encode(bytes.fromhex(kid)).decode()
    return world.device().has(text, {HashType.UCI: REVOKED}, NOW)


def pin(folder: Path, *countries: Country) -> None:
    """Let countries upload."""
    for number, country in enumerate(countries):
        (folder / f"{number}.der").write_bytes(country.der)
        assert run("trust", folder / f"{number}.der")[0] == 0


def told_id(output: str) -> str:
    return output.rpartition(" ")[2].strip()


def test_a_foreign_batch_is_taken_over_and_deleted_when_its_country_says_so(
    world: World, tmp_path: Path
) -> None:
    belgium = Country("BE")
    file = tmp_path / f"{BATCH_ID}.cms"
    file.write_bytes(base64.b64encode(belgium.batch()))
    pin(tmp_path, belgium)
    code, output = run("import", file)
    assert (code, output.startswith(f"{file.name}: 1 entries of BE taken over as ")) == (0, True)
    assert run("import", file) == (0, f"{file.name}: known\n")
    assert is_revoked(world)
    # It is not ours to tell others of.
    assert world.listed() == {}
    assert REVOKED.hex() in run("show", told_id(output))[1]
    assert "batch-id" in run("show", "0" * 5000)[1]
    assert "counts" in run("list")[1]
    for country, deletes in (("NL", 0), ("BE", 1)):
        gone = ListedBatch(batch_id=BATCH_ID, country=country, date=NOW, deleted=True)
        told = tmp_path / "list.json"
        told.write_bytes(write_list(BatchList(more=False, batches=(gone,))))
        assert run("import", told)[1].endswith(f"{deletes} batches deleted\n")
        assert is_revoked(world) is (deletes == 0)
    assert "deleted" in run("list")[1]


def test_what_may_not_be_taken_over_is_named_and_the_rest_is(world: World, tmp_path: Path) -> None:
    belgium, stranger = Country("BE"), Country("BE")
    former = Country("BE", since=timedelta(days=729, hours=23))
    pin(tmp_path, belgium, former)
    sound = belgium.batch()
    at = sound.index(b"entries")
    files = {
        f"{BATCH_ID}.cms": (sound, "taken over"),
        f"{BATCH_ID[:-1]}2.cms": (stranger.batch(), "uploader-unknown"),
        f"{BATCH_ID[:-1]}3.cms": (belgium.batch("NL"), "batch-country"),
        f"{BATCH_ID[:-1]}4.cms": (belgium.batch(days=-1), "batch-expired"),
        f"{BATCH_ID[:-1]}5.cms": (sound[:at] + b"E" + sound[at + 1 :], "cms-signature"),
        f"{BATCH_ID[:-1]}6.cms": (belgium.batch(kid=DUTCH_KID), "batch-kid"),
        f"{BATCH_ID[:-1]}7.cms": (belgium.batch(kid=KID), "batch-kid"),
        "canary.cms": (belgium.batch(days=31), "without the gateway's id"),
    }
    for name, (content, _) in files.items():
        (tmp_path / name).write_bytes(content)
    code, output = run("import", *(tmp_path / name for name in files))
    assert code == 1
    lines = output.splitlines()
    assert all(told in line for (_, told), line in zip(files.values(), lines, strict=True)), output
    assert is_revoked(world)
    late = Judge(
        list(PinnedUploaders(aws.ssm(), "test").all()),
        TrustedKids(PublishedLists(ListBucket(aws.s3(), "lists"))),
        NOW + timedelta(hours=2),
    )
    with pytest.raises(Rejected) as refused:
        late.judged(former.batch(), None)
    assert refused.value.code == "uploader-validity"


def test_a_batch_of_whatever_signer_counts_for_the_signers_of_its_own_country(
    world: World, tmp_path: Path
) -> None:
    belgium = Country("BE")
    pin(tmp_path, belgium)
    file = tmp_path / f"{BATCH_ID}.cms"
    file.write_bytes(belgium.batch(kid=None))
    assert run("import", file)[0] == 0
    assert {kid: is_revoked(world, kid) for kid in SIGNERS} == {
        BELGIAN_KID: True,
        OTHER_BELGIAN_KID: True,
        DUTCH_KID: False,
    }
    assert UNKNOWN_KID not in world.ask("/lists")["body"]


def test_a_batch_is_the_same_under_whatever_name_its_file_has(world: World, tmp_path: Path) -> None:
    belgium, netherlands = Country("BE"), Country("NL")
    pin(tmp_path, belgium, netherlands)
    file = tmp_path / f"{BATCH_ID}.cms"
    # Under the name that another country's batch has in the gateway.
    file.write_bytes(netherlands.batch(kid=DUTCH_KID, days=40))
    assert run("import", file)[0] == 0
    file.write_bytes(belgium.batch())
    code, output = run("import", file)
    assert (code, "taken over" in output) == (0, True)
    again = tmp_path / "again.cms"
    again.write_bytes(belgium.batch())
    for known in (False, True):
        assert ("known" in run("import", again)[1]) is known
    assert is_revoked(world)
    assert is_revoked(world, DUTCH_KID)


def test_upload_certificates_are_pinned_and_let_go(world: World, tmp_path: Path) -> None:
    belgium, expired = Country("BE"), Country("NL", since=timedelta(days=800))
    file, batch = tmp_path / "two.pem", tmp_path / f"{BATCH_ID}.cms"
    batch.write_bytes(belgium.batch())
    assert "uploader-unknown" in run("import", batch)[1]
    pems = [x509.load_der_x509_certificate(one.der) for one in (belgium, expired)]
    file.write_bytes(b"".join(one.public_bytes(serialization.Encoding.PEM) for one in pems))
    code, output = run("trust", file)
    fingerprint = hashlib.sha256(belgium.der).hexdigest()
    assert code == 1
    assert f"BE {fingerprint}" in output
    assert "refused, expired" in output
    assert run("trusted")[1].count("until") == 1
    assert "taken over" in run("import", batch)[1]
    assert run("distrust", fingerprint)[0] == 0
    assert "uploader-unknown" in run("distrust", fingerprint)[1]
    assert "uploader-unknown" in run("import", batch)[1]
    # What was taken over stays.
    assert is_revoked(world)


def test_upload_certificates_of_a_gateway_are_believed_if_its_trust_anchor_signed_them(
    world: World,  # noqa: ARG001 - the account that it is in
    tmp_path: Path,
) -> None:
    anchor, belgium, dutch = Country("EU"), Country("BE"), Country("NL")
    trust, anchors = tmp_path / "trust.json", tmp_path / "anchor.der"
    anchors.write_bytes(anchor.der)
    trust.write_text(
        json.dumps(
            [
                entry("UPLOAD", belgium.der, "BE", signature=anchor.vouch(belgium.der)),
                entry("UPLOAD", dutch.der, "NL", signature=dutch.vouch(dutch.der)),
                entry("UPLOAD", dutch.der, "FR", signature=anchor.vouch(dutch.der)),
            ]
        )
    )
    assert "grounds-missing" in run("trust", trust)[1]
    code, output = run("trust", trust, "--anchor", anchors)
    assert code == 1
    assert "signature-anchor" in output
    assert "refused, country" in output
    assert run("trusted")[1].startswith("BE ")
    assert len(run("trusted")[1].splitlines()) == 1


def test_an_upload_certificate_is_made_once_of_a_key(world: World) -> None:
    key = aws.kms().create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")["KeyMetadata"]
    assert "upload-other-key" in run("signer", "--organisation", "A", "--key", key["Arn"])[1]
    arguments = ("signer", "--organisation", "A", "--key", key["Arn"])
    assert "made" in run(*arguments, "--replace")[1]
    assert "kept" in run(*arguments)[1]
    assert not is_revoked(world)
