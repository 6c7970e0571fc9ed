"""What certificates are made from: test results and vaccinations, told apart by their ids."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from vigie.results.stored_result import StoredResult
from vigie.vaccinations.stored_vaccination import StoredVaccination, is_vaccination

if TYPE_CHECKING:
    from vigie.results.result_reader import ResultReader
    from vigie.vaccinations.vaccination_reader import VaccinationReader

Source: TypeAlias = StoredResult | StoredVaccination


def source_id(source: Source) -> str:
    """The id of a source, which its certificates are kept under."""
    if isinstance(source, StoredVaccination):
        return source.vaccination_id
    return source.result_id


class SourceReader:
    """Reads sources, each from the table that its id names.

    Args:
        results: the results table.
        vaccinations: the vaccinations table.
    """

    def __init__(self, results: ResultReader, vaccinations: VaccinationReader) -> None:
        self._results = results
        self._vaccinations = vaccinations

    def get(self, record_id: str) -> Source | None:
        """The current version of a source, read consistently; None if there is none.

        Raises:
            Rejected: a newer version of the system wrote it.
            Unavailable: the table did not answer.
        """
        if is_vaccination(record_id):
            return self._vaccinations.get(record_id)
        return self._results.get(record_id)

    def at_least(self, record_id: str, version: int) -> Source | None:
        """A version of a source that is no older than one that is known to exist.

        Raises:
            Rejected: a newer version of the system wrote it.
            Unavailable: the table did not answer.
        """
        if is_vaccination(record_id):
            return self._vaccinations.at_least(record_id, version)
        return self._results.at_least(record_id, version)
