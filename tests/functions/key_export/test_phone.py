"""A reader that shares no code with the writer takes what the export makes, and others made."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from tests.conformance import phone
from tests.functions.key_export.world import FIRST_DUE, HOUR, MIDNIGHT
from tests.functions.resources import objects
from tests.unit.tracing import exports
from vigie.tracing.export_reader import read_verified

if TYPE_CHECKING:
    from tests.functions.key_export.world import World
    from vigie.tracing.diagnosis_key import DiagnosisKey


def test_a_phone_reads_what_was_released_and_revised(world: World) -> None:
    released = world.release(range(30), MIDNIGHT)
    world.release(range(30, 33), MIDNIGHT + 4 * HOUR)
    revised = [world.revise(number, MIDNIGHT + 5 * HOUR) for number in (3, 1)]
    world.run(FIRST_DUE + 4 * HOUR)
    kept = objects("exports")
    read = [
        phone.read(kept[name], {("208", "v1"): world.public_key})
        for name in world.index().split("\n")
    ]
    assert [(one.region, one.signers) for one in read] == [
        ("FR", [("208", "v1", "1.2.840.10045.4.3.2")])
    ] * 3
    first = [key for one in read[:2] for key in one.keys]
    assert first == sorted(map(_as_read, released), key=lambda key: key.data)
    assert len(read[2].keys) >= 6
    assert read[2].revised == sorted(map(_as_read, revised), key=lambda key: key.data)
    assert [(one.start - read[0].start, one.end - read[0].start) for one in read] == [
        (0, 4 * 3600 + 1),
        (0, 4 * 3600 + 2),
        (4 * 3600, 8 * 3600),
    ]


def test_a_phone_refuses_another_s_signature(world: World) -> None:
    world.release(range(8))
    world.run()
    other = ec.generate_private_key(ec.SECP256R1()).public_key()
    with pytest.raises(InvalidSignature):
        phone.read(objects("exports")[world.index()], {("208", "v1"): other})


@pytest.mark.skipif(
    not exports.SAMPLE_ZIP.is_file(), reason="the published sample is not on this machine"
)
def test_both_readers_read_the_same_in_the_reference_server_s_export() -> None:
    archive = exports.SAMPLE_ZIP.read_bytes()
    key = load_pem_public_key((exports.SAMPLE / "public.pem").read_bytes())
    assert isinstance(key, ec.EllipticCurvePublicKey)
    ours = read_verified(archive, key)
    (info,) = ours.frame.signature_infos
    theirs = phone.read(archive, {(info.verification_key_id, info.verification_key_version): key})
    assert theirs.keys == [_as_read(each) for each in ours.keys]
    assert (theirs.start, theirs.end) == (
        ours.frame.start.timestamp(),
        ours.frame.end.timestamp(),
    )


def _as_read(key: DiagnosisKey) -> phone.Key:
    return phone.Key(
        data=key.key_data,
        risk=key.transmission_risk,
        start=key.rolling_start_interval_number,
        period=key.rolling_period,
        report_type=key.report_type.value,
        onset=key.days_since_onset_of_symptoms,
    )
