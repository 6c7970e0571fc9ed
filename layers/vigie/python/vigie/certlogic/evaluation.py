"""The interpreter: an expression and data give a value, within bounds.

An expression comes from another country: it may nest 100 levels deep and take 100,000
steps, which is thousands of times what the rules in use need. A text that is taken apart costs
a step for each 64 characters.
"""

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TypeAlias

from vigie.certlogic import instants
from vigie.certlogic.errors import CertLogicError
from vigie.certlogic.values import MAX_INTEGER, Value, access, identical, integer, truth

# The version of the specification that this interpreter follows.
SPECIFICATION = (1, 3, 3)
MAX_DEPTH = 100
MAX_STEPS = 100_000
_CHARACTERS_OF_A_STEP = 64

_UVCI_PREFIX = "URN:UVCI:"
_UVCI_SEPARATORS = re.compile("[/#:]")
_ORDERS: Mapping[str, Callable[[int, int], bool]] = {
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}
_INSTANT_ORDERS: Mapping[str, Callable[[datetime, datetime], bool]] = {
    "before": operator.lt,
    "after": operator.gt,
    "not-after": operator.le,
    "not-before": operator.ge,
}
_PAIR = 2
_TRIPLE = 3

Operation: TypeAlias = Callable[["_Evaluation", Sequence[Value], Value, int], Value]


def evaluate(expression: Value, data: Value) -> Value:
    """The value of an expression in the given data.

    Args:
        expression: as `json.loads` gives it.
        data: as `json.loads` gives it; for a rule, `payload` and `external`.

    Raises:
        CertLogicError: `expression`, `operation-form`, `operation-unknown`, `operand-count`,
            `operand-type`, `neither-truthy-nor-falsy`, `date-time`, `integer-range`, `depth`
            or `steps`.
    """
    return _Evaluation().value(expression, data, 0)


