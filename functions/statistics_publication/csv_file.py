"""CSV files as France published them: semicolons, a header, bare line feeds, no quotes."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from statistics_publication.rows import Row
    from statistics_publication.table import Table

DELIMITER = ";"


class CsvFile:
    """Writes rows as they come.

    Args:
        table: what its columns are called.
        path: of the file.

    Attributes:
        rows: how many were written.
    """

    def __init__(self, table: Table, path: Path) -> None:
        self.rows = 0
        self._file: IO[str] = path.open("w", encoding="utf-8", newline="\n")
        self._write([column.name for column in table.columns])

    def add(self, rows: Iterable[Row]) -> None:
        """Write rows; what is None is empty."""
        for row in rows:
            self._write("" if value is None else str(value) for value in row)
            self.rows += 1

    def close(self) -> None:
        """Write what is not written yet."""
        self._file.close()

    def _write(self, texts: Iterable[str]) -> None:
        self._file.write(DELIMITER.join(texts) + "\n")
