"""The key rules agree with a second, plain writing of the reference's rules."""

import base64
from datetime import UTC, datetime
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from key_upload.permission import Permission
from key_upload.publish_request import PublishRequest, SentKey
from key_upload.refusal import PublishRefusedError
from key_upload.transformation import transform
from vigie.tracing.publish_rules import PublishRules
from vigie.tracing.verification_certificate import Diagnosis

NOW = datetime(2026, 11, 24, 6, 45, tzinfo=UTC)
THIS = int(NOW.timestamp()) // 600
MIDNIGHT = THIS - THIS % 144
RISKS = {
    Diagnosis.CONFIRMED: 2,
    Diagnosis.LIKELY: 4,
    Diagnosis.NEGATIVE: 6,
    Diagnosis.USER_REPORT: 0,
    None: 0,
}


def taken_by_the_model(
    keys: list[tuple[bytes, int, int, int]],
    onsets: tuple[int, int | None],
    diagnosis: Diagnosis | None,
) -> set[tuple[bytes, int, int, int, int]] | None:
    """Bytes, start, period, risk and days of each key that is taken; None if none may be."""
    if not 1 <= len(keys) <= 30:
        return None
    likely = [
        onset for onset in onsets if onset is not None and MIDNIGHT - 28 * 144 <= onset < THIS
    ]
    onset_day = (likely[0] if likely else THIS - 4 * 144) // 144
    taken: dict[bytes, tuple[bytes, int, int, int, int]] = {}
    for data, start, period, risk in keys:
        days = start // 144 - onset_day
        good = (
            len(data) == 16
            and 0 < period < 145
            and start + period >= THIS - 15 * 144
            and start <= THIS
            and risk in range(9)
            and data not in taken
            and -14 <= days <= 14
        )
        if good:
            taken[data] = (data, start, period, risk or RISKS[diagnosis], days)
    starts = [one[1] for one in taken.values()]
    if any(starts.count(start) > 3 for start in starts):
        return None
    for (_, start, period, *_), (_, other, length, *_) in combinations(taken.values(), 2):
        if start != other and start < other + length and other < start + period:
            return None
    return set(taken.values())


_keys = st.lists(
    st.tuples(
        st.one_of(
            st.integers(0, 40).map(lambda number: bytes((number,)) * 16),
            st.binary(min_size=15, max_size=17),
        ),
        st.one_of(
            st.integers(0, 16).map(lambda day: MIDNIGHT - day * 144),
            st.integers(THIS - 17 * 144, THIS + 2),
        ),
        st.sampled_from((144, 144, 144, 72, 1, 0, 145)),
        st.sampled_from((0, 1, 8, 9)),
    ),
    max_size=14,
)
_onset = st.one_of(
    st.just(0), st.integers(MIDNIGHT - 29 * 144, THIS + 1), st.just(MIDNIGHT - 28 * 144)
)


@settings(max_examples=200)
@given(_keys, _onset, st.none() | _onset, st.sampled_from((None, *Diagnosis)))
def test_what_is_taken_is_what_the_model_takes(
    keys: list[tuple[bytes, int, int, int]],
    stated: int,
    certified: int | None,
    diagnosis: Diagnosis | None,
) -> None:
    request = PublishRequest(
        temporaryExposureKeys=tuple(
            SentKey(
                key=base64.b64encode(data).decode(),
                rollingStartNumber=start,
                rollingPeriod=period,
                transmissionRisk=risk,
            )
            for data, start, period, risk in keys
        ),
        symptomOnsetInterval=stated,
    )
    permission = Permission(
        name="",
        once=False,
        diagnosis=diagnosis,
        symptom_onset_interval=certified,
        kept_until=NOW,
    )
    expected = taken_by_the_model(keys, (stated, certified), diagnosis)
    try:
        transformed = transform(request, permission, NOW, PublishRules())
    except PublishRefusedError:
        assert expected is None
        return
    assert {
        (
            key.key_data,
            key.rolling_start_interval_number,
            key.rolling_period,
            key.transmission_risk,
            key.days_since_onset_of_symptoms,
        )
        for key in transformed.keys.values()
    } == expected
    left_out = len(transformed.faults) + len(transformed.warnings)
    assert len(transformed.keys) + left_out == len(keys)
