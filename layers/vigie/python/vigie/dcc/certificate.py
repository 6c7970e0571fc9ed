"""What a certificate says: the DCC schema 1.3.0, as models for issuing.

Source: eu-dcc-schema 1.3.0, DCC.combined-schema.json. Values are stricter than the
schema where it leaves to the value sets and guidelines what an issuer must do.
"""

import unicodedata
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Annotated, ClassVar, Literal, Self, TypeAlias

from pydantic import (
    AfterValidator,
    AwareDatetime,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
    model_validator,
)

from vigie.dcc.transliteration import NAME_LENGTH, transliterate
from vigie.model import Frozen

SCHEMA_VERSION = "1.3.0"


def _normalised(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _instant(value: datetime) -> str:
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


Code = Annotated[str, StringConstraints(min_length=1, max_length=80)]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
Day = Annotated[date, PlainSerializer(date.isoformat)]
Dose = Annotated[int, Field(ge=1)]
Instant = Annotated[AwareDatetime, PlainSerializer(_instant)]
Label = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=80),
    AfterValidator(_normalised),
]
Transliterated = Annotated[str, StringConstraints(pattern=r"^[A-Z<]*$", max_length=NAME_LENGTH)]
# A person may not know the day or the month, or the whole date.
BirthDate = Annotated[str, StringConstraints(pattern=r"^((19|20)[0-9]{2}(-[0-9]{2}){0,2}){0,1}$")]


class TestKind(StrEnum):
    """The value set covid-19-lab-test-type."""

    __test__ = False  # not a test of pytest

    NAAT = "LP6464-4"
    ANTIGEN = "LP217198-3"


class TestOutcome(StrEnum):
    """The value set covid-19-lab-result."""

    __test__ = False  # not a test of pytest

    DETECTED = "260373001"
    NOT_DETECTED = "260415000"


class _Part(Frozen):
    """A part of the certificate, whose keys on the wire are the aliases."""

    model_config = ConfigDict(populate_by_name=True)


class PersonName(_Part):
    """The name, as written and as a machine-readable zone would have it."""

    family: Label | None = Field(None, alias="fn")
    family_transliterated: Transliterated = Field(alias="fnt")
    given: Label | None = Field(None, alias="gn")
    given_transliterated: Transliterated | None = Field(None, alias="gnt")

    @classmethod
    def of(cls, family: str, given: str = "") -> Self:
        """Take a name as a person writes it, cut to what the schema holds.

        Raises:
            EncodingError: `name-script` if a letter has no transliteration.
        """
        family, given = (_normalised(part.strip())[:NAME_LENGTH] for part in (family, given))
        return cls(
            family=family or None,
            family_transliterated=transliterate(family),
            given=given or None,
            given_transliterated=transliterate(given) if given else None,
        )


class _Entry(_Part):
    """What the three kinds of entries have in common."""

    group: ClassVar[Literal["v", "t", "r"]]

    disease: Code = Field(alias="tg")
    country: Country = Field(alias="co")
    issuer: Label = Field(alias="is")
    uvci: Code = Field(alias="ci")


class VaccinationEntry(_Entry):
    """A dose that was given; a booster's number may exceed the series."""

    group = "v"

    prophylaxis: Code = Field(alias="vp")
    product: Code = Field(alias="mp")
    holder: Code = Field(alias="ma")
    dose: Dose = Field(alias="dn")
    series: Dose = Field(alias="sd")
    given_on: Day = Field(alias="dt")


class TestEntry(_Entry):
    """A test's result: a NAAT has its name, an antigen test its device in the EU's list."""

    __test__ = False  # not a test of pytest
    group = "t"

    kind: TestKind = Field(alias="tt")
    name: Label | None = Field(None, alias="nm")
    device: Code | None = Field(None, alias="ma")
    collected_at: Instant = Field(alias="sc")
    outcome: TestOutcome = Field(alias="tr")
    centre: Label | None = Field(None, alias="tc")

    @model_validator(mode="after")
    def _device_names_an_antigen_test(self) -> Self:
        if (self.kind is TestKind.ANTIGEN) != (self.device is not None):
            raise ValueError("an antigen test, and no other, has a device")
        if self.kind is TestKind.ANTIGEN and self.name is not None:
            raise ValueError("an antigen test is named by its device")
        return self


class RecoveryEntry(_Entry):
    """A recovery, from the sampling of the first positive test."""

    group = "r"

    first_positive_on: Day = Field(alias="fr")
    valid_from: Day = Field(alias="df")
    valid_until: Day = Field(alias="du")

    @model_validator(mode="after")
    def _dates_follow_each_other(self) -> Self:
        if not self.first_positive_on <= self.valid_from <= self.valid_until:
            raise ValueError("a recovery is valid after its test, until a later day")
        return self


Entry: TypeAlias = VaccinationEntry | TestEntry | RecoveryEntry


class DigitalCovidCertificate(Frozen):
    """The content of one certificate: a person and one entry."""

    name: PersonName
    birth_date: BirthDate
    entry: Entry

    def to_map(self) -> dict[str, object]:
        """The map of the schema, with its own keys, ready for CBOR."""
        return {
            "ver": SCHEMA_VERSION,
            "nam": self.name.model_dump(by_alias=True, exclude_none=True),
            "dob": self.birth_date,
            self.entry.group: [
                self.entry.model_dump(mode="json", by_alias=True, exclude_none=True)
            ],
        }
