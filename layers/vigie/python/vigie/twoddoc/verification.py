"""Verification of a 2D-DOC against the certificates of its signers."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from cryptography import x509
from cryptography.x509.oid import NameOID

from vigie.dcc.errors import DccError, VerificationError
from vigie.dcc.signer import Signer
from vigie.dcc.verification import who_signed
from vigie.twoddoc import code, fields
from vigie.twoddoc.code import Code
from vigie.twoddoc.code_trust import CertifiedSigner

CHECKS = ("form", "signature", "signer validity", "content", "revocation")


@dataclass(frozen=True, slots=True)
class Verification:
    """What became of the checks, in their order.

    Attributes:
        code: the document, if it could be read.
        signer: who signed, once the signature is verified.
        values: its fields, if the type is known and they are what it holds.
        failures: of each failed check its name, and what it found.
        looked_up: whether it was looked up among those that are revoked.
    """

    code: Code | None
    signer: Signer | None
    values: dict[str, str] | None
    failures: dict[str, DccError]
    looked_up: bool = False

    @property
    def trusted(self) -> bool:
        """Whether every check passed."""
        return not self.failures

    def state(self, name: str) -> str:
        """What became of a check: passed, failed, not reached or not asked."""
        if name in self.failures:
            return "failed"
        if name == "revocation" and not self.looked_up:
            return "not asked" if self.signer is not None else "not reached"
        needed = self.code if name in {"form", "content"} else self.signer
        return "not reached" if needed is None else "passed"


def verify(
    text: str,
    signers: Iterable[Signer],
    *,
    certified: Iterable[CertifiedSigner] = (),
    is_revoked: Callable[[str], bool] | None = None,
) -> Verification:
    """Verify a 2D-DOC: `form`, `signature`, `signer validity`, `content` and `revocation`.

    A signer is found by the common name of its certificate, which is the certificate's
    name in the header. Of one that an authority of ANTS's list certified, the authority's name
    is the header's, too; that of another is up to who gives its certificate.

    Args:
        text: beginning with `DC`, or the link that carries it.
        signers: whom the verifier trusts, whatever authority the header names.
        certified: whom the authorities certified.
        is_revoked: whether a text is revoked; it is not asked if None.

    Raises:
        Unavailable: who is asked whether it is revoked did not answer.
    """
    failures: dict[str, DccError] = {}
    carried = code.carried(text)
    try:
        read = code.read(carried)
    except DccError as error:
        return Verification(None, None, None, {"form": error})
    authority = read.header.authority
    named = [*signers, *(each.signer for each in certified if each.authority == authority)]
    signer = None
    try:
        signer = _who_signed(read, named)
        _check_validity(read, signer)
    except DccError as error:
        failures["signature" if signer is None else "signer validity"] = error
    values = None
    try:
        values = fields.read(read.header.document_type, read.body)
    except DccError as error:
        failures["content"] = error
    looked_up = signer is not None and is_revoked is not None
    if signer is not None and is_revoked is not None and is_revoked(carried):
        failures["revocation"] = VerificationError("revoked", "its issuer revoked it")
    return Verification(read, signer, values, failures, looked_up)


def _who_signed(read: Code, signers: Iterable[Signer]) -> Signer:
    named = tuple(signer for signer in signers if _common_name(signer) == read.header.certificate)
    if not named:
        raise VerificationError("signer-unknown", "the signer is not among those given")
    return who_signed(read, named)


def _check_validity(read: Code, signer: Signer) -> None:
    day = read.header.signed_on
    if day is None:
        raise VerificationError("signature-undated", "it does not say when it was signed")
    if not signer.not_before.date() <= day <= signer.not_after.date():
        raise VerificationError("signer-not-valid", "the signer was not valid when it signed")


def _common_name(signer: Signer) -> str:
    try:
        name = x509.Name.from_rfc4514_string(signer.subject)
    except ValueError:
        return ""
    found = name.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(found[0].value) if found else ""