class _Evaluation:
    """One evaluation, and how many of its steps are left."""

    def __init__(self) -> None:
        self._steps = MAX_STEPS

    def value(self, expression: Value, data: Value, depth: int) -> Value:
        self.spend(1)
        if isinstance(expression, dict):
            return self._operation(expression, data, _inner(depth))
        if isinstance(expression, (str, bool)):
            return expression
        if isinstance(expression, list):
            return [self.value(item, data, _inner(depth)) for item in expression]
        number = integer(expression)
        if number is None:
            raise CertLogicError("expression", "neither a literal nor an operation")
        return number

    def spend(self, steps: int) -> None:
        self._steps -= steps
        if self._steps < 0:
            raise CertLogicError("steps", "the evaluation takes too many steps")

    def spend_on(self, text: str) -> None:
        """Spend what taking a text apart costs."""
        self.spend(len(text) // _CHARACTERS_OF_A_STEP)

    def _operation(self, expression: dict[str, Value], data: Value, depth: int) -> Value:
        if len(expression) != 1:
            raise CertLogicError("operation-form", "an operation has exactly one key")
        ((name, operands),) = expression.items()
        if name == "var":
            if not isinstance(operands, str):
                raise CertLogicError("operation-form", '"var" takes a path')
            self.spend_on(operands)
            return access(data, operands)
        if not isinstance(operands, list) or not operands:
            raise CertLogicError("operation-form", "an operation takes a list of operands")
        operation = _OPERATIONS.get(name)
        if operation is None:
            raise CertLogicError("operation-unknown", "an operation is not one of CertLogic")
        return operation(self, operands, data, depth)


def _if(run: _Evaluation, operands: Sequence[Value], data: Value, depth: int) -> Value:
    _check_count("if", operands, _TRIPLE)
    guard = truth(run.value(operands[0], data, depth))
    return run.value(operands[1] if guard else operands[2], data, depth)


def _and(run: _Evaluation, operands: Sequence[Value], data: Value, depth: int) -> Value:
    """The first falsy operand, else the last one; those behind are not evaluated."""
    if len(operands) < _PAIR:
        raise CertLogicError("operand-count", '"and" takes 2 operands or more')
    value: Value = None
    for operand in operands:
        value = run.value(operand, data, depth)
        if not truth(value):
            break
    return value


def _not(run: _Evaluation, operands: Sequence[Value], data: Value, depth: int) -> Value:
    _check_count("!", operands, 1)
    return not truth(run.value(operands[0], data, depth))


def _identical(run: _Evaluation, operands: Sequence[Value], data: Value, depth: int) -> Value:
    _check_count("===", operands, _PAIR)
    left, right = [run.value(operand, data, depth) for operand in operands]
    return identical(left, right)


def _in(run: _Evaluation, operands: Sequence[Value], data: Value, depth: int) -> Value:
    _check_count("in", operands, _PAIR)
    item, items = [run.value(operand, data, depth) for operand in operands]
    if not isinstance(items, list):
        raise CertLogicError("operand-type", 'the second operand of "in" is not an array')
    run.spend(len(items))
    return any(identical(item, other) for other in items)


def _plus(run: _Evaluation, operands: Sequence[Value], data: Value, depth: int) -> Value:
    _check_count("+", operands, _PAIR)
    total = sum(_integers("+", [run.value(operand, data, depth) for operand in operands]))
    if abs(total) > MAX_INTEGER:
        raise CertLogicError("integer-range", "a sum is beyond the exact integers")
    return total


def _comparison(name: str) -> Operation:
    holds = _ORDERS[name]

    def compare(run: _Evaluation, operands: Sequence[Value], data: Value, depth: int) -> Value:
        _check_comparison(name, operands)
        numbers = _integers(name, [run.value(operand, data, depth) for operand in operands])
        return all(map(holds, numbers, numbers[1:]))

    return compare


def _instant_comparison(name: str) -> Operation:
    holds = _INSTANT_ORDERS[name]

    def compare(run: _Evaluation, operands: Sequence[Value], data: Value, depth: int) -> Value:
        _check_comparison(name, operands)
        values = [run.value(operand, data, depth) for operand in operands]
        moments = [value for value in values if isinstance(value, datetime)]
        if len(moments) != len(values):
            raise CertLogicError("operand-type", f'an operand of "{name}" is not a date-time')
        return all(map(holds, moments, moments[1:]))

    return compare


def _plus_time(run: _Evaluation, operands: Sequence[Value], data: Value, depth: int) -> Value:
    _check_count("plusTime", operands, _TRIPLE)
    amount, unit = integer(operands[1]), operands[2]
    if amount is None:
        raise CertLogicError("operand-type", 'the amount of "plusTime" is not an integer')
    if not isinstance(unit, str) or unit not in instants.UNITS:
        raise CertLogicError("operand-type", 'the unit of "plusTime" is not one of time')
    text = run.value(operands[0], data, depth)
    if not isinstance(text, str):
        raise CertLogicError("operand-type", 'the date of "plusTime" is not a text')
    return instants.plus_time(text, amount, unit)


def _date_of_birth(run: _Evaluation, operands: Sequence[Value], data: Value, depth: int) -> Value:
    _check_count("dccDateOfBirth", operands, 1)
    text = run.value(operands[0], data, depth)
    if not isinstance(text, str):
        raise CertLogicError("operand-type", 'the date of "dccDateOfBirth" is not a text')
    return instants.date_of_birth(text)


def _extract(run: _Evaluation, operands: Sequence[Value], data: Value, depth: int) -> Value:
    """The fragment of a UVCI at an index; its prefix counts for none."""
    _check_count("extractFromUVCI", operands, _PAIR)
    uvci, index = run.value(operands[0], data, depth), integer(operands[1])
    if uvci is not None and not isinstance(uvci, str):
        raise CertLogicError("operand-type", 'the UVCI of "extractFromUVCI" is not a text')
    if index is None:
        raise CertLogicError("operand-type", 'the index of "extractFromUVCI" is not an integer')
    if uvci is None:
        return None
    run.spend_on(uvci)
    fragments = _UVCI_SEPARATORS.split(uvci.removeprefix(_UVCI_PREFIX))
    return fragments[index] if 0 <= index < len(fragments) else None


def _reduce(run: _Evaluation, operands: Sequence[Value], data: Value, depth: int) -> Value:
    _check_count("reduce", operands, _TRIPLE)
    items = run.value(operands[0], data, depth)
    accumulator = run.value(operands[2], data, depth)
    if items is None:
        return accumulator
    if not isinstance(items, list):
        raise CertLogicError("operand-type", 'the first operand of "reduce" is not an array')
    for item in items:
        inner: Value = {"current": item, "accumulator": accumulator}
        accumulator = run.value(operands[1], inner, depth)
    return accumulator


def _check_count(name: str, operands: Sequence[Value], count: int) -> None:
    if len(operands) != count:
        raise CertLogicError("operand-count", f'the number of operands of "{name}" is {count}')


def _check_comparison(name: str, operands: Sequence[Value]) -> None:
    if len(operands) not in {_PAIR, _TRIPLE}:
        raise CertLogicError("operand-count", f'"{name}" takes 2 or 3 operands')


def _integers(name: str, values: Sequence[Value]) -> list[int]:
    numbers = [number for value in values if (number := integer(value)) is not None]
    if len(numbers) != len(values):
        raise CertLogicError("operand-type", f'an operand of "{name}" is not an integer')
    return numbers


def _inner(depth: int) -> int:
    if depth == MAX_DEPTH:
        raise CertLogicError("depth", "the expression nests too deep")
    return depth + 1


_OPERATIONS: Mapping[str, Operation] = {
    "if": _if,
    "and": _and,
    "!": _not,
    "===": _identical,
    "in": _in,
    "+": _plus,
    **{name: _comparison(name) for name in _ORDERS},
    **{name: _instant_comparison(name) for name in _INSTANT_ORDERS},
    "plusTime": _plus_time,
    "dccDateOfBirth": _date_of_birth,
    "extractFromUVCI": _extract,
    "reduce": _reduce,
}
