"""What the record of a dose leaves behind: its certificate, as it is right now."""

import json
import zlib
from datetime import date, timedelta
from typing import Any

import cbor2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cwt import COSE, COSEKey

from cli.kms_public_key import KmsPublicKey
from cli.signer_rotation import create_signer
from tests.functions.certificate_signing.world import PARAMETER, VALUE_SETS, World, at, signing_key
from tests.unit.certificate_signing.samples import IDENTITY
from vigie import aws
from vigie.certificates.certificate_due import RenewalDue
from vigie.certificates.document_signer import DocumentSigner
from vigie.certificates.packing import packed
from vigie.certificates.reissue_due import ReissueDue
from vigie.certificates.stored_certificate import RENEWED
from vigie.certificates.value_set_releases import ValueSetReleases
from vigie.dcc import value_sets
from vigie.dcc.value_sets import SetId
from vigie.vaccinations.stored_vaccination import VaccinationStatus

ISSUED, REVOKED = "CertificateIssued", "CertificateRevoked"
_COMIRNATY, _JANSSEN = "EU/1/20/1528", "EU/1/20/1525"


def test_a_dose_gives_a_certificate_at_once_that_others_verify(world: World) -> None:
    assert world.deliver(world.vaccination()) == []
    [certificate] = world.certificates()
    entry = world.entry(certificate)
    assert (entry["mp"], entry["dn"], entry["sd"], entry["dt"]) == (
        _COMIRNATY,
        2,
        2,
        "2026-10-31",
    )
    assert certificate.expires_at == certificate.issued_at + timedelta(days=365)
    assert world.told() == [(ISSUED, "vaccination#1")]
    # An implementation of COSE that is not ours reads the same.
    configured = aws.ssm().get_parameter(Name=PARAMETER)["Parameter"]["Value"]
    dsc = x509.load_der_x509_certificate(DocumentSigner.model_validate_json(configured).der)
    pem = dsc.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    message = zlib.decompress(packed(world.text(certificate)))
    claims = cbor2.loads(
        COSE.new().decode(
            message, COSEKey.from_pem(pem, alg="ES256", kid=bytes.fromhex(certificate.kid))
        )
    )
    assert claims[-260][1]["v"] == [entry]


@pytest.mark.parametrize(
    "changes",
    [
        {"product": _JANSSEN},
        {"number": 3},
        {"given_on": date(2026, 10, 30)},
        {"course": 3},
        {"recovered_before": True},
        {"identity": IDENTITY.model_copy(update={"family_name": "Dupont"})},
    ],
)
def test_a_correction_of_what_it_says_revokes_and_begins_again(
    world: World, changes: dict[str, Any]
) -> None:
    world.deliver(world.vaccination())
    assert world.deliver(world.vaccination(version=2, **changes)) == []
    revoked, holds = world.certificates()
    assert (revoked.revocation_reason, holds.revoked_at) == ("vaccination-corrected", None)
    assert (holds.certificate, holds.replaces) == ("vaccination#2", "vaccination#1")
    assert world.entry(revoked)["ci"] != world.entry(holds)["ci"]
    assert set(world.told()) == {
        (ISSUED, "vaccination#1"),
        (REVOKED, "vaccination#1"),
        (ISSUED, "vaccination#2"),
    }


def test_a_correction_of_what_it_does_not_say_leaves_it(world: World) -> None:
    world.deliver(world.vaccination())
    assert world.deliver(world.vaccination(version=2, lot="FE1574")) == []
    [certificate] = world.certificates()
    assert certificate.revoked_at is None


def test_a_record_that_is_withdrawn_takes_its_certificate_with_it(world: World) -> None:
    first = world.vaccination()
    world.deliver(first)
    withdrawn = world.vaccination(version=2, status=VaccinationStatus.WITHDRAWN)
    assert world.deliver(withdrawn, first) == []
    [certificate] = world.certificates()
    assert certificate.revocation_reason == "vaccination-withdrawn"
    assert world.codes()[-1] == "certificate-refused vaccination-withdrawn"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"product": "EU/0/00/0000"}, "vaccine-unknown"),
        ({"product": "EU/1/22/1709"}, "vaccine-course"),
        ({"product": "NVX-CoV2373", "course": 2}, "vaccine-not-listed"),
        ({"given_on": date(2026, 11, 9)}, "vaccination-date"),
        ({"disease": "smallpox"}, "disease-unknown"),
        ({"identity": IDENTITY.model_copy(update={"family_name": "李"})}, "name-script"),
    ],
)
def test_what_cannot_be_certified_is_counted_with_its_reason(
    world: World, changes: dict[str, Any], reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert world.deliver(world.vaccination(**changes)) == []
    assert (world.certificates(), world.told()) == ([], [])
    assert world.codes() == [f"certificate-refused {reason}"]
    counted = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(one["CertificatesRefused"], one["reason"]) for one in counted] == [([1.0], reason)]


def test_what_was_issued_before_its_vaccine_left_the_list_holds(world: World) -> None:
    world.deliver(world.vaccination())
    document = value_sets.shipped().model_dump(mode="json", by_alias=True)
    document["release"] = "without-it"
    for part in document["sets"][SetId.PRODUCT]["parts"]:
        part["active"] = False
    ValueSetReleases(aws.s3(), VALUE_SETS).publish(json.dumps(document).encode())
    assert world.deliver(world.vaccination(version=2, lot="FE1574")) == []
    [certificate] = world.certificates()
    assert certificate.revoked_at is None


def test_the_signer_of_vaccinations_signs_it(world: World) -> None:
    key = signing_key()
    public = KmsPublicKey.of(aws.kms(), key.arn)
    made = create_signer(world.parameters, public, world.csca_key, groups=["v"], now=at(0, 0))
    assert made.document_signer is not None
    world.parameters.activate(made.document_signer, ["v"])
    world.result()
    world.deliver()
    world.deliver(world.vaccination())
    of_test, of_dose = world.certificates()
    assert of_dose.kid == made.kid.hex() != of_test.kid


def test_nothing_is_read_of_a_vaccination_for_a_test(world: World) -> None:
    """A negative test costs what it did: the table of vaccinations is not asked."""
    aws.dynamodb().delete_table(TableName="vaccinations")
    world.result()
    assert world.deliver() == []
    assert len(world.certificates()) == 1


def test_a_dose_outlives_every_certificate_of_it(world: World) -> None:
    world.deliver(world.vaccination())
    [first] = world.certificates()
    due = RenewalDue(source_id=first.source_id).model_dump_json()
    for renewed, day in enumerate((338, 676), start=1):
        assert len(world.reminders()) == 1
        world.now = at(day)
        assert world.deliver(due) == []
        *_, old, new = world.certificates()
        assert (new.generation, new.replacement, old.revoked_at) == (renewed, RENEWED, None)
        assert world.entry(new) == world.entry(old)
        assert new.expires_at > old.expires_at


def test_a_dose_is_certified_anew_when_its_signer_is_lost(world: World) -> None:
    world.deliver(world.vaccination())
    [first] = world.certificates()
    world.now = at(10)
    order = ReissueDue(
        job="2026-11-key",
        records=(first.source_id,),
        issued_before=at(9),
        kids=(first.kid,),
        reason="signer-lost",
    ).model_dump_json()
    world.issue_dsc(signing_key())
    assert world.deliver(order) == []
    old, new = world.certificates()
    assert (old.revoked_at, new.replaces) == (world.now, "vaccination#1")
    assert new.revoked_at is None
    assert new.kid != old.kid
