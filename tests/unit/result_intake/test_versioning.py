"""Identity, order, and at-least-once made harmless: the rules of versions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise, permutations
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from result_intake.result_event import result_event
from result_intake.versioning import (
    ANSWERS_KEPT,
    Answer,
    Decision,
    Report,
    content_hash,
    decide,
    result_id,
)
from vigie.events.event import ResultCorrected, ResultRecorded, ResultWithdrawn
from vigie.person.identity import Identity
from vigie.results.codes import Method, Outcome, Status
from vigie.results.stored_result import ResultDocument
from vigie.results.test_result import LocalId, TestResult

if TYPE_CHECKING:
    from collections.abc import Iterable

KEY = bytes(32)
LABORATORY = "750000001"
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def a_result(
    status: Status = Status.FINAL,
    *,
    hours: int = 0,
    outcome: Outcome = Outcome.DETECTED,
    ct: float | None = None,
) -> TestResult:
    return TestResult(
        local_id=LocalId(accession="A1", loinc="94500-6"),
        status=status,
        outcome=outcome,
        disease="covid-19",
        method=Method.NAAT,
        sampled_at=NOON - timedelta(days=1),
        reported_at=NOON + timedelta(hours=hours),
        identity=Identity(family_name="Durand", given_names=("Zoé",), birth_date="1980-01-02"),
        cycle_threshold=ct,
    )


def on_day(status: Status, *, days: int = 0, ct: float | None = None) -> TestResult:
    """A result of which the report says the day only: midday in France is kept of it."""
    at = NOON - timedelta(hours=1) + timedelta(days=days)
    return a_result(status, ct=ct).model_copy(update={"reported_at": at, "reported_day_only": True})


def a_report(result: TestResult, source: str = "file:1") -> Report:
    return Report(result, LABORATORY, source, NOON, content_hash(result, KEY))


def stored(current: ResultDocument | None, report: Report, decision: Decision) -> ResultDocument:
    """What the table holds after a decision that writes."""
    return ResultDocument(
        **report.result.model_dump(exclude={"local_id", "identity", "contact"}),
        result_id=report.result_id,
        version=decision.version,
        revision=current.revision + 1 if current else 1,
        laboratory=report.laboratory,
        person="p1.x",
        contact_tag=None,
        loinc=report.result.local_id.loinc,
        content_hash=report.content_hash,
        answers=decision.answers,
        received_at=report.received_at,
        expires_at=0,
    )


def arrive(reports: Iterable[Report]) -> tuple[ResultDocument | None, list[Decision]]:
    current: ResultDocument | None = None
    decisions = []
    for report in reports:
        decision = decide(current, report)
        if decision.writes:
            current = stored(current, report, decision)
        decisions.append(decision)
    return current, decisions


def answers_of(*reports: Report) -> list[Answer]:
    return [decision.answer for decision in arrive(reports)[1]]


def test_a_result_is_named_by_its_laboratory_and_26_characters() -> None:
    named = result_id(LABORATORY, LocalId(accession="A1", loinc="94500-6"))
    assert named == "750000001-y2oqftakic6tvylwhu7iiibc3o"


@pytest.mark.parametrize(
    ("laboratory", "local_id"),
    [
        ("750000002", LocalId(accession="A1", loinc="94500-6")),
        (LABORATORY, LocalId(accession="A2", loinc="94500-6")),
        (LABORATORY, LocalId(accession="A1", loinc="94558-4")),
        (LABORATORY, LocalId(accession="A1", loinc="94500-6", sub_id="2")),
        (LABORATORY, LocalId(accession='A1", "94500-6', loinc="x")),
    ],
)
def test_another_laboratory_accession_code_or_sub_id_is_another_result(
    laboratory: str, local_id: LocalId
) -> None:
    one = result_id(LABORATORY, LocalId(accession="A1", loinc="94500-6"))
    assert result_id(laboratory, local_id) != one


def test_the_content_hash_covers_everything_said_and_depends_on_the_key() -> None:
    result = a_result()
    others = [
        result.model_copy(update={"commune": "75101"}),
        result.model_copy(update={"status": Status.AMENDED}),
        result.model_copy(update={"reported_at": NOON + timedelta(seconds=1)}),
        result.model_copy(update={"reported_day_only": True}),
        result.model_copy(
            update={"identity": result.identity.model_copy(update={"family_name": "DURAND"})}
        ),
    ]
    hashes = {content_hash(each, KEY) for each in (result, *others)}
    assert len(hashes) == 6
    assert content_hash(result, b"1" * 32) not in hashes


def test_the_content_hash_does_not_depend_on_the_zone_a_time_is_written_in() -> None:
    result = a_result()
    paris = timezone(timedelta(hours=1))
    same = result.model_copy(
        update={
            "reported_at": result.reported_at.astimezone(paris),
            "sampled_at": result.sampled_at.astimezone(paris),
        }
    )
    assert content_hash(same, KEY) == content_hash(result, KEY)


def test_the_content_hash_stays_the_same_from_release_to_release() -> None:
    # It decides between duplicate and correction against what older releases stored.
    assert content_hash(a_result(), KEY) == (
        "30c077866ab6305be94386d802a159c026c144cb691a4e1e8dd9339ca9196eb8"
    )


def test_a_first_report_is_accepted_and_the_same_from_another_source_a_duplicate() -> None:
    result = a_result()
    assert answers_of(a_report(result), a_report(result, "other:1")) == [
        Answer.ACCEPTED,
        Answer.DUPLICATE,
    ]


@pytest.mark.parametrize("status", [s for s in Status if s is not Status.WITHDRAWN])
def test_every_status_but_withdrawn_is_accepted_at_first(status: Status) -> None:
    assert answers_of(a_report(a_result(status))) == [Answer.ACCEPTED]


def test_a_newer_report_with_other_content_is_a_correction() -> None:
    current, decisions = arrive(
        [a_report(a_result()), a_report(a_result(hours=1, ct=20.5), "other:1")]
    )
    assert [(d.answer, d.version) for d in decisions] == [
        (Answer.ACCEPTED, 1),
        (Answer.CORRECTED, 2),
    ]
    assert current is not None
    assert (current.version, current.cycle_threshold) == (2, 20.5)


def test_at_the_same_time_the_more_settled_status_prevails() -> None:
    final, preliminary = a_report(a_result(), "f:1"), a_report(a_result(Status.PRELIMINARY), "p:1")
    assert answers_of(final, preliminary) == [Answer.ACCEPTED, Answer.SUPERSEDED]
    assert answers_of(preliminary, final) == [Answer.ACCEPTED, Answer.CORRECTED]


CHANGING = [Status.AMENDED, Status.CORRECTED, Status.WITHDRAWN, Status.NOT_OBTAINABLE]
BEGINNING = [Status.PRELIMINARY, Status.FINAL]
# From the first to the last hour of the French day.
HOURS_OF_THE_DAY = [-13, -2, 0, 10]


def prevailing(*reports: Report) -> ResultDocument:
    """What every order of arrival ends in."""
    ends = [arrive(order)[0] for order in permutations(reports)]
    contents = {end.content_hash for end in ends if end is not None}
    assert len(contents) == 1
    assert ends[0] is not None
    return ends[0]


@pytest.mark.parametrize("hours", HOURS_OF_THE_DAY)
@pytest.mark.parametrize("status", CHANGING)
def test_a_change_known_by_day_only_prevails_over_every_timed_report_of_its_day(
    status: Status, hours: int
) -> None:
    change = a_report(on_day(status), "d:1")
    for each in Status:
        timed = a_report(a_result(each, hours=hours), "t:1")
        assert prevailing(change, timed).content_hash == change.content_hash


@pytest.mark.parametrize("hours", HOURS_OF_THE_DAY)
@pytest.mark.parametrize("status", BEGINNING)
def test_a_first_report_known_by_day_only_yields_to_every_timed_one_of_its_day(
    status: Status, hours: int
) -> None:
    for each in Status:
        timed = a_report(a_result(each, hours=hours), "t:1")
        assert prevailing(a_report(on_day(status), "d:1"), timed).status is each


@pytest.mark.parametrize("hours", [-14, 11])
def test_on_another_day_of_the_french_calendar_the_day_decides(hours: int) -> None:
    # 2026-11-19 23:00 and 2026-11-21 00:00 in France; the report is of the 20th.
    timed = a_report(a_result(hours=hours), "t:1")
    withdrawal = a_report(on_day(Status.WITHDRAWN), "d:1")
    assert prevailing(timed, withdrawal).withdrawn is (hours < 0)


def test_among_reports_known_by_day_only_the_status_decides() -> None:
    reports = [a_report(on_day(status), f"d:{status}") for status in Status]
    for lower, higher in pairwise(reports):
        assert prevailing(lower, higher).status is higher.result.status


def test_a_withdrawal_that_leaves_the_result_standing_is_in_vain() -> None:
    withdrawal = a_report(a_result(Status.WITHDRAWN), "w:1")
    _, decisions = arrive(
        [
            a_report(a_result(hours=1), "f:1"),
            withdrawal,
            a_report(a_result(Status.WITHDRAWN, hours=2), "w:2"),
            withdrawal,
            a_report(a_result(hours=-1), "f:2"),
        ]
    )
    assert [(d.answer, d.in_vain) for d in decisions] == [
        (Answer.ACCEPTED, False),
        (Answer.SUPERSEDED, True),
        (Answer.WITHDRAWN, False),
        (Answer.SUPERSEDED, False),
        (Answer.SUPERSEDED, False),
    ]


def test_a_withdrawal_sent_again_after_the_result_was_put_right_is_in_vain() -> None:
    withdrawal = a_result(Status.WITHDRAWN)
    _, decisions = arrive(
        [
            a_report(withdrawal, "w:1"),
            a_report(withdrawal, "w:2"),
            a_report(a_result(hours=1), "f:1"),
            a_report(withdrawal, "w:3"),
        ]
    )
    assert [(d.answer, d.in_vain) for d in decisions] == [
        (Answer.WITHDRAWN, False),
        (Answer.DUPLICATE, False),
        (Answer.CORRECTED, False),
        (Answer.DUPLICATE, True),
    ]


def test_an_older_report_changes_nothing() -> None:
    current, decisions = arrive(
        [a_report(a_result(hours=2)), a_report(a_result(hours=1), "other:1")]
    )
    assert decisions[1].answer is Answer.SUPERSEDED
    assert not decisions[1].writes
    assert current is not None
    assert (current.version, current.revision) == (1, 1)


def test_the_late_original_does_not_bring_a_withdrawn_result_back() -> None:
    current, decisions = arrive(
        [a_report(a_result(Status.WITHDRAWN)), a_report(a_result(), "late:1")]
    )
    assert [d.answer for d in decisions] == [Answer.WITHDRAWN, Answer.SUPERSEDED]
    assert current is not None
    assert current.withdrawn


def test_a_newer_final_report_of_a_withdrawn_result_is_a_correction() -> None:
    current, decisions = arrive(
        [
            a_report(a_result(), "1:1"),
            a_report(a_result(Status.WITHDRAWN, hours=1), "2:1"),
            a_report(a_result(hours=2), "3:1"),
        ]
    )
    assert [(d.answer, d.version) for d in decisions] == [
        (Answer.ACCEPTED, 1),
        (Answer.WITHDRAWN, 2),
        (Answer.CORRECTED, 3),
    ]
    assert current is not None
    assert not current.withdrawn


def test_the_same_source_again_gets_the_same_answer_whatever_came_since() -> None:
    original, correction = a_report(a_result(), "1:1"), a_report(a_result(hours=1), "2:1")
    withdrawal = a_report(a_result(Status.WITHDRAWN, hours=2), "3:1")
    _, decisions = arrive([original, correction, withdrawal, original, correction, withdrawal])
    first, again = decisions[:3], decisions[3:]
    assert [(d.answer, d.version) for d in again] == [(d.answer, d.version) for d in first]
    assert not any(d.writes for d in again)


def test_a_duplicate_stays_one_after_a_correction() -> None:
    result = a_result()
    duplicate = a_report(result, "1:2")
    assert answers_of(
        a_report(result, "1:1"), duplicate, a_report(a_result(hours=1), "1:3"), duplicate
    ) == [Answer.ACCEPTED, Answer.DUPLICATE, Answer.CORRECTED, Answer.DUPLICATE]


def test_an_item_remembers_a_bounded_number_of_answers() -> None:
    reports = [a_report(a_result(hours=n), f"{n}:1") for n in range(ANSWERS_KEPT + 5)]
    current, _ = arrive(reports)
    assert current is not None
    assert len(current.answers) == ANSWERS_KEPT
    assert decide(current, reports[0]).answer is Answer.SUPERSEDED
    assert decide(current, reports[-ANSWERS_KEPT]).answer is Answer.CORRECTED


def test_each_stored_version_has_one_event_and_nothing_else_has() -> None:
    reports = [
        a_report(a_result(), "1:1"),
        a_report(a_result(), "2:1"),
        a_report(a_result(hours=1, outcome=Outcome.NOT_OBTAINABLE), "3:1"),
        a_report(a_result(Status.WITHDRAWN, hours=2), "4:1"),
        a_report(a_result(hours=-1), "5:1"),
    ]
    _, decisions = arrive(reports)
    events = [
        result_event(report, decision, "p1.x")
        for report, decision in zip(reports, decisions, strict=True)
    ]
    assert [type(event) for event in events] == [
        ResultRecorded,
        type(None),
        ResultCorrected,
        ResultWithdrawn,
        type(None),
    ]
    assert [event.version for event in events if event] == [1, 2, 3]


def test_a_retry_tells_the_same_event_even_after_a_correction() -> None:
    original = a_report(a_result(), "1:1")
    current, (first, _) = arrive([original, a_report(a_result(hours=1), "2:1")])
    again = decide(current, original)
    assert result_event(original, again, "p1.x") == result_event(original, first, "p1.x")
    told = result_event(original, first, "p1.x")
    assert told is not None
    assert told.outcome is Outcome.DETECTED
    assert told.occurred_at == NOON


REPORTED = st.builds(
    a_result,
    st.sampled_from(Status),
    hours=st.sampled_from([-14, -13, 0, 1, 2, 10, 11]),
    outcome=st.sampled_from(Outcome),
    ct=st.sampled_from([None, 20.0]),
)


REPORTED_ON_A_DAY = st.builds(
    on_day,
    st.sampled_from(Status),
    days=st.integers(-1, 1),
    ct=st.sampled_from([None, 20.0]),
)


@given(st.lists(REPORTED | REPORTED_ON_A_DAY, min_size=1, max_size=6), st.data())
def test_any_order_and_repetition_ends_in_the_same_content(
    results: list[TestResult], data: st.DataObject
) -> None:
    reports = [a_report(result, f"{n}:1") for n, result in enumerate(results)]
    repeated = data.draw(st.lists(st.sampled_from(reports), max_size=6))
    shuffled = data.draw(st.permutations([*reports, *repeated]))
    expected, _ = arrive(reports)
    current, decisions = arrive(shuffled)
    assert expected is not None
    assert current is not None
    where_it_came = {"version", "revision", "answers", "received_at"}
    assert current.model_dump(exclude=where_it_came) == expected.model_dump(exclude=where_it_came)
    assert current.version == sum(decision.writes for decision in decisions)
    told: dict[str, tuple[Answer, int]] = {}
    for report, decision in zip(shuffled, decisions, strict=True):
        if decision.answer not in {Answer.DUPLICATE, Answer.SUPERSEDED}:
            assert told.setdefault(report.source, (decision.answer, decision.version)) == (
                decision.answer,
                decision.version,
            )


def test_version_numbers_count_stored_contents_and_so_depend_on_the_order() -> None:
    reports = [a_report(a_result(hours=n), f"{n}:1") for n in range(3)]
    versions = {}
    for order in permutations(range(3)):
        current, _ = arrive(reports[n] for n in order)
        assert current is not None
        assert current.reported_at == NOON + timedelta(hours=2)
        versions[order] = current.version
    assert versions[0, 1, 2] == 3
    assert versions[2, 1, 0] == 1
