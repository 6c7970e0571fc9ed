"""The schemas of the contracts, kept in `events/schemas`: `<type>.<number>.json`, from 1.

A file is never changed: a change of a contract adds the next one, and the archive may hold
messages of each.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[2] / "events" / "schemas"


def versions(name: str, folder: Path = FOLDER) -> list[dict[str, Any]]:
    """The schemas that a contract has had, the oldest first."""
    paths = sorted(folder.glob(f"{name}.*.json"), key=lambda path: int(path.stem.split(".")[1]))
    return [json.loads(path.read_text(encoding="utf-8")) for path in paths]


def add(name: str, schema: dict[str, Any], folder: Path = FOLDER) -> Path:
    """Keep the next schema of a contract."""
    path = folder / f"{name}.{len(versions(name, folder)) + 1}.json"
    path.write_text(json.dumps(schema, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return path
