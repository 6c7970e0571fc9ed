"""Sealed fields open for their own record only, and cost one call an hour."""

import os

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from vigie.sealing import DerivedKey, FieldCipher, SealBrokenError


class KeyService:
    """A KMS of one key, in memory, that counts its calls."""

    def __init__(self) -> None:
        self._master = AESGCM(bytes(32))
        self.calls: list[str] = []

    def generate_data_key(self, **request: object) -> dict[str, bytes]:
        self.calls.append("generate_data_key")
        plaintext, nonce = os.urandom(32), os.urandom(12)
        context = repr(request["EncryptionContext"]).encode()
        blob = nonce + self._master.encrypt(nonce, plaintext, context)
        return {"Plaintext": plaintext, "CiphertextBlob": blob}

    def decrypt(self, **request: object) -> dict[str, bytes]:
        self.calls.append("decrypt")
        blob = request["CiphertextBlob"]
        assert isinstance(blob, bytes)
        context = repr(request["EncryptionContext"]).encode()
        return {"Plaintext": self._master.decrypt(blob[:12], blob[12:], context)}

    def generate_mac(self, **request: object) -> dict[str, bytes]:
        self.calls.append("generate_mac")
        return {"Mac": repr(request["Message"]).encode().ljust(32, b"\x00")}


def _cipher(service: KeyService, clock: list[float] | None = None) -> FieldCipher:
    now = clock or [0.0]
    return FieldCipher(service, "key", "identity", clock=lambda: now[0])  # type: ignore[arg-type]


@given(st.binary(max_size=2000))
def test_what_is_sealed_opens_for_another_instance(plaintext: bytes) -> None:
    service = KeyService()
    sealed = _cipher(service).seal(plaintext, record_id="r1", field="identity")
    assert _cipher(service).open(sealed, record_id="r1", field="identity") == plaintext


@pytest.mark.parametrize(("record_id", "field"), [("r2", "identity"), ("r1", "contact")])
def test_a_field_moved_elsewhere_does_not_open(record_id: str, field: str) -> None:
    cipher = _cipher(KeyService())
    sealed = cipher.seal(b"secret", record_id="r1", field="identity")
    with pytest.raises(SealBrokenError):
        cipher.open(sealed, record_id=record_id, field=field)


def test_an_altered_field_does_not_open() -> None:
    cipher = _cipher(KeyService())
    sealed = bytearray(cipher.seal(b"secret", record_id="r1", field="identity"))
    sealed[-1] ^= 1
    with pytest.raises(SealBrokenError):
        cipher.open(bytes(sealed), record_id="r1", field="identity")


@given(st.binary(max_size=20))
def test_what_is_no_sealed_field_is_refused(garbage: bytes) -> None:
    with pytest.raises(SealBrokenError):
        _cipher(KeyService()).open(garbage, record_id="r1", field="identity")


def test_a_data_key_serves_for_an_hour_and_no_longer() -> None:
    service, clock = KeyService(), [0.0]
    cipher = _cipher(service, clock)
    for clock[0] in (0.0, 1800.0, 3599.0):
        cipher.seal(b"secret", record_id="r1", field="identity")
    assert service.calls == ["generate_data_key"]
    clock[0] = 3600.0
    cipher.seal(b"secret", record_id="r1", field="identity")
    assert service.calls == ["generate_data_key"] * 2


def test_opening_many_fields_of_one_instance_costs_one_call() -> None:
    service = KeyService()
    sealing, opening = _cipher(service), _cipher(service)
    fields = [sealing.seal(b"x", record_id=str(n), field="identity") for n in range(20)]
    for number, sealed in enumerate(fields):
        opening.open(sealed, record_id=str(number), field="identity")
    assert service.calls == ["generate_data_key", "decrypt"]


def test_a_derived_key_is_asked_for_once_an_hour() -> None:
    service, clock = KeyService(), [0.0]
    key = DerivedKey(service, "key", "uvci", clock=lambda: clock[0])  # type: ignore[arg-type]
    assert key.bytes() == key.bytes()
    assert service.calls == ["generate_mac"]
    clock[0] = 3600.0
    key.bytes()
    assert service.calls == ["generate_mac"] * 2
