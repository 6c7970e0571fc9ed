"""Which keys may become what, when they are given again."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from key_upload.refusal import PublishRefusedError
from key_upload.report_types import report_type_of
from key_upload.republishing import Changes, Revision, changes_by
from key_upload.revision_token import RevisableKey
from vigie.tracing.diagnosis_key import DiagnosisKey, ReportType
from vigie.tracing.stored_key import KnownKey, Provenance
from vigie.tracing.verification_certificate import Diagnosis

NOW = datetime(2026, 11, 24, 6, 45, tzinfo=UTC)
START = 2_990_000
ALLOWED = {
    (None, Diagnosis.CONFIRMED),
    (None, Diagnosis.NEGATIVE),
    (Diagnosis.LIKELY, Diagnosis.CONFIRMED),
    (Diagnosis.LIKELY, Diagnosis.NEGATIVE),
    (Diagnosis.USER_REPORT, Diagnosis.CONFIRMED),
    (Diagnosis.USER_REPORT, Diagnosis.LIKELY),
    (Diagnosis.USER_REPORT, Diagnosis.NEGATIVE),
}
ANY = st.sampled_from((None, *Diagnosis))


def key(number: int, diagnosis: Diagnosis | None, period: int = 144) -> DiagnosisKey:
    return DiagnosisKey(
        key_data=bytes((number,)) * 16,
        rolling_start_interval_number=START,
        rolling_period=period,
        transmission_risk=1,
        report_type=report_type_of(diagnosis),
    )


def known(
    given_as: DiagnosisKey,
    revised_as: ReportType | None = None,
    lives: timedelta = timedelta(days=14),
) -> KnownKey:
    return KnownKey(
        key_data=given_as.key_data,
        rolling_start_interval_number=given_as.rolling_start_interval_number,
        rolling_period=given_as.rolling_period,
        report_type=given_as.report_type,
        provenance=Provenance(origin="FR"),
        stands_in="2026-11-24T06Z#00",
        expires_at=NOW + lives,
        revised_as=revised_as,
        revised_in=None if revised_as is None else "2026-11-24T06Z#revised#00",
    )


def named(*keys: DiagnosisKey) -> tuple[RevisableKey, ...]:
    return tuple(
        RevisableKey(
            key_data=one.key_data,
            rolling_start_interval_number=one.rolling_start_interval_number,
            rolling_period=one.rolling_period,
        )
        for one in keys
    )


def changes(
    given: DiagnosisKey, there: KnownKey, token: tuple[RevisableKey, ...] | None
) -> Changes | str:
    """What an upload of one key changes, or the code that it is refused with."""
    try:
        return changes_by([given], {there.key_data: there}, token, NOW, partial=False)
    except PublishRefusedError as refused:
        return refused.code


@given(first=ANY, revised=st.none() | st.sampled_from(tuple(Diagnosis)), then=ANY)
def test_a_report_type_changes_once_and_as_the_reference_allows(
    first: Diagnosis | None, revised: Diagnosis | None, then: Diagnosis | None
) -> None:
    earlier, later = key(1, first), key(1, then)
    there = known(earlier, None if revised is None else report_type_of(revised))
    outcome = changes(later, there, named(earlier))
    if then in {first, revised if revised is not None else first}:
        assert outcome == Changes((), (), ())
    elif revised is not None:
        assert outcome == "key_already_revised"
    elif (first, then) in ALLOWED:
        assert outcome == Changes((), (Revision(later, there),), ())
    else:
        assert outcome == "invalid_report_type_transition"


@pytest.mark.parametrize("token", [None, (), named(key(2, None)), named(key(1, None, 100))])
def test_only_the_token_permits_it(token: tuple[RevisableKey, ...] | None) -> None:
    code = "missing_revision_token" if token is None else "invalid_revision_token"
    there = known(key(1, Diagnosis.LIKELY))
    for diagnosis in (Diagnosis.LIKELY, Diagnosis.CONFIRMED):
        assert changes(key(1, diagnosis), there, token) == code
    assert changes(key(1, None, 100), there, named(key(1, None))) == "invalid_revision_token"


def test_a_key_that_is_about_to_be_deleted_is_not_revised() -> None:
    earlier = key(1, Diagnosis.LIKELY)
    there = known(earlier, lives=timedelta(0))
    assert changes(key(1, Diagnosis.NEGATIVE), there, named(earlier)) == Changes((), (), ())


def test_new_keys_are_stored_but_for_those_of_a_negative_result() -> None:
    keys = [key(1, Diagnosis.LIKELY), key(2, Diagnosis.LIKELY)]
    assert changes_by(keys, {}, None, NOW, partial=False) == Changes(tuple(keys), (), ())
    negative = [key(1, Diagnosis.NEGATIVE)]
    assert changes_by(negative, {}, None, NOW, partial=False) == Changes((), (), ())
