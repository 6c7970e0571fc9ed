"""What may change in a contract, and what may not; each verdict is held against real readers."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import pytest
from pydantic import Field, ValidationError, create_model

from tests.schemas.compatibility import breaks
from tests.schemas.contracts import schema_of
from vigie.model import Frozen


class Part(Frozen):
    """What stands inside."""

    code: str


class WiderPart(Part):
    """With a field more."""

    note: str = ""


class StricterPart(Part):
    """With a field that must be there."""

    note: str


FIELDS: dict[str, Any] = {
    "id": (str, ...),
    "schema_version": (int, 1),
    "count": (Annotated[int, Field(ge=1, le=9)], ...),
    "kind": (Literal["a", "b"], "a"),
    "note": (str | None, None),
    "parts": (tuple[Part, ...], ()),
    "pair": (tuple[int, str], ...),
}
MESSAGE: dict[str, Any] = {
    "id": "1",
    "count": 5,
    "kind": "b",
    "note": None,
    "parts": [{"code": "x"}],
    "pair": [1, "y"],
}


def model(**changes: Any) -> type[Frozen]:  # noqa: ANN401 - the definition of a field
    """The contract with fields that are changed; None takes a field away."""
    fields = {name: field for name, field in (FIELDS | changes).items() if field is not None}
    return create_model("Contract", __base__=Frozen, **fields)


def verdict(**changes: Any) -> list[str]:  # noqa: ANN401 - the definition of a field
    """What a change breaks."""
    return breaks(schema_of(model()), schema_of(model(**changes)))


def reads(reader: type[Frozen], message: dict[str, Any]) -> bool:
    """Whether a reader takes a message."""
    try:
        reader.model_validate(message)
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"added": (str, "")},
        {"added": (str | None, None)},
        {"schema_version": (int, 2)},
        {"parts": (tuple[WiderPart, ...], ())},
    ],
    ids=["nothing", "with-default", "nullable", "schema-version", "inside"],
)
def test_a_field_may_be_added_with_a_default(changes: dict[str, Any]) -> None:
    assert verdict(**changes) == []
    added = {"added": "more", "parts": [{"code": "x", "note": "more"}]}
    assert reads(model(**changes), MESSAGE)
    assert reads(model(), MESSAGE | added)


# The change, where it is found, and a message of the other side that one side does not read.
REFUSED: list[tuple[dict[str, Any], str, dict[str, Any]]] = [
    ({"added": (str, ...)}, "$.added: an old message", {}),
    ({"id": None}, "$.id: an old reader", {"id": None}),
    ({"id": (int, ...)}, "$.id: an old message", {"id": "text"}),
    ({"count": (int, ...)}, "$.count: an old reader", {"count": 10}),
    ({"count": (Annotated[int, Field(ge=2, le=9)], ...)}, "$.count: an old message", {"count": 1}),
    ({"count": (Annotated[int, Field(ge=1, le=99)], ...)}, "$.count: an old reader", {"count": 10}),
    (
        {"count": (Annotated[float, Field(ge=1, le=9)], ...)},
        "$.count: an old reader",
        {"count": 1.5},
    ),
    ({"kind": (Literal["a", "b", "c"], "a")}, "$.kind: an old reader", {"kind": "c"}),
    ({"kind": (Literal["a"], "a")}, "$.kind: an old message", {"kind": "b"}),
    ({"kind": (str, "a")}, "$.kind: an old reader", {"kind": "z"}),
    ({"note": (str, "")}, "$.note: an old message", {"note": None}),
    ({"id": (str | None, ...)}, "$.id: an old reader", {"id": None}),
    ({"id": (Annotated[str, Field(pattern="^x")], ...)}, "$.id: an old message", {"id": "y"}),
    ({"parts": (tuple[StricterPart, ...], ())}, "$.parts[].note: an old message", {}),
    ({"parts": (tuple[str, ...], ())}, "$.parts[]: an old message", {}),
    ({"pair": (tuple[int, int], ...)}, "$.pair[1]: an old message", {}),
    ({"pair": (tuple[int, str, str], ...)}, "$.pair[]: an old message", {}),
]


@pytest.mark.parametrize(
    ("changes", "fault", "message"), REFUSED, ids=lambda value: str(value)[:40]
)
def test_what_one_side_could_not_read_is_refused(
    changes: dict[str, Any], fault: str, message: dict[str, Any]
) -> None:
    assert any(found.startswith(fault) for found in verdict(**changes)), verdict(**changes)
    sent = {name: value for name, value in (MESSAGE | message).items() if name in FIELDS}
    assert reads(model(), sent) != reads(model(**changes), sent)


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"note": None}, "$.note: the field is gone"),
        ({"note": None, "remark": (str | None, None)}, "$.note: the field is gone"),
        ({"kind": (Literal["a", "b"], "b")}, "$.kind: its default is another"),
    ],
    ids=["removed", "renamed", "default"],
)
def test_what_both_sides_read_and_would_misunderstand_is_refused(
    changes: dict[str, Any], fault: str
) -> None:
    assert fault in verdict(**changes)


def test_new_values_pass_where_readers_bear_them() -> None:
    old, new = schema_of(model()), schema_of(model(kind=(Literal["a", "b", "c"], "a")))
    assert breaks(old, new, frozenset({"$.kind"})) == []
    assert breaks(old, new, frozenset({"$.other"})) != []


def test_a_field_that_is_gone_inside_is_found() -> None:
    old, new = schema_of(model(parts=(tuple[WiderPart, ...], ()))), schema_of(model())
    assert "$.parts[].note: the field is gone" in breaks(old, new)


def test_a_keyword_that_is_not_understood_must_stay() -> None:
    old = {"type": "object", "properties": {"x": {"type": "string"}}}
    new = {"type": "object", "properties": {"x": {"type": "string", "contentEncoding": "base64"}}}
    assert breaks(old, new) == ["$.x: an old message is not read"]
