"""What certificates say, when they expire, and when two say the same."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, cast
from zoneinfo import ZoneInfo

import pytest

from certificate_signing.claims import IssuingBody, certificate_content, content_hash, expiry
from certificate_signing.identifier import certificate_uvci
from tests.unit.certificate_signing.samples import DISEASE, IDENTITY, LISTED, SAMPLED, result
from vigie.certificates.kind import CertificateKind
from vigie.dcc import schema, uvci
from vigie.dcc.certificate import DigitalCovidCertificate
from vigie.dcc.errors import EncodingError
from vigie.person.identity import Identity
from vigie.results.codes import Method, Outcome
from vigie.results.stored_result import ResultDocument

if TYPE_CHECKING:
    from vigie.dcc.cwt import Plain

BODY = IssuingBody(country="FR", name="Santé publique", time_zone=ZoneInfo("Europe/Paris"))
KEY = bytes(32)
UVCI = certificate_uvci(KEY, "FR", "750000001-abc", "test", 1)
NAME = {
    "fn": "d'Aubigné-Müller",
    "fnt": "DAUBIGNE<MUELLER",
    "gn": "Zoë Anne-Laure",
    "gnt": "ZOE<ANNE<LAURE",
}


def _content(
    kind: CertificateKind = "test",
    judged: ResultDocument | None = None,
    identity: Identity = IDENTITY,
    identifier: str = UVCI,
) -> DigitalCovidCertificate:
    return certificate_content(
        kind, judged or result(), identity, DISEASE, issuing_body=BODY, uvci=identifier
    )


def _faults(claims: dict[str, object]) -> tuple[str, ...]:
    return schema.faults(cast("dict[str, Plain]", claims))


def test_a_naat_gives_a_test_entry() -> None:
    claims = _content().to_map()
    assert claims == {
        "ver": "1.3.0",
        "nam": NAME,
        "dob": "1964-08-12",
        "t": [
            {
                "tg": "840539006",
                "co": "FR",
                "is": "Santé publique",
                "ci": UVCI,
                "tt": "LP6464-4",
                "sc": "2026-11-01T09:30:00Z",
                "tr": "260415000",
                "tc": "Laboratoire du Parc",
            }
        ],
    }
    assert _faults(claims) == ()


def test_an_antigen_test_names_its_device() -> None:
    antigen = result(method=Method.ANTIGEN, device=LISTED, testing_centre=None)
    entry = _content(judged=antigen).to_map()["t"]
    assert entry == [
        {
            "tg": "840539006",
            "co": "FR",
            "is": "Santé publique",
            "ci": UVCI,
            "tt": "LP217198-3",
            "ma": LISTED,
            "sc": "2026-11-01T09:30:00Z",
            "tr": "260415000",
        }
    ]


def test_a_recovery_has_its_dates_of_the_issuers_calendar() -> None:
    # Half an hour after midnight in Paris.
    late = datetime(2026, 11, 1, 23, 30, tzinfo=UTC)
    claims = _content("recovery", result(outcome=Outcome.DETECTED, sampled_at=late)).to_map()
    assert claims["r"] == [
        {
            "tg": "840539006",
            "co": "FR",
            "is": "Santé publique",
            "ci": UVCI,
            "fr": "2026-11-02",
            "df": "2026-11-13",
            "du": "2027-05-01",
        }
    ]
    assert _faults(claims) == ()


@pytest.mark.parametrize("birth_date", ["1964", "1964-08"])
def test_a_birth_date_may_be_partial(birth_date: str) -> None:
    partial = IDENTITY.model_copy(update={"birth_date": birth_date})
    assert _content(identity=partial).to_map()["dob"] == birth_date


@pytest.mark.parametrize(
    ("change", "rule"),
    [({"birth_date": "1899-12-31"}, "birth-year"), ({"family_name": "李"}, "name-script")],
)
def test_what_a_certificate_cannot_hold_is_named(change: dict[str, str], rule: str) -> None:
    with pytest.raises(EncodingError) as refused:
        _content(identity=IDENTITY.model_copy(update=change))
    assert refused.value.rule == rule


def test_the_longest_names_and_places_fit() -> None:
    long = Identity(family_name="É" * 80, given_names=("Ü" * 80,) * 4, birth_date="2000-01-01")
    claims = _content(identity=long, judged=result(testing_centre="x" * 200)).to_map()
    assert _faults(claims) == ()


def test_the_identifier_does_not_change_the_hash() -> None:
    other = certificate_uvci(KEY, "FR", "750000001-abc", "test", 2)
    assert content_hash(_content(identifier=other)) == content_hash(_content())


@pytest.mark.parametrize(
    "change",
    [
        {"sampled_at": SAMPLED + timedelta(minutes=1)},
        {"testing_centre": "Laboratoire du Lac"},
        {"method": Method.ANTIGEN, "device": LISTED},
    ],
)
def test_every_other_claim_changes_the_hash(change: dict[str, Any]) -> None:
    assert content_hash(_content(judged=result(**change))) != content_hash(_content())


def test_contact_and_language_do_not_change_the_hash() -> None:
    changed = result(contact_tag="c1.elsewhere", language="en", version=2, prescriber="10001234567")
    assert content_hash(_content(judged=changed)) == content_hash(_content())


@pytest.mark.parametrize(
    ("validity", "not_after", "expected"),
    [
        (365, datetime(2028, 1, 1, tzinfo=UTC), datetime(2027, 11, 1, 9, 30, tzinfo=UTC)),
        (365, datetime(2027, 3, 1, tzinfo=UTC), datetime(2027, 3, 1, tzinfo=UTC)),
    ],
)
def test_a_test_certificate_expires_with_its_signer_at_the_latest(
    validity: int, not_after: datetime, expected: datetime
) -> None:
    ends = expiry(
        _content(),
        issued_at=SAMPLED,
        validity=timedelta(days=validity),
        signer_not_after=not_after,
    )
    assert ends == expected


def test_a_recovery_expires_when_its_last_day_has_ended_everywhere() -> None:
    content = _content("recovery", result(outcome=Outcome.DETECTED))
    ends = expiry(
        content,
        issued_at=SAMPLED,
        validity=timedelta(days=365),
        signer_not_after=datetime(2028, 1, 1, tzinfo=UTC),
    )
    # The last day is 30 April.
    assert ends == datetime(2027, 5, 1, 12, tzinfo=UTC)


def test_identifiers_are_stable_and_tell_things_apart() -> None:
    versions: tuple[tuple[CertificateKind, int], ...] = (("test", 1), ("test", 2), ("recovery", 1))
    named = [
        certificate_uvci(key, "FR", result_id, kind, version)
        for key in (KEY, b"1" * 32)
        for result_id in ("750000001-abc", "750000001-abd")
        for kind, version in versions
    ]
    assert len(set(named)) == len(named)
    assert named[0] == UVCI
    assert UVCI.startswith("URN:UVCI:01:FR:")
    assert "750000001" not in UVCI
    assert uvci.checksum(UVCI) is uvci.Checksum.VALID
