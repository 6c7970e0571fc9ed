"""Who signs passes: keys in KMS, and certificates that Apple issued or Google was given."""

from __future__ import annotations

import base64
import re
from datetime import timedelta
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from vigie.aws import aws_errors
from vigie.dcc.errors import SignerError
from vigie.dcc.signer import refusing
from vigie.errors import Rejected
from vigie.wallets.installed import AppleSigner, GoogleSigner, Installed

if TYPE_CHECKING:
    from datetime import datetime

    from mypy_boto3_ssm.client import SSMClient

    from cli.kms_rsa_private_key import KmsRsaPrivateKey

# As long as Apple's.
_VALIDITY = timedelta(days=365)
_PEM = b"-----BEGIN CERTIFICATE-----"
_ISSUER_ID = re.compile(r"[0-9]{10,20}")
_SERVICE_ACCOUNT = re.compile(r"[a-z0-9-]+@[a-z0-9.-]+\.gserviceaccount\.com")
_ORIGIN = re.compile(r"https://[a-z0-9.-]+(:[0-9]+)?")


class WalletSigners:
    """Keeps who signs passes.

    Args:
        ssm: the Systems Manager client.
        environment: name of the environment, such as `dev`.
    """

    def __init__(self, ssm: SSMClient, environment: str) -> None:
        self._ssm = ssm
        self._path = f"/vigie/{environment}/certificates"

    def apple(self) -> AppleSigner | None:
        """Who signs for Apple's wallet; None while nobody is installed.

        Raises:
            Unavailable: the parameter is malformed, or could not be read.
        """
        return Installed(self._ssm, f"{self._path}/apple-wallet", AppleSigner).signer()

    def google(self) -> GoogleSigner | None:
        """Who signs for Google's wallet; None while nobody is installed.

        Raises:
            Unavailable: the parameter is malformed, or could not be read.
        """
        return Installed(self._ssm, f"{self._path}/google-wallet", GoogleSigner).signer()

    def install(self, signer: AppleSigner | GoogleSigner) -> None:
        """Have somebody sign passes.

        Raises:
            Unavailable: the parameter could not be written.
        """
        wallet = "apple-wallet" if isinstance(signer, AppleSigner) else "google-wallet"
        with aws_errors("wallet-parameter"):
            self._ssm.put_parameter(
                Name=f"{self._path}/{wallet}",
                Value=signer.model_dump_json(),
                Type="String",
                Overwrite=True,
                # Two certificates may need more than the 4 KB of a standard one.
                Tier="Intelligent-Tiering",
            )


def signing_request(key: KmsRsaPrivateKey, environment: str) -> bytes:
    """The signing request (PKCS #10, PEM) that Apple wants; it writes the names itself.

    Raises:
        Unavailable: KMS did not sign.
    """
    request = x509.CertificateSigningRequestBuilder().subject_name(_name(environment))
    return request.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM)


def upload_certificate(key: KmsRsaPrivateKey, environment: str, now: datetime) -> bytes:
    """The self-signed certificate (PEM) by which Google learns the public key, for a year.

    Whoever knows the service account can see it: it names nobody.

    Raises:
        Unavailable: KMS did not sign.
    """
    certificate = (
        x509.CertificateBuilder()
        .subject_name(_name(environment))
        .issuer_name(_name(environment))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now.replace(hour=0, minute=0, second=0, microsecond=0))
        .not_valid_after(now + _VALIDITY)
        .sign(key, hashes.SHA256())
    )
    return certificate.public_bytes(Encoding.PEM)


def apple_signer(
    key: KmsRsaPrivateKey,
    certificate: bytes,
    intermediate: bytes,
    *,
    pass_type: str,
    team: str,
    now: datetime,
) -> AppleSigner:
    """Check what Apple issued.

    Args:
        key: that passes are signed with.
        certificate: of the pass type, DER or PEM.
        intermediate: of Apple's CA that issued it, DER or PEM.
        pass_type: that was registered, `pass.…`.
        team: Apple's identifier of the developer's team.
        now: aware.

    Raises:
        Rejected: `certificate-malformed`, `certificate-key` (it is another key's),
            `certificate-dates` (one of the two is not valid), `pass-type` or `pass-team` (it is
            for another one), or `certificate-issuer` (the other one's key did not sign it).
    """
    own, issuer = _certificate(certificate), _certificate(intermediate)
    _check(own, key, now)
    _check_dates(issuer, now)
    signer = AppleSigner(key_arn=key.arn, certificate=_text(own), intermediate=_text(issuer))
    if signer.pass_type != pass_type:
        raise Rejected("pass-type", "the certificate is for another pass type")
    if signer.team != team:
        raise Rejected("pass-team", "the certificate is for another team")
    try:
        own.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        raise Rejected(
            "certificate-issuer", "the intermediate certificate's key did not issue the other one"
        ) from None
    return signer


def google_signer(
    key: KmsRsaPrivateKey,
    certificate: bytes,
    *,
    issuer_id: str,
    service_account: str,
    origin: str,
    now: datetime,
) -> GoogleSigner:
    """Check what Google was given.

    Args:
        key: that passes are signed with.
        certificate: as it was uploaded for the service account, DER or PEM.
        issuer_id: Google's number of the issuer's account.
        service_account: its e-mail address.
        origin: where the link is shown, such as `https://vigie.example`.
        now: aware.

    Raises:
        Rejected: `certificate-malformed`, `certificate-key`, `certificate-dates`, `issuer-id`,
            `service-account` or `origin`.
    """
    own = _certificate(certificate)
    _check(own, key, now)
    if not _ISSUER_ID.fullmatch(issuer_id):
        raise Rejected("issuer-id", "an issuer's number has 10 to 20 digits")
    if not _SERVICE_ACCOUNT.fullmatch(service_account):
        raise Rejected("service-account", "a service account ends in .gserviceaccount.com")
    if not _ORIGIN.fullmatch(origin):
        raise Rejected("origin", "an origin is https:// and a name, without a path")
    return GoogleSigner(
        key_arn=key.arn,
        certificate=_text(own),
        issuer_id=issuer_id,
        service_account=service_account,
        origin=origin,
    )


def _check(certificate: x509.Certificate, key: KmsRsaPrivateKey, now: datetime) -> None:
    if certificate.public_key() != key.public_key():
        raise Rejected("certificate-key", "the certificate is for another key")
    _check_dates(certificate, now)


def _check_dates(certificate: x509.Certificate, now: datetime) -> None:
    if not certificate.not_valid_before_utc <= now < certificate.not_valid_after_utc:
        raise Rejected("certificate-dates", "a certificate is not valid today")


def _certificate(content: bytes) -> x509.Certificate:
    try:
        with refusing():
            if _PEM in content:
                return x509.load_pem_x509_certificate(content)
            return x509.load_der_x509_certificate(content)
    except (ValueError, SignerError):
        raise Rejected("certificate-malformed", "the file is no X.509 certificate") from None


def _name(environment: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"vigie-{environment}-wallet")])


def _text(certificate: x509.Certificate) -> str:
    return base64.b64encode(certificate.public_bytes(Encoding.DER)).decode()
