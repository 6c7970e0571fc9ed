"""Départements and regions of France, as INSEE numbers and names them."""

from functools import cache
from importlib.resources import files

from vigie.model import Frozen


class Department(Frozen):
    """A département, or an overseas collectivity that stands for one.

    Attributes:
        name: as INSEE writes it.
        region: code of its region; a collectivity, which is in none, is its own.
    """

    name: str
    region: str


class Divisions(Frozen):
    """The divisions as the file has them.

    Attributes:
        notice: where they come from, and the licence.
        regions: names by code: the 18 regions, then the collectivities.
        departments: by code: `01`, `2A`, `971`, `988`.
    """

    notice: str
    regions: dict[str, str]
    departments: dict[str, Department]


@cache
def _divisions() -> Divisions:
    return Divisions.model_validate_json((files(__package__) / "divisions.json").read_bytes())


def departments() -> dict[str, Department]:
    """Every département and overseas collectivity, by code."""
    return _divisions().departments


def regions() -> dict[str, str]:
    """The name of every region, and of every overseas collectivity, by code."""
    return _divisions().regions


def region_of_department(code: str) -> str | None:
    """The code of the region of a département; None if there is no such département."""
    found = departments().get(code)
    return found.region if found else None
