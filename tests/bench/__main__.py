"""`python -m tests.bench`: every measurement in one table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from tests.bench import (
    certificates,
    clusters,
    cold_start,
    costs,
    downloads,
    export_growth,
    key_exports,
    laboratory_files,
    pages,
    pictures,
    publishing,
    revocation,
    trust_lists,
)

if TYPE_CHECKING:
    from tests.bench.ratio import Ratio

_SECTIONS = (
    certificates.ratios,
    trust_lists.ratios,
    revocation.ratios,
    pictures.ratios,
    pages.ratios,
    laboratory_files.ratios,
    publishing.ratios,
    key_exports.ratios,
    cold_start.ratios,
)
_WIDTH = 140


def main() -> None:
    """Measure and print."""
    table = Table("measured", "a second", "ratio", "target", "", "reference")
    for ratios in _SECTIONS:
        for ratio in ratios():
            table.add_row(*_row(ratio))
        table.add_section()
    Console(width=_WIDTH).print(table)
    revocation.show()
    export_growth.show()
    downloads.show()
    publishing.show()
    clusters.main()
    costs.main()


def _row(ratio: Ratio) -> tuple[str, ...]:
    return (
        ratio.name,
        f"{1 / ratio.seconds:,.0f}",
        f"{ratio.value:.2f} {ratio.target.kind.value}",
        str(ratio.target),
        "met" if ratio.met else "missed",
        ratio.reference,
    )


if __name__ == "__main__":
    main()
