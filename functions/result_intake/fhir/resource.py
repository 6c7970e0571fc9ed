"""Resources of a Bundle with their places, and the references between them."""

from collections import defaultdict
from typing import Any, NamedTuple

Json = dict[str, Any]

# How much of a list of details (identifiers, names, codings, addresses…) is looked at for one
# test: work for each test stays bounded whatever the document holds.
MAX_DETAILS = 50


class Resource(NamedTuple):
    """A resource and where it stands.

    Attributes:
        body: its JSON object.
        place: its FHIRPath, such as `Bundle.entry[3].resource`.
        container: what the resource is contained in, or the resource itself.
    """

    body: Json
    place: str
    container: "Resource | None" = None

    @property
    def kind(self) -> str:
        """The resource's type; empty if it does not say."""
        return text(self.body, "resourceType")


class Bundle:
    """The resources of a Bundle, found by reference (FHIR R4, §2.3 and §3.1.6.1 Bundle).

    A reference is looked up as a fullUrl, as `Type/id`, and by its last two steps if it is an
    absolute address or names a version. Nothing is fetched, and no reference is followed on its
    own account, so cycles do no harm.

    Args:
        body: the Bundle's JSON object.
        prefix: goes before each place, such as `line 4, `.
    """

    def __init__(self, body: Json, prefix: str = "") -> None:
        self.body = body
        self.place = f"{prefix}Bundle"
        self._by_kind: defaultdict[str, list[Resource]] = defaultdict(list)
        self._by_address: dict[str, Resource] = {}
        self._contained_in: dict[str, dict[str, Resource]] = {}
        for at, entry in enumerate(objects(body, "entry", most=None)):
            found = entry.get("resource")
            if isinstance(found, dict):
                self._add(entry, Resource(found, f"{self.place}.entry[{at}].resource"))

    def of_kind(self, kind: str) -> list[Resource]:
        """The entries of one resource type, in order."""
        return self._by_kind.get(kind, [])

    def follow(self, source: Resource, *reference: object, kinds: str) -> Resource | None:
        """The first of some references that leads to a resource of certain types.

        Args:
            source: where the references stand.
            reference: FHIR References; what is none is passed over.
            kinds: types, separated by spaces.
        """
        wanted = kinds.split()
        found = (self.resolve(source, one) for one in reference)
        return next((one for one in found if one and one.kind in wanted), None)

    def resolve(self, source: Resource, reference: object) -> Resource | None:
        """What a FHIR Reference leads to, None if it is not in the Bundle."""
        address = text(reference, "reference") if isinstance(reference, dict) else ""
        if not address:
            return None
        if address.startswith("#"):
            return self._contained(source.container or source).get(address[1:])
        address = address.split("/_history/", 1)[0]
        found = self._by_address.get(address)
        return found or self._by_address.get("/".join(address.rsplit("/", 2)[-2:]))

    def _add(self, entry: Json, resource: Resource) -> None:
        self._by_kind[resource.kind].append(resource)
        if address := text(entry, "fullUrl"):
            self._by_address.setdefault(address, resource)
        if name := text(resource.body, "id"):
            self._by_address.setdefault(f"{resource.kind}/{name}", resource)

    def _contained(self, container: Resource) -> dict[str, Resource]:
        if container.place not in self._contained_in:
            self._contained_in[container.place] = {
                text(body, "id"): Resource(body, f"{container.place}.contained[{at}]", container)
                for at, body in enumerate(objects(container.body, "contained", most=None))
            }
        return self._contained_in[container.place]


def text(body: object, name: str) -> str:
    """A primitive of an object, stripped; empty if it is absent or no text."""
    found = body.get(name) if isinstance(body, dict) else None
    return found.strip() if isinstance(found, str) else ""


def objects(body: object, name: str, *, most: int | None = MAX_DETAILS) -> list[Json]:
    """The objects of a list, or the one object in place of a list.

    What is no object is told as an empty one, so that positions stay those of the document.

    Args:
        body: the object that has the list.
        name: the element's name.
        most: how many to look at; None for all.
    """
    found = body.get(name) if isinstance(body, dict) else None
    if isinstance(found, dict):
        return [found]
    if not isinstance(found, list):
        return []
    return [one if isinstance(one, dict) else {} for one in found[:most]]


def extension(body: object, *urls: str) -> Json | None:
    """The first extension with one of some URLs."""
    return next((one for one in objects(body, "extension") if one.get("url") in urls), None)
