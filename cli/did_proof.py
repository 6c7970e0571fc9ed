"""Proofs of DID documents: JsonWebSignature2020, as WHO's gateway makes them.

Source: W3C CCG, JSON Web Signature 2020; WHO smart-trust, concepts_did_gdhcn.md. What is signed is
the SHA-256 of the proof's own members and that of the document without it, each as normalised RDF
(URDNA2015), as the unencoded payload (RFC 7797) of a detached JWS.

RDF leaves out what no context defines and what has no absolute IRI, so that a document may say more
than is signed. Only the two contexts of GDHCN are known, which are in this package and never
fetched, and a document with a method that is not signed whole is refused.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from vigie.dcc.errors import VerificationError
from vigie.trust.did_document import CONTEXT

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from vigie.lists.list_signer import ListSigner

_CONTEXT_FILES = dict(zip(CONTEXT, ("did-v1.json", "jws-2020-v1.json"), strict=True))
_HEADER = {"alg": "ES256", "b64": False, "crit": ["b64"]}
_PROOF = {
    "type",
    "created",
    "domain",
    "nonce",
    "proofPurpose",
    "verificationMethod",
    "jws",
}
_METHOD = {"id", "type", "controller", "publicKeyJwk"}
# DID core 1.0, section 3.2. What is no IRI has no place in RDF, and would not be signed.
_DID_URL = re.compile(r"did:[a-z0-9]+:[A-Za-z0-9:/?#@!$&'()*+,;=._~%-]+")
_RAW_BYTES = 64


def prove(
    document: Mapping[str, Any], signer: ListSigner, method: str, now: datetime
) -> dict[str, Any]:
    """A document with a proof.

    Args:
        document: with the contexts of GDHCN, and no proof.
        signer: who signs it.
        method: the DID URL under which the signer's public key is published.
        now: aware, in UTC.

    Raises:
        Unavailable: KMS did not sign.
    """
    options = {
        "type": "JsonWebSignature2020",
        "created": f"{now:%Y-%m-%dT%H:%M:%SZ}",
        "proofPurpose": "assertionMethod",
        "verificationMethod": method,
    }
    jws = signer.detached_jws(_signed(document, options))
    return {**document, "proof": {**options, "jws": jws}}


def verify(document: object, key: ec.EllipticCurvePublicKey) -> str:
    """Verify that a key made the proof of a document, and that it covers all of it.

    The signature may be r and s, as RFC 7518 has it, or DER, as WHO's gateway writes it.

    Args:
        document: as JSON says it.
        key: on P-256, of whom the operator believes.

    Returns:
        When the proof was made, as it says.

    Raises:
        VerificationError: `proof-missing`, `proof-malformed`, `proof-context` (another context
            than those of GDHCN), `proof-cover` (the document says what no proof covers),
            `proof-algorithm` (not ES256) or `proof-invalid`.
    """
    if not isinstance(document, dict) or not isinstance(document.get("proof"), dict):
        raise VerificationError("proof-missing", "the document has no proof")
    proof: dict[str, Any] = document["proof"]
    told = {name: value for name, value in document.items() if name != "proof"}
    _check_form(told, proof)
    options = {name: value for name, value in proof.items() if name != "jws"}
    header, signature = _jws(proof["jws"])
    message = header.encode() + b"." + _signed(told, options)
    try:
        key.verify(_der(signature), message, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        raise VerificationError("proof-invalid", "the key did not make this proof") from None
    return str(proof["created"])


def _check_form(told: Mapping[str, Any], proof: Mapping[str, Any]) -> None:
    if tuple(_texts(told.get("@context"))) != CONTEXT:
        raise VerificationError("proof-context", "its contexts are not those of GDHCN")
    if not proof.keys() <= _PROOF or not all(isinstance(one, str) for one in proof.values()):
        raise VerificationError("proof-malformed", "the proof has a member that is not known")
    if not {"type", "created", "jws"} <= proof.keys() or proof["type"] != "JsonWebSignature2020":
        raise VerificationError("proof-malformed", "the proof is no JsonWebSignature2020")
    aliases = any(name.startswith("@") for name in told if name != "@context")
    methods = told.get("verificationMethod")
    if aliases or not isinstance(methods, list) or not all(map(_is_covered, methods)):
        raise VerificationError("proof-cover", "the document says what its proof does not cover")


def _is_covered(method: object) -> bool:
    """Whether all of a method is signed.

    Its key is, if it is of the type that defines keys, and if its id is an absolute IRI.
    """
    if isinstance(method, str):
        return True
    return (
        isinstance(method, dict)
        and method.keys() <= _METHOD
        and method.get("type") == "JsonWebKey2020"
        and isinstance(method.get("id"), str)
        and _DID_URL.fullmatch(method["id"]) is not None
    )


def _texts(value: object) -> list[str]:
    return value if isinstance(value, list) and all(isinstance(one, str) for one in value) else []


def _signed(document: Mapping[str, Any], options: Mapping[str, Any]) -> bytes:
    """What a proof signs: 64 bytes."""
    return _hash({"@context": list(CONTEXT), **options}) + _hash(document)


def _hash(content: Mapping[str, Any]) -> bytes:
    from pyld import jsonld  # noqa: PLC0415 - it takes a third of a second of every command

    try:
        normalised: str = jsonld.normalize(
            content,
            {
                "algorithm": "URDNA2015",
                "format": "application/n-quads",
                "documentLoader": _known_context,
            },
        )
        return hashlib.sha256(normalised.encode()).digest()
    except (jsonld.JsonLdError, ValueError, TypeError, RecursionError):
        raise VerificationError("proof-malformed", "the document is no linked data") from None


def _known_context(url: str, _options: object = None) -> dict[str, Any]:
    """A context of this package: none is ever fetched.

    Raises:
        VerificationError: `proof-context`, another one is asked for.
    """
    if url not in _CONTEXT_FILES:
        raise VerificationError("proof-context", "its contexts are not those of GDHCN")
    return {
        "contextUrl": None,
        "documentUrl": url,
        "document": _context(_CONTEXT_FILES[url]),
        "contentType": "application/ld+json",
    }


@cache
def _context(name: str) -> Any:  # noqa: ANN401 - whatever JSON can say
    return json.loads((files("cli") / "json_ld" / name).read_text("utf-8"))


def _jws(text: str) -> tuple[str, bytes]:
    """The header as it is written, and the signature.

    Raises:
        VerificationError: `proof-malformed` or `proof-algorithm`.
    """
    try:
        header, payload, signature = text.split(".")
        read = json.loads(_decoded(header))
        found = header, _decoded(signature)
    except (ValueError, RecursionError):
        raise VerificationError("proof-malformed", "the proof has no JWS") from None
    if payload or read != _HEADER:
        raise VerificationError("proof-algorithm", "the proof is no detached JWS with ES256")
    return found


def _decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def _der(signature: bytes) -> bytes:
    if len(signature) != _RAW_BYTES:
        return signature
    half = _RAW_BYTES // 2
    r, s = (int.from_bytes(part, "big") for part in (signature[:half], signature[half:]))
    return encode_dss_signature(r, s)
