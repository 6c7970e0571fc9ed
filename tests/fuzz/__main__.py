"""`python -m tests.fuzz --inputs 1000`: read what means harm, and say how much of it was tried."""

import argparse

from rich.console import Console
from rich.table import Table

from tests.fuzz.fuzzing import fuzz
from tests.fuzz.targets import targets


def main() -> None:
    """Fuzz every reader and print how many inputs each had.

    Raises:
        Exception: what a reader raised that is not our own error.
    """
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("--inputs", type=int, default=1000, help="for each reader")
    inputs = parser.parse_args().inputs
    table = Table("reader", "inputs", "refused")
    total = 0
    for name, target in targets().items():
        tally = fuzz(target, inputs)
        table.add_row(name, f"{tally.inputs:,}", f"{tally.refused:,}")
        total += tally.inputs
    Console().print(table)
    Console().print(f"{total:,} inputs, and no exception but our own")


if __name__ == "__main__":
    main()
