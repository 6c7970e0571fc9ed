"""ANTS's list of authorities: believed as it was signed, and no other."""

from __future__ import annotations

import base64
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from cli.ants_list import read_list
from cli.twoddoc_trust import trusted_list, with_signers
from cli.xml_signature import MAX_BYTES, verified
from tests.unit.twoddoc.trusted_list import TrustedList
from vigie.errors import Rejected
from vigie.twoddoc.code_trust import Authority

if TYPE_CHECKING:
    from vigie.twoddoc.code_trust import CodeTrust

_KEY = ec.generate_private_key(ec.SECP256R1()).public_key()


@cache
def _list() -> TrustedList:
    return TrustedList()


def _read(content: bytes) -> CodeTrust:
    return trusted_list(content, _list().fingerprint)


def test_a_signed_list_names_its_authorities() -> None:
    listed = _read(_list().written())

    (authority,) = listed.authorities
    assert (listed.sequence, authority.name) == (22, "FR03")
    assert authority.organisation == "Autorité d'essai"
    assert authority.directory == "https://ca.example/certs"


def test_an_authority_that_is_no_longer_in_accord_is_left_out() -> None:
    assert _read(_list().written(status="withdrawn")).authorities == ()


def test_a_signer_is_trusted_by_who_certified_it() -> None:
    other = TrustedList().certified("VIG1", _KEY)
    own = _list().certified("VIG1", _KEY)

    judged, refused = with_signers(_read(_list().written()), [own, other, own, b"none"])

    assert [base64.b64decode(one.certificate) for one in judged.signers] == [own]
    assert [one.authority for one in judged.signers] == ["FR03"]
    assert [reason.split(": ")[1] for reason in refused] == [
        "not trusted, authority-unknown",
        "not trusted, signer-certificate",
    ]


@pytest.mark.parametrize("text", ["bm9uZQ==", "no base64"])
def test_an_authority_that_cannot_be_read_takes_no_trust_from_another(text: str) -> None:
    listed = _read(_list().written())
    unreadable = Authority(name="FR02", organisation="Another", certificates=(text,))
    both = listed.model_copy(update={"authorities": (unreadable, *listed.authorities)})

    judged, refused = with_signers(both, [_list().certified("VIG1", _KEY)])

    assert ([one.authority for one in judged.signers], refused) == (["FR03"], [])


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (b"FR03</tsl:Name>", b"FR04</tsl:Name>", "xml-signature"),
        (b'URI=""', b'URI="#x"', "xml-signature"),
        (b'Filter="subtract"', b'Filter="union"', "xml-signature"),
        (b"rsa-sha256", b"rsa-sha1", "xml-signature"),
        (b"<ds:Signature>", b"<x/><ds:Signature>", "xml-signature"),
        (b"<ds:KeyInfo>", b"<ds:KeyInfo/><ds:KeyInfo>", "xml-signature"),
        (b"?>\n", b'?>\n<!DOCTYPE t [<!ENTITY a "b">]>', "xml-doctype"),
        (b"<tsl:TSLSequenceNumber>", b"<tsl:TSLSequence", "xml-malformed"),
        (b"?>\n", b"?>\n" + b" " * MAX_BYTES, "xml-size"),
        (b"\xc3\xa9", b"\xe9", "xml-malformed"),
    ],
)
def test_what_is_not_as_it_was_signed_is_refused(old: bytes, new: bytes, code: str) -> None:
    content = _list().written()
    assert old in content

    with pytest.raises(Rejected) as refused:
        _read(content.replace(old, new, 1))

    assert refused.value.code == code


def test_who_signed_has_to_be_named() -> None:
    for named in (None, "00" * 32):
        with pytest.raises(Rejected, match=_list().fingerprint) as refused:
            trusted_list(_list().written(), named)
        assert refused.value.code == "tsl-signer"


def test_the_list_of_ants_is_read() -> None:
    package = pytest.importorskip("py2ddoc", reason="py2ddoc, which has the list, is not installed")
    content = (resources.files(package) / "tsl_signed.xml").read_bytes()

    listed = read_list(verified(content).root)

    assert {"FR01", "FR03", "FR05"} <= {one.name for one in listed.authorities}
    with pytest.raises(Rejected) as refused:
        verified(content.replace(b">FR03<", b">FR09<", 1))
    assert refused.value.code == "xml-signature"
