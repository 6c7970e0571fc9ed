"""What is signed of a batch of the European gateway, and whose signature counts.

The gateway puts the uploads of several countries into one batch, and says of each upload its
country, how many keys it has and its signature. The keys of an upload follow one another, so
that each signature is looked for over the next keys of its country.

Source: `BatchSignatureUtils.java` and `BatchSignatureVerifier.java` of the European Federation
Gateway Service.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple

from cryptography import x509
from cryptography.x509.oid import NameOID

from vigie.cms.signed_data import verify_detached
from vigie.dcc.errors import SignerError
from vigie.dcc.signer import refusing
from vigie.errors import Rejected

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from vigie.federation.shared_key import SharedKey

SIGNATURE_MISSING = "signature-missing"

_INT32_BYTES = 4


class UploadSignature(NamedTuple):
    """What the gateway says of one upload in a batch.

    Attributes:
        country: of the uploader.
        keys: how many the upload has.
        message: the detached CMS message, in DER or BER.
    """

    country: str
    keys: int
    message: bytes


class Vouched(NamedTuple):
    """What the signatures of a batch leave of it.

    Attributes:
        keys: those that their own country signed.
        signers: thumbprints of the certificates that did.
        refused: how many keys, by the rule that their signature breaks; `origin` if nobody may
            sign for their country.
    """

    keys: tuple[SharedKey, ...]
    signers: frozenset[str]
    refused: Counter[str]


def bytes_to_sign(keys: Iterable[SharedKey]) -> bytes:
    """The canonical form of some keys: it does not depend on their order."""
    return b"".join(sorted(map(_line, keys), key=b64encode))


def thumbprint_of(certificate: bytes) -> str:
    """The SHA-256 of a certificate in DER, hexadecimal."""
    return hashlib.sha256(certificate).hexdigest()


def signer_of(
    message: bytes,
    keys: Sequence[SharedKey],
    trusted: Mapping[str, Sequence[str]],
    now: datetime,
) -> str:
    """The thumbprint of the certificate whose key signed some keys.

    Args:
        message: detached CMS.
        keys: those of one upload.
        trusted: by country, the thumbprints of the certificates that may sign its batches.
        now: aware.

    Raises:
        Rejected: `cms-…`; `signer-country` if the certificate does not name exactly one country,
            or another one than every key's origin; `signer-unknown`; `signer-validity`.
    """
    der = verify_detached(message, bytes_to_sign(keys)).certificate
    try:
        with refusing():
            certificate = x509.load_der_x509_certificate(der)
            # A name and a time are parsed when they are asked for.
            named = certificate.subject.get_attributes_for_oid(NameOID.COUNTRY_NAME)
            since, until = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    except SignerError:
        raise Rejected("cms-malformed", "the signer's certificate cannot be read") from None
    countries = {str(one.value) for one in named}
    if len(named) != 1 or any(key.origin not in countries for key in keys):
        raise Rejected("signer-country", "the signer's country is not the origin of every key")
    thumbprint = thumbprint_of(der)
    if thumbprint not in trusted.get(countries.pop(), ()):
        raise Rejected("signer-unknown", "no certificate that is registered for the country signed")
    if not since <= now <= until:
        raise Rejected("signer-validity", "the signer's certificate does not hold")
    return thumbprint


def vouched(
    keys: Iterable[SharedKey],
    signatures: Iterable[UploadSignature],
    trusted: Mapping[str, Sequence[str]],
    now: datetime,
) -> Vouched:
    """Leave out of a batch what its countries did not sign.

    Args:
        keys: in the order of the batch.
        signatures: of its uploads.
        trusted: by country, the thumbprints of the certificates that may sign its batches.
        now: aware.
    """
    by_origin: defaultdict[str, list[SharedKey]] = defaultdict(list)
    for key in keys:
        by_origin[key.origin].append(key)
    by_country: defaultdict[str, list[UploadSignature]] = defaultdict(list)
    for one in signatures:
        if one.keys > 0:
            by_country[one.country].append(one)
    kept: list[SharedKey] = []
    signers: set[str] = set()
    refused: Counter[str] = Counter()
    for origin, own in by_origin.items():
        if origin not in trusted:
            refused["origin"] += len(own)
            continue
        found = _of_country(own, by_country[origin], trusted, now)
        kept += found.keys
        signers |= found.signers
        refused += found.refused
    return Vouched(tuple(kept), frozenset(signers), refused)


def _of_country(
    keys: Sequence[SharedKey],
    signatures: list[UploadSignature],
    trusted: Mapping[str, Sequence[str]],
    now: datetime,
) -> Vouched:
    kept: list[SharedKey] = []
    signers: set[str] = set()
    refused: Counter[str] = Counter()
    left, position = list(signatures), 0
    while position < len(keys) and left:
        rule = ""
        for one in left:
            upload = keys[position : position + one.keys]
            try:
                signers.add(signer_of(one.message, upload, trusted, now))
            except Rejected as error:
                rule = rule or error.code
                continue
            kept += upload
            break
        else:
            # Its keys are lost, and those of the uploads after it are not.
            one = left[0]
            refused[rule] += len(keys[position : position + one.keys])
        left.remove(one)
        position += one.keys
    if position < len(keys):
        refused[SIGNATURE_MISSING] += len(keys) - position
    return Vouched(tuple(kept), frozenset(signers), refused)


def _line(key: SharedKey) -> bytes:
    """The canonical form of one key: each part in base64 and a full stop after each."""
    parts = (
        key.key_data,
        _int32(key.rolling_start_interval_number),
        _int32(key.rolling_period),
        _int32(key.transmission_risk_level),
        ",".join(key.visited_countries).encode(),
        key.origin.encode(),
        _int32(key.report_type),
        _int32(key.days_since_onset_of_symptoms),
    )
    return b"".join(b64encode(part) + b"." for part in parts)


def _int32(value: int) -> bytes:
    """Big-endian, in two's complement; an unsigned number has the same 32 bits."""
    return (value % 2**32).to_bytes(_INT32_BYTES, "big")
