"""The signature of an XML document, of the one form that trusted lists have.

Source: W3C XML Signature 1.1, ETSI TS 119 612 annex B (an enveloped XAdES signature). What is
verified is the whole document without its signature: a signature over a part of it, or with any
other transform, is refused, since what it leaves out could say anything.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from typing import TYPE_CHECKING, NamedTuple

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from lxml import etree

from vigie.errors import Rejected

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_BYTES = 5 * 1024 * 1024

_DS = "{http://www.w3.org/2000/09/xmldsig#}"
_EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
_ENVELOPED = "http://www.w3.org/2000/09/xmldsig#enveloped-signature"
_FILTER = "http://www.w3.org/2002/06/xmldsig-filter2"
_SUBTRACTED = "/descendant::ds:Signature"
_DIGESTS = {
    "http://www.w3.org/2001/04/xmlenc#sha256": "sha256",
    "http://www.w3.org/2001/04/xmldsig-more#sha384": "sha384",
    "http://www.w3.org/2001/04/xmlenc#sha512": "sha512",
}
_MORE = "http://www.w3.org/2001/04/xmldsig-more#"
_SIGNATURES: dict[str, hashes.HashAlgorithm] = {
    f"{_MORE}{kind}-{name}": algorithm
    for kind in ("rsa", "ecdsa")
    for name, algorithm in (
        ("sha256", hashes.SHA256()),
        ("sha384", hashes.SHA384()),
        ("sha512", hashes.SHA512()),
    )
}


class SignedDocument(NamedTuple):
    """A document whose signature is right; whose it is, is up to the caller.

    Attributes:
        root: of the document, without its signature.
        certificate: whose key signed, DER.
    """

    root: etree._Element
    certificate: bytes


def verified(content: bytes) -> SignedDocument:
    """Parse a signed document, and verify its signature.

    There is no document type in it: nothing is expanded, nothing is fetched.

    Raises:
        Rejected: `xml-size`, `xml-malformed`, `xml-doctype`, or `xml-signature` with what is
            wrong.
    """
    root = _parsed(content)
    signatures = list(root.iter(f"{_DS}Signature"))
    if len(signatures) != 1 or signatures[0].getparent() is not root:
        raise _wrong("there is not one signature below the root")
    signature = signatures[0]
    info = _one(signature, "SignedInfo")
    certificate = _base64(_one(signature, "KeyInfo", "X509Data", "X509Certificate"))
    _check_value(info, _base64(_one(signature, "SignatureValue")), certificate)
    whole = 0
    for reference in info.findall(f"{_DS}Reference"):
        digest = _DIGESTS.get(_algorithm(_one(reference, "DigestMethod")))
        if digest is None:
            raise _wrong("a digest is neither SHA-256 nor a longer one of that family")
        given = _base64(_one(reference, "DigestValue"))
        whole += reference.get("URI") == ""
        if not hmac.compare_digest(hashlib.new(digest, _referred(root, reference)).digest(), given):
            raise _wrong("what was signed has been changed")
    if whole != 1:
        raise _wrong("the whole document is not signed")
    root.remove(signature)
    return SignedDocument(root, certificate)


def _parsed(content: bytes) -> etree._Element:
    if len(content) > MAX_BYTES:
        raise Rejected("xml-size", "the document is larger than 5 MiB")
    try:
        # In another encoding a document type could hide.
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Rejected("xml-malformed", "the document is not in UTF-8") from None
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise Rejected("xml-doctype", "the document has a document type, which it must not")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, encoding="utf-8"
    )
    try:
        return etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError:
        raise Rejected("xml-malformed", "the document is not well-formed") from None


def _referred(root: etree._Element, reference: etree._Element) -> bytes:
    """What a reference is to, in exclusive canonical form."""
    uri = reference.get("URI", "#")
    transforms = list(_transforms(reference))
    if uri == "":
        if transforms not in ([_ENVELOPED, _EXCLUSIVE], [_FILTER, _EXCLUSIVE]):
            raise _wrong("the document is signed in another form than without its signature")
        return _without_signature(root)
    found = [one for one in root.iter() if one.get("Id") == uri.removeprefix("#")]
    if not uri.startswith("#") or len(found) != 1 or transforms != [_EXCLUSIVE]:
        raise _wrong("a reference is to nothing in the document")
    return _canonical(found[0])


def _transforms(reference: etree._Element) -> Iterator[str]:
    for transform in _one(reference, "Transforms").findall(f"{_DS}Transform"):
        algorithm = _algorithm(transform)
        if algorithm == _FILTER:
            paths = [(one.get("Filter"), (one.text or "").strip()) for one in transform]
            if paths != [("subtract", _SUBTRACTED)]:
                raise _wrong("more than the signature is left out")
        yield algorithm


def _without_signature(root: etree._Element) -> bytes:
    copied = etree.fromstring(etree.tostring(root))
    (signature,) = copied.iter(f"{_DS}Signature")
    # The text behind an element is removed with it, and is no part of it.
    before = signature.getprevious()
    if before is None:
        copied.text = (copied.text or "") + (signature.tail or "")
    else:
        before.tail = (before.tail or "") + (signature.tail or "")
    copied.remove(signature)
    return _canonical(copied)


def _canonical(element: etree._Element) -> bytes:
    written: bytes = etree.tostring(element, method="c14n", exclusive=True, with_tail=False)
    return written


def _check_value(info: etree._Element, value: bytes, certificate: bytes) -> None:
    if _algorithm(_one(info, "CanonicalizationMethod")) != _EXCLUSIVE:
        raise _wrong("it is not in exclusive canonical form")
    name = _algorithm(_one(info, "SignatureMethod"))
    algorithm = _SIGNATURES.get(name)
    try:
        key = x509.load_der_x509_certificate(certificate).public_key()
        if isinstance(key, rsa.RSAPublicKey) and algorithm and name.startswith(f"{_MORE}rsa"):
            key.verify(value, _canonical(info), padding.PKCS1v15(), algorithm)
        elif isinstance(key, ec.EllipticCurvePublicKey) and algorithm and "ecdsa" in name:
            half = len(value) // 2
            numbers = (int.from_bytes(part, "big") for part in (value[:half], value[half:]))
            key.verify(encode_dss_signature(*numbers), _canonical(info), ec.ECDSA(algorithm))
        else:
            raise _wrong("its algorithm is not one of SHA-256 or longer that the key is for")
    except (ValueError, InvalidSignature):
        raise _wrong("the key of its certificate did not make it") from None


def _one(element: etree._Element, *path: str) -> etree._Element:
    for name in path:
        found = element.findall(f"{_DS}{name}")
        if len(found) != 1:
            raise _wrong(f"{name} does not stand once where it should")
        element = found[0]
    return element


def _algorithm(element: etree._Element) -> str:
    return str(element.get("Algorithm", ""))


def _base64(element: etree._Element) -> bytes:
    try:
        return base64.b64decode("".join((element.text or "").split()), validate=True)
    except (binascii.Error, ValueError):
        raise _wrong("a value is not base64") from None


def _wrong(what: str) -> Rejected:
    return Rejected("xml-signature", what)
