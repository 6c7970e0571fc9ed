"""Rules for tests."""

import json
from typing import Any

from vigie.business_rules.rule import Rule, read


def rule_document(**changes: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    """The fields of a rule that is always kept."""
    return {
        "Identifier": "GR-FR-0001",
        "Type": "Acceptance",
        "Country": "FR",
        "Version": "1.0.0",
        "SchemaVersion": "1.0.0",
        "Engine": "CERTLOGIC",
        "EngineVersion": "1.3.0",
        "CertificateType": "General",
        "Description": [
            {"lang": "en", "desc": "This rule is always kept by all."},
            {"lang": "fr", "desc": "Cette règle est toujours respectée."},
        ],
        "ValidFrom": "2021-07-01T00:00:00Z",
        "ValidTo": "2030-06-01T00:00:00+02:00",
        "AffectedFields": ["dob"],
        "Logic": {"===": [1, 1]},
    } | changes


def rule(**changes: Any) -> Rule:  # noqa: ANN401 - JSON
    """The rule itself."""
    return read(json.dumps(rule_document(**changes)).encode())
