"""The life of a document signer: made, trusted, active, retired.

Source: EU DCC certificate governance. A signer is trusted, and published, before it signs; it signs
for the six months of its private key's usage; it stays trusted until it expires, so that what it
signed verifies. Several may be active, each for vaccinations, tests or recoveries.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding

from cli.kms_public_key import KmsPublicKey
from cli.signer_record import SignerRecord, signs_until
from cli.signing_authority import issued_dsc
from vigie.errors import Rejected

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from mypy_boto3_kms.client import KMSClient

    from cli.kms_private_key import KmsPrivateKey
    from cli.signer_parameters import SignerParameters

# Verifiers that fetch the list once a day have it by then, those that missed a day too.
PUBLISHED_BEFORE = timedelta(hours=48)


def create_signer(
    parameters: SignerParameters,
    key: KmsPublicKey,
    csca_key: KmsPrivateKey,
    *,
    groups: Sequence[str],
    now: datetime,
) -> SignerRecord:
    """Make a DSC of a KMS key and trust it; it signs nothing yet.

    Args:
        parameters: where it is remembered.
        key: the signer's.
        csca_key: signs its certificate.
        groups: what it may sign, of `v`, `t`, `r`; everything if empty.
        now: aware, in UTC.

    Raises:
        Rejected: `csca-missing`.
        SignerError: the CSCA's key is not that of its certificate.
        Unavailable: AWS did not answer.
    """
    certificate = issued_dsc(parameters, key.public_key(), csca_key, groups=groups, now=now)
    record = SignerRecord.of(key.arn, certificate.public_bytes(Encoding.DER), now)
    parameters.keep(record)
    return record


def certify_request(
    parameters: SignerParameters,
    request: bytes,
    csca_key: KmsPrivateKey,
    *,
    groups: Sequence[str],
    now: datetime,
) -> SignerRecord:
    """Make a DSC of a key in a foreign HSM, by its signing request, and trust it.

    Of the request its key counts alone: the name is this country's.

    Args:
        parameters: where it is remembered.
        request: PKCS #10, in PEM or DER.
        csca_key: signs the certificate.
        groups: what it may sign; everything if empty.
        now: aware, in UTC.

    Raises:
        Rejected: `csr-malformed`, `csr-signature` or `csr-key`; or as `create_signer`.
        Unavailable: AWS did not answer.
    """
    key = _requested_key(request)
    certificate = issued_dsc(parameters, key, csca_key, groups=groups, now=now)
    record = SignerRecord.of(None, certificate.public_bytes(Encoding.DER), now)
    parameters.keep(record)
    return record


def activate_signer(
    parameters: SignerParameters,
    kms: KMSClient,
    kid: bytes,
    *,
    groups: Sequence[str],
    now: datetime,
    at_once: bool,
) -> tuple[str, ...]:
    """Have a signer sign from now on, instead of who did.

    Args:
        parameters: where it is remembered.
        kms: the KMS client, which knows the key.
        kid: of the signer.
        groups: of `v`, `t`, `r`; all that it may sign if empty.
        now: aware, in UTC.
        at_once: whether verifiers may not have it yet, as when there is no other.

    Returns:
        What it signs.

    Raises:
        Rejected: `signer-unknown`, `signer-retired`, `signer-elsewhere` (its key is not in this
            account's KMS), `signer-usage`, `signer-not-valid`, `signer-key-usage-over`,
            `signer-unpublished`, `signer-too-new`, or `signer-key` if the key is not that of the
            certificate.
        Unavailable: AWS did not answer.
    """
    record = parameters.record(kid)
    wanted = tuple(groups) or record.groups
    if not set(wanted) <= set(record.groups):
        raise Rejected("signer-usage", "its certificate does not let it sign this")
    _check_usable(record, now)
    active = parameters.active()
    replaces = any(active[group].der != record.der for group in wanted if group in active)
    if replaces and not at_once:
        _check_published(parameters.published_at(kid), now)
    signer = record.document_signer
    if signer is None:
        raise Rejected("signer-elsewhere", "its key is in a foreign HSM, which signs by itself")
    certificate = x509.load_der_x509_certificate(record.der)
    if KmsPublicKey.of(kms, signer.key_arn).public_key() != certificate.public_key():
        raise Rejected("signer-key", "the KMS key is not that of the certificate")
    parameters.activate(signer, wanted)
    return wanted


def retire_signer(
    parameters: SignerParameters, kid: bytes, *, now: datetime, compromised: bool
) -> SignerRecord:
    """Never have a signer sign again.

    What it signed stays valid, unless its key is in other hands: then nobody is to trust it, and
    all that it signed is lost.

    Args:
        parameters: where it is remembered.
        kid: of the signer.
        now: aware, in UTC.
        compromised: whether it is to be trusted no more.

    Raises:
        Rejected: `signer-unknown`, or `signer-active`: another one must be activated first.
        Unavailable: AWS did not answer.
    """
    record = parameters.record(kid)
    if any(one.der == record.der for one in parameters.active().values()):
        raise Rejected("signer-active", "it signs: activate another one for all that it signs")
    retired = record.model_copy(update={"retired_at": record.retired_at or now})
    parameters.keep(retired, trusted=False)
    if compromised:
        parameters.distrust(kid)
    return retired


def _check_published(published_at: datetime | None, now: datetime) -> None:
    if published_at is None:
        raise Rejected(
            "signer-unpublished",
            "verifiers do not have it: publish the trust list and wait 48 hours, or --at-once",
        )
    if published_at + PUBLISHED_BEFORE > now:
        until = (published_at + PUBLISHED_BEFORE).isoformat(timespec="minutes")
        raise Rejected("signer-too-new", f"verifiers may not have it before {until}, or --at-once")


def _check_usable(record: SignerRecord, now: datetime) -> None:
    if record.retired_at is not None:
        raise Rejected("signer-retired", "it was retired")
    certificate = x509.load_der_x509_certificate(record.der)
    if not certificate.not_valid_before_utc <= now < certificate.not_valid_after_utc:
        raise Rejected("signer-not-valid", "its certificate is not valid at present")
    until = signs_until(certificate)
    if until is not None and now > until:
        raise Rejected("signer-key-usage-over", "the months that its key may sign in are over")


def _requested_key(request: bytes) -> ec.EllipticCurvePublicKey | rsa.RSAPublicKey:
    try:
        if request.lstrip().startswith(b"-----BEGIN"):
            read = x509.load_pem_x509_csr(request)
        else:
            read = x509.load_der_x509_csr(request)
        sound, key = read.is_signature_valid, read.public_key()
    except (ValueError, TypeError, x509.InvalidVersion):
        raise Rejected("csr-malformed", "it is no signing request (PKCS #10)") from None
    if not sound:
        raise Rejected("csr-signature", "the request is not signed by its own key")
    if not isinstance(key, ec.EllipticCurvePublicKey | rsa.RSAPublicKey):
        raise Rejected("csr-key", "the key is neither of an elliptic curve nor RSA")
    return key
