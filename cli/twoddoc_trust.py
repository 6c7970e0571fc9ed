"""Whose 2D-DOC are trusted: ANTS's list, judged and published."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING

from cli.ants_list import read_list
from cli.xml_signature import verified
from vigie.dcc import signer
from vigie.dcc.errors import SignerError
from vigie.errors import Rejected
from vigie.lists.publication import ListFile
from vigie.twoddoc.code_trust import (
    PUBLIC_FILE,
    TRUST_FILE,
    TWODDOC,
    CertifiedCertificate,
    CodeTrust,
    certifying_authority,
)

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from vigie.lists.list_bucket import ListBucket
    from vigie.lists.publication import Publication


def trusted_list(content: bytes, signed_by: str | None) -> CodeTrust:
    """The authorities of a signed list.

    Args:
        content: the list in XML.
        signed_by: SHA-256 of the certificate that is to have signed it, hexadecimal.

    Raises:
        Rejected: `xml-…`, `tsl-malformed`, or `tsl-signer`, it is signed by another
            certificate, or none was named: the message says which one it is.
    """
    document = verified(content)
    found = hashlib.sha256(document.certificate).hexdigest()
    if signed_by is None or signed_by.replace(":", "").lower() != found:
        raise Rejected(
            "tsl-signer",
            f"it is signed by the certificate with the SHA-256 {found}: compare it with what ANTS"
            " says, and give it as --signed-by",
        )
    return read_list(document.root)


def with_signers(listed: CodeTrust, signers: Iterable[bytes]) -> tuple[CodeTrust, list[str]]:
    """A list with those signers that an authority of it certified, and why others are not there.

    Args:
        listed: the authorities.
        signers: certificates in DER.
    """
    trusted: dict[str, CertifiedCertificate] = {}
    refused = []
    for der in signers:
        try:
            authority = certifying_authority(der, listed.authorities)
        except SignerError as error:
            refused.append(f"{signer.kid(der).hex()}: not trusted, {error.rule}: {error}")
            continue
        text = base64.b64encode(der).decode()
        trusted[text] = CertifiedCertificate(authority=authority, certificate=text)
    return listed.model_copy(update={"signers": tuple(trusted.values())}), refused


def publish_code_trust(bucket: ListBucket, trust: CodeTrust, now: datetime) -> Publication:
    """Publish whose 2D-DOC are trusted.

    Raises:
        Rejected: `tsl-older`, a later list of ANTS is published, or someone else publishes
            meanwhile.
        Unavailable: the bucket did not answer.
    """
    replaced = bucket.current(TWODDOC)
    before = published_code_trust(bucket)
    if before is not None and trust.sequence < before.sequence:
        raise Rejected("tsl-older", "a later list of ANTS is published already")
    written = trust.model_dump_json().encode()
    files = {TRUST_FILE: ListFile(written, public_path=PUBLIC_FILE)}
    return bucket.publish(TWODDOC, files, now, replaced=replaced)


def published_code_trust(bucket: ListBucket) -> CodeTrust | None:
    """Whose 2D-DOC are trusted; None before it is first published.

    Raises:
        Unavailable: the bucket did not answer.
    """
    publication = bucket.current(TWODDOC)
    if publication is None:
        return None
    return CodeTrust.model_validate_json(bucket.read(TWODDOC, publication.version, TRUST_FILE))
