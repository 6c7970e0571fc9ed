"""What WHO's network puts into the container of certificates: read, named, and not judged."""

from typing import Any

import cbor2
import pytest

from tests.unit.dcc.issuing import ISSUED, issuer_of, negative_test
from vigie.business_rules.shipped import french
from vigie.dcc import cose, cwt, hcert, value_sets, verification_answer
from vigie.dcc.acceptance import Destination
from vigie.dcc.cwt import Container
from vigie.dcc.errors import DecodingError
from vigie.dcc.signer import by_kid
from vigie.dcc.verification import CheckName, References, State, Verification, verify

_WHO = {"name": "Jean Dupont", "vaccination": {"dose": 1, "vaccine": ("J07BX03", None)}}
_LINK = ["vhlink:/eyJ1cmwiOiJodHRwczovL2V4YW1wbGUifQ"]


def _issued(hcert_claim: Any) -> str:  # noqa: ANN401 - what another issuer may put there
    issuer = issuer_of("t")
    claims = cbor2.loads(issuer.unsigned(negative_test()).payload) | {-260: hcert_claim}
    message = cose.unsigned(cbor2.dumps(claims), issuer.signer.kid)
    return hcert.assemble(message, issuer.sign(message))


def _verified(text: str) -> Verification:
    rules = tuple(document.rule for document in french())
    references = References(value_sets.shipped(), None, Destination("FR", rules, ""))
    return verify(text, by_kid([issuer_of("t").signer]), ISSUED, references)


@pytest.mark.parametrize(
    ("number", "content", "container"),
    [
        (3, _WHO, Container.WHO_VACCINATION),
        (4, [_WHO], Container.WHO_TEST),
        (5, _LINK, Container.HEALTH_LINK),
        (
            -6,
            {1: b"\x01", "dob": cbor2.CBORTag(1004, "1988-02-29")},
            Container.WHO_VACCINATION_TRIAL,
        ),
    ],
)
def test_another_container_is_read_and_left_open(
    number: int, content: object, container: Container
) -> None:
    result = _verified(_issued({number: content}))

    assert result.claims is not None
    assert (result.claims.container, result.claims.certificate) == (container, {})
    states = {check.name: check.state for check in result.checks}
    assert {name for name, state in states.items() if state is State.OPEN} == {
        CheckName.KEY_USAGE,
        CheckName.SCHEMA,
        CheckName.VALUE_SETS,
        CheckName.RULES,
    }
    assert State.FAILED not in states.values()
    assert not result.trusted
    told: Any = verification_answer.document(result, "en")["certificate"]
    assert (told["container"], bool(told["content"])) == (container.title, True)


def test_the_certificate_of_the_union_comes_before_others() -> None:
    result = _verified(_issued({3: _WHO, 1: negative_test().to_map()}))

    assert result.claims is not None
    assert result.claims.container is Container.EU_DCC
    assert result.claims.certificate["dob"] == "1988-02-29"


@pytest.mark.parametrize("claim", [{}, {2: {}}, {1: []}, {1: None, 3: _WHO}, [], None, {99: {}}])
def test_what_nobody_knows_is_no_certificate(claim: object) -> None:
    with pytest.raises(DecodingError) as refused:
        cwt.read(cbor2.dumps({1: "FR", -260: claim}))

    assert refused.value.rule == "claims-structure"


def test_keys_and_tags_of_others_become_legible() -> None:
    content = {1: b"\x01", "dob": cbor2.CBORTag(1004, "1988-02-29")}

    read = cwt.read(cbor2.dumps({-260: {-6: content}}))

    assert read.other == {"1": b"\x01", "dob": "1988-02-29"}
