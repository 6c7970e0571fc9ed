"""The values that expressions are about, and what is true of them.

Python and JavaScript differ where the specification follows the latter: a boolean is no
number, and arrays and objects are equal to nothing but themselves.
"""

from typing import TYPE_CHECKING, TypeAlias

from vigie.certlogic.errors import CertLogicError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

Value: TypeAlias = (
    "int | float | str | bytes | bool | Sequence[Value] | Mapping[str, Value] | datetime | None"
)

# Beyond it, numbers of the reference implementation are no longer exact.
MAX_INTEGER = 2**53 - 1


def truth(value: Value) -> bool:
    """Whether a value is truthy; the rest of the values are falsy, or neither.

    Raises:
        CertLogicError: `neither-truthy-nor-falsy` for a date-time or a broken number.
    """
    if value is None or isinstance(value, bool):
        return bool(value)
    if isinstance(value, (str, list, dict)):
        return bool(value)
    number = integer(value)
    if number is None:
        raise CertLogicError("neither-truthy-nor-falsy", "a value is neither truthy nor falsy")
    return bool(number)


def integer(value: Value) -> int | None:
    """The integer that a value is, also where JSON writes it as 1.0; None for another value."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    return int(value) if isinstance(value, float) and value.is_integer() else None


def identical(left: Value, right: Value) -> bool:
    """Equality without conversion, as the operations `===` and `in` have it."""
    if isinstance(left, str) and isinstance(right, str):
        return left == right
    if _is_number(left) and _is_number(right):
        return left == right
    return left is right


def access(data: Value, path: str) -> Value:
    """What a path such as `payload.v.0.dn` leads to in the data; None if it leads nowhere."""
    if not path:
        return data
    for fragment in path.split("."):
        data = _inner(data, fragment)
        if data is None:
            return None
    return data


def _inner(data: Value, fragment: str) -> Value:
    if isinstance(data, dict):
        return data.get(fragment)
    if isinstance(data, list) and fragment.isdecimal() and len(fragment) <= len(str(len(data))):
        index = int(fragment)
        return data[index] if index < len(data) else None
    return None


def _is_number(value: Value) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
