"""Certificates of each kind, and the signers of passes, of the tests' own."""

import base64
from datetime import UTC, date, datetime, timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from tests.unit.dcc.issuing import START, issuer_of, negative_test
from vigie.dcc import uvci
from vigie.dcc.certificate import (
    DigitalCovidCertificate,
    Entry,
    PersonName,
    RecoveryEntry,
    VaccinationEntry,
)
from vigie.wallets.installed import AppleSigner, GoogleSigner

NOW = datetime(2021, 7, 2, 9, 30, tzinfo=UTC)
PASS_TYPE = "pass.example.vigie.certificate"
TEAM = "A1B2C3D4E5"
NAME = PersonName.of("Lefèvre-d'Aubigné", "Zoé Maëlle")

VACCINATION = VaccinationEntry(
    disease="840539006",
    country="FR",
    issuer="Agence de démonstration",
    uvci=uvci.build("FR", "V0/8B4JKQ7E2H"),
    prophylaxis="1119349007",
    product="EU/1/20/1528",
    holder="ORG-100030215",
    dose=2,
    series=2,
    given_on=date(2021, 6, 1),
)
RECOVERY = RecoveryEntry(
    disease="840539006",
    country="FR",
    issuer="Agence de démonstration",
    uvci=uvci.build("FR", "R0/8B4JKQ7E2H"),
    first_positive_on=date(2021, 6, 1),
    valid_from=date(2021, 6, 12),
    valid_until=date(2021, 11, 28),
)
TEST = negative_test().entry
ENTRIES = {"v": VACCINATION, "t": TEST, "r": RECOVERY}


def text_of(entry: Entry, name: PersonName = NAME) -> str:
    """A certificate, signed."""
    return issuer_of().issue(
        DigitalCovidCertificate(name=name, birth_date="1988-02-29", entry=entry)
    )


class Keys:
    """RSA keys of 2,048 bits."""

    ca = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    passes = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _certificate(
    subject: x509.Name, public_key: rsa.RSAPublicKey, start: datetime, *, is_ca: bool
) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Developer Relations CA")])
    return (
        x509.CertificateBuilder()
        .subject_name(name if is_ca else subject)
        .issuer_name(name)
        .public_key(public_key)
        .serial_number(1 if is_ca else 2)
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=365))
        .add_extension(x509.BasicConstraints(ca=is_ca, path_length=None), critical=True)
        .sign(Keys.ca, hashes.SHA256())
    )


@cache
def wwdr(start: datetime = START) -> x509.Certificate:
    """The CA that issues certificates of pass types."""
    return _certificate(x509.Name([]), Keys.ca.public_key(), start, is_ca=True)


def pass_certificate(
    public_key: rsa.RSAPublicKey,
    pass_type: str = PASS_TYPE,
    team: str = TEAM,
    start: datetime = START,
) -> x509.Certificate:
    """A certificate as Apple issues it for a pass type."""
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.USER_ID, pass_type),
            x509.NameAttribute(NameOID.COMMON_NAME, f"Pass Type ID: {pass_type}"),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, team),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Agence de démonstration"),
            x509.NameAttribute(NameOID.COUNTRY_NAME, "FR"),
        ]
    )
    return _certificate(subject, public_key, start, is_ca=False)


def der(certificate: x509.Certificate) -> bytes:
    """A certificate in DER."""
    return certificate.public_bytes(serialization.Encoding.DER)


def _text(certificate: x509.Certificate) -> str:
    return base64.b64encode(der(certificate)).decode()


def apple_signer(
    key_arn: str = "key",
    public_key: rsa.RSAPublicKey | None = None,
    start: datetime = START,
) -> AppleSigner:
    """Who signs passes for Apple's wallet."""
    public_key = public_key or Keys.passes.public_key()
    return AppleSigner(
        key_arn=key_arn,
        certificate=_text(pass_certificate(public_key, start=start)),
        intermediate=_text(wwdr(start)),
    )


def google_signer(
    key_arn: str = "key",
    public_key: rsa.RSAPublicKey | None = None,
    start: datetime = START,
) -> GoogleSigner:
    """Who signs passes for Google's wallet."""
    public_key = public_key or Keys.passes.public_key()
    return GoogleSigner(
        key_arn=key_arn,
        certificate=_text(pass_certificate(public_key, start=start)),
        issuer_id="3388000000022212345",
        service_account="passes@vigie-example.iam.gserviceaccount.com",
        origin="https://vigie.example",
    )
