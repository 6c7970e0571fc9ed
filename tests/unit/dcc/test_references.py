"""What a certificate is held against beside its signer: codes, revocations, business rules."""

import os
import subprocess
import sys
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

import cbor2
import pytest

from tests.unit.business_rules.making import rule
from tests.unit.dcc.issuing import ISSUED, START, issuer_of, negative_test
from vigie.business_rules.judgement import Verdict
from vigie.business_rules.shipped import french
from vigie.dcc import cose, hcert, value_sets
from vigie.dcc.acceptance import Destination
from vigie.dcc.hcert import Contents
from vigie.dcc.signer import by_kid
from vigie.dcc.verification import (
    Check,
    CheckName,
    References,
    State,
    Verification,
    verify,
)
from vigie.errors import Rejected

NOW = ISSUED + timedelta(hours=1)
ALWAYS_KEPT = rule(ValidFrom="2021-01-01T00:00:00Z")


def _text(**changes: Any) -> str:  # noqa: ANN401 - of the only entry
    issuer = issuer_of()
    message = issuer.unsigned(negative_test())
    claims = cbor2.loads(message.payload)
    claims[-260][1]["t"][0].update(changes)
    message = cose.unsigned(cbor2.dumps(claims), issuer.signer.kid)
    return hcert.assemble(message, issuer.sign(message))


def _verified(
    references: References,
    at: datetime = NOW,
    **changes: Any,  # noqa: ANN401 - of the only entry
) -> Verification:
    return verify(_text(**changes), by_kid([issuer_of().signer]), at, references)


def _check(verification: Verification, name: CheckName) -> Check:
    return next(check for check in verification.checks if check.name is name)


def test_the_codes_are_of_the_value_sets() -> None:
    known = References(value_sets=value_sets.shipped())

    assert _verified(known).trusted
    result = _verified(known, tr="A-SECRET", co="XX")
    check = _check(result, CheckName.VALUE_SETS)

    assert not result.trusted
    assert (check.state, check.rule) == (State.FAILED, "value-sets")
    assert check.reason == "t/0/co: not in country-2-codes; t/0/tr: not in covid-19-lab-result"


def test_a_revoked_certificate_is_named_and_a_broken_list_leaves_it_open() -> None:
    asked: list[tuple[Contents, Collection[bytes], datetime]] = []

    def lookup(*, revoked: bool) -> References:
        def is_revoked(contents: Contents, kids: Collection[bytes], at: datetime) -> bool:
            asked.append((contents, kids, at))
            return revoked

        return References(is_revoked=is_revoked)

    def broken(_contents: Contents, _kids: Collection[bytes], _at: datetime) -> bool:
        raise Rejected("filter-malformed", "not a filter")

    assert _verified(lookup(revoked=False)).trusted
    result = _verified(lookup(revoked=True))
    assert not result.trusted
    assert _check(result, CheckName.REVOCATION).rule == "revoked"
    assert asked[0][0].claims == result.claims
    assert asked[0][1:] == ({issuer_of().signer.kid}, NOW)
    result = _verified(References(is_revoked=broken))
    assert not result.trusted
    assert _check(result, CheckName.REVOCATION).state is State.OPEN


@pytest.mark.parametrize(
    ("hours", "kept"),
    [(72, True), (73, False)],
)
def test_the_french_rules_decide_on_the_hour(hours: int, *, kept: bool) -> None:
    rules = tuple(document.rule for document in french())
    references = References(value_sets.shipped(), None, Destination("FR", rules))

    result = _verified(references, START + timedelta(hours=hours))

    assert result.trusted is kept
    failed = [each.rule.identifier for each in result.rules if each.verdict is Verdict.FAILED]
    assert failed == ([] if kept else ["TR-FR-0003"])
    assert len(result.rules) == 5
    if not kept:
        assert _check(result, CheckName.RULES).reason == "not kept: TR-FR-0003"


def test_rules_that_cannot_be_judged_leave_it_open() -> None:
    for rules, code in [
        ((), "rules-none"),
        ((rule(EngineVersion="9.0.0"), ALWAYS_KEPT), "rules-open"),
    ]:
        result = _verified(References(destination=Destination("FR", rules)))
        assert not result.trusted
        check = _check(result, CheckName.RULES)
        assert (check.state, check.rule) == (State.OPEN, code)


def test_rules_know_the_claims_and_the_value_sets() -> None:
    told = {
        "validationClock": NOW.isoformat(),
        "countryCode": "FR",
        "issuerCountryCode": "FR",
        "iat": ISSUED.isoformat(),
        "region": "GP",
    }
    logic: Any = {"in": ["260415000", {"var": "external.valueSets.covid-19-lab-result"}]}
    for name, value in told.items():
        logic = {"and": [logic, {"===": [{"var": f"external.{name}"}, value]}]}
    destination = Destination("FR", (rule(Logic=logic, Region="GP"),), "GP")

    (outcome,) = _verified(References(value_sets.shipped(), None, destination)).rules

    assert outcome.verdict is Verdict.PASSED


def test_nothing_that_verifies_can_reach_a_key_service() -> None:
    # In a process of its own: whatever verification imports, however late, is looked at.
    program = (
        "import sys\n"
        "from vigie.dcc import signer, value_sets, verification\n"
        "from vigie.dcc.acceptance import Destination\n"
        "from vigie.business_rules.shipped import french\n"
        "from datetime import datetime\n"
        "text, der, at = sys.argv[1:]\n"
        "signers = signer.by_kid([signer.read(bytes.fromhex(der))])\n"
        "rules = tuple(document.rule for document in french())\n"
        "references = verification.References(\n"
        "    value_sets.shipped(), None, Destination('FR', rules))\n"
        "result = verification.verify(text, signers, datetime.fromisoformat(at), references)\n"
        "assert result.trusted, result.checks\n"
        "reached = {'boto3', 'botocore', 'urllib3'} & set(sys.modules)\n"
        "assert not reached, reached\n"
    )
    arguments = [_text(), issuer_of().der.hex(), NOW.isoformat()]
    environment = {"PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", program, *arguments]
    subprocess.run(command, check=True, env=environment)  # noqa: S603 - our own program
