"""Encryption of one field of a record (NIST SP 800-38D), with data keys of KMS."""

from __future__ import annotations

import os
import time
from collections import OrderedDict
from contextlib import suppress
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from vigie.aws import aws_errors
from vigie.errors import Rejected

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_kms.client import KMSClient

_LIFETIME_SECONDS = 3600
_NONCE_BYTES = 12
_VERSION = 1
_OPENED_KEYS_KEPT = 512


class SealBrokenError(Rejected):
    """A sealed field was altered, moved to another record, or is not one of ours."""

    def __init__(self) -> None:
        super().__init__("seal-broken", "the sealed field does not belong to this record")


class FieldCipher:
    """Seals and opens fields with data keys of one KMS key.

    A data key is fetched once for an instance and hour. What is sealed reads:
    version (1 byte), length of the encrypted data key (2 bytes, big-endian), the
    encrypted data key, nonce (12 bytes), AES-256-GCM ciphertext and tag. The record's
    id and the field's name are associated data, so that a field copied to another
    record does not open.

    Args:
        kms: the KMS client.
        key_id: ARN of the symmetric key.
        purpose: what the key is for; it is the KMS encryption context.
        clock: seconds that never go back.
    """

    def __init__(
        self,
        kms: KMSClient,
        key_id: str,
        purpose: str,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._kms = kms
        self._key_id = key_id
        self._context = {"vigie:purpose": purpose}
        self._clock = clock
        self._sealing: tuple[float, bytes, AESGCM] | None = None
        self._opened: OrderedDict[bytes, AESGCM] = OrderedDict()

    def seal(self, plaintext: bytes, *, record_id: str, field: str) -> bytes:
        """Encrypt `plaintext` for that field of that record.

        Raises:
            Unavailable: KMS gave no data key.
        """
        encrypted_key, cipher = self._sealing_key()
        nonce = os.urandom(_NONCE_BYTES)
        sealed = cipher.encrypt(nonce, plaintext, _associated(record_id, field))
        length = len(encrypted_key).to_bytes(2, "big")
        return b"".join((bytes((_VERSION,)), length, encrypted_key, nonce, sealed))

    def open(self, sealed: bytes, *, record_id: str, field: str) -> bytes:
        """Decrypt what `seal` gave for the same record and field.

        Raises:
            SealBrokenError: it is not that.
            Unavailable: KMS did not open the data key.
        """
        if len(sealed) < 3 or sealed[0] != _VERSION:  # noqa: PLR2004 - version and length
            raise SealBrokenError
        end = 3 + int.from_bytes(sealed[1:3], "big")
        encrypted_key, nonce = sealed[3:end], sealed[end : end + _NONCE_BYTES]
        if len(nonce) != _NONCE_BYTES:
            raise SealBrokenError
        cipher = self._opening_key(encrypted_key)
        try:
            return cipher.decrypt(
                nonce, sealed[end + _NONCE_BYTES :], _associated(record_id, field)
            )
        except InvalidTag:
            raise SealBrokenError from None

    def _sealing_key(self) -> tuple[bytes, AESGCM]:
        now = self._clock()
        # Looked up once: another thread may replace it, and a key opens its own seals only.
        held = self._sealing
        if held is not None and now < held[0]:
            return held[1], held[2]
        with aws_errors("kms-data-key"):
            key = self._kms.generate_data_key(
                KeyId=self._key_id, KeySpec="AES_256", EncryptionContext=self._context
            )
        cipher = AESGCM(key["Plaintext"])
        self._sealing = (now + _LIFETIME_SECONDS, key["CiphertextBlob"], cipher)
        return key["CiphertextBlob"], cipher

    def _opening_key(self, encrypted_key: bytes) -> AESGCM:
        held = self._opened.get(encrypted_key)
        if held is not None:
            # Another thread may have let it go.
            with suppress(KeyError):
                self._opened.move_to_end(encrypted_key)
            return held
        with aws_errors("kms-data-key"):
            plaintext = self._kms.decrypt(
                KeyId=self._key_id, CiphertextBlob=encrypted_key, EncryptionContext=self._context
            )["Plaintext"]
        cipher = AESGCM(plaintext)
        self._opened[encrypted_key] = cipher
        if len(self._opened) > _OPENED_KEYS_KEPT:
            self._opened.popitem(last=False)
        return cipher


def _associated(record_id: str, field: str) -> bytes:
    return f"{record_id}\x1f{field}".encode()
