"""Certificates whose use outlives their expiry: the next one before, and the old one until then."""

from datetime import date, timedelta

import pytest

from tests.functions.certificate_signing.test_signing import ISSUED, REVOKED
from tests.functions.certificate_signing.world import RESULT_ID, World, at, signing_key
from vigie.certificates.certificate_due import RECOVERY_DUE, RENEWAL_DUE, RenewalDue, due_on
from vigie.certificates.reissue_due import ReissueDue
from vigie.certificates.stored_certificate import RENEWED
from vigie.events.event import CertificateExpiring
from vigie.results.codes import Outcome, Status

EXPIRING = "CertificateExpiring"
DUE = RenewalDue(source_id=RESULT_ID).model_dump_json()
# Issued on the eleventh day for sixty days, it is renewed 28 days before.
ISSUED_ON, NOTICED_ON, EXPIRES_ON = 11, 43, 71


@pytest.fixture
def recovered(world: World) -> World:
    """A recovery certificate that expires before its last day, the 180th."""
    world.settings = world.settings.model_copy(update={"validity_days": 60})
    world.result(outcome=Outcome.DETECTED)
    world.now = at(ISSUED_ON)
    world.deliver()
    world.events()
    return world


def test_a_recovery_that_outlives_its_certificate_waits_for_its_renewal(recovered: World) -> None:
    [certificate] = recovered.certificates()
    assert certificate.expires_at == at(EXPIRES_ON)
    assert [row["certificate"]["S"] for row in recovered.rows()] == [RENEWAL_DUE, "recovery#1"]
    assert recovered.reminders() == [due_on(date(2026, 12, 14), RESULT_ID)]


def test_nothing_waits_that_never_is_renewed(world: World) -> None:
    """A test, however soon it expires, and a recovery that counts no longer than it holds."""
    world.settings = world.settings.model_copy(update={"validity_days": 40})
    world.result()
    world.deliver()
    world.settings = world.settings.model_copy(update={"validity_days": 365})
    world.result(result_id="r", outcome=Outcome.DETECTED)
    world.now = at(ISSUED_ON)
    world.deliver('{"type":"RecoveryDue","result_id":"r"}')
    assert len(world.certificates()) == 2
    assert world.reminders() == []


def test_what_is_renewed_carries_on_under_the_same_identifier_and_the_old_one_holds(
    recovered: World,
) -> None:
    recovered.now = at(NOTICED_ON - 1)
    assert recovered.deliver(DUE) == []
    assert recovered.told() == [(ISSUED, "recovery#1")]
    recovered.now = at(NOTICED_ON)
    assert recovered.deliver(DUE) == []
    old, new = recovered.certificates()
    assert (new.certificate, new.replaces, new.replacement) == (
        "recovery#1#1",
        "recovery#1",
        RENEWED,
    )
    assert new.expires_at == at(NOTICED_ON + 60)
    assert old.revoked_at is new.revoked_at is None
    before, after = recovered.entry(old), recovered.entry(new)
    assert before == after
    events = recovered.events()
    assert sorted({event.type for event in events}) == [EXPIRING, ISSUED]
    [expiring] = [event for event in events if isinstance(event, CertificateExpiring)]
    assert (expiring.certificate, expiring.expires_at) == ("recovery#1", old.expires_at)
    assert expiring.occurred_at == old.expires_at - timedelta(days=28)
    # Again, or as a correction of the contact: the same, told again under the same names.
    rows = recovered.rows()
    assert recovered.deliver(DUE) == []
    assert {event.id for event in recovered.events()} == {event.id for event in events}
    recovered.result(outcome=Outcome.DETECTED, version=2, contact_tag="c1.elsewhere")
    assert recovered.deliver() == []
    assert recovered.rows() == rows


def test_the_last_one_waits_for_nothing(recovered: World) -> None:
    for day in (NOTICED_ON, NOTICED_ON + 32, NOTICED_ON + 64, NOTICED_ON + 96):
        recovered.now = at(day)
        recovered.deliver(DUE)
    assert [each.generation for each in recovered.certificates()] == [0, 1, 2, 3, 4]
    assert recovered.certificates()[-1].expires_at < at(182)
    assert recovered.reminders() == []


def test_a_correction_revokes_every_generation_that_says_otherwise(recovered: World) -> None:
    recovered.now = at(NOTICED_ON)
    recovered.deliver(DUE)
    recovered.events()
    recovered.result(outcome=Outcome.DETECTED, version=2, status=Status.CORRECTED, sampled_at=at(1))
    recovered.deliver()
    live = [each.certificate for each in recovered.certificates() if each.revoked_at is None]
    assert live == ["recovery#2"]
    assert recovered.told() == [
        (ISSUED, "recovery#2"),
        (REVOKED, "recovery#1"),
        (REVOKED, "recovery#1#1"),
    ]


def test_a_reissue_takes_back_what_a_renewal_left(recovered: World) -> None:
    [first] = recovered.certificates()
    recovered.now = at(NOTICED_ON)
    recovered.issue_dsc(signing_key())
    recovered.deliver(DUE)
    due = ReissueDue(
        job="j", records=(RESULT_ID,), issued_before=at(50), kids=(first.kid,), reason="key-lost"
    )
    recovered.now = at(51)
    assert recovered.deliver(due.model_dump_json()) == []
    old, new = recovered.certificates()
    # The newest is by another signer: nothing is signed, and nobody is without.
    assert (old.revocation_reason, new.revoked_at) == ("key-lost", None)


def test_a_signer_that_ends_as_soon_renews_nothing(recovered: World) -> None:
    recovered.now = at(NOTICED_ON)
    recovered.settings = recovered.settings.model_copy(update={"validity_days": 28})
    assert recovered.deliver(DUE) == ["0"]
    assert recovered.codes()[-1] == "message-retried renewal-signer"
    assert len(recovered.certificates()) == 1
    assert recovered.told() == [(EXPIRING, "recovery#1")]


def test_a_result_that_is_withdrawn_waits_for_no_renewal(recovered: World) -> None:
    recovered.result(version=2, status=Status.WITHDRAWN)
    recovered.deliver()
    assert recovered.reminders() == []
    assert RECOVERY_DUE not in {row["certificate"]["S"] for row in recovered.rows()}
