"""Proofs of WHO's gateway are verified, and one of ours covers all that the document says.

The documents are those of WHO's development network (WorldHealthOrganization/tng-cdn-dev,
v2.0.0/trustlist-ref/-/-/DSC/L3hOTEltcis2bFU9 and v2.0.0/trustlist/DCC/ARM/SCA), and its signing key
(tng-participants-dev, WHO/signing/DID).
"""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from cli.did_proof import verify
from cli.proof_key import load_proof_key
from cli.reading import ReadingError
from tests.unit.trust.issuers import Uploader
from vigie.dcc.errors import VerificationError

if TYPE_CHECKING:
    from collections.abc import Callable

_SAMPLES = Path("tests/samples/gdhcn")
_WHO = load_proof_key(_SAMPLES / "signing.json")


def _document(name: str = "embedded") -> dict[str, Any]:
    document: dict[str, Any] = json.loads((_SAMPLES / f"{name}.json").read_text("utf-8"))
    return document


@pytest.mark.parametrize(
    ("name", "made_at"),
    [("reference", "2024-08-09T12:00:46Z"), ("embedded", "2024-10-24T12:00:15Z")],
)
def test_what_the_gateway_of_who_signed_is_verified(name: str, made_at: str) -> None:
    assert verify(_document(name), _WHO) == made_at


def test_another_key_did_not_make_the_proof() -> None:
    other = ec.generate_private_key(ec.SECP256R1()).public_key()
    with pytest.raises(VerificationError) as refused:
        verify(_document(), other)
    assert refused.value.rule == "proof-invalid"


def _key_of_another(document: dict[str, Any]) -> None:
    document["verificationMethod"][0]["publicKeyJwk"]["x"] = "AAAA"


def _second_of_no_type(document: dict[str, Any]) -> None:
    # In RDF it says nothing that the first one does not.
    (method,) = document["verificationMethod"]
    key = {**method["publicKeyJwk"], "x": "AAAA"}
    document["verificationMethod"].append({"id": method["id"], "publicKeyJwk": key})


def _second_of_another_context(document: dict[str, Any]) -> None:
    (method,) = copy.deepcopy(document["verificationMethod"])
    method["publicKeyJwk"]["x"] = "AAAA"
    method["@context"] = {"publicKeyJwk": None}
    document["verificationMethod"].append(method)


def _second_of_no_iri(document: dict[str, Any]) -> None:
    # A name with a space is left out of RDF, and all that is said of it.
    (method,) = copy.deepcopy(document["verificationMethod"])
    method["id"] = "did:web:an other" + method["id"][method["id"].index("#") :]
    method["publicKeyJwk"]["x"] = "AAAA"
    document["verificationMethod"].append(method)


def _keyword(document: dict[str, Any]) -> None:
    document["verificationMethod"][0]["controller"] = {"id": "@nothing"}


def _half_a_character(document: dict[str, Any]) -> None:
    document["controller"] = "did:web:\ud800"


def _included(document: dict[str, Any]) -> None:
    document["@included"] = []


def _context(document: dict[str, Any]) -> None:
    document["@context"] = [*document["@context"], "https://example.org/other"]


def _time(document: dict[str, Any]) -> None:
    document["proof"]["created"] = "2026-10-24T12:00:15Z"


def _algorithm(document: dict[str, Any]) -> None:
    document["proof"]["jws"] = "eyJhbGciOiJub25lIn0.." + document["proof"]["jws"].rpartition(".")[2]


def _expiry(document: dict[str, Any]) -> None:
    document["proof"]["expires"] = "2027-10-24T12:00:15Z"


def _no_jws(document: dict[str, Any]) -> None:
    document["proof"]["jws"] = "a.b"


def _none(document: dict[str, Any]) -> None:
    del document["proof"]


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (_key_of_another, "proof-invalid"),
        (_second_of_no_type, "proof-cover"),
        (_second_of_another_context, "proof-cover"),
        (_second_of_no_iri, "proof-cover"),
        (_keyword, "proof-malformed"),
        (_half_a_character, "proof-malformed"),
        (_included, "proof-cover"),
        (_context, "proof-context"),
        (_time, "proof-invalid"),
        (_algorithm, "proof-algorithm"),
        (_expiry, "proof-malformed"),
        (_no_jws, "proof-malformed"),
        (_none, "proof-missing"),
    ],
)
def test_what_the_proof_does_not_cover_is_refused(
    change: Callable[[dict[str, Any]], None], rule: str
) -> None:
    document = _document()
    change(document)
    with pytest.raises(VerificationError) as refused:
        verify(document, _WHO)
    assert refused.value.rule == rule


def test_a_key_is_read_from_whatever_an_operator_has(tmp_path: Path) -> None:
    who = Uploader("CH")
    key = who.key.public_key()
    forms = {
        "key.pem": key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
        "certificate.pem": who.certificate.public_bytes(Encoding.PEM),
        "certificate.der": who.certificate.public_bytes(Encoding.DER),
    }
    for name, content in forms.items():
        (tmp_path / name).write_bytes(content)
        assert load_proof_key(tmp_path / name) == key
    (tmp_path / "jwk.json").write_text('{"kty":"RSA","crv":"P-256"}', encoding="utf-8")
    for name in ("jwk.json", "none.json"):
        with pytest.raises(ReadingError):
            load_proof_key(tmp_path / name)
