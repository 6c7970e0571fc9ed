"""A job and the function that signs, together: each certificate is made again once."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.functions.certificate_reissue.world import World as Job
from tests.functions.certificate_signing.world import World as Signing
from tests.functions.certificate_signing.world import at, signing_key
from vigie.certificates.certificate_due import RecoveryDue
from vigie.certificates.reissue_job import State

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vigie.events.event import AnyEvent

RECORDS = tuple(f"r{number}" for number in range(4))


class Both:
    """Certificates of some results, another signer than theirs, and a job about the old one."""

    def __init__(
        self, *, records: Sequence[str] = RECORDS, revoke: bool = False, tell: bool = False
    ) -> None:
        self.signing = Signing()
        for record in records:
            self.signing.result(result_id=record)
        self.signing.deliver(*(RecoveryDue(result_id=one).model_dump_json() for one in records))
        self.old = self.signing.certificates()[0].kid
        self.signing.issue_dsc(signing_key())
        self.signing.events()
        self.job = Job(tables=False)
        self.job.now = self.signing.now = at(2)
        before = at(2) - timedelta(minutes=2)
        self.job.start(kids=(self.old,), issued_before=before, revoke=revoke, tell=tell)

    def run(self) -> list[AnyEvent]:
        """A run, whose messages come twice; the events of what was signed."""
        self.job.tick()
        asked = [body for _, body in self.job.delayed()]
        assert self.signing.deliver(*asked) == []
        assert self.signing.deliver(*asked) == []
        return self.signing.events()


@pytest.mark.usefixtures("mocked_aws")
def test_each_is_made_again_once_and_the_old_one_expires_by_itself() -> None:
    both = Both()
    events = both.run()
    assert both.job.job.state is State.DONE
    certificates = both.signing.certificates()
    made = [one for one in certificates if one.kid != both.old]
    assert [one.source_id for one in made] == list(RECORDS)
    assert len(certificates) == 2 * len(RECORDS)
    assert not any(one.revoked_at for one in certificates)
    # Nobody hears of one among millions.
    assert {(one.type, one.untold) for one in events} == {("CertificateIssued", True)}  # type: ignore[union-attr]
    # Whatever is told of the result later, both stay.
    both.signing.deliver(RecoveryDue(result_id=RECORDS[0]).model_dump_json())
    assert both.signing.certificates() == certificates


@pytest.mark.usefixtures("mocked_aws")
def test_the_old_one_is_revoked_and_people_hear_of_the_new_one_where_a_job_says_so() -> None:
    both = Both(revoke=True, tell=True)
    events = both.run()
    revoked = [one for one in both.signing.certificates() if one.revoked_at is not None]
    assert {one.kid for one in revoked} == {both.old}
    assert {one.revocation_reason for one in revoked} == {"key-compromised"}
    assert len(revoked) == len(RECORDS)
    assert not any(one.untold for one in events if one.type == "CertificateIssued")
