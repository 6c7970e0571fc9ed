"""Verification of a certificate, check by check (hcert-spec 1.0.8, section 3)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeVar, TypeVarTuple

from vigie.dcc import base45, cose, cwt, hcert, schema
from vigie.dcc.cose import Signed
from vigie.dcc.cwt import Claims
from vigie.dcc.errors import DccError, VerificationError
from vigie.dcc.signer import Signer

_SHOWN_FAULTS = 5

T = TypeVar("T")
Ts = TypeVarTuple("Ts")


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


_NOT_REACHED = [Check(name, State.NOT_REACHED) for name in CheckName]
_PASSED = {name: Check(name, State.PASSED) for name in CheckName}


class _Record:
    def __init__(self) -> None:
        self._checks: list[Check] = []
        self.signer: Signer | None = None
        self.claims: Claims | None = None

    def run(self, name: CheckName, check: Callable[[*Ts], T], *args: *Ts) -> T:
        """Make a check that the next ones need."""
        try:
            result = check(*args)
        except DccError as error:
            self._fail(name, error)
            raise
        self._checks.append(_PASSED[name])
        return result

    def judge(self, name: CheckName, check: Callable[[*Ts], None], *args: *Ts) -> None:
        """Make a check that the next ones do without."""
        try:
            check(*args)
        except DccError as error:
            self._fail(name, error)
        else:
            self._checks.append(_PASSED[name])

    def _fail(self, name: CheckName, error: DccError) -> None:
        self._checks.append(Check(name, State.FAILED, error.rule, str(error)))

    def verification(self) -> Verification:
        checks = (*self._checks, *_NOT_REACHED[len(self._checks) :])
        return Verification(checks, self.signer, self.claims)


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
        candidates = record.run(CheckName.KID, _candidates, message, signers)
        record.signer = record.run(CheckName.SIGNATURE, who_signed, message, candidates)
        record.claims = record.run(CheckName.CLAIMS, cwt.read, message.payload)
    except DccError:
        return record.verification()
    _check_content(record, record.claims, record.signer, at)
    return record.verification()


def _opened(text: str, record: _Record) -> Signed:
    body = record.run(CheckName.PREFIX, hcert.unprefix, text)
    compressed = record.run(CheckName.BASE45, base45.decode, body)
    content = record.run(CheckName.COMPRESSION, hcert.inflate, compressed)
    return record.run(CheckName.COSE, cose.read, content)


def _candidates(message: Signed, signers: Mapping[bytes, tuple[Signer, ...]]) -> tuple[Signer, ...]:
    if message.kid is None:
        raise VerificationError("kid-absent", "no header names a signer")
    candidates = signers.get(message.kid, ())
    if not candidates:
        raise VerificationError("kid-unknown", "the signer is not among those given")
    return candidates


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
    record.judge(CheckName.EXPIRY, check_expiry, claims, at)
    record.judge(CheckName.SIGNER_VALIDITY, check_signer_validity, claims, signer)
    record.judge(CheckName.KEY_USAGE, check_key_usage, claims, signer)
    record.judge(CheckName.SCHEMA, check_schema, claims)


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
