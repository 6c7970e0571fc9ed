"""The resources of a Bundle, and the references between them."""

from collections import defaultdict
from urllib.parse import unquote

from result_intake.fhir.resource import Json, Resource, objects, text
from vigie.errors import Rejected


class Bundle:
    """The resources of a Bundle, found by reference (FHIR R4, "Resolving references in Bundles").

    An absolute reference is looked up as a fullUrl; a relative one, `Type/id`, below the base of
    the fullUrl of the entry that it stands in, so that the same `Type/id` of another server is
    another resource. What has no base matches by `Type/id` alone: an entry without one answers
    to any, and a reference without one may mean any. A reference without an address, and a
    conditional one (`Patient?identifier=…`), lead to the resource with that identifier. Nothing
    is fetched, and no reference is followed on its own account, so cycles do no harm.

    Args:
        body: the Bundle's JSON object.
        place: where it stands, such as `line 4, Bundle`.
    """

    def __init__(self, body: Json, place: str = "Bundle") -> None:
        self.body = body
        self.place = place
        self._by_kind: defaultdict[str, list[Resource]] = defaultdict(list)
        self._by_address = _Index()
        self._names: tuple[_Index, _Index] | None = None
        self._addresses: list[tuple[str, Resource]] = []
        self._contained_in: dict[str, dict[str, Resource]] = {}
        self._by_identifier: dict[tuple[str, str, str], list[Resource]] | None = None
        for at, entry in enumerate(objects(body, "entry", most=None)):
            found = entry.get("resource")
            if isinstance(found, dict):
                self._add(text(entry, "fullUrl"), found, f"{self.place}.entry[{at}].resource")

    def of_kind(self, kind: str) -> list[Resource]:
        """The entries of one resource type, in order."""
        return self._by_kind.get(kind, [])

    def follow(self, source: Resource, *reference: object, kinds: str) -> Resource | None:
        """The first of some references that leads to a resource of certain types.

        Args:
            source: where the references stand.
            reference: FHIR References; what is none is passed over.
            kinds: types, separated by spaces.

        Raises:
            Rejected: `reference-ambiguous`, as `resolve`.
        """
        for one in reference:
            found = self.resolve(source, one) or self._identified(source, one, kinds.split())
            if found and (found.kind == kinds or found.kind in kinds.split()):
                return found
        return None

    def resolve(self, source: Resource, reference: object) -> Resource | None:
        """What a FHIR Reference leads to, None if it is not in the Bundle.

        Raises:
            Rejected: `reference-ambiguous`, it leads to several that differ.
        """
        address = text(reference, "reference")
        if not address:
            return None
        if found := self._by_address.plain.get(address):
            return found
        if address == "#":
            return source.container
        if address.startswith("#"):
            return self._contained(source.container or source).get(address[1:])
        address, _, version = _lower_uuid(address).partition("/_history/")
        name = "/".join(address.rsplit("/", 2)[-2:])
        if ":" not in address:
            address = f"{source.base}/{name}" if source.base else ""
        try:
            by_name, without_base = self._by_name()
            if not address:
                return by_name.find(name, version)
            found = self._by_address.find(address, version)
            return found or without_base.find(name, version)
        except Rejected as error:
            raise Rejected(error.code, str(error), place=source.place) from None

    def _identified(self, source: Resource, reference: object, kinds: list[str]) -> Resource | None:
        """What a reference leads to by an identifier of it."""
        identifier = _identifier_of(reference)
        if not identifier[1]:
            return None
        if self._by_identifier is None:
            self._by_identifier = self._index_identifiers()
        found = [one for kind in kinds for one in self._by_identifier.get((kind, *identifier), ())]
        if len(found) > 1:
            raise Rejected("reference-ambiguous", "several have the identifier", place=source.place)
        return found[0] if found else None

    def _index_identifiers(self) -> dict[tuple[str, str, str], list[Resource]]:
        """The resources of each identifier: one, or the first two that differ."""
        index: defaultdict[tuple[str, str, str], list[Resource]] = defaultdict(list)
        for kind, resources in self._by_kind.items():
            for resource in resources:
                for identifier in objects(resource.body, "identifier"):
                    key = kind, text(identifier, "system"), text(identifier, "value")
                    known = index[key]
                    # More are never looked at, however many references ask for them.
                    if not known or (len(known) == 1 and known[0].body != resource.body):
                        known.append(resource)
        return index

    def _add(self, full_url: str, body: Json, place: str) -> None:
        address = _lower_uuid(full_url)
        if "/_history/" in address:
            address = address.partition("/_history/")[0]
        kind = text(body, "resourceType")
        resource = Resource(body, place, kind, base=_base_of(address, kind))
        self._by_kind[kind].append(resource)
        self._addresses.append((address, resource))
        if ":" in address:
            self._by_address.add(address, resource)

    def _by_name(self) -> tuple["_Index", "_Index"]:
        """The resources by `Type/id`: all, and those whose fullUrl has no base."""
        if self._names is None:
            self._names = _Index(), _Index()
            for address, resource in self._addresses:
                self._add_names(address, resource, *self._names)
        return self._names

    @staticmethod
    def _add_names(
        address: str, resource: Resource, by_name: "_Index", without_base: "_Index"
    ) -> None:
        base = resource.base
        names = {address} if address and ":" not in address else set()
        if identifier := text(resource.body, "id"):
            names.add(f"{resource.kind}/{identifier}")
        if base:
            names.add(address.removeprefix(f"{base}/"))
        for name in names:
            by_name.add(name, resource)
            if not base:
                without_base.add(name, resource)

    def _contained(self, container: Resource) -> dict[str, Resource]:
        if container.place not in self._contained_in:
            self._contained_in[container.place] = {
                text(body, "id"): Resource(
                    body,
                    f"{container.place}.contained[{at}]",
                    text(body, "resourceType"),
                    container,
                    container.base,
                )
                for at, body in enumerate(objects(container.body, "contained", most=None))
            }
        return self._contained_in[container.place]


