"""Giving a reader many inputs, and counting what it made of them."""

from dataclasses import dataclass

from hypothesis import HealthCheck, given, settings

from tests.fuzz.targets import Target
from vigie.errors import Rejected


@dataclass
class Tally:
    """How many inputs a reader had, and how many of them it refused."""

    inputs: int = 0
    refused: int = 0


def fuzz(target: Target, inputs: int) -> Tally:
    """Try so many inputs; the smallest one that breaks the reader is in what is raised.

    Args:
        target: the reader.
        inputs: how many.

    Raises:
        Exception: what the reader raised that is not `Rejected`.
    """
    tally = Tally()

    @settings(
        max_examples=inputs,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(target.inputs)
    def read(value: object) -> None:
        tally.inputs += 1
        try:
            target.read(value)
        except Rejected:
            tally.refused += 1

    read()
    return tally
