"""Which dose a vaccination certificate tells, and in which words.

Sources: Commission Implementing Decision (EU) 2021/1073, annex II, as amended by (EU)
2021/2301 (how doses are counted), and the guidelines on value sets, annex A (how a
product is written). Products, courses and encodings are data: `vigie.dcc.value_sets`.
"""

from datetime import date
from typing import Annotated, NamedTuple

from pydantic import Field

from vigie.dcc.certificate import VaccinationEntry
from vigie.dcc.errors import EncodingError
from vigie.dcc.value_sets import SetId, Vaccine, ValueSets
from vigie.model import Frozen

Count = Annotated[int, Field(ge=1, le=99)]


class Vaccination(Frozen):
    """A dose that was given to a person, as a record of vaccinations tells it.

    Attributes:
        disease: SNOMED CT code of the agent (`tg`).
        product: of the value set of products (`mp`).
        number: which of the person's doses against the disease it is, of whatever product.
        given_on: the day.
        country: ISO 3166-1 alpha-2, where it was given.
        course: doses of the person's primary course, if the record says it, as for a person
            whose immune system is weak; None where it follows from the two fields below.
        first_product: what the first dose was, if another product.
        recovered_before: whether an infection before the first dose makes one dose a course.
        holder: as the record has it; None for the product's own (`ma`).
        prophylaxis: as the record has it; None for the product's own (`vp`).
    """

    disease: str
    product: str
    number: Count
    given_on: date
    country: str = Field(pattern=r"^[A-Z]{2}$")
    course: Count | None = None
    first_product: str | None = None
    recovered_before: bool = False
    holder: str | None = None
    prophylaxis: str | None = None


class WrittenDose(NamedTuple):
    """A dose as a certificate counts it: `dn` of `sd`."""

    number: int
    series: int


def vaccination_entry(
    vaccination: Vaccination, sets: ValueSets, *, issuer: str, uvci: str, on: date
) -> VaccinationEntry:
    """Write a dose as a certificate has it.

    What a new certificate may name besides is `is_listed`.

    Args:
        vaccination: the dose.
        sets: the value sets in force.
        issuer: who issues (`is`).
        uvci: the certificate's identifier.
        on: the day of issue, of the issuer's calendar.

    Raises:
        EncodingError: `vaccination-date` for a day to come, `vaccination-disease`,
            `vaccine-unknown` for a product that the value sets do not say how to write,
            `vaccine-holder` or `vaccine-prophylaxis` where the record's is not the
            product's, `vaccine-course` or `dose-encoding` as `written_dose` says.
    """
    vaccine = check_certified(vaccination, sets, on)
    dose = written_dose(vaccination, sets, on)
    return VaccinationEntry(
        disease=vaccination.disease,
        country=vaccination.country,
        issuer=issuer,
        uvci=uvci,
        prophylaxis=_prophylaxis(vaccination, vaccine, sets),
        product=vaccination.product,
        holder=_holder(vaccination, vaccine),
        dose=dose.number,
        series=dose.series,
        given_on=vaccination.given_on,
    )


def check_certified(vaccination: Vaccination, sets: ValueSets, on: date) -> Vaccine:
    """Check that a dose is one that a proof may tell of on a day; how its product is written.

    Raises:
        EncodingError: `vaccination-date`, `vaccination-disease` or `vaccine-unknown`, as
            `vaccination_entry` says.
    """
    if vaccination.given_on > on:
        raise EncodingError("vaccination-date", "the dose was given later than this")
    if not sets[SetId.DISEASE].active(vaccination.disease):
        raise EncodingError("vaccination-disease", "no certificate is given for the disease")
    return _vaccine(vaccination.product, sets)


def is_listed(vaccination: Vaccination, sets: ValueSets) -> bool:
    """Whether new certificates may name the product; those of before name it rightly."""
    return sets[SetId.PRODUCT].active(vaccination.product)


def written_dose(vaccination: Vaccination, sets: ValueSets, on: date) -> WrittenDose:
    """Count a dose as certificates that are issued on a day count it.

    Within the primary course it is 1/1, 1/2, 2/2 and so on; one dose is a course after an
    infection. Beyond it the encoding of the day counts: 2/1 after a course of one dose,
    3/3 after one of two.

    Raises:
        EncodingError: `vaccine-course` if nothing says how long the course is,
            `dose-encoding` if there is no rule for boosters on that day.
    """
    course = _course(vaccination, sets)
    if vaccination.number <= course:
        return WrittenDose(vaccination.number, course)
    encoding = sets.dose_encoding(on)
    if encoding is None:
        raise EncodingError("dose-encoding", "no rule says how a booster is written")
    over = encoding.booster_series_after_one if course == 1 else encoding.booster_series_after_more
    return WrittenDose(vaccination.number, course if over == "course" else vaccination.number)


def _course(vaccination: Vaccination, sets: ValueSets) -> int:
    if vaccination.course is not None:
        return vaccination.course
    if vaccination.recovered_before:
        return 1
    course = _vaccine(vaccination.first_product or vaccination.product, sets).course
    if course is None:
        raise EncodingError("vaccine-course", "nothing says how many doses the course has")
    return course


def _vaccine(product: str, sets: ValueSets) -> Vaccine:
    vaccine = sets.vaccines.get(product)
    if vaccine is None:
        raise EncodingError("vaccine-unknown", "the value sets do not say how it is written")
    return vaccine


def _holder(vaccination: Vaccination, vaccine: Vaccine) -> str:
    if vaccination.holder not in {None, vaccine.holder}:
        raise EncodingError("vaccine-holder", "the holder is not that of the product")
    return vaccine.holder


def _prophylaxis(vaccination: Vaccination, vaccine: Vaccine, sets: ValueSets) -> str:
    active = [code for code in vaccine.prophylaxis if sets[SetId.PROPHYLAXIS].active(code)]
    if vaccination.prophylaxis is None and active:
        return active[0]
    if vaccination.prophylaxis not in active:
        raise EncodingError("vaccine-prophylaxis", "the prophylaxis is not that of the product")
    return vaccination.prophylaxis
