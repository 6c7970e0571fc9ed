"""What a coded result says: the code families that laboratories use, as data."""

import json
from functools import cache
from importlib.resources import files

from vigie.model import Frozen
from vigie.results.codes import Outcome


class CodeFamily(Frozen):
    """One code system and what its codes mean.

    Attributes:
        name: for people.
        systems: the names and URIs by which senders call it.
        outcomes: its codes, by outcome.
    """

    name: str
    systems: tuple[str, ...]
    outcomes: dict[Outcome, tuple[str, ...]]


class ResultCodes(Frozen):
    """Every family of result codes.

    Attributes:
        notice: where the codes come from.
        families: no code is in two of them.
    """

    notice: str
    families: tuple[CodeFamily, ...]


@cache
def result_codes() -> ResultCodes:
    """The families as the catalogue's file has them."""
    entry = files(__package__) / "result_codes.json"
    return ResultCodes.model_validate(json.loads(entry.read_text(encoding="utf-8")))


def outcome_of_code(code: str, system: str = "") -> Outcome | None:
    """What a result code says, or None if no family knows it.

    Args:
        code: as the sender gives it.
        system: as the sender names it; any if empty. A code of a system that is none of the
            family's names is a local code, and is not guessed.
    """
    known = _outcomes().get(code.upper())
    if known is None:
        return None
    outcome, systems = known
    known_system = not system or system in systems or _bare(system) in systems
    return outcome if known_system else None


@cache
def _outcomes() -> dict[str, tuple[Outcome, frozenset[str]]]:
    index = {}
    for family in result_codes().families:
        systems = frozenset((*family.systems, *map(_bare, family.systems)))
        for outcome, codes in family.outcomes.items():
            index.update(dict.fromkeys(codes, (outcome, systems)))
    return index


def _bare(system: str) -> str:
    return system.strip().upper().removeprefix("URN:OID:").rstrip("/")
