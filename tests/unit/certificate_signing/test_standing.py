"""Which stored certificates hold for the current version of a result."""

from datetime import UTC, datetime

from certificate_signing.standing import Wanted, standing
from vigie.certificates.kind import CertificateKind
from vigie.certificates.stored_certificate import StoredCertificate

THEN = datetime(2026, 11, 1, tzinfo=UTC)


def _certificate(
    version: int,
    content_hash: str = "same",
    kind: CertificateKind = "test",
    *,
    revoked: bool = False,
) -> StoredCertificate:
    return StoredCertificate(
        source_id="750000001-abc",
        certificate=f"{kind}#{version}",
        kind=kind,
        source_version=version,
        person="p1.someone",
        disease="covid-19",
        content_hash=content_hash,
        uvci_hash="",
        signature_hash="",
        kid="",
        issued_at=THEN,
        expires_at=THEN,
        revoked_at=THEN if revoked else None,
        hcert=b"",
    )


def _renewed(certificate: StoredCertificate, why: str = "renewed") -> StoredCertificate:
    return certificate.model_copy(
        update={
            "certificate": f"{certificate.certificate}#1",
            "generation": 1,
            "replaces": certificate.certificate,
            "replacement": why,
        }
    )


WANTED = Wanted("test", "same")


def test_what_was_renewed_stays_beside_the_newest_that_holds() -> None:
    first = _certificate(1)
    again = _renewed(first)
    assert standing([first, again], 1, WANTED).kept == again
    assert standing([first, again], 2, WANTED).wrong == ()
    assert standing([first, again], 2, None).wrong == (first, again)


def test_what_was_reissued_is_revoked_whatever_message_comes_first() -> None:
    first = _certificate(1)
    again = _renewed(first, "signer-compromised")
    sorted_out = standing([first, again], 1, WANTED)
    assert (sorted_out.kept, sorted_out.wrong) == (again, (first,))


def test_the_same_claims_keep_an_older_certificate() -> None:
    first = _certificate(1)
    sorted_out = standing([first], 2, WANTED)
    assert (sorted_out.kept, sorted_out.wrong) == (first, ())


def test_other_claims_or_another_kind_are_wrong() -> None:
    other, recovery = _certificate(1, "other"), _certificate(2, kind="recovery")
    sorted_out = standing([other, recovery], 3, WANTED)
    assert (sorted_out.kept, sorted_out.wrong) == (None, (other, recovery))


def test_nothing_wanted_leaves_nothing() -> None:
    first = _certificate(1)
    assert standing([first], 2, None).wrong == (first,)


def test_what_is_revoked_is_neither_kept_nor_revoked_again() -> None:
    sorted_out = standing([_certificate(1, revoked=True)], 2, WANTED)
    assert (sorted_out.kept, sorted_out.wrong) == (None, ())


def test_a_certificate_of_the_current_version_holds_whatever_the_catalogue_says_now() -> None:
    current = _certificate(2, "as the catalogue was")
    for wanted in (WANTED, None):
        assert standing([current], 2, wanted).kept == current


def test_of_two_that_say_the_same_the_current_version_holds() -> None:
    first, second = _certificate(1), _certificate(2)
    sorted_out = standing([first, second], 2, WANTED)
    assert (sorted_out.kept, sorted_out.wrong) == (second, (first,))
