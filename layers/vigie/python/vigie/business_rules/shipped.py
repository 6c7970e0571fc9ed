"""The French rules that come with the layer: those of the borders of 2021 and 2022.

An operator publishes others with `vigie rules import`.
"""

from functools import cache
from importlib.resources import files

from vigie.business_rules.rule import RuleDocument


@cache
def french() -> tuple[RuleDocument, ...]:
    """The rules of France, ordered by identifier."""
    folder = files(__package__) / "france"
    paths = sorted(
        (path for path in folder.iterdir() if path.name.endswith(".json")),
        key=lambda path: path.name,
    )
    return tuple(RuleDocument.read(path.read_bytes()) for path in paths)
