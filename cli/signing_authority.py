"""Who may sign an environment's certificates: its CSCA, and the DSC that the CSCA signs.

Both come from KMS keys (certificate governance of the EU DCC; see
`vigie.dcc.x509_profile`). Doing either again changes nothing, unless a new one is asked
for: certificates that were signed keep their signers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from cli.signer_record import signs_until
from vigie.certificates.document_signer import DocumentSigner
from vigie.dcc.x509_profile import Subject, build_csca, build_dsc, build_link
from vigie.errors import Rejected

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from cli.kms_private_key import KmsPrivateKey
    from cli.kms_public_key import KmsPublicKey
    from cli.signer_parameters import SignerParameters
    from vigie.dcc.x509_profile import DscKey


@dataclass(frozen=True, slots=True)
class Published:
    """A signer that stands in the parameters, and whether it was made just now."""

    signer: DocumentSigner
    made: bool


def create_csca(
    parameters: SignerParameters,
    key: KmsPrivateKey,
    *,
    country: str,
    organisation: str,
    now: datetime,
    replace: bool,
) -> Published:
    """Make the self-signed CSCA and publish it, unless there is one of this key.

    Raises:
        Rejected: `csca-other-key` if there is one of another key and none may replace it.
        Unavailable: AWS did not answer.
    """
    present = parameters.csca()
    if present is not None and not replace:
        return _kept(present, key, "csca-other-key")
    serial = x509.random_serial_number()
    subject = Subject(country, organisation, _common_name("CSCA", serial))
    certificate = build_csca(subject, key, serial=serial, not_before=_midnight(now))
    csca = DocumentSigner.of(key.arn, certificate.public_bytes(Encoding.DER))
    parameters.publish_csca(csca)
    return Published(csca, made=True)


def link_csca(parameters: SignerParameters, former_key: KmsPrivateKey) -> x509.Certificate:
    """A certificate by which whoever trusts the former CSCA trusts the present one.

    Args:
        parameters: where both are.
        former_key: of the former one.

    Raises:
        Rejected: `csca-missing`, or `csca-former-missing`: the present one is the first.
        SignerError: `signer-key` or `csca-link`.
        Unavailable: AWS did not answer.
    """
    return build_link(
        x509.load_der_x509_certificate(required_csca(parameters).der),
        x509.load_der_x509_certificate(required_former_csca(parameters).der),
        former_key,
        serial=x509.random_serial_number(),
    )


def required_former_csca(parameters: SignerParameters) -> DocumentSigner:
    """The CSCA before the present one.

    Raises:
        Rejected: `csca-former-missing`.
        Unavailable: AWS did not answer.
    """
    former = parameters.former_csca()
    if former is None:
        raise Rejected("csca-former-missing", "there was no CSCA before the present one")
    return former


def issue_dsc(
    parameters: SignerParameters,
    key: KmsPrivateKey | KmsPublicKey,
    csca_key: KmsPrivateKey,
    *,
    now: datetime,
    replace: bool,
) -> Published:
    """Make a DSC signed by the CSCA, trust it, and have it sign from now on.

    Country and organisation are those of the CSCA.

    Raises:
        Rejected: `csca-missing`, or `dsc-other-key` if there is a current DSC of another key
            and none may replace it.
        SignerError: the CSCA's key is not that of its certificate.
        Unavailable: AWS did not answer.
    """
    present = parameters.current_dsc()
    if present is not None and not replace:
        return _kept(present, key, "dsc-other-key")
    certificate = issued_dsc(parameters, key.public_key(), csca_key, groups=(), now=now)
    dsc = DocumentSigner.of(key.arn, certificate.public_bytes(Encoding.DER))
    parameters.publish_dsc(dsc, now)
    return Published(dsc, made=True)


def issued_dsc(
    parameters: SignerParameters,
    key: DscKey,
    csca_key: KmsPrivateKey,
    *,
    groups: Collection[str],
    now: datetime,
) -> x509.Certificate:
    """A DSC signed by the CSCA, which is in no parameter yet.

    Args:
        parameters: where the CSCA is.
        key: the signer's.
        csca_key: the CSCA's.
        groups: what it may sign, of `v`, `t`, `r`; everything if empty.
        now: aware, in UTC.

    Raises:
        Rejected: `csca-missing`, or `csca-key-usage-over`: the year that it may sign in.
        SignerError: the CSCA's key is not that of its certificate, or the signer's is of another
            kind than verifiers accept.
        Unavailable: AWS did not answer.
    """
    csca = x509.load_der_x509_certificate(required_csca(parameters).der)
    serial = x509.random_serial_number()
    subject = Subject(
        _attribute(csca, NameOID.COUNTRY_NAME),
        _attribute(csca, NameOID.ORGANIZATION_NAME),
        _common_name("DSC", serial),
    )
    until = signs_until(csca)
    if until is not None and now > until:
        raise Rejected("csca-key-usage-over", "the year is over in which the CSCA signs: make one")
    start = max(_midnight(now), csca.not_valid_before_utc)
    return build_dsc(subject, key, csca, csca_key, serial=serial, not_before=start, groups=groups)


def required_csca(parameters: SignerParameters) -> DocumentSigner:
    """The CSCA.

    Raises:
        Rejected: `csca-missing`.
        Unavailable: AWS did not answer.
    """
    csca = parameters.csca()
    if csca is None:
        raise Rejected("csca-missing", "there is no CSCA: make one with `vigie pki csca create`")
    return csca


def _kept(present: DocumentSigner, key: KmsPrivateKey | KmsPublicKey, code: str) -> Published:
    if present.key_arn != key.arn:
        raise Rejected(code, "there is one of another key; --replace makes a new one")
    return Published(present, made=False)


def _common_name(role: str, serial: int) -> str:
    return f"{role} {serial:x}"[:64]


def _midnight(now: datetime) -> datetime:
    """The day's begin (UTC): a signer is valid at once, whatever a function's clock says."""
    return now.replace(hour=0, minute=0, second=0, microsecond=0)


def _attribute(certificate: x509.Certificate, oid: x509.ObjectIdentifier) -> str:
    return str(certificate.subject.get_attributes_for_oid(oid)[0].value)
