"""An export is read and verified as a phone does it, and what is no export is refused."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.tracing import exports
from tests.unit.tracing.test_export_writer import PUBLISHED
from vigie.errors import Rejected
from vigie.tracing import export_reader, wire
from vigie.tracing.export_format import HEADER, ExportFrame, SignatureInfo
from vigie.tracing.export_reader import (
    open_zip,
    read_binary,
    read_signatures,
    read_verified,
)
from vigie.tracing.export_writer import write_binary, write_signatures, write_zip

if TYPE_CHECKING:
    from collections.abc import Callable

    from vigie.tracing.diagnosis_key import DiagnosisKey

SIGNER = ec.derive_private_key(7, ec.SECP256R1())
OTHER = ec.derive_private_key(8, ec.SECP256R1())
INFO = SignatureInfo(verification_key_id="208", verification_key_version="v1")
FRAME = ExportFrame(
    start=datetime(2026, 11, 24, tzinfo=UTC),
    end=datetime(2026, 11, 24, 4, tzinfo=UTC),
    region="FR",
    signature_infos=(INFO,),
)


def signed_zip(binary: bytes, *signers: ec.EllipticCurvePrivateKey) -> bytes:
    return write_zip(
        binary,
        write_signatures(
            (INFO, signer.sign(binary, ec.ECDSA(hashes.SHA256()))) for signer in signers
        ),
    )


def zipped(**members: bytes) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as written:
        for name, content in members.items():
            written.writestr(name.replace("_", "."), content)
    return archive.getvalue()


def refused(code: str, call: Callable[..., object], *arguments: object) -> Rejected:
    with pytest.raises(Rejected) as caught:
        call(*arguments)
    assert caught.value.code == code
    return caught.value


@PUBLISHED
def test_the_published_sample_is_read_and_verified() -> None:
    public_key = load_pem_public_key((exports.SAMPLE / "public.pem").read_bytes())
    assert isinstance(public_key, ec.EllipticCurvePublicKey)
    archive = exports.SAMPLE_ZIP.read_bytes()
    export = read_verified(archive, public_key)
    assert list(export.keys) == exports.sample_keys()
    assert (export.frame.region, export.revised_keys) == ("US", ())
    refused("export-signature", read_verified, archive, SIGNER.public_key())


@given(exports.frames, st.lists(exports.keys, max_size=9), st.lists(exports.keys, max_size=4))
def test_what_was_written_is_read(
    frame: ExportFrame, keys: list[DiagnosisKey], revised: list[DiagnosisKey]
) -> None:
    read = read_binary(write_binary(frame, keys, revised))
    assert read.frame == frame
    assert sorted(map(repr, read.keys)) == sorted(map(repr, keys))
    assert sorted(map(repr, read.revised_keys)) == sorted(map(repr, revised))


def test_every_byte_is_signed() -> None:
    binary = write_binary(FRAME, [])
    archive = signed_zip(binary, SIGNER)
    assert read_verified(archive, SIGNER.public_key()).frame == FRAME
    refused("export-signature", read_verified, archive, OTHER.public_key())
    _, signed = open_zip(archive)
    for place in range(len(HEADER), len(binary)):
        changed = bytearray(binary)
        changed[place] ^= 1
        with pytest.raises(Rejected):
            read_verified(write_zip(bytes(changed), signed), SIGNER.public_key())


def test_there_is_one_signature_for_each_signer_that_is_named() -> None:
    binary = write_binary(FRAME, [])
    for signers in ((), (SIGNER, SIGNER)):
        archive = signed_zip(binary, *signers)
        refused("export-signature-count", read_verified, archive, SIGNER.public_key())


def test_a_second_signer_verifies_as_well() -> None:
    binary = write_binary(FRAME.model_copy(update={"signature_infos": (INFO, INFO)}), [])
    archive = signed_zip(binary, SIGNER, OTHER)
    for signer in (SIGNER, OTHER):
        assert read_verified(archive, signer.public_key()).keys == ()


def test_what_is_no_zip_of_an_export_is_refused() -> None:
    refused("export-zip", open_zip, b"PK no zip")
    refused("export-members", open_zip, zipped(export_bin=b""))
    refused("export-members", open_zip, zipped(export_bin=b"", export_sig=b"", more=b""))
    archive = bytearray(zipped(export_bin=bytes(999), export_sig=b""))
    archive[40] ^= 0xFF
    refused("export-zip", open_zip, bytes(archive))


def test_a_zip_that_grows_beyond_any_export_is_refused() -> None:
    bomb = zipped(export_bin=bytes(export_reader.MAX_BINARY_BYTES + 1), export_sig=b"")
    assert len(bomb) < 100_000
    assert refused("export-size", open_zip, bomb).place == "export.bin"
    bomb = zipped(export_bin=b"", export_sig=bytes(export_reader.MAX_SIGNATURE_BYTES + 1))
    assert refused("export-size", open_zip, bomb).place == "export.sig"


def test_more_keys_than_any_export_has_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export_reader, "MAX_KEYS", 1)
    key = wire.bytes_field(7, wire.bytes_field(1, bytes(16)))
    assert len(read_binary(HEADER + key).keys) == 1
    refused("export-size", read_binary, HEADER + key + key)


@pytest.mark.parametrize(
    ("code", "message", "place"),
    [
        ("protobuf-truncated", b"\x3a\x05\x0a", ""),
        ("protobuf-truncated", b"\x80", ""),
        ("protobuf-varint", b"\x20" + b"\xff" * 10, ""),
        ("protobuf-varint", b"\x20" + b"\x80" * 11, ""),
        ("protobuf-field", b"\x00\x00", ""),
        ("protobuf-wire-type", b"\x0b", ""),
        ("protobuf-wire-type", wire.varint_field(7, 1), ""),
        ("protobuf-wire-type", wire.varint_field(1, 1), ""),
        ("export-content", wire.fixed64_field(1, 2**63), ""),
        ("export-content", wire.bytes_field(3, b"\xff"), ""),
        ("export-content", wire.bytes_field(7, b""), "keys[0].key_data"),
        ("export-content", wire.bytes_field(6, b""), "signer[0].verification_key_id"),
        (
            "export-content",
            wire.bytes_field(8, wire.bytes_field(1, bytes(16)) + wire.varint_field(4, 145)),
            "revised_keys[0].rolling_period",
        ),
        (
            "protobuf-range",
            wire.bytes_field(7, wire.bytes_field(1, bytes(16)) + wire.varint_field(3, 2**31)),
            "",
        ),
        ("export-content", wire.bytes_field(6, wire.bytes_field(4, b"208")) * 11, ""),
    ],
)
def test_what_is_no_export_is_refused_with_its_rule(code: str, message: bytes, place: str) -> None:
    error = refused(code, read_binary, HEADER + message)
    assert error.place == place


def test_fields_of_later_versions_are_passed_over() -> None:
    later = wire.varint_field(99, 5) + wire.bytes_field(98, b"new") + b"\xad\x06\x00\x00\x00\x00"
    key = wire.bytes_field(7, wire.bytes_field(1, bytes(16)) + wire.varint_field(8, 4))
    assert len(read_binary(HEADER + later + key).keys) == 1


def code_of(read: Callable[[bytes], object], content: bytes) -> str:
    """The rule that refuses the content; empty if it is read."""
    try:
        read(content)
    except Rejected as error:
        return error.code
    return ""


@given(st.binary(max_size=200))
def test_bytes_are_read_or_refused(content: bytes) -> None:
    for read, begin in ((read_binary, HEADER), (read_signatures, b"")):
        assert code_of(read, begin + content).split("-")[0] in {"", "export", "protobuf"}


@given(st.binary(max_size=200))
def test_any_zip_is_opened_or_refused(content: bytes) -> None:
    whole = signed_zip(write_binary(FRAME, []), SIGNER)
    spoilt = whole[: len(content)] + content + whole[2 * len(content) :]
    for archive in (content, spoilt):
        assert code_of(open_zip, archive).split("-")[0] in {"", "export"}
