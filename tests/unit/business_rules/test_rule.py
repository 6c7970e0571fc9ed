"""Reading of rules that others wrote."""

import hashlib
import json
from typing import Any

import pytest

from tests.unit.business_rules.making import rule_document
from vigie.business_rules.rule import MAX_BYTES, RuleDocument, RuleError, read


def _refused(content: bytes) -> RuleError:
    with pytest.raises(RuleError) as caught:
        read(content)
    return caught.value


def test_a_rule_is_known_by_the_hash_of_its_bytes() -> None:
    content = json.dumps(rule_document(), indent=3).encode()
    document = RuleDocument.read(content)
    assert document.hash == hashlib.sha256(content).hexdigest()
    assert document.rule.told("fr") == "Cette règle est toujours respectée."
    assert document.rule.told("de") == "This rule is always kept by all."


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("Identifier", "XX-FR-0001"),
        ("Identifier", "GR-FR-1"),
        ("Type", "Refusal"),
        ("Country", "FRA"),
        ("Version", "1.0"),
        ("Engine", "JSONLOGIC"),
        ("CertificateType", "Vaccine"),
        ("ValidFrom", "2021-07-01T00:00:00"),
        ("ValidTo", "2021-19-39T00:00:00Z"),
        ("Description", [{"lang": "fr", "desc": "Cette règle est respectée."}]),
        ("Description", [{"lang": "en", "desc": "Too short"}]),
        ("AffectedFields", []),
        ("Logic", {"or": [True, True]}),
        ("Logic", {}),
        ("Priority", 1),
    ],
)
def test_what_the_schema_does_not_allow_is_refused_at_its_place(field: str, value: object) -> None:
    error = _refused(json.dumps(rule_document() | {field: value}).encode())
    assert error.code == "rule-schema"
    assert error.place.startswith(field) or (field == "Priority" and error.place == "a field")
    assert str(value) not in str(error)


@pytest.mark.parametrize("field", sorted(set(rule_document()) - {"Region"}))
def test_each_field_is_required(field: str) -> None:
    rest: dict[str, Any] = {key: item for key, item in rule_document().items() if key != field}
    assert _refused(json.dumps(rest).encode()).place == field


def test_what_is_no_rule_is_refused_within_bounds() -> None:
    assert _refused(b" " * (MAX_BYTES + 1)).code == "rule-size"
    assert _refused(b'{"a": 1, "a": 2}').code == "rule-json"
    assert _refused(b"[" * 60_000).code == "rule-json"
    assert _refused(b"\xff").code == "rule-json"
    deep = b'{"!":[' * 5_000 + b"true" + b"]}" * 5_000
    assert _refused(deep).code in {"rule-json", "rule-schema"}


def test_fields_that_a_rule_does_not_declare_are_named() -> None:
    logic = {"and": [{"var": "payload.v.0.dn"}, {"var": "external.iat"}, {"var": "payload.dob"}]}
    rule = read(json.dumps(rule_document() | {"Logic": logic}).encode())
    assert rule.undeclared_fields == {"v.0.dn"}
