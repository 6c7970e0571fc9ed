"""Trust lists of others, read and judged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cli import did_proof
from cli.proof_key import load_proof_key
from cli.reading import read_file
from cli.trust_list import certificates_in
from vigie.dcc.errors import SignerError
from vigie.errors import Rejected
from vigie.trust import did_document, foreign_certificate, gateway_list
from vigie.trust.candidates import Candidate, json_in
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
        proof_key: file of the key that makes the proofs of a DID document.
        authorities: files of CSCAs: these are believed, and no other.
        list_itself: whether the CSCAs that the list brings are believed for its own sake.
    """

    anchors: Sequence[Path] = ()
    proof_key: Path | None = None
    authorities: Sequence[Path] = ()
    list_itself: bool = False


@dataclass(frozen=True, slots=True)
class ReadTrustList:
    """A trust list that was judged.

    Attributes:
        verdict: who is trusted, and who is not.
        remark: what of it was not looked at, or when it was signed, in words; empty if there is
            nothing to say.
    """

    verdict: Verdict
    remark: str = ""


def read_trust_list(path: Path, grounds: Grounds, now: datetime) -> ReadTrustList:
    """Read a trust list in the form of the EU's gateway, or a DID document, and judge it.

    Args:
        path: of the list; a JSON array is the gateway's, a JSON object a DID document.
        grounds: on which it is believed.
        now: aware.

    Raises:
        Rejected: the list, or a file of certificates, cannot be read; `grounds-missing`, nothing
            says why to believe it; `grounds-other`, they are those of the other form; or `proof-…`,
            as `did_proof.verify`.
        ReadingError: a file cannot be read, or is larger than 20 MiB.
    """
    content = read_file(path)
    if content.lstrip().startswith(b"["):
        return _gateway_list(content, grounds, now)
    return _document(content, grounds, now)


def _gateway_list(content: bytes, grounds: Grounds, now: datetime) -> ReadTrustList:
    if grounds.proof_key is not None:
        raise Rejected("grounds-other", "the gateway's list has no proof, but a trust anchor")
    if not (grounds.anchors or grounds.authorities or grounds.list_itself):
        raise Rejected(
            "grounds-missing",
            "name the gateway's trust anchor, or the CSCAs to believe, or --believe-list",
        )
    found = gateway_list.read(content)
    if not grounds.anchors:
        remark = "without a trust anchor the gateway's signatures were not checked"
        return ReadTrustList(_judged(found, grounds, now), remark)
    anchors = {der for one in grounds.anchors for der in certificates_in(one)}
    return ReadTrustList(_judged(vouched(found, anchors), grounds, now))


def _document(content: bytes, grounds: Grounds, now: datetime) -> ReadTrustList:
    if grounds.anchors:
        raise Rejected("grounds-other", "a DID document has no trust anchor, but a proof")
    if not (grounds.proof_key or grounds.authorities or grounds.list_itself):
        raise Rejected(
            "grounds-missing",
            "name the key of its proof, or the CSCAs to believe, or --believe-list",
        )
    remark = "without its key the document's proof was not checked"
    if grounds.proof_key is not None:
        made_at = did_proof.verify(json_in(content), load_proof_key(grounds.proof_key))
        remark = f"the document's proof is of {made_at}"
    return ReadTrustList(_judged(did_document.read(content), grounds, now), remark)


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
