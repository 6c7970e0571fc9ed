"""Verification of a certificate, check by check (hcert-spec 1.0.8, section 3).

It needs nothing but what it is given: no key, no network, no clock.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import partial
from typing import TypeVar, TypeVarTuple

from vigie.business_rules.judgement import RuleOutcome, Verdict
from vigie.dcc import base45, cose, cwt, hcert, schema, value_set_check
from vigie.dcc.acceptance import Destination, rule_outcomes
from vigie.dcc.cose import Signed
from vigie.dcc.cwt import Claims, Container
from vigie.dcc.errors import DccError, VerificationError
from vigie.dcc.hcert import Contents
from vigie.dcc.signer import SignedMessage, Signer, kids_of_key
from vigie.dcc.value_sets import ValueSets
from vigie.errors import Rejected

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
    VALUE_SETS = "value sets"
    REVOCATION = "revocation"
    RULES = "business rules"


class State(StrEnum):
    """How a check ended.

    One is not asked for where there is nothing to check against, and open where a person
    has to judge.
    """

    PASSED = "passed"
    FAILED = "failed"
    NOT_REACHED = "not reached"
    NOT_ASKED = "not asked"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Check:
    """One check and its end; a failed or open one names a rule and a reason without content."""

    name: CheckName
    state: State
    rule: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class References:
    """What a certificate is held against beside its signer; a check without one is left out.

    Attributes:
        value_sets: the codes that its fields may have.
        is_revoked: tells whether a certificate is revoked at a time, asked with every kid of
            the key that signed it; it may raise `Rejected` where the list cannot be read.
        destination: whose business rules are to be kept.
    """

    value_sets: ValueSets | None = None
    is_revoked: Callable[[Contents, Collection[bytes], datetime], bool] | None = None
    destination: Destination | None = None


NO_REFERENCES = References()


@dataclass(frozen=True, slots=True)
class Verification:
    """What became of each check.

    Attributes:
        checks: all of them, in order.
        signer: who signed, once the signature is verified.
        claims: what is certified, once the signature is verified.
        rules: the business rules that apply, and what became of each.
    """

    checks: tuple[Check, ...]
    signer: Signer | None
    claims: Claims | None
    rules: tuple[RuleOutcome, ...] = ()

    @property
    def trusted(self) -> bool:
        """Whether every check passed that was asked for."""
        return all(check.state in _SATISFIED for check in self.checks)


_SATISFIED = frozenset({State.PASSED, State.NOT_ASKED})
_NOT_REACHED = [Check(name, State.NOT_REACHED) for name in CheckName]
_PASSED = {name: Check(name, State.PASSED) for name in CheckName}
_NOT_ASKED = {name: Check(name, State.NOT_ASKED) for name in CheckName}
# Bound once: an enumeration looks its members up at each access.
(
    _PREFIX,
    _BASE45,
    _COMPRESSION,
    _COSE,
    _KID,
    _SIGNATURE,
    _CLAIMS,
    _EXPIRY,
    _SIGNER_VALIDITY,
    _KEY_USAGE,
    _SCHEMA,
    _VALUE_SETS,
    _REVOCATION,
    _RULES,
) = CheckName


class _Record:
    def __init__(self) -> None:
        self._checks: list[Check] = []
        self.signer: Signer | None = None
        self.claims: Claims | None = None
        self.rules: tuple[RuleOutcome, ...] = ()

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

    def note(self, check: Check) -> None:
        """Take a check that was made elsewhere."""
        self._checks.append(check)

    def _fail(self, name: CheckName, error: DccError) -> None:
        self._checks.append(Check(name, State.FAILED, error.rule, str(error)))

    def verification(self) -> Verification:
        checks = (*self._checks, *_NOT_REACHED[len(self._checks) :])
        return Verification(checks, self.signer, self.claims, self.rules)


def verify(
    text: str,
    signers: Mapping[bytes, tuple[Signer, ...]],
    at: datetime,
    references: References = NO_REFERENCES,
) -> Verification:
    """Verify the text of a QR code at a given time.

    The content is read only after its signature is verified: an unknown signer or a
    wrong signature leaves the later checks unreached.

    Args:
        text: beginning with `HC1:`.
        signers: the trust list, by kid.
        at: aware.
        references: what else it is held against.
    """
    record = _Record()
    try:
        message = _opened(text, record)
        candidates = record.run(_KID, _candidates, message, signers)
        record.signer = record.run(_SIGNATURE, who_signed, message, candidates)
        record.claims = record.run(_CLAIMS, cwt.read, message.payload)
    except DccError:
        return record.verification()
    contents = Contents(message, record.claims)
    revocation = partial(_revocation, contents, signers, record.signer, references, at)
    if record.claims.container is not Container.EU_DCC:
        _check_other(record, record.claims, record.signer, at, revocation)
        return record.verification()
    _check_content(record, record.claims, record.signer, at)
    _check_value_sets(record, record.claims, references.value_sets)
    record.note(revocation())
    _check_rules(record, record.claims, record.signer, references, at)
    return record.verification()


def _opened(text: str, record: _Record) -> Signed:
    body = record.run(_PREFIX, hcert.unprefix, text)
    compressed = record.run(_BASE45, base45.decode, body)
    content = record.run(_COMPRESSION, hcert.inflate, compressed)
    return record.run(_COSE, cose.read, content)


def _candidates(message: Signed, signers: Mapping[bytes, tuple[Signer, ...]]) -> tuple[Signer, ...]:
    if message.kid is None:
        raise VerificationError("kid-absent", "no header names a signer")
    candidates = signers.get(message.kid, ())
    if not candidates:
        raise VerificationError("kid-unknown", "the signer is not among those given")
    return candidates


def who_signed(message: SignedMessage, candidates: tuple[Signer, ...]) -> Signer:
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
    record.judge(_EXPIRY, check_expiry, claims, at)
    record.judge(_SIGNER_VALIDITY, check_signer_validity, claims, signer)
    record.judge(_KEY_USAGE, check_key_usage, claims, signer)
    record.judge(_SCHEMA, check_schema, claims)


def _check_other(
    record: _Record, claims: Claims, signer: Signer, at: datetime, revocation: Callable[[], Check]
) -> None:
    """Run the checks of what is no certificate of the EU; what it says is open."""
    reason = f"{claims.container.title}: its content is not judged"
    record.judge(_EXPIRY, check_expiry, claims, at)
    record.judge(_SIGNER_VALIDITY, check_signer_validity, claims, signer)
    for name in (_KEY_USAGE, _SCHEMA, _VALUE_SETS):
        record.note(Check(name, State.OPEN, "container", reason))
    record.note(revocation())
    record.note(Check(_RULES, State.OPEN, "container", reason))


def _check_value_sets(record: _Record, claims: Claims, value_sets: ValueSets | None) -> None:
    if value_sets is None:
        record.note(_NOT_ASKED[_VALUE_SETS])
    else:
        record.judge(_VALUE_SETS, check_value_sets, claims, value_sets)


def _revocation(
    contents: Contents,
    signers: Mapping[bytes, tuple[Signer, ...]],
    signer: Signer,
    references: References,
    at: datetime,
) -> Check:
    name = _REVOCATION
    if references.is_revoked is None:
        return _NOT_ASKED[name]
    try:
        # The kid may stand where nothing signs it, and then whoever shows it chooses it.
        revoked = references.is_revoked(contents, kids_of_key(signers, signer), at)
    except Rejected as error:
        return Check(name, State.OPEN, error.code, str(error))
    return (
        Check(name, State.FAILED, "revoked", "its issuer revoked it") if revoked else _PASSED[name]
    )


def _check_rules(
    record: _Record, claims: Claims, signer: Signer, references: References, at: datetime
) -> None:
    if references.destination is None:
        record.note(_NOT_ASKED[_RULES])
        return
    record.rules = rule_outcomes(claims, signer, references.destination, references.value_sets, at)
    record.note(_rules_check(record.rules))


def _rules_check(outcomes: tuple[RuleOutcome, ...]) -> Check:
    name = _RULES
    if not outcomes:
        return Check(name, State.OPEN, "rules-none", "no rule of this country is known")
    failed = [each.rule.identifier for each in outcomes if each.verdict is Verdict.FAILED]
    if failed:
        return Check(name, State.FAILED, "rules-failed", f"not kept: {', '.join(failed)}")
    left_open = [each.rule.identifier for each in outcomes if each.verdict is Verdict.OPEN]
    if left_open:
        return Check(name, State.OPEN, "rules-open", f"not judged: {', '.join(left_open)}")
    return _PASSED[name]


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
    """Check the content against the schema 1.3.0, or 1.3.2 where it says that it follows it.

    Raises:
        VerificationError: `schema`, with the places and rules that it breaks.
    """
    faults = schema.faults(claims.certificate)
    if faults:
        raise VerificationError("schema", "; ".join(faults[:_SHOWN_FAULTS]))


def check_value_sets(claims: Claims, value_sets: ValueSets) -> None:
    """Check the codes of the content against the value sets.

    Raises:
        VerificationError: `value-sets`, with the places whose code is in none.
    """
    faults = value_set_check.faults(claims.certificate, value_sets)
    if faults:
        raise VerificationError("value-sets", "; ".join(faults[:_SHOWN_FAULTS]))
