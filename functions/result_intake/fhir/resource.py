"""Resources of a Bundle with their places, and reading their elements."""

from typing import Any, NamedTuple

Json = dict[str, Any]

# How much of a list of details (identifiers, names, codings, addresses…) is looked at for one
# test: work for each test stays bounded whatever the document holds.
MAX_DETAILS = 50
# Characters of a primitive that are looked at, for the same reason.
MAX_VALUE = 4_096


class Resource(NamedTuple):
    """A resource and where it stands.

    Attributes:
        body: its JSON object.
        place: its FHIRPath, such as `Bundle.entry[3].resource`.
        kind: the resource's type; empty if it does not say.
        container: what the resource is contained in; None if it is an entry.
        base: of the fullUrl of its entry, which its relative references follow; empty if the
            fullUrl has none.
    """

    body: Json
    place: str
    kind: str
    container: "Resource | None" = None
    base: str = ""


def text(body: object, name: str) -> str:
    """A primitive of an object, stripped, up to `MAX_VALUE`; empty if absent or no text."""
    found = body.get(name) if isinstance(body, dict) else None
    if found is None or not isinstance(found, str):
        return ""
    return found[:MAX_VALUE].strip()


def objects(body: object, name: str, *, most: int | None = MAX_DETAILS) -> list[Json]:
    """The objects of a list, or the one object in place of a list.

    What is no object is told as an empty one, so that positions stay those of the document.

    Args:
        body: the object that has the list.
        name: the element's name.
        most: how many to look at; None for all.
    """
    found = body.get(name) if isinstance(body, dict) else None
    if found is None:
        return []
    if isinstance(found, dict):
        return [found]
    if not isinstance(found, list):
        return []
    if len(found) == 1 and isinstance(found[0], dict):
        return found
    return [one if isinstance(one, dict) else {} for one in found[:most]]


def extension(body: object, *urls: str) -> Json | None:
    """The first extension with one of some URLs."""
    return next((one for one in objects(body, "extension") if one.get("url") in urls), None)
