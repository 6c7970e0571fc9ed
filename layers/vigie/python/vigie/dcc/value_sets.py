"""The value sets: which codes a certificate may carry, and what they are called.

Source: eHealth Network, guidelines on value sets for EU Digital COVID Certificates. A
release is one document of data, so that an operator publishes another without a
deployment; the one that is shipped holds the codes of the EU's release 2.12.0.
"""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from functools import cache, cached_property
from importlib.resources import files
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, ValidationError, model_validator

from vigie.errors import Rejected
from vigie.model import Frozen

MAX_BYTES = 1024 * 1024
# The system of codes of the Anatomical Therapeutic Chemical classification (WHO).
ATC = "http://www.whocc.no/atc"

RELEASE_PATTERN = r"^[0-9A-Za-z][0-9A-Za-z.-]{0,31}$"

Code = Annotated[str, StringConstraints(min_length=1, max_length=80)]
Display = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{1,79}$")]


class SetId(StrEnum):
    """The value sets that fields of a certificate draw on."""

    DISEASE = "disease-agent-targeted"
    PROPHYLAXIS = "sct-vaccines-covid-19"
    PRODUCT = "vaccines-covid-19-names"
    HOLDER = "vaccines-covid-19-auth-holders"
    TEST_KIND = "covid-19-lab-test-type"
    TEST_RESULT = "covid-19-lab-result"
    DEVICE = "covid-19-lab-test-manufacturer-and-name"
    COUNTRY = "country-2-codes"


class Part(Frozen):
    """The codes of a value set that come from one system alike.

    Attributes:
        system: URI of the code system.
        version: of the system, as the EU's list gives it; empty where it gives none.
        active: whether new certificates may carry the codes.
        codes: what each is called in English.
    """

    system: str
    version: str = ""
    active: bool = True
    codes: Mapping[Code, Display] = Field(min_length=1)


class ValueSet(Frozen):
    """One value set.

    Attributes:
        date: of the list.
        parts: its codes.
    """

    date: date
    parts: tuple[Part, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _each_code_once(self) -> Self:
        if len(self._by_code) != sum(len(part.codes) for part in self.parts):
            raise ValueError("a code stands twice in a value set")
        return self

    @cached_property
    def _by_code(self) -> Mapping[str, Part]:
        return {code: part for part in self.parts for code in part.codes}

    def __contains__(self, code: object) -> bool:
        """Whether it has a code, be it active or not: old certificates carry it rightly."""
        return code in self._by_code

    @property
    def codes(self) -> tuple[str, ...]:
        """All codes, active or not."""
        return tuple(self._by_code)

    def first_of(self, system: str) -> str | None:
        """The first code of a system, be it active or not; None if it has none of it."""
        return next((code for code, part in self._by_code.items() if part.system == system), None)

    def active(self, code: str) -> bool:
        """Whether a new certificate may carry a code."""
        part = self._by_code.get(code)
        return part is not None and part.active

    def display(self, code: str) -> str | None:
        """What a code is called in English; None if it has no such code."""
        part = self._by_code.get(code)
        return None if part is None else part.codes[code]

    def entries(self) -> dict[str, dict[str, str | bool]]:
        """Each code as the EU's verifier service describes it (`valueSetValues`)."""
        return {
            code: {
                "display": part.codes[code],
                "lang": "en",
                "active": part.active,
                "system": part.system,
                "version": part.version,
            }
            for code, part in self._by_code.items()
        }


class Vaccine(Frozen):
    """How a product is written in a certificate (guidelines on value sets, annex A).

    Attributes:
        holder: its marketing authorisation holder or manufacturer (`ma`).
        prophylaxis: what it may be called as `vp`; the first is the most precise.
        course: doses of its primary course; None where it is given as a booster only, or
            nothing is laid down.
    """

    holder: Code
    prophylaxis: tuple[Code, ...] = Field(min_length=1)
    course: int | None = Field(None, ge=1, le=9)


class DoseEncoding(Frozen):
    """How doses beyond the primary course are written, from a day on.

    `course` writes them over the number of doses of the course (2/1), `number` over
    their own number (3/3).

    Attributes:
        first_day: of issue that it holds for, until the next one's.
        booster_series_after_one: after a course of one dose.
        booster_series_after_more: after a longer course.
    """

    first_day: date = Field(alias="from")
    booster_series_after_one: Literal["course", "number"]
    booster_series_after_more: Literal["course", "number"]


class ValueSets(Frozen):
    """A release of all value sets.

    Attributes:
        release: its name, such as `2.12.0`; one name never means two contents.
        sets: by the EU's identifier; those of `SetId` and perhaps others.
        vaccines: by product (`mp`).
        dose_encodings: in the order of their days.
    """

    release: str = Field(pattern=RELEASE_PATTERN)
    sets: Mapping[Identifier, ValueSet]
    vaccines: Mapping[Code, Vaccine]
    dose_encodings: tuple[DoseEncoding, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        missing = [name.value for name in SetId if name not in self.sets]
        if missing:
            raise ValueError(f"there is no value set {missing[0]}")
        for product, vaccine in self.vaccines.items():
            if product not in self[SetId.PRODUCT] or vaccine.holder not in self[SetId.HOLDER]:
                raise ValueError("a vaccine's product or holder is in no value set")
            if not all(code in self[SetId.PROPHYLAXIS] for code in vaccine.prophylaxis):
                raise ValueError("a vaccine's prophylaxis is in no value set")
        days = [encoding.first_day for encoding in self.dose_encodings]
        if days != sorted(set(days)):
            raise ValueError("the encodings of doses are not in the order of their days")
        return self

    def __getitem__(self, name: SetId) -> ValueSet:
        """The value set of a field."""
        return self.sets[name]

    def dose_encoding(self, on: date) -> DoseEncoding | None:
        """How doses are written in what is issued on a day; None before the first rule."""
        held = [encoding for encoding in self.dose_encodings if encoding.first_day <= on]
        return held[-1] if held else None

    def document(self, name: str) -> dict[str, object]:
        """A value set in the form of the EU's verifier service.

        Raises:
            KeyError: there is no such value set.
        """
        found = self.sets[name]
        return {
            "valueSetId": str(name),
            "valueSetDate": found.date.isoformat(),
            "valueSetValues": found.entries(),
        }


def read(content: bytes) -> ValueSets:
    """Read a release in JSON.

    Raises:
        Rejected: `value-sets-size` over 1 MiB, or `value-sets-malformed` with the place and
            the rule.
    """
    if len(content) > MAX_BYTES:
        raise Rejected("value-sets-size", "a release of value sets is larger than 1 MiB")
    try:
        return ValueSets.model_validate_json(content)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        place = "/".join(str(part) for part in first["loc"])
        raise Rejected("value-sets-malformed", f"{place or 'all'}: {first['msg']}") from None


@cache
def shipped() -> ValueSets:
    """The release that comes with the system, for where none was published."""
    return read((files(__package__) / "value_sets.json").read_bytes())
