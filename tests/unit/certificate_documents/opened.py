"""Certificates of every kind, as the function opens them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from certificate_documents.certificate_opening import OpenedCertificate
from tests.unit.dcc.issuing import EXPIRES, ISSUED, issuer_of
from vigie.certificates.stored_certificate import StoredCertificate
from vigie.dcc import hcert
from vigie.dcc.certificate import (
    DigitalCovidCertificate,
    PersonName,
    RecoveryEntry,
    TestEntry,
    TestKind,
    TestOutcome,
    VaccinationEntry,
)
from vigie.results.codes import Language

if TYPE_CHECKING:
    from vigie.dcc.certificate import Entry

_SHARED: Any = {
    "disease": "840539006",
    "country": "FR",
    "issuer": "Autorité de santé publique",
    "uvci": "URN:UVCI:01:FR:W7V2BE46QSBJ#L",
}
SAMPLED = datetime(2021, 7, 1, 9, 30, tzinfo=UTC)
LATIN = PersonName.of("Dupont-Lefèvre", "Éloïse Anne")
ARABIC = PersonName.of("الأمين", "محمد")


def antigen_test(**changes: Any) -> TestEntry:  # noqa: ANN401 - any field
    """A negative antigen test."""
    said: Any = {
        **_SHARED,
        "kind": TestKind.ANTIGEN,
        "device": "1232",
        "collected_at": SAMPLED,
        "outcome": TestOutcome.NOT_DETECTED,
        "centre": "Laboratoire du Port",
    }
    return TestEntry(**(said | changes))


def recovery() -> RecoveryEntry:
    """A recovery."""
    return RecoveryEntry(
        **_SHARED,
        first_positive_on="2021-05-01",
        valid_from="2021-05-12",
        valid_until="2021-10-28",
    )


def vaccination() -> VaccinationEntry:
    """A booster."""
    return VaccinationEntry(
        **_SHARED,
        prophylaxis="1119349007",
        product="EU/1/20/1528",
        holder="ORG-100030215",
        dose=3,
        series=3,
        given_on="2021-06-01",
    )


def opened(entry: Entry, name: PersonName = LATIN) -> OpenedCertificate:
    """A certificate that is signed, and opened by who holds the link."""
    content = DigitalCovidCertificate(name=name, birth_date="1980-05", entry=entry)
    text = issuer_of().issue(content)
    stored = StoredCertificate(
        source_id="result",
        certificate="test#1",
        kind="test",
        source_version=1,
        person="p1.person",
        disease="covid-19",
        content_hash="0" * 64,
        uvci_hash="0" * 32,
        signature_hash="0" * 32,
        kid="0" * 16,
        issued_at=ISSUED,
        expires_at=EXPIRES + timedelta(days=1),
        hcert=b"",
    )
    return OpenedCertificate(stored, text, hcert.read(text).claims, Language.FRENCH, ISSUED)
