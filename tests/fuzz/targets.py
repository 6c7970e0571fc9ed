"""What reads from outside: each takes any input, and refuses with our own errors alone."""

import json
import zlib
from base64 import b64decode
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import strategies as st

from cli import did_proof
from cli.proof_key import load_proof_key
from device_attestation import assertion, play_integrity
from device_attestation.play_integrity import PlayPolicy
from device_registration.attestation_object import AAGUIDS, Apple, public_key_of
from tests.functions.attestation.devices import APP, PACKAGE, Android, IPhone
from tests.functions.attestation.devices import NOW as DEVICES_NOW
from tests.functions.attestation.devices import Apple as DevicesApple
from tests.fuzz import mutations
from tests.unit.business_rules.making import rule_document
from tests.unit.cms.test_signed_data import signed
from tests.unit.dcc.issuing import ISSUED, issuer_of, negative_test
from tests.unit.trust.issuers import NOW, Country, der, entry, gateway
from tests.unit.twoddoc.issuing import two_d_doc
from vigie import certlogic
from vigie.attestation.attested_body import body_hash
from vigie.attestation.play_key_pair import PlayKeyPair
from vigie.business_rules import rule
from vigie.business_rules.shipped import french
from vigie.certlogic.evaluation import _OPERATIONS
from vigie.cms import signed_data
from vigie.dcc import base45, cose, hcert, signer, value_sets, verification, verification_answer
from vigie.dcc.acceptance import Destination
from vigie.dcc.errors import DccError
from vigie.dcc.verification import References, verify
from vigie.revocation import batch
from vigie.revocation.hashes import HashType
from vigie.trust import did_document, gateway_list
from vigie.trust.candidates import json_in
from vigie.trust.chain import judge
from vigie.trust.listing import next_list
from vigie.trust.signer_list import SignerList
from vigie.trust.trusted_signer import TrustedSigner
from vigie.twoddoc import fields
from vigie.twoddoc.verification import verify as verify_two_d_doc
from vigie.venues import location_part
from vigie.venues.venue_code import CodeMaker, code_bytes, new_secret
from vigie.venues.venue_rules import Venue

_NOW = ISSUED + timedelta(days=1)
_COUNTRY = Country("FI")
_GDHCN = Path("tests/samples/gdhcn")
_WHO_LIST, _WHO_KEY = _GDHCN / "embedded.json", load_proof_key(_GDHCN / "signing.json")
_SIGNER = _COUNTRY.dsc()
_VENUE_KEY = ec.generate_private_key(ec.SECP256R1())
_VENUE_CODE = (
    code_bytes(
        CodeMaker(
            _VENUE_KEY.public_key(), Venue(type=1, category1=0, category2=0), new_secret()
        ).poster(ISSUED)
    )
    or b""
)

_APPLE, _ANDROID = DevicesApple(), Android()
_PHONE = IPhone(_APPLE)
_ATTESTATION = b64decode(_PHONE.attestation(b"challenge"))
_PHONE_HEADERS = _PHONE.headers(b"body")
_ANDROID_TOKEN = _ANDROID.token(_ANDROID.payload(b"body"))


@dataclass(frozen=True)
class Target:
    """One reader.

    Attributes:
        inputs: what it is given.
        read: reads it; `Rejected` is the only exception that it may raise.
    """

    inputs: st.SearchStrategy[Any]
    read: Callable[[Any], object]


@cache
def targets() -> Mapping[str, Target]:
    """Every reader, by name."""
    text = issuer_of().issue(negative_test())
    message = hcert.inflate(base45.decode(hcert.unprefix(text)))
    payload = cose.read(message).payload
    rules = [document.content for document in french()]
    return {
        "text of a certificate": Target(mutations.text(text), _verify),
        "message of a certificate": Target(
            mutations.content(message), lambda content: _verify(_in_text(content))
        ),
        "signed claims": Target(
            mutations.content(payload), lambda content: _verify(_signed(content))
        ),
        "signed content": Target(mutations.json_values(), lambda value: _verify(_certified(value))),
        "certificate of a signer": Target(
            mutations.content(issuer_of().der, issuer_of("v", "t").der), signer.read
        ),
        "trust list of the gateway": Target(
            mutations.content(_trust_list()) | st.lists(mutations.content(_SIGNER)).map(_listed),
            lambda content: judge(gateway_list.read(content), NOW),
        ),
        "trust list as a DID document": Target(
            mutations.content(_document()) | mutations.json_values().map(_as_json),
            lambda content: judge(did_document.read(content), NOW),
        ),
        "proof of a DID document": Target(
            mutations.content(_WHO_LIST.read_bytes()) | mutations.json_values().map(_proved_with),
            lambda content: did_proof.verify(json_in(content), _WHO_KEY),
        ),
        "business rule": Target(
            mutations.content(*rules) | mutations.json_values().map(_rule_with), rule.read
        ),
        "expression": Target(_expressions(), _evaluate),
        "message in CMS": Target(mutations.content(signed()), signed_data.verify),
        "revocation batch": Target(mutations.content(_batch()), batch.read_batch),
        "code of a venue": Target(mutations.content(_VENUE_CODE), _open_venue_code),
        "attestation of a device's key": Target(
            mutations.content(_ATTESTATION) | mutations.json_values().map(_attested), _attest
        ),
        "assertion of a device": Target(mutations.text(_PHONE_HEADERS["x-attestation"]), _assert),
        "token of Play Integrity": Target(
            mutations.text(_ANDROID_TOKEN) | mutations.json_values().map(_play_token), _check_token
        ),
        "2D-DOC": Target(mutations.text(two_d_doc()[0]), _verify_two_d_doc),
        "value sets": Target(
            mutations.content(value_sets.shipped().model_dump_json().encode()[:4000]),
            value_sets.read,
        ),
    }


