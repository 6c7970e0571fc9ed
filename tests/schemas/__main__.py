"""`python -m tests.schemas`: keep the schema of each contract that has changed, if it may."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from tests.schemas import history, tracing_description
from tests.schemas.compatibility import breaks
from tests.schemas.contracts import TOLERATED, contracts, schema_of

if TYPE_CHECKING:
    from pathlib import Path


def main(folder: Path = history.FOLDER) -> int:
    """Write what is new, and refuse what old messages or old readers could not bear."""
    refused = 0
    for name, model in contracts().items():
        new, known = schema_of(model), history.versions(name, folder)
        if known and known[-1] == new:
            continue
        faults = [
            f"{name}.{number} {fault}"
            for number, old in enumerate(known, 1)
            for fault in breaks(old, new, TOLERATED.get(name, frozenset()))
        ]
        if faults:
            refused += 1
            sys.stderr.write("\n".join(faults) + "\n")
            continue
        sys.stdout.write(f"{history.add(name, new, folder).name}\n")
    tracing_description.FILE.write_text(tracing_description.description(), encoding="utf-8")
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main())
