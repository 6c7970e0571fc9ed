"""Trust lists as DID documents, as WHO's network GDHCN has them.

Source: WHO smart-trust, concepts_did_gdhcn.md; W3C DID core 1.0, JsonWebKey2020. A method of
verification has the key as a JWK with the certificates `x5c` (RFC 7517 section 4.7): its own one
first, then those of its issuers. The proof of a document, which needs the normalisation of RDF, is
made and verified by the command.
"""

import base64
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, unquote

from cryptography.hazmat.primitives.asymmetric import ec

from vigie.dcc import signer
from vigie.dcc.errors import DecodingError, SignerError
from vigie.lists.list_signer import jwk
from vigie.trust.candidates import (
    Candidate,
    Candidates,
    certificate_in,
    check_count,
    json_in,
)
from vigie.trust.foreign_certificate import ForeignCertificate
from vigie.trust.signer_list import ListedSigner, SignerList

DID_FILE = "did.json"
DID_TYPE = "application/did+json"
CONTEXT = ("https://www.w3.org/ns/did/v1", "https://w3id.org/security/suites/jws-2020/v1")
_MAX_CHAIN = 4


def read(content: bytes) -> Candidates:
    """Read a document.

    Args:
        content: JSON in UTF-8.

    Raises:
        DecodingError: `list-size`, `list-count` or `list-json`.
    """
    document = json_in(content)
    methods = document.get("verificationMethod") if isinstance(document, dict) else None
    if not isinstance(methods, list):
        raise DecodingError("list-json", "the document has no methods of verification")
    check_count(methods)
    found = Candidates()
    for number, method in enumerate(methods, 1):
        try:
            _add(found, f"method {number}", method)
        except (DecodingError, SignerError) as error:
            found.unreadable(f"method {number}", error)
    return found


def _add(found: Candidates, place: str, method: object) -> None:
    if isinstance(method, str):
        raise DecodingError("method-elsewhere", "it refers to another document")
    key = method.get("publicKeyJwk") if isinstance(method, dict) else None
    chain = key.get("x5c") if isinstance(key, dict) else None
    if not isinstance(method, dict) or not isinstance(key, dict) or not isinstance(chain, list):
        raise DecodingError("method-certificate", "it has no certificate (x5c)")
    if not 1 <= len(chain) <= _MAX_CHAIN:
        raise DecodingError("method-certificate", "it has not one to four certificates (x5c)")
    own, *issuers = (certificate_in(one) for one in chain)
    found.authorities.extend(Candidate(place, issuer) for issuer in issuers)
    candidate = Candidate(place, own)
    if not _has_key(key, own):
        found.refusals.append(candidate.refused("method-key", "its key is not its certificate's"))
    elif own.is_authority:
        found.authorities.append(candidate)
    elif not _has_kid(str(method.get("id")), own):
        found.refusals.append(candidate.refused("kid", "its kid is not its certificate's"))
    else:
        found.signers.append(candidate)


def _has_key(key: dict[str, object], own: ForeignCertificate) -> bool:
    numbers = own.key.public_numbers()
    if isinstance(numbers, ec.EllipticCurvePublicNumbers):
        wanted = {"x": numbers.x, "y": numbers.y}
    else:
        wanted = {"n": numbers.n}
    return all(_number(key.get(name)) == value for name, value in wanted.items())


def _number(text: object) -> int | None:
    """A coordinate or modulus; WHO's gateway writes some with a zero byte before it."""
    try:
        return int.from_bytes(base64.urlsafe_b64decode(str(text).rstrip("=") + "=="), "big")
    except ValueError:
        return None


def _has_kid(identifier: str, own: ForeignCertificate) -> bool:
    fragment = unquote(identifier.rpartition("#")[2])
    return fragment == base64.b64encode(own.kid).decode()


def did(host: str, folder: str) -> str:
    """The DID of the document that will be `did.json` of a folder.

    Args:
        host: where it will be, with the port if there is one.
        folder: below it, such as `trustlist` or `trustlist/signing`.
    """
    return ":".join(("did:web", quote(host, safe=""), *folder.split("/")))


def of_signers(listed: SignerList, subject: str) -> dict[str, Any]:
    """The trust list as a document, without a proof.

    Args:
        listed: whom to trust.
        subject: the document's DID.
    """
    return _document(subject, [_signer(subject, one) for one in listed.signers])


def of_key(key: Mapping[str, str], subject: str) -> dict[str, Any]:
    """The document of who makes proofs.

    Args:
        key: the public key, as a JWK with its kid.
        subject: the document's DID.
    """
    return _document(subject, [_method(subject, key["kid"], key)])


def _document(subject: str, methods: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "@context": list(CONTEXT),
        "id": subject,
        "controller": subject,
        "verificationMethod": methods,
        "assertionMethod": [method["id"] for method in methods],
    }


def _signer(subject: str, one: ListedSigner) -> dict[str, Any]:
    key = jwk(signer.read(base64.b64decode(one.certificate)).key)
    return _method(subject, one.kid, {**key, "kid": one.kid, "x5c": [one.certificate]})


def _method(subject: str, fragment: str, key: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": f"{subject}#{fragment}",
        "type": "JsonWebKey2020",
        "controller": subject,
        "publicKeyJwk": dict(key),
    }
