"""The register of laboratories: who may send results, of which tests."""

from vigie.laboratories.laboratory import Change, Laboratory, LaboratoryState
from vigie.laboratories.laboratory_store import LaboratoryStore
from vigie.laboratories.register import LaboratoryRegister

__all__ = ["Change", "Laboratory", "LaboratoryRegister", "LaboratoryState", "LaboratoryStore"]
