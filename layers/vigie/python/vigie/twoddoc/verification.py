"""Verification of a 2D-DOC against the certificates of its signers."""

from collections.abc import Iterable
from dataclasses import dataclass

from cryptography import x509
from cryptography.x509.oid import NameOID

from vigie.dcc.errors import DccError, VerificationError
from vigie.dcc.signer import Signer
from vigie.dcc.verification import who_signed
from vigie.twoddoc import code, fields
from vigie.twoddoc.code import Code


@dataclass(frozen=True, slots=True)
class Verification:
    """What became of the checks, in their order.

    Attributes:
        code: the document, if it could be read.
        signer: who signed, once the signature is verified.
        values: its fields, if the type is known and they are what it holds.
        failures: of each failed check its name, and what it found.
    """

    code: Code | None
    signer: Signer | None
    values: dict[str, str] | None
    failures: dict[str, DccError]

    @property
    def trusted(self) -> bool:
        """Whether every check passed."""
        return not self.failures


def verify(text: str, signers: Iterable[Signer]) -> Verification:
    """Verify a 2D-DOC: `form`, `signature`, `signer validity` and `content`.

    A signer is found by the common name of its certificate, which is the certificate's
    name in the header. That its authority is one of the trusted list of ANTS is up to
    who gives the certificates.

    Args:
        text: beginning with `DC`, or the link that carries it.
        signers: whom the verifier trusts.
    """
    failures: dict[str, DccError] = {}
    try:
        read = code.read(code.carried(text))
    except DccError as error:
        return Verification(None, None, None, {"form": error})
    signer = None
    try:
        signer = _who_signed(read, signers)
        _check_validity(read, signer)
    except DccError as error:
        failures["signature" if signer is None else "signer validity"] = error
    values = None
    try:
        values = fields.read(read.header.document_type, read.body)
    except DccError as error:
        failures["content"] = error
    return Verification(read, signer, values, failures)


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
