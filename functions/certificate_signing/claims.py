"""What a certificate says of its source and its person: the DCC 1.3.0 entry, and its hash."""

import hashlib
import json
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from certificate_signing.entitlement import recovery_period
from vigie.catalogue.disease import Disease
from vigie.certificates.certified_person import certified
from vigie.certificates.kind import CertificateKind
from vigie.dcc.certificate import (
    DigitalCovidCertificate,
    RecoveryEntry,
    TestEntry,
    TestKind,
    TestOutcome,
)
from vigie.dcc.errors import EncodingError
from vigie.model import Frozen
from vigie.person.identity import Identity
from vigie.results.codes import Method
from vigie.results.stored_result import ResultDocument

_LABEL_LENGTH = 80
_TEST_KINDS = {Method.NAAT: TestKind.NAAT, Method.ANTIGEN: TestKind.ANTIGEN}
# The last time zone leaves a day 12 hours after UTC does.
_LAST_ZONE = timedelta(hours=12)


class IssuingBody(Frozen):
    """Who issues.

    Attributes:
        country: ISO 3166-1 alpha-2 (`co`, `iss`).
        name: `is`.
        time_zone: whose calendar counts days.
    """

    country: str
    name: str
    time_zone: ZoneInfo


def certificate_content(  # noqa: PLR0913 - what a certificate is made from
    kind: CertificateKind,
    result: ResultDocument,
    identity: Identity,
    disease: Disease,
    *,
    issuing_body: IssuingBody,
    uvci: str,
) -> DigitalCovidCertificate:
    """Say what the certificate of that kind says of a result, which must give one.

    Raises:
        EncodingError: `name-script` if a name cannot be transliterated, `birth-year` if the
            year of birth is before 1900, which the schema does not allow.
    """
    return certified(
        identity,
        _test_entry(result, disease, issuing_body, uvci)
        if kind == "test"
        else _recovery_entry(result, disease, issuing_body, uvci),
    )


def content_hash(content: DigitalCovidCertificate) -> str:
    """SHA-256, hexadecimal, of all that a certificate says but its identifier (`ci`)."""
    claims = content.to_map()
    entry = content.entry.model_dump(
        mode="json", by_alias=True, exclude_none=True, exclude={"uvci"}
    )
    written = json.dumps(claims | {content.entry.group: [entry]}, sort_keys=True)
    return hashlib.sha256(written.encode()).hexdigest()


def expiry(
    content: DigitalCovidCertificate,
    *,
    issued_at: datetime,
    validity: timedelta,
    signer_not_after: datetime,
) -> datetime:
    """When a certificate expires: after `validity`, but with its signer at the latest.

    A recovery certificate expires, too, when its last day (`du`) has ended everywhere on
    Earth (hcert-spec 1.0.8 section 3.3.4: no later than the signer; shell model).
    """
    ends = [issued_at + validity, signer_not_after]
    if isinstance(content.entry, RecoveryEntry):
        ends.append(last_moment(content.entry))
    return min(ends)


def last_moment(recovery: RecoveryEntry) -> datetime:
    """When the last day of a recovery (`du`) has ended everywhere on Earth."""
    next_day = recovery.valid_until + timedelta(days=1)
    return datetime.combine(next_day, time.min, UTC) + _LAST_ZONE


def _test_entry(
    result: ResultDocument, disease: Disease, issuing_body: IssuingBody, uvci: str
) -> TestEntry:
    return TestEntry(
        disease=disease.target,
        country=issuing_body.country,
        issuer=issuing_body.name,
        uvci=uvci,
        kind=_TEST_KINDS[result.method],
        device=result.device if result.method is Method.ANTIGEN else None,
        collected_at=result.sampled_at,
        outcome=TestOutcome.NOT_DETECTED,
        centre=(result.testing_centre or "").strip()[:_LABEL_LENGTH] or None,
    )


def _recovery_entry(
    result: ResultDocument, disease: Disease, issuing_body: IssuingBody, uvci: str
) -> RecoveryEntry:
    if disease.recovery is None:
        raise EncodingError("disease-not-certified", "the disease has no recovery certificates")
    period = recovery_period(result, disease.recovery, issuing_body.time_zone)
    return RecoveryEntry(
        disease=disease.target,
        country=issuing_body.country,
        issuer=issuing_body.name,
        uvci=uvci,
        first_positive_on=period.sampled_on,
        valid_from=period.valid_from,
        valid_until=period.valid_until,
    )
