"""Values of expressions, where Python and the specification could part."""

from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vigie.certlogic import CertLogicError, evaluate
from vigie.certlogic.evaluation import _OPERATIONS, MAX_DEPTH

_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)
_NAMES = st.sampled_from(["or", "var", *_OPERATIONS])
_EXPRESSIONS = st.recursive(
    _JSON | st.just({"var": "a.0"}),
    lambda inner: st.dictionaries(_NAMES, st.lists(inner, max_size=4), min_size=1, max_size=1),
    max_leaves=12,
)


def _refused(expression: Any, data: Any = None) -> str:  # noqa: ANN401 - JSON
    with pytest.raises(CertLogicError) as caught:
        evaluate(expression, data)
    return caught.value.code


@pytest.mark.parametrize(
    ("left", "right", "equal"),
    [
        (1, True, False),
        (0, False, False),
        (1, 1.0, True),
        ("1", 1, False),
        (None, None, True),
        (None, False, False),
        ("a", "a", True),
        ([], [], False),
    ],
)
def test_equality_converts_nothing(left: object, right: object, *, equal: bool) -> None:
    data: Any = [left, right]
    assert evaluate({"===": [{"var": "0"}, {"var": "1"}]}, data) is equal
    assert evaluate({"in": [{"var": "0"}, [{"var": "1"}]]}, data) is equal


@pytest.mark.parametrize("value", [None, False, "", 0, [], {}])
def test_what_is_empty_is_falsy(value: object) -> None:
    data: Any = value
    assert evaluate({"!": [{"var": ""}]}, data) is True


@pytest.mark.parametrize("value", [True, "0", -1, [None], {"a": None}])
def test_what_is_there_is_truthy(value: object) -> None:
    data: Any = value
    assert evaluate({"if": [{"var": ""}, "yes", "no"]}, data) == "yes"


def test_a_date_time_and_a_broken_number_are_neither() -> None:
    assert _refused({"!": [{"plusTime": ["2021-06-01", 0, "day"]}]}) == "neither-truthy-nor-falsy"
    assert _refused({"if": [{"var": ""}, 1, 2]}, 0.5) == "neither-truthy-nor-falsy"


@pytest.mark.parametrize(
    ("text", "amount", "unit", "expected"),
    [
        ("2020-02-29", 1, "day", "2020-03-01T00:00:00Z"),
        ("2020-02-29", 1, "month", "2020-03-29T00:00:00Z"),
        ("2020-02-29", 1, "year", "2021-03-01T00:00:00Z"),
        ("2021-01-31", 1, "month", "2021-03-03T00:00:00Z"),
        ("2021-01-15", -13, "month", "2019-12-15T00:00:00Z"),
        ("2021-06-23T12:00:00+02:00", -1, "hour", "2021-06-23T09:00:00Z"),
        ("2021-06-23T12:00:00+2", 0, "day", "2021-06-23T10:00:00Z"),
        ("2021-06-23T12:00:00-0530", 0, "day", "2021-06-23T17:30:00Z"),
        ("2021-06-23T12:00:00+530", 0, "day", "2021-06-23T06:30:00Z"),
        ("2021-06-23T12:00:00+5:30", 0, "day", "2021-06-23T06:30:00Z"),
        ("2021-06-23T12:00:00", 0, "day", "2021-06-23T12:00:00Z"),
        ("2021-06-23T12:00:00.9999Z", 0, "day", "2021-06-23T12:00:00.999Z"),
        ("2021-06-23T12:00:00.5", 0, "day", "2021-06-23T12:00:00.500Z"),
        ("2021-02", 0, "day", "2021-02-28T00:00:00Z"),
        ("2021", 0, "day", "2021-12-31T00:00:00Z"),
    ],
)
def test_a_date_is_read_and_offset_as_the_specification_says(
    text: str, amount: int, unit: str, expected: str
) -> None:
    assert evaluate({"plusTime": [text, amount, unit]}, None) == datetime.fromisoformat(expected)


def test_a_partial_date_of_birth_is_its_last_day() -> None:
    assert evaluate({"dccDateOfBirth": [{"var": ""}]}, "2004-02") == datetime(
        2004, 2, 29, tzinfo=UTC
    )
    assert evaluate({"dccDateOfBirth": ["2004"]}, None) == datetime(2004, 12, 31, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    ["", "21-06-01", "2021-02-30", "2021-06-01 12:00:00", "2021-06-01T25:00:00Z", "٢٠٢١", "0000"],
)
def test_a_text_that_is_no_date_is_refused(text: str) -> None:
    assert _refused({"plusTime": [text, 0, "day"]}) == "date-time"
    assert _refused({"dccDateOfBirth": [text]}) == "date-time"


