"""What the 2D-DOC of a source says: of a test result (B2) or of a vaccination (L1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from vigie.certificates.source import source_id
from vigie.dcc.vaccination import is_listed
from vigie.person.identity import Identity
from vigie.twoddoc import fields
from vigie.twoddoc.result_proof import result_body
from vigie.twoddoc.stored_code import content_hash
from vigie.twoddoc.vaccination_proof import vaccination_body
from vigie.vaccinations.dose import certified_dose
from vigie.vaccinations.stored_vaccination import StoredVaccination

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from vigie.catalogue.disease import Disease
    from vigie.certificates.source import Source
    from vigie.certificates.value_set_releases import CurrentValueSets
    from vigie.sealing import FieldCipher


class CodeBody(NamedTuple):
    """What a document says, without who signs it and when.

    Attributes:
        document_type: `B2` or `L1`.
        text: its fields.
    """

    document_type: str
    text: str

    @property
    def content_hash(self) -> bytes:
        """What tells whether two documents of a source say the same."""
        return content_hash(self.text)


@dataclass(frozen=True, slots=True)
class SourceBodies:
    """Writes the bodies of documents.

    Attributes:
        identity_cipher: opens identities.
        diseases: the catalogue, by key.
        value_sets: what codes are called, and how doses are counted.
        zone: of the issuer.
    """

    identity_cipher: FieldCipher
    diseases: Mapping[str, Disease]
    value_sets: CurrentValueSets
    zone: ZoneInfo

    def body(self, source: Source, now: datetime) -> CodeBody | None:
        """What the document of a source says; None if nothing in it is to be relied on.

        Args:
            source: its current version.
            now: aware; doses are counted as on this day.

        Raises:
            EncodingError: a document cannot hold it.
            SealBrokenError: the identity does not open.
            Unavailable: KMS did not answer, or the value sets cannot be read.
        """
        if isinstance(source, StoredVaccination):
            return self._of_vaccination(source, now)
        text = result_body(source, self._identity(source), self.zone)
        return None if text is None else CodeBody(fields.TEST, text)

    def is_listed(self, source: Source) -> bool:
        """Whether a new document may name the product of a vaccination; one of before stays.

        Raises:
            Unavailable: the value sets cannot be read.
        """
        disease = self.diseases.get(source.disease)
        if not isinstance(source, StoredVaccination) or disease is None:
            return True
        return is_listed(certified_dose(source, disease), self.value_sets.get())

    def _of_vaccination(self, vaccination: StoredVaccination, now: datetime) -> CodeBody | None:
        disease = self.diseases.get(vaccination.disease)
        if vaccination.withdrawn or disease is None:
            return None
        text = vaccination_body(
            certified_dose(vaccination, disease),
            self._identity(vaccination),
            self.value_sets.get(),
            now.astimezone(self.zone).date(),
        )
        return CodeBody(fields.VACCINATION, text)

    def _identity(self, source: Source) -> Identity:
        opened = self.identity_cipher.open(
            source.identity, record_id=source_id(source), field="identity"
        )
        return Identity.model_validate_json(opened)
