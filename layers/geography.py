"""Writes the data of `vigie.geography` from the published list of communes.

`npm pack @etalab/decoupage-administratif`, unpack it, then
`python -m layers.geography <its folder "package">`: once a year, when INSEE has published the
communes of the first of January.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from itertools import pairwise
from pathlib import Path
from typing import Any

TARGET = Path(__file__).parent / "vigie" / "python" / "vigie" / "geography"
NOTICE = (
    "INSEE, code officiel géographique; La Poste, base officielle des codes postaux: as gathered "
    "in @etalab/decoupage-administratif {version}. Licence Ouverte 2.0 "
    "(https://www.etalab.gouv.fr/licence-ouverte-open-licence)."
)
Entry = dict[str, Any]


def write(package: Path) -> None:
    """Write the three files.

    Args:
        package: the unpacked package.
    """
    version = _read(package / "package.json")["version"]
    notice = NOTICE.format(version=version)
    communes = _read(package / "data" / "communes.json")
    places = {
        "regions": {each["code"]: each["nom"] for each in _read(package / "data/regions.json")},
        "departments": {
            each["code"]: {"name": each["nom"], "region": each["region"]}
            for each in _read(package / "data/departements.json")
        },
    }
    _write("divisions.json", {"notice": notice, **places})
    _write("communes.json", {"notice": notice, "numbers": _numbers(communes)})
    _write("postcodes.json", {"notice": notice, "postcodes": _postcodes(communes)})


def _numbers(communes: list[Entry]) -> dict[str, str]:
    """What follows the département in its codes, as runs: `1-13 15`."""
    numbers: defaultdict[str, set[int]] = defaultdict(set)
    for each in communes:
        code, department = each["code"], _department(each)
        numbers[department].add(int(code[len(department) :]))
    return {department: _runs(sorted(found)) for department, found in sorted(numbers.items())}


def _runs(numbers: list[int]) -> str:
    ends = [before for before, after in pairwise(numbers) if after != before + 1] + numbers[-1:]
    starts = numbers[:1] + [after for before, after in pairwise(numbers) if after != before + 1]
    runs = zip(starts, ends, strict=True)
    return " ".join(f"{start}-{end}" if start < end else f"{start}" for start, end in runs)


def _postcodes(communes: list[Entry]) -> dict[str, str]:
    """The only commune of each postcode, else the département where most of its people live."""
    found: defaultdict[str, list[Entry]] = defaultdict(list)
    for each in communes:
        if each["type"] == "commune-actuelle":
            for postcode in each.get("codesPostaux", ()):
                found[postcode].append(each)
    return {
        postcode: there[0]["code"] if len(there) == 1 else _most_populous(there)
        for postcode, there in sorted(found.items())
    }


def _most_populous(communes: list[Entry]) -> str:
    people: defaultdict[str, int] = defaultdict(int)
    for each in communes:
        people[_department(each)] += each.get("population", 0)
    return max(people, key=lambda department: (people[department], department))


def _department(commune: Entry) -> str:
    code: str = commune["code"]
    return code[:3] if code[:2] in {"97", "98"} else code[:2]


def _read(path: Path) -> Any:  # noqa: ANN401 - it is JSON
    return json.loads(path.read_text(encoding="utf-8"))


def _write(name: str, content: object) -> None:
    text = json.dumps(content, ensure_ascii=False, indent=0)
    (TARGET / name).write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
