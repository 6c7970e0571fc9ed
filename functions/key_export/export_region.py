"""For which regions there are exports, and which keys are in them."""

from typing import Annotated

from pydantic import Field

from vigie.model import Frozen
from vigie.tracing.release import Section
from vigie.tracing.stored_key import Provenance

_Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]


class ExportRegion(Frozen):
    """The exports of a region: batches, files and an index of their own.

    Attributes:
        region: what each file says, ISO 3166-1 alpha-2.
        root: folder of its files and of its index.
        origins: the countries whose keys are in them.
        travellers: whether keys of travellers are in them, whichever country collected them.
    """

    region: _Country
    root: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,64}(/[a-z0-9-]{1,64})?$")]
    origins: Annotated[frozenset[_Country], Field(min_length=1)]
    travellers: bool = True

    def includes(self, provenance: Provenance) -> bool:
        """Whether keys of a provenance are in its exports."""
        return provenance.origin in self.origins or (self.travellers and provenance.traveller)

    def sections(self, home: str) -> tuple[Section, ...]:
        """Where its keys can stand, so that nothing else is read.

        Args:
            home: the country whose keys are not from abroad.
        """
        at_home = self.travellers or home in self.origins
        abroad = self.travellers or bool(self.origins - {home})
        return ((Section.HOME,) if at_home else ()) + ((Section.ABROAD,) if abroad else ())
