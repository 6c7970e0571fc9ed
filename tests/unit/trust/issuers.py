"""Countries of the tests' own, and the trust lists that they would be in."""

import base64
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from cryptography.x509.oid import NameOID

from vigie.dcc import signer
from vigie.dcc.x509_profile import Subject, build_csca, build_dsc

START = datetime(2026, 1, 1, tzinfo=UTC)
NOW = START + timedelta(days=30)


def der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(Encoding.DER)


@dataclass(frozen=True)
class Country:
    """A country with a CSCA.

    Attributes:
        code: ISO 3166-1 alpha-2.
        start: of its CSCA's validity.
        name: common name of its CSCA.
    """

    code: str
    start: datetime = START
    name: str = "CSCA"
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    @cached_property
    def csca(self) -> x509.Certificate:
        subject = Subject(self.code, "Health", self.name)
        return build_csca(subject, self.key, serial=1, not_before=self.start)

    def dsc(self, serial: int = 2, *, country: str | None = None, **changes: Any) -> bytes:  # noqa: ANN401 - whatever a DSC is built with
        """A DSC, in DER."""
        key = ec.generate_private_key(ec.SECP256R1())
        given = {"not_before": self.start, "csca_key": self.key, "csca": self.csca, **changes}
        subject = Subject(country or self.code, "Health", f"DSC {serial}")
        csca, csca_key = given.pop("csca"), given.pop("csca_key")
        return der(build_dsc(subject, key.public_key(), csca, csca_key, serial=serial, **given))


@dataclass(frozen=True)
class Uploader:
    """Who signs what it puts into the gateway's list: a country, or the gateway itself.

    Attributes:
        country: of its certificate.
    """

    country: str
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    @cached_property
    def certificate(self) -> x509.Certificate:
        name = x509.Name(
            [
                x509.NameAttribute(NameOID.COUNTRY_NAME, self.country),
                x509.NameAttribute(NameOID.COMMON_NAME, "Upload"),
            ]
        )
        builder = x509.CertificateBuilder(name, name, self.key.public_key(), 1)
        dated = builder.not_valid_before(START).not_valid_after(START + timedelta(days=365))
        return dated.sign(self.key, hashes.SHA256())

    def signed(self, content: bytes, *, detached: bool = True) -> str:
        """A CMS over a content, in base64."""
        builder = pkcs7.PKCS7SignatureBuilder().set_data(content)
        signing = builder.add_signer(self.certificate, self.key, hashes.SHA256())
        options = [pkcs7.PKCS7Options.Binary]
        if detached:
            options.append(pkcs7.PKCS7Options.DetachedSignature)
        return base64.b64encode(signing.sign(Encoding.DER, options)).decode()


def entry(kind: str, certificate: bytes, country: str, **changes: object) -> dict[str, object]:
    """An entry of the gateway's list."""
    return {
        "kid": base64.b64encode(signer.kid(certificate)).decode(),
        "timestamp": "2026-01-01T00:00:00+01:00",
        "country": country,
        "certificateType": kind,
        "thumbprint": hashlib.sha256(certificate).hexdigest(),
        "signature": "MIID",
        "rawData": base64.b64encode(certificate).decode(),
        **changes,
    }


def gateway(*entries: object) -> bytes:
    """A list of the gateway."""
    return json.dumps(entries).encode()


def whole(countries: Iterable[Country], signers: int) -> bytes:
    """A list with the CSCA of each country, and so many signers of each."""
    return gateway(
        *(entry("CSCA", der(one.csca), one.code) for one in countries),
        *(
            entry("DSC", one.dsc(number), one.code)
            for one in countries
            for number in range(2, 2 + signers)
        ),
    )
