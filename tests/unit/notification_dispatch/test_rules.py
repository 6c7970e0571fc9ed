"""Which happening is told, by a table; in what order the channels are tried."""

from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certificate_signing import announcements
from notification_dispatch.channel import Channel, routes
from notification_dispatch.dispatch import Silence, decide, takes_back
from notification_dispatch.earlier import causes, earlier_sendings
from notification_dispatch.sending import (
    PREFERENCES,
    RETENTION,
    Template,
    kept_until,
    sending_id,
)
from vigie.access.grant import LIFETIME
from vigie.certificates.stored_certificate import StoredCertificate
from vigie.events.event import (
    AnyEvent,
    CertificateIssued,
    CertificateRevoked,
    ResultCorrected,
    ResultRecorded,
    ResultWithdrawn,
    event_id,
)
from vigie.person.identity import Contact
from vigie.results.codes import Method, Outcome, Status
from vigie.results.stored_result import StoredResult

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
TOLD = Template.DOCUMENT_AVAILABLE


def stored(status: Status = Status.FINAL, version: int = 1, **changes: Any) -> StoredResult:  # noqa: ANN401 - any field
    values: dict[str, Any] = {
        "result_id": "r",
        "version": version,
        "revision": version,
        "laboratory": "750000001",
        "person": "p1.x",
        "contact_tag": None,
        "status": status,
        "outcome": Outcome.DETECTED,
        "disease": "covid-19",
        "method": Method.NAAT,
        "loinc": "94500-6",
        "device": None,
        "sampled_at": NOW,
        "reported_at": NOW,
        "language": None,
        "cycle_threshold": None,
        "variant": None,
        "prescriber": None,
        "commune": None,
        "testing_centre": None,
        "content_hash": "",
        "answers": (),
        "received_at": NOW,
        "expires_at": 0,
        "identity": b"",
        "contact": None,
    }
    return StoredResult(**(values | changes))


_COMMON: dict[str, Any] = {"id": "e", "occurred_at": NOW, "result_id": "r", "person": "p1.x"}
_RESULT: dict[str, Any] = _COMMON | {
    "laboratory": "750000001",
    "disease": "covid-19",
    "method": Method.NAAT,
    "outcome": Outcome.DETECTED,
    "sampled_at": NOW,
}


def recorded(version: int = 1) -> AnyEvent:
    return ResultRecorded(version=version, **_RESULT)


def corrected(version: int = 2) -> AnyEvent:
    return ResultCorrected(version=version, **_RESULT)


def withdrawn(version: int = 2) -> AnyEvent:
    return ResultWithdrawn(version=version, **_RESULT)


def issued(
    kind: Literal["test", "recovery"], version: int = 1, *, untold: bool = False
) -> AnyEvent:
    return CertificateIssued(
        certificate=f"{kind}#1",
        kind=kind,
        version=version,
        disease="covid-19",
        untold=untold,
        **_COMMON,
    )


def revoked() -> AnyEvent:
    return CertificateRevoked(
        certificate="test#1", kind="test", version=1, disease="covid-19", **_COMMON
    )


@pytest.mark.parametrize(
    ("event", "result", "decision"),
    [
        (recorded(), stored(), TOLD),
        (recorded(), stored(Status.NOT_OBTAINABLE), TOLD),
        (recorded(), stored(Status.CORRECTED, version=2), Silence.SUPERSEDED),
        (corrected(), stored(Status.CORRECTED, version=2), TOLD),
        (corrected(), stored(Status.WITHDRAWN, version=3), Silence.SUPERSEDED),
        (issued("test"), stored(), Silence.SAME_LINK),
        (issued("recovery"), stored(), TOLD),
        (issued("recovery"), stored(Status.CORRECTED, version=2), TOLD),
        (issued("recovery", untold=True), stored(), Silence.NOT_TOLD),
        (issued("recovery"), stored(Status.WITHDRAWN, version=2), Silence.SOURCE_WITHDRAWN),
        (issued("recovery"), stored(Status.PRELIMINARY, version=2), Silence.PRELIMINARY),
        (revoked(), stored(), Silence.NOT_TOLD),
        (recorded(), None, Silence.SOURCE_GONE),
    ],
)
def test_what_is_told(
    event: AnyEvent, result: StoredResult | None, decision: Template | Silence
) -> None:
    for told in (True, False):
        assert decide(event, result, NOW, told=told) is decision


