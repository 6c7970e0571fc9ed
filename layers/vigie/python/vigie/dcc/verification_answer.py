"""A verification as a document, for programs that ask for one."""

import base64
import math
from datetime import datetime

from vigie.business_rules.judgement import RuleOutcome
from vigie.dcc.cwt import Claims, Container, Plain
from vigie.dcc.signer import Signer
from vigie.dcc.verification import Check, Verification


def document(verification: Verification, language: str) -> dict[str, object]:
    """What became of each check and rule, who signed, and what is certified.

    Args:
        verification: of a certificate.
        language: of the rules' descriptions, ISO 639-1; English where there is none in it.
    """
    signer, claims = verification.signer, verification.claims
    return {
        "trusted": verification.trusted,
        "checks": [_check(check) for check in verification.checks],
        "rules": [_rule(outcome, language) for outcome in verification.rules],
        "signer": signer and _signer(signer),
        "certificate": claims and _certificate(claims),
    }


def _check(check: Check) -> dict[str, str]:
    told = {"name": check.name.value, "state": check.state.value}
    return told | {"rule": check.rule, "reason": check.reason} if check.rule else told


def _rule(outcome: RuleOutcome, language: str) -> dict[str, str]:
    rule = outcome.rule
    told = {
        "identifier": rule.identifier,
        "version": rule.version,
        "verdict": outcome.verdict.value,
        "description": rule.told(language),
    }
    return told | {"reason": outcome.reason} if outcome.reason else told


def _signer(signer: Signer) -> dict[str, str]:
    return {
        "kid": base64.b64encode(signer.kid).decode("ascii"),
        "subject": signer.subject,
        "notBefore": signer.not_before.isoformat(),
        "notAfter": signer.not_after.isoformat(),
    }


def _certificate(claims: Claims) -> dict[str, object]:
    return {
        "issuer": claims.issuer,
        "issuedAt": _instant(claims.issued_at),
        "expiresAt": _instant(claims.expires_at),
        "container": claims.container.title,
        "content": _in_json(
            dict(claims.certificate) if claims.container is Container.EU_DCC else claims.other
        ),
    }


def _in_json(value: Plain) -> Plain:
    """A value as JSON can have it: bytes in base64, and no number that is none."""
    if isinstance(value, dict):
        return {key: _in_json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_in_json(item) for item in value]
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def _instant(time: datetime | None) -> str | None:
    return None if time is None else time.isoformat()
