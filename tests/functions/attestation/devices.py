"""Devices that attest requests, with keys of the test in the places of Google's and Apple's."""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import cbor2
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID, ObjectIdentifier
from joserfc import jwe, jws
from joserfc.jwk import ECKey, OctKey

from vigie.attestation.attested_body import body_hash

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
PACKAGE = "fr.gouv.vigie"
SIGNED_BY = "6a6a1474b5cbbb2b1aa57e0bc3"
APP = "TEAM123456.fr.gouv.vigie"
_NONCE = ObjectIdentifier("1.2.840.113635.100.8.2")


class Android:
    """A phone whose app asks Play Integrity for a token (JWE around JWS, made by joserfc)."""

    def __init__(self) -> None:
        self.encrypting = OctKey.generate_key(256)
        self.signing = ECKey.generate_key("P-256")

    def installed(self) -> str:
        """The value of the secret, as the command installs it."""
        public_key = self.signing.public_key.public_bytes(
            Encoding.DER, PublicFormat.SubjectPublicKeyInfo
        )
        return json.dumps(
            {
                "decryption_key": base64.b64encode(self.encrypting.raw_value).decode(),
                "verification_key": base64.b64encode(public_key).decode(),
            }
        )

    def payload(self, body: bytes) -> dict[str, Any]:
        """What Google says of a good device."""
        return {
            "requestDetails": {
                "requestPackageName": PACKAGE,
                "nonce": body_hash(body) + "=",
                "timestampMillis": str(int(NOW.timestamp() * 1000)),
            },
            "appIntegrity": {
                "appRecognitionVerdict": "PLAY_RECOGNIZED",
                "packageName": PACKAGE,
                "certificateSha256Digest": [SIGNED_BY],
                "versionCode": "42",
            },
            "deviceIntegrity": {"deviceRecognitionVerdict": ["MEETS_DEVICE_INTEGRITY"]},
            "accountDetails": {"appLicensingVerdict": "LICENSED"},
        }

    def token(self, payload: dict[str, Any]) -> str:
        """A token that says this."""
        signed = jws.serialize_compact({"alg": "ES256"}, json.dumps(payload), self.signing)
        return jwe.encrypt_compact(
            {"alg": "A256KW", "enc": "A256GCM"},
            signed,
            self.encrypting,
            algorithms=["A256KW", "A256GCM"],
        )

    def headers(self, body: bytes, **changes: Any) -> dict[str, str]:  # noqa: ANN401 - JSON
        """The headers of a request; changes are parts of the payload, whole or in part."""
        payload = self.payload(body)
        for part, values in changes.items():
            payload[part] = {**payload[part], **values}
        return attested(f"play-integrity {self.token(payload)}", body)


class Apple:
    """In the place of Apple's App Attestation CA."""

    def __init__(self, began: datetime = NOW - timedelta(days=365)) -> None:
        self._began = began
        root, self._key = (
            ec.generate_private_key(ec.SECP384R1()),
            ec.generate_private_key(ec.SECP384R1()),
        )
        self.root = self._certificate("Root", root.public_key(), "Root", root, ca=True)
        self.intermediate = self._certificate("CA 1", self._key.public_key(), "Root", root, ca=True)

    def pem(self) -> str:
        """The root, as it is configured."""
        return self.root.public_bytes(Encoding.PEM).decode()

    def vouch(self, key: ec.EllipticCurvePublicKey, nonce: bytes) -> x509.Certificate:
        """A certificate of a device's key, with a nonce in it."""
        return self._certificate(
            "device", key, "CA 1", self._key, nonce=bytes.fromhex("3024a1220420") + nonce
        )

    def _certificate(  # noqa: PLR0913 - as X.509 has it
        self,
        name: str,
        key: Any,  # noqa: ANN401 - any public key
        issuer: str,
        signing: ec.EllipticCurvePrivateKey,
        *,
        ca: bool = False,
        nonce: bytes | None = None,
    ) -> x509.Certificate:
        builder = (
            x509.CertificateBuilder()
            .subject_name(_named(name))
            .issuer_name(_named(issuer))
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(self._began)
            .not_valid_after(self._began + timedelta(days=730))
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        )
        if nonce is not None:
            builder = builder.add_extension(
                x509.UnrecognizedExtension(_NONCE, nonce), critical=False
            )
        return builder.sign(signing, SHA256())


class IPhone:
    """A phone with a key of App Attest."""

    def __init__(self, apple: Apple, app: str = APP) -> None:
        self._apple = apple
        self._app = hashlib.sha256(app.encode()).digest()
        self.key = ec.generate_private_key(ec.SECP256R1())
        point = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        self._name = hashlib.sha256(point).digest()
        self.key_id = base64.b64encode(self._name).decode()
        self.counter = 0

    def attestation(
        self, challenge: bytes, aaguid: bytes = b"appattest" + bytes(7), counter: int = 0
    ) -> str:
        """The attestation object of the key."""
        data = (
            self._data(0x40, counter)
            + aaguid
            + len(self._name).to_bytes(2, "big")
            + self._name
            + cbor2.dumps({1: 2})
        )
        nonce = hashlib.sha256(data + hashlib.sha256(challenge).digest()).digest()
        chain = [self._apple.vouch(self.key.public_key(), nonce), self._apple.intermediate]
        statement = {
            "x5c": [one.public_bytes(Encoding.DER) for one in chain],
            "receipt": b"receipt",
        }
        document = {"fmt": "apple-appattest", "attStmt": statement, "authData": data}
        return base64.b64encode(cbor2.dumps(document)).decode()

    def headers(self, body: bytes) -> dict[str, str]:
        """The headers of a request, with the next assertion."""
        self.counter += 1
        data = self._data(0, self.counter)
        signed = hashlib.sha256(data + hashlib.sha256(body).digest()).digest()
        signature = self.key.sign(signed, ec.ECDSA(SHA256()))
        made = cbor2.dumps({"signature": signature, "authenticatorData": data})
        return attested(f"app-attest {self.key_id} {base64.b64encode(made).decode()}", body)

    def _data(self, flags: int, counter: int) -> bytes:
        return self._app + bytes([flags]) + counter.to_bytes(4, "big")


def attested(header: str, body: bytes) -> dict[str, str]:
    """The headers of a request whose device vouches for a body."""
    return {"x-attestation": header, "x-attested-body": body_hash(body)}


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
