"""Which signers of a foreign trust list are trusted: those whose CSCA vouches for them.

Source: EU DCC certificate governance. Validity is judged by the shell model: every certificate of
the chain is valid at the time of the check.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric import ec

from vigie.dcc.errors import SignerError
from vigie.dcc.signer import RSA_BITS
from vigie.trust.foreign_certificate import DIGITAL_SIGNATURE, KEY_CERT_SIGN
from vigie.trust.trusted_signer import TrustedSigner

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from vigie.trust.candidates import Candidate, Candidates, Refusal
    from vigie.trust.foreign_certificate import ForeignCertificate

_COUNTRY = re.compile(r"[A-Z]{2}")
_AUTHORITY_EC_BITS = 250
_AUTHORITY_RSA_BITS = 3000


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a list.

    Attributes:
        trusted: signers, in their order.
        refused: every other entry, with its reason.
    """

    trusted: tuple[TrustedSigner, ...]
    refused: tuple[Refusal, ...]


def judge(candidates: Candidates, now: datetime, pins: Collection[bytes] | None = None) -> Verdict:
    """Check each signer against the CSCAs of the list.

    Args:
        candidates: what the list brings.
        now: aware.
        pins: thumbprints of the CSCAs to believe; all of the list's if None.
    """
    refused = list(candidates.refusals)
    authorities = _authorities(candidates.authorities, now, pins, refused)
    trusted = []
    for candidate in _once(candidates.signers):
        try:
            country = _vouching_country(candidate, authorities, now)
        except SignerError as error:
            refused.append(candidate.refused(error.rule, str(error)))
        else:
            trusted.append(TrustedSigner.of(country, candidate.certificate.der))
    return Verdict(tuple(trusted), tuple(refused))


def _authorities(
    candidates: Iterable[Candidate],
    now: datetime,
    pins: Collection[bytes] | None,
    refused: list[Refusal],
) -> list[Candidate]:
    """The CSCAs to believe: self-signed, or linked to one that is (a change of keys)."""
    sound = []
    for candidate in _once(candidates):
        try:
            _check_authority(candidate, now)
        except SignerError as error:
            refused.append(candidate.refused(error.rule, str(error)))
        else:
            sound.append(candidate)
    believed = [
        one
        for one in sound
        if one.certificate.signed_by(one.certificate)
        and (pins is None or one.certificate.thumbprint in pins)
    ]
    for one in sound:
        if one not in believed:
            if any(_issued(one, other) for other in believed):
                believed.append(one)
            else:
                reason = "neither it nor who signed it is a CSCA that is believed"
                refused.append(one.refused("csca-unknown", reason))
    return believed


def _check_authority(candidate: Candidate, now: datetime) -> None:
    """Check what a CSCA says of itself.

    Raises:
        SignerError: `csca-usage`, `csca-key`, `country` or `csca-validity`.
    """
    found = candidate.certificate
    if not found.is_authority or not found.may(KEY_CERT_SIGN):
        raise SignerError("csca-usage", "it may not issue certificates")
    of_curve = isinstance(found.key, ec.EllipticCurvePublicKey)
    if found.key.key_size < (_AUTHORITY_EC_BITS if of_curve else _AUTHORITY_RSA_BITS):
        raise SignerError("csca-key", "its key is too short")
    if not _COUNTRY.fullmatch(found.country) or candidate.country not in {"", found.country}:
        raise SignerError("country", "it names no country, or another one than the list")
    if not found.not_before <= now <= found.not_after:
        raise SignerError("csca-validity", "it is not valid at present")


def _vouching_country(candidate: Candidate, authorities: Iterable[Candidate], now: datetime) -> str:
    """The country whose CSCA vouches for a signer.

    Raises:
        SignerError: `key-usage`, `key`, `expired`, `country`, `csca-validity`, or as `_issuer`.
    """
    found = candidate.certificate
    if found.is_authority or not found.may(DIGITAL_SIGNATURE):
        raise SignerError("key-usage", "it is not for signing certificates of people")
    if not _is_for_certificates(candidate):
        raise SignerError("key", "its key is neither P-256 nor RSA of 2,048 to 3,072 bits")
    if now > found.not_after:
        raise SignerError("expired", "it has expired")
    issuer = _issuer(found, [one.certificate for one in authorities])
    if {candidate.country, found.country} - {"", issuer.country}:
        raise SignerError("country", "it is of another country than its CSCA")
    if found.not_before < issuer.not_before:
        raise SignerError("csca-validity", "it is older than its CSCA")
    return issuer.country


def _issuer(
    found: ForeignCertificate, authorities: Iterable[ForeignCertificate]
) -> ForeignCertificate:
    """The CSCA that a signer names and that signed it; several may have one name.

    Raises:
        SignerError: `csca-missing` or `csca-signature`.
    """
    named = [one for one in authorities if found.names(one)]
    if not named:
        raise SignerError("csca-missing", "the CSCA that it names is not there, or not believed")
    for one in named:
        if found.signed_by(one):
            return one
    raise SignerError("csca-signature", "the CSCA that it names did not sign it")


def _is_for_certificates(candidate: Candidate) -> bool:
    key = candidate.certificate.key
    if isinstance(key, ec.EllipticCurvePublicKey):
        return isinstance(key.curve, ec.SECP256R1)
    return key.key_size in RSA_BITS


def _issued(one: Candidate, issuer: Candidate) -> bool:
    """Whether a link certificate is that of another CSCA of the same country."""
    linked, other = one.certificate, issuer.certificate
    return linked.country == other.country and linked.names(other) and linked.signed_by(other)


def _once(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Each certificate once, the first time that it stands in the list."""
    return list({one.certificate.der: one for one in reversed(list(candidates))}.values())[::-1]
