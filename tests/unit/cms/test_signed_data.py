"""Messages that OpenSSL verifies, and those of OpenSSL verified here."""

import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.x509.oid import NameOID
from hypothesis import given, settings
from hypothesis import strategies as st

from vigie.cms.signed_data import MOST_BYTES, Unsigned, verify
from vigie.errors import Rejected

NOW = datetime(2026, 12, 1, tzinfo=UTC)
CONTENT = b'{"country":"FR"}' * 20
Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey

needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="there is no openssl")


def certificate_of(key: Key, serial: int = 2**150 + 1) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Téléversement")])
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(serial)
        .not_valid_before(NOW - timedelta(days=1))
        .not_valid_after(NOW + timedelta(days=700))
        .sign(key, hashes.SHA256())
    )


EC_KEY = ec.generate_private_key(ec.SECP256R1())
DER = certificate_of(EC_KEY).public_bytes(serialization.Encoding.DER)


def signed(content: bytes = CONTENT) -> bytes:
    unsigned = Unsigned(content, DER, NOW)
    signature = EC_KEY.sign(unsigned.digest, ec.ECDSA(Prehashed(hashes.SHA256())))
    return unsigned.assemble(signature)


def openssl(*arguments: str, given: bytes = b"") -> bytes:
    return subprocess.run(  # noqa: S603 - on files of this test
        ["openssl", "cms", *arguments],  # noqa: S607 - whichever is there
        input=given,
        capture_output=True,
        check=True,
    ).stdout


def test_what_is_signed_here_is_verified_here() -> None:
    verified = verify(signed())
    assert (verified.content, verified.certificate) == (CONTENT, DER)


@needs_openssl
def test_openssl_verifies_what_is_signed_here() -> None:
    arguments = ("-verify", "-inform", "DER", "-noverify", "-binary")
    assert openssl(*arguments, given=signed()) == CONTENT


@needs_openssl
def test_openssl_verifies_a_signature_beside_its_content_by_rsa(tmp_path: Path) -> None:
    key = rsa.generate_private_key(65537, 2048)
    der = certificate_of(key, 2).public_bytes(serialization.Encoding.DER)
    unsigned = Unsigned(CONTENT, der, NOW, issuers=(DER,), detached=True)
    signature = key.sign(unsigned.digest, padding.PKCS1v15(), Prehashed(hashes.SHA256()))
    message = unsigned.assemble(signature)
    assert CONTENT not in message
    assert DER in message
    (tmp_path / "content").write_bytes(CONTENT)
    arguments = ("-verify", "-inform", "DER", "-noverify", "-binary", "-content")
    assert openssl(*arguments, str(tmp_path / "content"), given=message) == CONTENT
    (tmp_path / "content").write_bytes(CONTENT + b" ")
    with pytest.raises(subprocess.CalledProcessError):
        openssl(*arguments, str(tmp_path / "content"), given=message)


@needs_openssl
@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("ec", []),
        ("ec", ["-md", "sha512"]),
        ("ec", ["-noattr"]),
        ("ec", ["-stream", "-indef"]),
        ("rsa", ["-md", "sha256"]),
        ("rsa", ["-md", "sha384", "-keyopt", "rsa_padding_mode:pss"]),
    ],
)
def test_what_openssl_signs_is_verified(tmp_path: Path, kind: str, options: list[str]) -> None:
    key: Key = EC_KEY if kind == "ec" else rsa.generate_private_key(65537, 2048)
    certificate = certificate_of(key)
    (tmp_path / "key").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    (tmp_path / "certificate").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    message = openssl(
        *("-sign", "-nodetach", "-binary", "-outform", "DER"),
        *("-signer", str(tmp_path / "certificate"), "-inkey", str(tmp_path / "key")),
        *options,
        given=CONTENT,
    )
    verified = verify(message)
    assert verified.content == CONTENT
    assert verified.certificate == certificate.public_bytes(serialization.Encoding.DER)
    at = message.index(CONTENT[:40])
    with pytest.raises(Rejected) as refused:
        verify(message[:at] + b"X" + message[at + 1 :])
    assert refused.value.code == "cms-signature"


MESSAGE = signed()


@given(place=st.integers(0, len(MESSAGE) - 1), value=st.integers(0, 255), cut=st.booleans())
@settings(max_examples=100, deadline=None)
def test_nothing_but_what_was_signed_is_ever_verified(place: int, value: int, *, cut: bool) -> None:
    message = bytearray(MESSAGE)
    if cut:
        del message[place:]
    else:
        message[place] = value
    try:
        verified = verify(bytes(message))
    except Rejected:
        return
    assert verified.content == CONTENT


def test_a_certificate_of_an_unknown_version_is_refused() -> None:
    message = signed()
    at = message.index(b"\xa0\x03\x02\x01\x02") + 4
    with pytest.raises(Rejected) as refused:
        verify(message[:at] + b"\x07" + message[at + 1 :])
    assert refused.value.code == "cms-malformed"


@pytest.mark.parametrize(
    "message",
    [b"", b"\x30\x80" * 50_000, b"0" * 2_000_000, b"\x24\x80" * 9, b"\x30\x84\xff\xff\xff\xff"],
)
def test_what_is_no_message_is_refused(message: bytes) -> None:
    with pytest.raises(Rejected, match="message"):
        verify(message)


def test_a_message_over_a_mebibyte_is_not_read() -> None:
    with pytest.raises(Rejected) as refused:
        verify(signed(bytes(MOST_BYTES)))
    assert refused.value.code == "cms-size"
