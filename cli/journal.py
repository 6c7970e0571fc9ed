"""What a long command has done, so that it can go on after it was stopped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vigie.errors import Rejected

if TYPE_CHECKING:
    from pathlib import Path


class Journal:
    """A file of what is done, a line for each.

    Args:
        path: of the file; None keeps nothing.
        task: what is being done, on one line: a journal serves one task only.

    Raises:
        Rejected: `journal-of-another-task`.
    """

    def __init__(self, path: Path | None, task: str) -> None:
        self._path = path
        self._done: set[str] = set()
        if path is None:
            return
        if not path.exists():
            path.write_text(f"{task}\n", encoding="utf-8")
        first, *done = path.read_text(encoding="utf-8").splitlines() or [""]
        if first != task:
            raise Rejected("journal-of-another-task", f"{path} was written by: {first}")
        self._done = set(done)

    def __contains__(self, name: object) -> bool:
        return name in self._done

    def note(self, name: str) -> None:
        """Note that something is done."""
        self._done.add(name)
        if self._path is not None:
            with self._path.open("a", encoding="utf-8") as file:
                file.write(f"{name}\n")
