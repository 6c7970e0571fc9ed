"""The value sets as they are published to verifiers: `value-sets.json` of the list `value-sets`."""

import hashlib
import json
from collections.abc import Mapping

from vigie.dcc.value_sets import ValueSets
from vigie.model import Frozen

VALUE_SETS = "value-sets"
VALUE_SETS_FILE = "value-sets.json"


class ListedValueSet(Frozen):
    """A value set that verifiers may ask for.

    Attributes:
        id: the EU's identifier, such as `vaccines-covid-19-names`.
        hash: SHA-256 of the content, in hexadecimal; never of another content.
        content: JSON, as the EU's verifier service gives it.
        signature: over the content, as `X-SIGNATURE` has it.
    """

    id: str
    hash: str
    content: str
    signature: str

    def told(self) -> dict[str, str]:
        """The value set as the EU's verifier service lists it."""
        return self.model_dump(include={"id", "hash"})


class ValueSetList(Frozen):
    """The value sets of a release, in the order of their identifiers.

    Attributes:
        release: of them all; empty before any was published.
        sets: each once.
    """

    release: str = ""
    sets: tuple[ListedValueSet, ...] = ()


def contents(sets: ValueSets) -> Mapping[str, str]:
    """What verifiers are given of each value set of a release, by identifier and in its order.

    The same release gives the same text, and so the same hashes.
    """
    return {
        name: json.dumps(sets.document(name), ensure_ascii=False, separators=(",", ":"))
        for name in sorted(sets.sets)
    }


def content_hash(content: str) -> str:
    """The hash that a value set is asked for by."""
    return hashlib.sha256(content.encode()).hexdigest()
