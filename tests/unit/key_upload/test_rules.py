"""Which keys are taken, which are left out, and what refuses a whole upload."""

import base64
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from key_upload.key_rules import fault_of
from key_upload.permission import Permission
from key_upload.publish_request import PublishRequest, SentKey
from key_upload.refusal import PublishRefusedError
from key_upload.symptom_onset import days_since_onset, onset_interval
from key_upload.transformation import Transformed, transform
from vigie.tracing.interval import interval_number
from vigie.tracing.publish_rules import PublishRules
from vigie.tracing.verification_certificate import Diagnosis

NOW = datetime(2026, 11, 24, 6, 45, tzinfo=UTC)
THIS = interval_number(NOW)
TODAY = interval_number(datetime(2026, 11, 24, tzinfo=UTC))
DAY = 144
OLDEST = THIS - 15 * DAY
TOO_OLD = "rollingStartNumber and rollingPeriod end more than 360 hours ago"


def key(start: int = TODAY - DAY, period: int = DAY, risk: int = 0, data: bytes = b"") -> SentKey:
    data = data or start.to_bytes(8, "big") + period.to_bytes(8, "big", signed=True)
    return SentKey(
        key=base64.b64encode(data).decode(),
        rollingStartNumber=start,
        rollingPeriod=period,
        transmissionRisk=risk,
    )


RULES = PublishRules()
CONFIRMED = Permission(name="", once=True, diagnosis=Diagnosis.CONFIRMED, kept_until=NOW)


def transformed_of(
    request: PublishRequest, permission: Permission = CONFIRMED, rules: PublishRules = RULES
) -> Transformed:
    return transform(request, permission, NOW, rules)


def request(*keys: SentKey, onset: int = TODAY - DAY) -> PublishRequest:
    return PublishRequest(temporaryExposureKeys=keys, symptomOnsetInterval=onset)


@pytest.mark.parametrize(
    ("sent", "fault"),
    [
        (key(), None),
        (key(data=bytes(15)), "key is not base64 of 16 bytes"),
        (key(data=bytes(17)), "key is not base64 of 16 bytes"),
        (key(period=1), None),
        (key(period=0), "rollingPeriod is not 1 to 144"),
        (key(period=145), "rollingPeriod is not 1 to 144"),
        (key(period=-1), "rollingPeriod is not 1 to 144"),
        # Used until 15 days ago is late enough, however early it began.
        (key(start=OLDEST - DAY), None),
        (
            key(start=OLDEST - DAY - 1),
            "rollingStartNumber and rollingPeriod end more than 360 hours ago",
        ),
        (key(start=THIS, period=1), None),
        (key(start=THIS + 1, period=1), "rollingStartNumber is in the future"),
        (key(risk=8), None),
        (key(risk=9), "transmissionRisk is not 0 to 8"),
        (key(risk=-1), "transmissionRisk is not 0 to 8"),
    ],
)
def test_the_rules_of_a_key(sent: SentKey, fault: str | None) -> None:
    assert fault_of(sent, NOW, RULES) == fault


def test_a_key_that_breaks_a_rule_leaves_the_others() -> None:
    transformed = transformed_of(request(key(), key(period=0), key(TODAY - 3 * DAY)))
    assert len(transformed.keys) == 2
    assert transformed.faults == ("key 1 cannot be imported: rollingPeriod is not 1 to 144",)


def test_a_key_that_is_there_twice_counts_once() -> None:
    transformed = transformed_of(request(key(), key()))
    assert len(transformed.keys) == 1
    assert transformed.faults == ("key 1 cannot be imported: key is there twice",)


@pytest.mark.parametrize("count", [0, 31])
def test_too_few_or_too_many_keys_refuse_the_upload(count: int) -> None:
    keys = [key(THIS - number, 1) for number in range(count)]
    with pytest.raises(PublishRefusedError) as refused:
        transformed_of(request(*keys))
    assert (refused.value.status, refused.value.code) == (400, "bad_request")


def test_thirty_keys_are_taken() -> None:
    keys = [key(THIS - number, 1) for number in range(30)]
    assert len(transformed_of(request(*keys)).keys) == 30


