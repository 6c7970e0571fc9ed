"""An issuer of the tests' own: a CSCA, a DSC, and certificates that it signs."""

import zlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, cached_property

import cbor2
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from vigie.dcc import base45, cose, hcert, signer, uvci, x509_profile
from vigie.dcc.certificate import (
    DigitalCovidCertificate,
    PersonName,
    TestEntry,
    TestKind,
    TestOutcome,
)
from vigie.dcc.signer import Signer

START = datetime(2021, 7, 1, tzinfo=UTC)
ISSUED = START + timedelta(days=1)
EXPIRES = START + timedelta(days=300)


def negative_test() -> DigitalCovidCertificate:
    entry = TestEntry(
        disease="840539006",
        country="FR",
        issuer="Agence de démonstration",
        uvci=uvci.build("FR", "T0/8B4JKQ7E2H"),
        kind=TestKind.NAAT,
        name="PCR",
        collected_at=START,
        outcome=TestOutcome.NOT_DETECTED,
        centre="Laboratoire des Deux-Rives",
    )
    return DigitalCovidCertificate(
        name=PersonName.of("Lefèvre-d'Aubigné", "Zoé Maëlle"),
        birth_date="1988-02-29",
        entry=entry,
    )


@dataclass(frozen=True)
class Issuer:
    """A document signer with its key."""

    key: ec.EllipticCurvePrivateKey
    dsc: x509.Certificate

    @property
    def der(self) -> bytes:
        return self.dsc.public_bytes(serialization.Encoding.DER)

    @cached_property
    def signer(self) -> Signer:
        return signer.read(self.der)

    def unsigned(
        self,
        certificate: DigitalCovidCertificate,
        issued_at: datetime = ISSUED,
        expires_at: datetime = EXPIRES,
    ) -> cose.Unsigned:
        return hcert.unsigned(
            certificate,
            issuer="FR",
            issued_at=issued_at,
            expires_at=expires_at,
            kid=self.signer.kid,
        )

    def sign(self, message: cose.Unsigned) -> bytes:
        signature = self.key.sign(message.signature_input, ec.ECDSA(hashes.SHA256()))
        return cose.der_to_raw(signature)

    def issue(
        self,
        certificate: DigitalCovidCertificate,
        issued_at: datetime = ISSUED,
        expires_at: datetime = EXPIRES,
    ) -> str:
        message = self.unsigned(certificate, issued_at, expires_at)
        return hcert.assemble(message, self.sign(message))

    def issue_unprotected(self, certificate: DigitalCovidCertificate) -> list[str]:
        """One signature, under the kid of each DSC of its key: no header that it signs has one."""
        protected = cbor2.dumps({1: cose.ES256})
        message = cose.Unsigned(protected, self.unsigned(certificate).payload)
        signature = self.sign(message)
        return [
            hcert.PREFIX
            + base45.encode(
                zlib.compress(cbor2.dumps([protected, {4: one.kid}, message.payload, signature]), 9)
            )
            for one in (self.signer, self.again.signer)
        ]

    @cached_property
    def again(self) -> "Issuer":
        """Another DSC of the same key."""
        return issuer_with(self.key, serial=3)


@cache
def issuer_of(*groups: str) -> Issuer:
    """An issuer whose signer may sign the given groups; all if none are given."""
    return issuer_with(ec.generate_private_key(ec.SECP256R1()), *groups)


def issuer_with(key: ec.EllipticCurvePrivateKey, *groups: str, serial: int = 2) -> Issuer:
    """An issuer with a key, and a DSC of a CSCA of its own."""
    csca_key = ec.generate_private_key(ec.SECP256R1())
    csca = x509_profile.build_csca(
        x509_profile.Subject("FR", "Vigie", "CSCA 1"), csca_key, serial=1, not_before=START
    )
    dsc = x509_profile.build_dsc(
        x509_profile.Subject("FR", "Vigie", "DSC 1"),
        key.public_key(),
        csca,
        csca_key,
        serial=serial,
        not_before=START,
        groups=groups,
    )
    return Issuer(key, dsc)