@pytest.mark.parametrize(
    ("event", "result", "untold"),
    [
        (recorded(), stored(Status.PRELIMINARY), Silence.PRELIMINARY),
        (corrected(), stored(Status.PRELIMINARY, version=2), Silence.PRELIMINARY),
        (withdrawn(), stored(Status.WITHDRAWN, version=2), Silence.NEVER_TOLD),
        (withdrawn(1), stored(Status.WITHDRAWN), Silence.NEVER_TOLD),
    ],
)
def test_what_is_taken_back_is_told_to_who_was_told_of_it(
    event: AnyEvent, result: StoredResult, untold: Silence
) -> None:
    assert takes_back(result)
    assert decide(event, result, NOW, told=True) is TOLD
    assert decide(event, result, NOW, told=False) is untold


@pytest.mark.parametrize("status", Status)
def test_nothing_is_shown_of_what_is_preliminary_or_withdrawn(status: Status) -> None:
    assert takes_back(stored(status)) is (status in {Status.PRELIMINARY, Status.WITHDRAWN})


@given(st.sampled_from(Outcome))
def test_every_outcome_is_told_alike(outcome: Outcome) -> None:
    assert decide(recorded(), stored(outcome=outcome), NOW, told=False) is TOLD


def test_what_is_thirty_days_old_is_no_news() -> None:
    almost = NOW + LIFETIME - timedelta(seconds=1)
    assert decide(recorded(), stored(), almost, told=False) is TOLD
    assert decide(recorded(), stored(), NOW + LIFETIME, told=False) is Silence.TOO_OLD


def test_a_sending_record_outlives_what_may_still_be_told() -> None:
    assert LIFETIME + timedelta(days=14) < RETENTION
    redriven = int((NOW + RETENTION).timestamp())
    assert kept_until(NOW, 0) == redriven
    assert kept_until(NOW, redriven + 1) == redriven + 1


@pytest.mark.parametrize(
    ("contact", "preferred", "expected"),
    [
        (Contact(email="a@b.fr", phone="+336"), Channel.EMAIL, ["a@b.fr", "+336"]),
        (Contact(email="a@b.fr", phone="+336"), Channel.SMS, ["+336", "a@b.fr"]),
        (Contact(phone="+336"), Channel.EMAIL, ["+336"]),
        (Contact(email="a@b.fr"), Channel.SMS, ["a@b.fr"]),
        (Contact(), Channel.EMAIL, []),
    ],
)
def test_the_preferred_channel_comes_first(
    contact: Contact, preferred: Channel, expected: list[str]
) -> None:
    assert [address for _, address in routes(contact, preferred)] == expected


def test_each_of_cause_and_channel_makes_another_sending() -> None:
    ids = [sending_id(cause, TOLD, channel) for cause in "ef" for channel in (*Channel, None)]
    assert len(set(ids)) == 6
    assert sending_id("e", TOLD, Channel.EMAIL) == ids[0]


def test_the_earlier_sendings_of_a_result_are_those_of_the_events_that_are_told() -> None:
    """The events are those that the other functions publish, by the ids that they give them."""
    certificate = StoredCertificate(
        source_id="r",
        certificate="recovery#2",
        kind="recovery",
        source_version=2,
        person="p1.x",
        disease="covid-19",
        content_hash="",
        uvci_hash="",
        signature_hash="",
        kid="",
        issued_at=NOW,
        expires_at=NOW,
        hcert=b"",
    )
    issued = announcements.issued(certificate).id
    told = [event_id(kind, "r", 2) for kind in ("ResultRecorded", "ResultCorrected")]
    told += [event_id("ResultWithdrawn", "r", 2), issued]
    assert set(causes("r", 2)) == set(told)
    ids = list(earlier_sendings("r", 3))
    assert ids[:8] == [sending_id(cause, TOLD, by) for cause in causes("r", 2) for by in Channel]
    assert len(ids) == len(set(ids)) == 16
    assert list(earlier_sendings("r", 1)) == []


def test_every_template_states_its_preference() -> None:
    assert set(PREFERENCES) == set(Template)