def test_an_offset_out_of_the_calendar_is_refused() -> None:
    for unit in ("year", "month", "day", "hour"):
        assert _refused({"plusTime": ["2021-06-01", 10**12, unit]}) == "date-time"


@pytest.mark.parametrize(
    ("expression", "code"),
    [
        (None, "expression"),
        (3.14, "expression"),
        ({}, "operation-form"),
        ({"var": 0}, "operation-form"),
        ({"!": []}, "operation-form"),
        ({"or": [True, False]}, "operation-unknown"),
        ({"and": [True]}, "operand-count"),
        ({"if": [True, 1]}, "operand-count"),
        ({"===": [1, 1, 1]}, "operand-count"),
        ({"<": [1, 2, 3, 4]}, "operand-count"),
        ({"in": ["a", "abc"]}, "operand-type"),
        ({"+": ["1", 1]}, "operand-type"),
        ({"+": [True, 1]}, "operand-type"),
        ({"<": ["1", 2]}, "operand-type"),
        ({"before": ["2021-06-01", "2021-06-02"]}, "operand-type"),
        ({"plusTime": ["2021-06-01", "1", "day"]}, "operand-type"),
        ({"plusTime": ["2021-06-01", 1, "week"]}, "operand-type"),
        ({"plusTime": [{"plusTime": ["2021-06-01", 1, "day"]}, 1, "day"]}, "operand-type"),
        ({"extractFromUVCI": [1, 1]}, "operand-type"),
        ({"reduce": ["abc", {"var": "current"}, 0]}, "operand-type"),
    ],
)
def test_an_expression_without_a_value_is_refused_by_name(expression: object, code: str) -> None:
    broken: Any = expression
    assert _refused(broken) == code


def test_a_reduction_sees_its_items_and_not_the_data() -> None:
    add: Any = {"+": [{"var": "current"}, {"var": "accumulator"}]}
    total: Any = {"reduce": [{"var": "items"}, add, 1]}
    assert evaluate(total, {"items": [1, 2, 3]}) == 7
    assert evaluate(total, {"items": None}) == 1
    assert evaluate({"reduce": [[1], {"var": "items"}, 0]}, {"items": 1}) is None


def test_a_uvci_gives_its_fragments() -> None:
    def fragment(index: int) -> object:
        return evaluate({"extractFromUVCI": [{"var": ""}, index]}, "URN:UVCI:01:FR:AB/C#D")

    assert [fragment(index) for index in range(-1, 6)] == [None, "01", "FR", "AB", "C", "D", None]


def test_an_expression_that_nests_too_deep_is_refused() -> None:
    expression: Any = True
    for _ in range(MAX_DEPTH):
        expression = {"!": [expression]}
    assert evaluate(expression, None) is True
    assert _refused({"!": [expression]}) == "depth"


def test_an_expression_that_would_run_for_hours_is_refused() -> None:
    expression: Any = {"var": "current"}
    for _ in range(9):
        expression = {"reduce": [list(range(100)), expression, 0]}
    assert _refused(expression) == "steps"


@pytest.mark.parametrize(
    "long", [{"var": "a." * 50_000 + "a"}, {"extractFromUVCI": ["/" * 100_000, 0]}]
)
def test_a_long_text_is_not_taken_apart_again_and_again(long: object) -> None:
    assert _refused({"reduce": [list(range(100)), long, 0]}) == "steps"


def test_a_number_that_doubles_without_end_is_refused() -> None:
    twice = {"+": [{"var": "accumulator"}, {"var": "accumulator"}]}
    assert _refused({"reduce": [list(range(100)), twice, 1]}) == "integer-range"


@settings(max_examples=60)
@given(expression=_EXPRESSIONS, data=_JSON)
def test_whatever_is_evaluated_gives_a_value_or_our_own_error(
    expression: Any,  # noqa: ANN401 - JSON
    data: Any,  # noqa: ANN401 - JSON
) -> None:
    with suppress(CertLogicError):
        evaluate(expression, data)
