"""Trust lists of others, read and judged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli.reading import read_file
from cli.trust_list import certificates_in
from vigie.dcc.errors import SignerError
from vigie.errors import Rejected
from vigie.trust import did_document, foreign_certificate, gateway_list
from vigie.trust.candidates import Candidate
from vigie.trust.chain import Verdict, judge

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path


def read_trust_list(path: Path, authorities: Sequence[Path], now: datetime) -> Verdict:
    """Read a trust list in the form of the EU's gateway, or a DID document, and judge it.

    Args:
        path: of the list; a JSON array is the gateway's, a JSON object a DID document.
        authorities: files of the CSCAs to believe, PEM or DER; those of the list if none.
        now: aware.

    Raises:
        Rejected: the list, or a file of CSCAs, cannot be read.
        ReadingError: a file cannot be read, or is larger than 20 MiB.
    """
    content = read_file(path)
    reader = gateway_list if content.lstrip().startswith(b"[") else did_document
    found = reader.read(content)
    if not authorities:
        return judge(found, now)
    given = [_authority(der, one.name) for one in authorities for der in certificates_in(one)]
    found.authorities.extend(given)
    return judge(found, now, {one.certificate.thumbprint for one in given})


def _authority(der: bytes, name: str) -> Candidate:
    try:
        return Candidate(name, foreign_certificate.read(der))
    except SignerError as error:
        raise Rejected(error.rule, f"{name}: {error}") from None
