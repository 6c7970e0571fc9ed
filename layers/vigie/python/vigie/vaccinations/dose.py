"""A vaccination as certificates tell it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vigie.dcc.vaccination import Vaccination

if TYPE_CHECKING:
    from vigie.catalogue.disease import Disease
    from vigie.vaccinations.stored_vaccination import VaccinationDocument


def certified_dose(vaccination: VaccinationDocument, disease: Disease) -> Vaccination:
    """The dose of a record: its maker and prophylaxis are its product's."""
    return Vaccination(
        disease=disease.target,
        product=vaccination.product,
        number=vaccination.number,
        given_on=vaccination.given_on,
        country=vaccination.country,
        course=vaccination.course,
        first_product=vaccination.first_product,
        recovered_before=vaccination.recovered_before,
    )