def _attested(value: object) -> bytes:
    return cbor2.dumps({"fmt": "apple-appattest", "attStmt": {"x5c": [value]}, "authData": value})


def _attest(content: bytes) -> object:
    trusted = Apple(_APPLE.root, (APP,), AAGUIDS["production"])
    return public_key_of(content, bytes(32), b"challenge", trusted, DEVICES_NOW)


def _assert(text: str) -> object:
    point = _PHONE.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return assertion.counter_of(
        assertion.read(text.rpartition(" ")[2]), sha256(b"body").digest(), point, (APP,)
    )


def _play_token(value: object) -> str:
    """All that follows the signature is reached."""
    return _ANDROID.token({**_ANDROID.payload(b"body"), "requestDetails": value})


def _check_token(token: str) -> None:
    keys = PlayKeyPair.model_validate_json(_ANDROID.installed())
    policy = PlayPolicy(package=PACKAGE, certificates=(), labels=(), lifetime=timedelta(minutes=10))
    play_integrity.check(token, body_hash(b"body"), keys, policy, DEVICES_NOW)


def _open_venue_code(content: bytes) -> object:
    return location_part.decrypt(location_part.read(content), _VENUE_KEY)


def _verify(text: str) -> object:
    rules = tuple(document.rule for document in french())
    references = References(value_sets.shipped(), None, Destination("FR", rules))
    result = verify(text, signer.by_kid([issuer_of().signer]), _NOW, references)
    assert len(result.checks) == len(verification.CheckName)
    return json.dumps(verification_answer.document(result, "fr"), allow_nan=False)


def _verify_two_d_doc(text: str) -> object:
    with suppress(DccError):
        fields.read(fields.TEST, text)
    return verify_two_d_doc(text, [signer.read(two_d_doc()[1])])


def _in_text(content: bytes) -> str:
    return hcert.PREFIX + base45.encode(zlib.compress(content))


def _signed(payload: bytes) -> str:
    """What a signer of the trust list signed: all that follows the signature is reached."""
    message = cose.unsigned(payload, issuer_of().signer.kid)
    return hcert.assemble(message, issuer_of().sign(message))


def _certified(value: object) -> str:
    entry = negative_test().to_map() | {"t": [value], "dob": value}
    return _signed(cbor2.dumps({1: "FR", 4: 1650672000, 6: 1625184000, -260: {1: entry}}))


def _trust_list() -> bytes:
    return gateway(entry("CSCA", der(_COUNTRY.csca), "FI"), entry("DSC", _SIGNER, "FI"))


def _listed(certificates: list[bytes]) -> bytes:
    authority = entry("CSCA", der(_COUNTRY.csca), "FI")
    return gateway(authority, *(entry("DSC", one, "FI") for one in certificates))


def _document() -> bytes:
    listed = next_list(SignerList(), [TrustedSigner.of("FI", _SIGNER)], NOW)
    document = did_document.of_signers(listed, "did:web:lists.example:trustlist")
    return json.dumps(document).encode()


def _as_json(value: object) -> bytes:
    return json.dumps({"verificationMethod": [{"publicKeyJwk": {"x5c": [value]}}, value]}).encode()


def _proved_with(value: object) -> bytes:
    document = json.loads(_WHO_LIST.read_bytes())
    document["verificationMethod"][0]["publicKeyJwk"] = value
    return json.dumps({**document, "controller": value, "alsoKnownAs": [value]}).encode()


def _rule_with(value: object) -> bytes:
    return json.dumps(rule_document(Logic={"and": [value, value]})).encode()


def _expressions() -> st.SearchStrategy[tuple[Any, Any]]:
    names = st.sampled_from(["var", "or", *_OPERATIONS])
    expressions = st.recursive(
        mutations.json_values() | st.sampled_from([{"var": "a"}, {"var": "a.0"}, {"var": ""}]),
        lambda inner: st.dictionaries(names, st.lists(inner, max_size=4), min_size=1, max_size=1),
        max_leaves=12,
    )
    return st.tuples(expressions, mutations.json_values())


def _evaluate(given: tuple[Any, Any]) -> object:
    expression, data = given
    certlogic.issues(expression)
    return certlogic.evaluate(expression, {"a": data})


def _batch() -> bytes:
    return batch.write_batch(
        batch.batch_of("FR", _NOW, bytes(8), HashType.UCI, [bytes(16), bytes(range(16))])
    )