@pytest.mark.parametrize(
    "keys",
    [
        (key(TODAY - DAY), key(TODAY)),
        # A phone that gives its key up early goes on with another of the same start.
        (key(TODAY, 40), key(TODAY, 144)),
        (key(TODAY, 10), key(TODAY, 20), key(TODAY, 30)),
        # Days need not begin at midnight.
        (key(TODAY - 250, 144), key(TODAY - 106, 50), key(TODAY - 56, 56)),
        (key(TODAY - 300, 10), key(TODAY)),
    ],
)
def test_keys_that_may_stand_together(keys: tuple[SentKey, ...]) -> None:
    assert len(transformed_of(request(*keys)).keys) == len(keys)
    assert len(transformed_of(request(*reversed(keys))).keys) == len(keys)


@pytest.mark.parametrize(
    "keys",
    [
        (key(TODAY - DAY), key(TODAY - 1)),
        (key(TODAY - DAY, 144), key(TODAY - DAY, 10), key(TODAY - DAY + 10, 20)),
        tuple(key(TODAY, period) for period in (10, 20, 30, 40)),
    ],
)
def test_keys_that_may_not(keys: tuple[SentKey, ...]) -> None:
    for ordered in (keys, tuple(reversed(keys))):
        with pytest.raises(PublishRefusedError) as refused:
            transformed_of(request(*ordered))
        assert refused.value.code == "bad_request"


def test_an_overlap_with_a_bad_key_is_none() -> None:
    assert len(transformed_of(request(key(TODAY), key(TODAY + 1, 200))).keys) == 1


@pytest.mark.parametrize(
    ("stated", "taken"),
    [
        (TODAY - DAY, TODAY - DAY),
        (TODAY - 28 * DAY, TODAY - 28 * DAY),
        (TODAY - 28 * DAY - 1, THIS - 4 * DAY),
        (THIS - 1, THIS - 1),
        (THIS, THIS - 4 * DAY),
        (0, THIS - 4 * DAY),
        (-5, THIS - 4 * DAY),
    ],
)
def test_an_onset_that_cannot_be_is_taken_for_four_days_ago(stated: int, taken: int) -> None:
    assert onset_interval(stated, None, NOW, RULES) == taken


@pytest.mark.parametrize(
    ("start", "onset", "days"),
    [
        (TODAY, TODAY, 0),
        (TODAY + 143, TODAY, 0),
        (TODAY, TODAY + 143, 0),
        (TODAY - 1, TODAY, -1),
        (TODAY, TODAY - 1, 1),
    ],
)
def test_days_since_onset_are_days_of_the_calendar(start: int, onset: int, days: int) -> None:
    assert days_since_onset(start, onset) == days


def test_a_key_too_far_from_the_onset_is_left_out_with_a_warning_and_no_fault() -> None:
    far = request(key(TODAY - DAY), key(TODAY - 14 * DAY), onset=TODAY - 16 * DAY)
    transformed = transformed_of(far)
    assert [each.days_since_onset_of_symptoms for each in transformed.keys.values()] == [2]
    assert transformed.faults == ()
    assert transformed.warnings == (
        "key 0 symptom onset is too large, 15 > 14 - saving without this key",
    )


_any_keys = st.lists(
    st.builds(
        key,
        st.integers(OLDEST - 300, THIS + 300),
        st.integers(-1, 146),
        st.integers(-1, 9),
        st.binary(min_size=16, max_size=16),
    ),
    max_size=32,
)


@given(_any_keys, st.integers(-(2**31), 2**31 - 1))
def test_whatever_is_taken_is_within_the_format(keys: list[SentKey], onset: int) -> None:
    try:
        transformed = transformed_of(request(*keys, onset=onset))
    except PublishRefusedError:
        return
    said = len(transformed.keys) + len(transformed.faults) + len(transformed.warnings)
    assert said == len(keys)
    for taken in transformed.keys.values():
        assert taken.expires_at >= NOW - timedelta(days=15, minutes=10)
        assert taken.rolling_start_interval_number <= THIS
        assert taken.transmission_risk >= 1
        assert taken.days_since_onset_of_symptoms is not None