class _Index:
    """Resources by a name that several may have, in one version or more.

    Attributes:
        plain: those of a name that leads to no doubt, whatever the version.
    """

    def __init__(self) -> None:
        self.plain: dict[str, Resource] = {}
        self._ambiguous: set[str] = set()
        self._versions: dict[tuple[str, str], Resource] = {}
        self._ambiguous_versions: set[tuple[str, str]] = set()

    def add(self, name: str, resource: Resource) -> None:
        """Take a resource, by its name alone and with its version."""
        if name not in self._ambiguous:
            first = self.plain.setdefault(name, resource)
            # One that is repeated as it is leads to no doubt.
            if first is not resource and first.body != resource.body:
                self._ambiguous.add(name)
                del self.plain[name]
        meta = resource.body.get("meta")
        if meta is not None and (version := text(meta, "versionId")):
            key = name, version
            if self._versions.setdefault(key, resource).body != resource.body:
                self._ambiguous_versions.add(key)

    def find(self, name: str, version: str) -> Resource | None:
        """The only resource of a name, in the version if the index has it.

        Raises:
            Rejected: `reference-ambiguous`, there are several.
        """
        key = name, version
        known = key in self._versions
        if key in self._ambiguous_versions if known else name in self._ambiguous:
            raise Rejected("reference-ambiguous", "the reference leads to several resources")
        return self._versions[key] if known else self.plain.get(name)


def _base_of(full_url: str, kind: str) -> str:
    """What stands before `Type/id` in the address of a REST server; empty for any other."""
    if "/" not in full_url:
        return ""
    parts = full_url.rsplit("/", 2)
    rest = full_url.startswith(("http://", "https://")) and len(parts) == len(("base", "T", "id"))
    return parts[0] if rest and parts[1] == kind else ""


def _lower_uuid(address: str) -> str:
    """The address; of a UUID in lower case, as RFC 9562 §4 compares them."""
    return address.lower() if address[:9].lower() == "urn:uuid:" else address


def _identifier_of(reference: object) -> tuple[str, str]:
    """System and value of the identifier by which a reference names a resource, empty if none."""
    if not isinstance(reference, dict):
        return "", ""
    query = text(reference, "reference").partition("?identifier=")[2]
    if query:
        system, bar, value = unquote(query).rpartition("|")
        return (system, value) if bar else ("", query)
    identifier = reference.get("identifier")
    return text(identifier, "system"), text(identifier, "value")
