"""Whom the EU's gateway and its countries vouch for: the CMS signatures of its trust list.

Source: dgc-lib, `DgcGatewayDownloadConnector`. The gateway's trust anchor signs each CSCA and each
upload certificate; a country signs its document signers with one of its upload certificates. A
signature is a detached CMS over the certificate in DER, with the certificate of who signed. As in
the reference no dates are looked at: an upload certificate lives for a year or two, and what it
signed for as long as it is listed.
"""

from __future__ import annotations

import base64
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from vigie.cms.signed_data import verify_detached
from vigie.dcc.errors import VerificationError
from vigie.errors import Rejected

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from vigie.trust.candidates import Candidate, Candidates, Refusal


def vouched(candidates: Candidates, anchors: Collection[bytes]) -> Candidates:
    """Leave out of a list what neither the gateway nor its countries signed.

    Args:
        candidates: what the list brings.
        anchors: the gateway's trust anchors, certificates in DER.

    Returns:
        The others, and among the refusals why each was left out: `signature-missing`,
        `signature-malformed`, `signature-invalid`, `signature-anchor` (a CSCA or an upload
        certificate that no trust anchor signed) or `signature-uploader` (a document signer that
        no upload certificate of its country signed).
    """
    refusals = list(candidates.refusals)
    uploads: dict[str, set[bytes]] = defaultdict(set)

    def by_anchor(one: Candidate) -> None:
        if _who_signed(one) not in anchors:
            raise VerificationError("signature-anchor", "no trust anchor signed it")

    def by_country(one: Candidate) -> None:
        if _who_signed(one) not in uploads[_country(one)]:
            reason = "no upload certificate of its country signed it"
            raise VerificationError("signature-uploader", reason)

    uploaders = _passing(candidates.uploaders, by_anchor, refusals)
    for one in uploaders:
        uploads[_country(one)].add(one.certificate.der)
    return replace(
        candidates,
        authorities=_passing(candidates.authorities, by_anchor, refusals),
        uploaders=uploaders,
        signers=_passing(candidates.signers, by_country, refusals),
        refusals=refusals,
    )


def _passing(
    candidates: Iterable[Candidate], check: Callable[[Candidate], None], refusals: list[Refusal]
) -> list[Candidate]:
    passing = []
    for one in candidates:
        try:
            check(one)
        except VerificationError as error:
            refusals.append(one.refused(error.rule, str(error)))
        else:
            passing.append(one)
    return passing


def _country(candidate: Candidate) -> str:
    """Whose it is: what the list says of it is signed by nobody."""
    return candidate.certificate.country or candidate.country


def _who_signed(candidate: Candidate) -> bytes:
    """The certificate, in DER, of who signed a certificate into the list.

    Raises:
        VerificationError: `signature-missing`, `signature-malformed` or `signature-invalid`.
    """
    if not candidate.signature:
        raise VerificationError("signature-missing", "nobody signed it into the list")
    try:
        message = base64.b64decode("".join(candidate.signature.split()), validate=True)
        return verify_detached(message, candidate.certificate.der).certificate
    except ValueError:
        raise _malformed() from None
    except Rejected as error:
        if error.code != "cms-signature":
            raise _malformed() from None
        reason = "its signature is not over this certificate"
        raise VerificationError("signature-invalid", reason) from None


def _malformed() -> VerificationError:
    return VerificationError("signature-malformed", "its signature is no CMS message")
