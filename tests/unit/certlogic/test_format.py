"""Faults of expressions, found without evaluating them."""

from typing import Any

import pytest

from vigie.certlogic import issues
from vigie.certlogic.evaluation import MAX_DEPTH
from vigie.certlogic.format import MAX_ISSUES, accessed


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        (None, "invalid CertLogic expression"),
        (3.14, "3.14 is a non-integer number"),
        ({}, "expression object must have exactly one key, but it has 0"),
        ({"all": "foo"}, 'operation not of the form { "<operator>": [ <values...> ] }'),
        ({"all": [None]}, 'unrecognised operator: "all"'),
        ({"var": 0}, 'not of the form { "var": "<path>" }'),
        ({"var": "x."}, "data access path doesn't have a valid format: x."),
        ({"and": [True]}, 'an "and" operation must have at least 2 operands, but it has 1'),
        (
            {"if": [True, 1]},
            'an "if"-operation must have exactly 3 values/operands, but it has 2',
        ),
        (
            {"plusTime": ["2021", 1, "week"]},
            (
                '"unit" argument (#3) of "plusTime" must be a string equal to one of '
                "year, month, day, hour, but it is: week"
            ),
        ),
    ],
)
def test_a_fault_is_told_in_the_words_of_the_reference(expression: object, message: str) -> None:
    broken: Any = expression
    (issue,) = issues(broken)
    assert (issue.message, issue.expression, issue.place) == (message, expression, "")


@pytest.mark.parametrize("expression", ["", "foo", 0, 42.0, False, [], {"var": "x.0.y"}])
def test_a_well_formed_expression_has_no_fault(expression: object) -> None:
    sound: Any = expression
    assert issues(sound) == ()


def test_a_fault_has_its_place() -> None:
    expression: Any = {"and": [{"var": "a"}, {"!": [{"===": [1, {"or": []}]}]}]}
    assert [issue.place for issue in issues(expression)] == ["/and/1/!/0/===/1"]


def test_faults_are_bounded_in_number_and_depth() -> None:
    deep: Any = True
    for _ in range(10 * MAX_DEPTH):
        deep = [deep]
    assert issues(deep)[0].message == "the expression nests too deep"
    assert len(issues([None] * 1000)) == MAX_ISSUES


def test_the_data_that_an_expression_looks_at_is_listed() -> None:
    lambda_: Any = {"+": [{"var": "current"}, {"var": "accumulator"}]}
    expression: Any = {
        "if": [
            {"var": "payload.v.0"},
            {"reduce": [{"var": "payload.v"}, lambda_, {"var": "external.iat"}]},
            True,
        ]
    }
    assert accessed(expression) == {"payload.v.0", "payload.v", "external.iat"}
