"""Vaccinations: the records of doses, which certificates are made from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infra.capability import Capability

if TYPE_CHECKING:
    from constructs import Construct

    from infra.core import Core
    from infra.settings import Settings


class Vaccinations(Capability):
    """The vaccinations table.

    Attributes:
        vaccinations: the vaccinations table.
    """

    def __init__(self, scope: Construct, settings: Settings, core: Core) -> None:
        super().__init__(scope, "vaccinations", settings)
        self.vaccinations = self.table("vaccinations", "vaccination_id", key=core.records)
        self.vaccinations.index("by-person", "person", "given_on", attributes=())
        self.publish("VaccinationsTable", "tables/vaccinations", self.vaccinations.name)
