"""Trust lists of others, read and judged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cli.reading import read_file
from cli.trust_list import certificates_in
from vigie.dcc.errors import SignerError
from vigie.errors import Rejected
from vigie.trust import did_document, foreign_certificate, gateway_list
from vigie.trust.candidates import Candidate
from vigie.trust.chain import Verdict, judge
from vigie.trust.gateway_signatures import vouched

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from vigie.trust.candidates import Candidates


@dataclass(frozen=True, slots=True)
class Grounds:
    """What an operator believes a trust list on; at least one of them.

    Attributes:
        anchors: files of the gateway's trust anchors, who sign its CSCAs.
        authorities: files of CSCAs: these are believed, and no other.
        list_itself: whether the CSCAs that the list brings are believed for its own sake.
    """

    anchors: Sequence[Path] = ()
    authorities: Sequence[Path] = ()
    list_itself: bool = False


@dataclass(frozen=True, slots=True)
class ReadTrustList:
    """A trust list that was judged.

    Attributes:
        verdict: who is trusted, and who is not.
        unchecked: what of it was not looked at, in words; empty if there is nothing.
    """

    verdict: Verdict
    unchecked: str = ""


def read_trust_list(path: Path, grounds: Grounds, now: datetime) -> ReadTrustList:
    """Read a trust list in the form of the EU's gateway, or a DID document, and judge it.

    Args:
        path: of the list; a JSON array is the gateway's, a JSON object a DID document.
        grounds: on which it is believed.
        now: aware.

    Raises:
        Rejected: the list, or a file of certificates, cannot be read; `grounds-missing`, nothing
            says why to believe it; or `anchor-document`, a DID document has no trust anchor.
        ReadingError: a file cannot be read, or is larger than 20 MiB.
    """
    content = read_file(path)
    if content.lstrip().startswith(b"["):
        return _gateway_list(content, grounds, now)
    return _document(content, grounds, now)


def _gateway_list(content: bytes, grounds: Grounds, now: datetime) -> ReadTrustList:
    if not (grounds.anchors or grounds.authorities or grounds.list_itself):
        raise Rejected(
            "grounds-missing",
            "name the gateway's trust anchor, or the CSCAs to believe, or --believe-list",
        )
    found = gateway_list.read(content)
    if not grounds.anchors:
        unchecked = "without a trust anchor the gateway's signatures were not checked"
        return ReadTrustList(_judged(found, grounds, now), unchecked)
    anchors = {der for one in grounds.anchors for der in certificates_in(one)}
    return ReadTrustList(_judged(vouched(found, anchors), grounds, now))


def _document(content: bytes, grounds: Grounds, now: datetime) -> ReadTrustList:
    if grounds.anchors:
        raise Rejected("anchor-document", "a DID document has no trust anchor")
    if not (grounds.authorities or grounds.list_itself):
        raise Rejected("grounds-missing", "name the CSCAs to believe, or --believe-list")
    unchecked = "the document's proof was not checked"
    return ReadTrustList(_judged(did_document.read(content), grounds, now), unchecked)


def _judged(found: Candidates, grounds: Grounds, now: datetime) -> Verdict:
    if not grounds.authorities:
        return judge(found, now)
    given = [
        _authority(der, one.name) for one in grounds.authorities for der in certificates_in(one)
    ]
    found.authorities.extend(given)
    return judge(found, now, {one.certificate.thumbprint for one in given})


def _authority(der: bytes, name: str) -> Candidate:
    try:
        return Candidate(name, foreign_certificate.read(der))
    except SignerError as error:
        raise Rejected(error.rule, f"{name}: {error}") from None
