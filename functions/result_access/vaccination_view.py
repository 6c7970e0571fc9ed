"""How a vaccination is shown to the person whom it is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from result_access.answer import CertificateView, VaccinationView

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from vigie.catalogue.disease import Disease
    from vigie.results.codes import Language
    from vigie.vaccinations.stored_vaccination import VaccinationDocument


def vaccination_view(
    vaccination: VaccinationDocument,
    certificates: Sequence[CertificateView],
    diseases: Mapping[str, Disease],
    language: Language,
) -> VaccinationView:
    """How to show a vaccination in a language.

    Args:
        vaccination: the current version.
        certificates: those made from it, as they are shown.
        diseases: the catalogue.
        language: of the answer.
    """
    disease = diseases.get(vaccination.disease)
    return VaccinationView(
        id=vaccination.vaccination_id,
        disease=disease.names[language] if disease else vaccination.disease,
        product=vaccination.product,
        product_name=_product_name(vaccination.product),
        number=vaccination.number,
        given_on=vaccination.given_on,
        country=vaccination.country,
        status=vaccination.status,
        version=vaccination.version,
        certificates=tuple(certificates),
    )


def _product_name(product: str) -> str | None:
    # Only an answer with a vaccination pays for loading the value sets.
    from vigie.dcc import value_sets  # noqa: PLC0415

    return value_sets.shipped()[value_sets.SetId.PRODUCT].display(product)
