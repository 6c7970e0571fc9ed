"""The verification of a 2D-DOC as a document, in the form of that of a certificate."""

import base64
from datetime import UTC, date, datetime, time

from vigie.twoddoc.verification import CHECKS, Verification


def document(verification: Verification) -> dict[str, object]:
    """What became of each check, who signed, and what is certified once it is known who did."""
    signer, code = verification.signer, verification.code
    return {
        "trusted": verification.trusted,
        "checks": [_check(verification, name) for name in CHECKS],
        "rules": [],
        "signer": signer
        and {
            "kid": base64.b64encode(signer.kid).decode("ascii"),
            "subject": signer.subject,
            "notBefore": signer.not_before.isoformat(),
            "notAfter": signer.not_after.isoformat(),
        },
        "certificate": code
        and signer
        and {
            "issuer": code.header.country,
            "issuedAt": _midnight(code.header.signed_on),
            "expiresAt": None,
            "container": f"2D-DOC {code.header.document_type}",
            "content": verification.values,
        },
    }


def _check(verification: Verification, name: str) -> dict[str, str]:
    told = {"name": name, "state": verification.state(name)}
    error = verification.failures.get(name)
    return told if error is None else told | {"rule": error.rule, "reason": str(error)}


def _midnight(day: date | None) -> str | None:
    return None if day is None else datetime.combine(day, time.min, UTC).isoformat()
