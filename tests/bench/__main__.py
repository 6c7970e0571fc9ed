"""`python -m tests.bench`: every measurement in one table."""

from rich.console import Console
from rich.table import Table

from tests.bench import certificates, laboratory_files


def main() -> None:
    """Measure and print."""
    table = Table("measured", "a second", "times the reference", "target", "reference")
    for ratio in (*certificates.ratios(), *laboratory_files.ratios()):
        target = "" if ratio.target is None else f"≤ {ratio.target:g}"
        table.add_row(
            ratio.name, f"{1 / ratio.seconds:,.0f}", f"{ratio.times:.2f}", target, ratio.reference
        )
    Console().print(table)


if __name__ == "__main__":
    main()
