"""Whether a contract may change: old messages must be read, and old readers must read new ones.

Our writers write every field of their model, and our readers ignore fields that they do not
know and require those without a default. So a schema is both what is written (every property)
and what is read (`required`). A field is only ever added, and with a default; none is removed,
renamed, narrowed, widened or given another default.

What is not understood is refused: a keyword of JSON Schema that is not named here must stay.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Schema = Mapping[str, Any]

_ANNOTATIONS = frozenset({"title", "description", "default", "examples", "$defs", "discriminator"})
_LEAST = frozenset({"minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"})
_MOST = frozenset({"maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"})
_BRANCHES = ("anyOf", "oneOf")
_UNDERSTOOD = frozenset(
    {"$ref", "type", "const", "enum", "properties", "required", "items", "prefixItems", *_BRANCHES}
)
# Its default is the number of the model's own version, and goes up.
_SCHEMA_VERSION = "schema_version"


def breaks(old: Schema, new: Schema, tolerated: frozenset[str] = frozenset()) -> list[str]:
    """What a change breaks, each with its place; empty if it may be made.

    Args:
        old: the schema as it was.
        new: the schema as it would be.
        tolerated: places, such as `$.method`, whose readers bear values that they do not know.
    """
    return [
        *(f"{place}: an old message is not read" for place in _unread(old, new, tolerated)),
        *(f"{place}: an old reader fails" for place in _unread(new, old, tolerated)),
        *_lost(_resolved(old, old), _resolved(new, new), old, new, "$"),
    ]


def _unread(written: Schema, read: Schema, tolerated: frozenset[str]) -> list[str]:
    return list(_Comparison(written, read, tolerated).unread(written, read, "$"))


class _Comparison:
    """Compares what is written by one schema with what is read by another.

    Args:
        written: the whole schema of the writer.
        read: the whole schema of the reader.
        tolerated: see `breaks`.
    """

    def __init__(self, written: Schema, read: Schema, tolerated: frozenset[str]) -> None:
        self._written = written
        self._read = read
        self._tolerated = tolerated

    def unread(self, written: Schema, read: Schema, place: str) -> Iterator[str]:
        """The places where something may be written that is not read."""
        written, read = _resolved(written, self._written), _resolved(read, self._read)
        if _branches(written) or _branches(read):
            yield from self._unread_branches(written, read, place)
            return
        if not self._values_are_read(written, read, place):
            yield place
        if not _limits_are_kept(written, read):
            yield place
        yield from self._unread_properties(written, read, place)
        yield from self._unread_items(written, read, place)

    def _unread_branches(self, written: Schema, read: Schema, place: str) -> Iterator[str]:
        readers = _branches(read) or [read]
        for branch in _branches(written) or [written]:
            if all(any(self.unread(branch, reader, place)) for reader in readers):
                yield place

    def _values_are_read(self, written: Schema, read: Schema, place: str) -> bool:
        types = _types(written)
        if read_types := _types(read):
            if "number" in read_types:
                read_types |= {"integer"}
            if not types or not types <= read_types:
                return False
        values = _values(read)
        if values is None or place in self._tolerated:
            return True
        possible = _values(written)
        return possible is not None and all(value in values for value in possible)

    def _unread_properties(self, written: Schema, read: Schema, place: str) -> Iterator[str]:
        there: Mapping[str, Schema] = written.get("properties", {})
        for name in read.get("required", ()):
            if name not in there:
                yield f"{place}.{name}"
        for name, wanted in read.get("properties", {}).items():
            if name in there:
                yield from self.unread(there[name], wanted, f"{place}.{name}")

    def _unread_items(self, written: Schema, read: Schema, place: str) -> Iterator[str]:
        if "items" in read:
            yield from self.unread(written.get("items", {}), read["items"], f"{place}[]")
        wanted, there = read.get("prefixItems", []), written.get("prefixItems", [])
        if len(wanted) != len(there):
            yield f"{place}[]"
            return
        for number, (one, other) in enumerate(zip(there, wanted, strict=True)):
            yield from self.unread(one, other, f"{place}[{number}]")


def _lost(
    old: Schema, new: Schema, whole_old: Schema, whole_new: Schema, place: str
) -> Iterator[str]:
    """Fields that are gone, or that mean something else where they are absent."""
    kept: Mapping[str, Schema] = new.get("properties", {})
    for name, was in old.get("properties", {}).items():
        at = f"{place}.{name}"
        if name not in kept:
            yield f"{at}: the field is gone"
            continue
        now = kept[name]
        if name != _SCHEMA_VERSION and was.get("default") != now.get("default"):
            yield f"{at}: its default is another"
        yield from _lost(
            _resolved(was, whole_old), _resolved(now, whole_new), whole_old, whole_new, at
        )
    if "items" in old and "items" in new:
        one, other = _resolved(old["items"], whole_old), _resolved(new["items"], whole_new)
        yield from _lost(one, other, whole_old, whole_new, f"{place}[]")


def _resolved(schema: Schema, whole: Schema) -> Schema:
    while "$ref" in schema:
        name = schema["$ref"].removeprefix("#/$defs/")
        schema = {**whole["$defs"][name], **{k: v for k, v in schema.items() if k != "$ref"}}
    return schema


def _branches(schema: Schema) -> list[Schema]:
    return [branch for keyword in _BRANCHES for branch in schema.get(keyword, ())]


def _types(schema: Schema) -> set[str]:
    found = schema.get("type", [])
    return {found} if isinstance(found, str) else set(found)


def _values(schema: Schema) -> list[object] | None:
    """The only values that there are; None if there are others."""
    if "const" in schema:
        return [schema["const"]]
    return schema.get("enum")


def _limits_are_kept(written: Schema, read: Schema) -> bool:
    for keyword in read.keys() - _ANNOTATIONS - _UNDERSTOOD:
        there, wanted = written.get(keyword), read[keyword]
        if keyword in _LEAST:
            kept = there is not None and there >= wanted
        elif keyword in _MOST:
            kept = there is not None and there <= wanted
        else:
            kept = there == wanted
        if not kept:
            return False
    return True
