"""The list of authorities that ANTS trusts to certify signers of 2D-DOC.

Source: ETSI TS 119 612 version 5 of the form; the list is at
https://pub.ants.gouv.fr/2D-DOC/V1/PRD/01_TSL/tsl_signed.xml. An authority's trade name is what
documents call it, such as `FR03`.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from pydantic import ValidationError

from vigie.errors import Rejected
from vigie.twoddoc.code_trust import Authority, CodeTrust

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

_TSL = "{http://uri.etsi.org/02231/v2#}"
_IN_ACCORD = "/inaccord"
_MOST_AUTHORITIES = 500


def read_list(root: etree._Element) -> CodeTrust:
    """The authorities of a list whose signature is verified, those in accord with the scheme.

    Raises:
        Rejected: `tsl-malformed`, a part is missing or none of its kind.
    """
    scheme = root.find(f"{_TSL}SchemeInformation")
    if root.tag != f"{_TSL}TrustServiceStatusList" or scheme is None:
        raise _malformed()
    providers = root.findall(f"{_TSL}TrustServiceProviderList/{_TSL}TrustServiceProvider")
    if len(providers) > _MOST_AUTHORITIES:
        raise _malformed()
    try:
        return CodeTrust(
            sequence=int(_text(scheme, "TSLSequenceNumber")),
            issued_at=datetime.fromisoformat(_text(scheme, "ListIssueDateTime")),
            authorities=tuple(_authority(one) for one in providers if any(_certificates(one))),
        )
    except (ValidationError, ValueError):
        raise _malformed() from None


def _authority(provider: etree._Element) -> Authority:
    return Authority(
        name=_text(provider, "TSPInformation", "TSPTradeName", "Name"),
        organisation=_text(provider, "TSPInformation", "TSPName", "Name"),
        certificates=tuple(_certificates(provider)),
        directory=_text(provider, "TSPInformation", "TSPInformationURI", "URI") or None,
    )


def _certificates(provider: etree._Element) -> Iterator[str]:
    """Of the services that are in accord with the scheme."""
    for service in provider.iter(f"{_TSL}ServiceInformation"):
        if not _text(service, "ServiceStatus").endswith(_IN_ACCORD):
            continue
        for certificate in service.iter(f"{_TSL}X509Certificate"):
            yield "".join((certificate.text or "").split())


def _text(element: etree._Element, *path: str) -> str:
    """The text of the first element of a path; empty without one."""
    found = element.find("/".join(f"{_TSL}{name}" for name in path))
    return "" if found is None else (found.text or "").strip()


def _malformed() -> Rejected:
    return Rejected("tsl-malformed", "it is not a list as ETSI TS 119 612 has it")
