"""Communes by their INSEE code (code officiel géographique, COG)."""

import re
from functools import cache
from importlib.resources import files

from vigie.model import Frozen

_CODE = re.compile(r"(?:0[1-9]|1\d|2[1-9AB]|[3-8]\d|9[0-8])\d{3}", re.ASCII)
_OVERSEAS = ("97", "98")


class Communes(Frozen):
    """The communes as the file has them.

    Attributes:
        notice: where they come from, and the licence.
        numbers: by département, what follows it in the codes of its communes, as runs: `1-13 15`.
            Delegated and associated communes and municipal arrondissements are among them.
    """

    notice: str
    numbers: dict[str, str]


def commune_code(text: str) -> str | None:
    """A text as the code of a commune, 5 characters; None if it has not the form of one.

    The commune need not exist: the codes of former ones stay in use.
    """
    code = text.strip().upper()
    return code if _CODE.fullmatch(code) else None


def department_of_commune(code: str) -> str:
    """The département in the code of a commune: two characters, overseas three."""
    return code[:3] if code.startswith(_OVERSEAS) else code[:2]


def is_commune(code: str) -> bool:
    """Whether a code is that of a commune, or of a part of one, of the current COG."""
    department = department_of_commune(code)
    number = code[len(department) :]
    return number.isdecimal() and int(number) in _numbers(department)


@cache
def _communes() -> Communes:
    return Communes.model_validate_json((files(__package__) / "communes.json").read_bytes())


@cache
def _numbers(department: str) -> frozenset[int]:
    runs = (run.partition("-") for run in _communes().numbers.get(department, "").split())
    return frozenset(
        number for start, _, end in runs for number in range(int(start), int(end or start) + 1)
    )
