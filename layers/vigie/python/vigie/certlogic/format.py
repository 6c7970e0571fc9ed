"""Whether an expression is well formed, and which data it looks at, without evaluating it.

The messages are those of the reference validator, so that a rule is told the same faults
here and there (eu-dcc-business-rules, certlogic/specification/validation-testSuite).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from vigie.certlogic.evaluation import MAX_DEPTH
from vigie.certlogic.instants import UNITS
from vigie.certlogic.values import Value, integer

MAX_ISSUES = 100

_PATH = re.compile(r"([^.]+(\.[^.]+)*)?")
_INFIX = frozenset({"===", "in", "+"})
_COMPARISONS = frozenset(
    {"<", ">", "<=", ">=", "after", "before", "not-after", "not-before"},
)
_COUNTS = {"if": 3, "plusTime": 3, "reduce": 3, "extractFromUVCI": 2, "dccDateOfBirth": 1}
# The operands that are literals, with a name for each.
_INTEGERS = {"plusTime": "amount", "extractFromUVCI": "index"}
_SHOWN_CHARACTERS = 80


@dataclass(frozen=True, slots=True)
class Issue:
    """One fault of an expression.

    Attributes:
        place: of the faulty part, as a JSON pointer (RFC 6901).
        expression: the faulty part.
        message: what is wrong with it.
    """

    place: str
    expression: Value
    message: str


def issues(expression: Value) -> tuple[Issue, ...]:
    """The faults of an expression, at most 100; none if it is well formed."""
    found = []
    for issue in _issues(expression, "", 0):
        found.append(issue)
        if len(found) == MAX_ISSUES:
            break
    return tuple(found)


def accessed(expression: Value) -> frozenset[str]:
    """The paths of data that a well-formed expression looks at.

    The function of a `reduce` sees the items and not the data, so its paths are left out.
    """
    if isinstance(expression, list):
        return frozenset[str]().union(*[accessed(item) for item in expression])
    if not isinstance(expression, dict):
        return frozenset()
    ((name, operands),) = expression.items()
    if name == "var":
        return frozenset({operands}) if isinstance(operands, str) else frozenset()
    if name == "reduce" and isinstance(operands, list):
        return accessed([operands[0], operands[2]])
    return accessed(operands)


def _issues(expression: Value, place: str, depth: int) -> Iterator[Issue]:
    if isinstance(expression, str | bool) or integer(expression) is not None:
        return
    if depth == MAX_DEPTH:
        yield Issue(place, expression, "the expression nests too deep")
    elif isinstance(expression, float):
        yield Issue(place, expression, f"{expression} is a non-integer number")
    elif isinstance(expression, list):
        yield from _items_issues(expression, place, depth)
    elif isinstance(expression, dict):
        yield from _object_issues(expression, place, depth)
    else:
        yield Issue(place, expression, "invalid CertLogic expression")


def _items_issues(items: Sequence[Value], place: str, depth: int) -> Iterator[Issue]:
    for index, item in enumerate(items):
        yield from _issues(item, f"{place}/{index}", depth + 1)


def _object_issues(expression: Mapping[str, Value], place: str, depth: int) -> Iterator[Issue]:
    if len(expression) != 1:
        message = f"expression object must have exactly one key, but it has {len(expression)}"
        yield Issue(place, expression, message)
        return
    ((name, operands),) = expression.items()
    if name == "var":
        yield from (Issue(place, expression, message) for message in _path_faults(operands))
    elif not isinstance(operands, list):
        message = 'operation not of the form { "<operator>": [ <values...> ] }'
        yield Issue(place, expression, message)
    elif not _is_known(name):
        yield Issue(place, expression, f'unrecognised operator: "{_shown(name)}"')
    else:
        for message in (*_count_faults(name, operands), *_literal_faults(name, operands)):
            yield Issue(place, expression, message)
        yield from _items_issues(_evaluated(name, operands), f"{place}/{_escaped(name)}", depth)


def _is_known(name: str) -> bool:
    return name in {"and", "!"} or name in _INFIX or name in _COMPARISONS or name in _COUNTS


def _path_faults(path: Value) -> Iterator[str]:
    if not isinstance(path, str):
        yield 'not of the form { "var": "<path>" }'
    elif not _PATH.fullmatch(path):
        yield f"data access path doesn't have a valid format: {_shown(path)}"


def _count_faults(name: str, operands: Sequence[Value]) -> Iterator[str]:
    count = len(operands)
    if name == "and" and count < 2:  # noqa: PLR2004 - as the message says
        yield f'an "and" operation must have at least 2 operands, but it has {count}'
    elif name == "!" and count != 1:
        yield (
            f"a !-operation (logical not/negation) must have exactly 1 operand, but it has {count}"
        )
    elif name in _COMPARISONS and count not in {2, 3}:
        yield f'an operation with operator "{name}" must have 2 or 3 operands, but it has {count}'
    elif name in _INFIX and count != 2:  # noqa: PLR2004 - as the message says
        yield f'an operation with operator "{name}" must have 2 operands, but it has {count}'
    elif name in _COUNTS and count != _COUNTS[name]:
        article = "an" if name[0] in "aeiou" else "a"
        noun = "values/operands" if _COUNTS[name] > 1 else "value/operand"
        yield (
            f'{article} "{name}"-operation must have exactly {_COUNTS[name]} {noun}, '
            f"but it has {count}"
        )


def _literal_faults(name: str, operands: Sequence[Value]) -> Iterator[str]:
    if name in _INTEGERS and len(operands) > 1 and integer(operands[1]) is None:
        yield (
            f'"{_INTEGERS[name]}" argument (#2) of "{name}" must be an integer, '
            f"but it is: {_shown(operands[1])}"
        )
    if name == "plusTime" and len(operands) > 2 and operands[2] not in UNITS:  # noqa: PLR2004 - the third
        yield (
            '"unit" argument (#3) of "plusTime" must be a string equal to one of '
            f"{', '.join(UNITS)}, but it is: {_shown(operands[2])}"
        )


def _evaluated(name: str, operands: Sequence[Value]) -> Sequence[Value]:
    """The operands that are expressions themselves."""
    if name == "!" and len(operands) != 1:
        return []
    if name in {"plusTime", "extractFromUVCI"}:
        return operands[:1]
    if name == "and":
        return operands
    return operands[: _COUNTS.get(name, 3 if name in _COMPARISONS else 2)]


def _shown(value: Value) -> str:
    return str(value)[:_SHOWN_CHARACTERS]


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")
