"""Parquet of a table, made from its CSV by DuckDB, in little memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from statistics_publication.csv_file import DELIMITER

if TYPE_CHECKING:
    from pathlib import Path

    from statistics_publication.table import Table, Type

_TYPES: dict[Type, str] = {
    "string": "VARCHAR",
    "date": "DATE",
    "integer": "INTEGER",
    "number": "DOUBLE",
}
# One thread writes the same bytes each time; no extension is fetched from anywhere.
_SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    "memory_limit": "256MB",
    "threads": 1,
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}


def write_parquet(table: Table, source: Path, target: Path) -> None:
    """Write the Parquet file of a table, compressed with Zstandard.

    Args:
        table: what its columns hold.
        source: its CSV.
        target: the file to write.
    """
    import duckdb  # noqa: PLC0415 - a start without a table to write need not load it

    columns = {column.name: _TYPES[column.type] for column in table.columns}
    with duckdb.connect(":memory:", config=_SETTINGS) as database:
        rows = database.read_csv(str(source), delimiter=DELIMITER, header=True, dtype=columns)
        rows.write_parquet(str(target), compression="zstd")
