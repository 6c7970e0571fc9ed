"""The catalogue: diseases, methods, devices and result codes, as data."""

import json
from functools import cache
from importlib.resources import files

from vigie.catalogue.disease import Disease


@cache
def diseases() -> dict[str, Disease]:
    """Every disease of the catalogue, by key."""
    folder = files(__package__) / "diseases"
    entries = (
        Disease.model_validate(json.loads(entry.read_text(encoding="utf-8")))
        for entry in folder.iterdir()
        if entry.name.endswith(".json")
    )
    return {disease.key: disease for disease in entries}


def disease_of_loinc(loinc: str) -> Disease | None:
    """The disease that a LOINC code tests for, if the catalogue knows the code."""
    return _by_loinc().get(loinc)


def disease_of_addition(loinc: str) -> Disease | None:
    """The disease whose tests a LOINC code adds to: a Ct, a screening or a lineage."""
    return _by_addition().get(loinc)


@cache
def _by_addition() -> dict[str, Disease]:
    return {code: disease for disease in diseases().values() for code in disease.additions}


@cache
def _by_loinc() -> dict[str, Disease]:
    return {code: disease for disease in diseases().values() for code in disease.loinc}
