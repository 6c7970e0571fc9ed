"""Verification of a certificate, check by check (hcert-spec 1.0.8, section 3)."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from vigie.dcc import base45, cose, cwt, hcert, schema
from vigie.dcc.cose import Signed
from vigie.dcc.cwt import Claims
from vigie.dcc.errors import DccError, VerificationError
from vigie.dcc.signer import Signer

_SHOWN_FAULTS = 5


class CheckName(StrEnum):
    """The checks, in their order."""

    PREFIX = "prefix"
    BASE45 = "base45"
    COMPRESSION = "compression"
    COSE = "cose"
    KID = "kid known"
    SIGNATURE = "signature"
    CLAIMS = "claims"
    EXPIRY = "expiry"
    SIGNER_VALIDITY = "signer validity"
    KEY_USAGE = "key usage"
    SCHEMA = "schema"


class State(StrEnum):
    """How a check ended."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_REACHED = "not reached"


@dataclass(frozen=True, slots=True)
class Check:
    """One check and its end; a failed one names the rule and a reason without content."""

    name: CheckName
    state: State
    rule: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Verification:
    """What became of each check.

    Attributes:
        checks: all of them, in order.
        signer: who signed, once the signature is verified.
        claims: what is certified, once the signature is verified.
    """

    checks: tuple[Check, ...]
    signer: Signer | None
    claims: Claims | None

    @property
    def trusted(self) -> bool:
        """Whether every check passed."""
        return all(check.state is State.PASSED for check in self.checks)


class _Record:
    def __init__(self) -> None:
        self._ended: dict[CheckName, Check] = {}
        self.signer: Signer | None = None
        self.claims: Claims | None = None

    @contextmanager
    def check(self, name: CheckName) -> Iterator[None]:
        try:
            yield
        except DccError as error:
            self._ended[name] = Check(name, State.FAILED, error.rule, str(error))
            raise
        self._ended[name] = Check(name, State.PASSED)

    def verification(self) -> Verification:
        checks = (self._ended.get(name, Check(name, State.NOT_REACHED)) for name in CheckName)
        return Verification(tuple(checks), self.signer, self.claims)


def verify(text: str, signers: Mapping[bytes, tuple[Signer, ...]], at: datetime) -> Verification:
    """Verify the text of a QR code at a given time.

    The content is read only after its signature is verified: an unknown signer or a
    wrong signature leaves the later checks unreached.

    Args:
        text: beginning with `HC1:`.
        signers: the trust list, by kid.
        at: aware.
    """
    record = _Record()
    try:
        message = _opened(text, record)
        record.signer = _signer(message, signers, record)
        with record.check(CheckName.CLAIMS):
            record.claims = cwt.read(message.payload)
    except DccError:
        return record.verification()
    _check_content(record, record.claims, record.signer, at)
    return record.verification()


def _opened(text: str, record: _Record) -> Signed:
    with record.check(CheckName.PREFIX):
        body = hcert.unprefix(text)
    with record.check(CheckName.BASE45):
        compressed = base45.decode(body)
    with record.check(CheckName.COMPRESSION):
        content = hcert.inflate(compressed)
    with record.check(CheckName.COSE):
        return cose.read(content)


def _signer(
    message: Signed, signers: Mapping[bytes, tuple[Signer, ...]], record: _Record
) -> Signer:
    with record.check(CheckName.KID):
        if message.kid is None:
            raise VerificationError("kid-absent", "no header names a signer")
        candidates = signers.get(message.kid, ())
        if not candidates:
            raise VerificationError("kid-unknown", "the signer is not among those given")
    with record.check(CheckName.SIGNATURE):
        return who_signed(message, candidates)


def who_signed(message: Signed, candidates: tuple[Signer, ...]) -> Signer:
    """The first of the candidates that signed the message; two may share a kid.

    Raises:
        VerificationError: `signature-…`, of the last candidate, if none did.
    """
    failure = VerificationError("kid-unknown", "there is no signer to try")
    for signer in candidates:
        try:
            signer.verify(message)
        except VerificationError as error:
            failure = error
        else:
            return signer
    raise failure


def _check_content(record: _Record, claims: Claims, signer: Signer, at: datetime) -> None:
    """Run the four checks of the content, each whatever becomes of the others."""
    with suppress(DccError), record.check(CheckName.EXPIRY):
        check_expiry(claims, at)
    with suppress(DccError), record.check(CheckName.SIGNER_VALIDITY):
        check_signer_validity(claims, signer)
    with suppress(DccError), record.check(CheckName.KEY_USAGE):
        check_key_usage(claims, signer)
    with suppress(DccError), record.check(CheckName.SCHEMA):
        check_schema(claims)


def check_expiry(claims: Claims, at: datetime) -> None:
    """Check that a certificate is issued and not expired at a time.

    Raises:
        VerificationError: `expiry-absent`, `not-yet-issued` or `expired`.
    """
    if claims.issued_at is None or claims.expires_at is None:
        raise VerificationError("expiry-absent", "it does not say when it is issued and expires")
    if at < claims.issued_at:
        raise VerificationError("not-yet-issued", "it is issued later than this")
    if at > claims.expires_at:
        raise VerificationError("expired", "it has expired")


def check_signer_validity(claims: Claims, signer: Signer) -> None:
    """Check that a certificate lies within the validity of its signer's (shell model).

    Raises:
        VerificationError: `expiry-absent`, `issued-before-signer` or `expires-after-signer`.
    """
    if claims.issued_at is None or claims.expires_at is None:
        raise VerificationError("expiry-absent", "it does not say when it is issued and expires")
    if claims.issued_at < signer.not_before:
        raise VerificationError("issued-before-signer", "the signer was not valid when it issued")
    if claims.expires_at > signer.not_after:
        raise VerificationError("expires-after-signer", "it expires later than its signer")


def check_key_usage(claims: Claims, signer: Signer) -> None:
    """Check that the signer may sign this kind of entry.

    Raises:
        VerificationError: `no-entry` or `key-usage`.
    """
    groups = schema.groups(claims.certificate)
    if not groups:
        raise VerificationError("no-entry", "it has neither vaccination, test nor recovery")
    if not all(signer.may_sign(group) for group in groups):
        raise VerificationError("key-usage", "the signer may not sign this kind of entry")


def check_schema(claims: Claims) -> None:
    """Check the content against the schema 1.3.0.

    Raises:
        VerificationError: `schema`, with the places and rules that it breaks.
    """
    faults = schema.faults(claims.certificate)
    if faults:
        raise VerificationError("schema", "; ".join(faults[:_SHOWN_FAULTS]))
