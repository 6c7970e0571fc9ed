"""Of whatever course a dose is, its certificate is right or its refusal has a reason."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from certificate_signing.claims import IssuingBody
from certificate_signing.drafting import Drafter
from certificate_signing.entitlement import Issue, Nothing
from tests.unit.certificate_signing.samples import DISEASE, IDENTITY, SAMPLED, vaccination
from vigie.dcc import schema, value_sets
from vigie.dcc.certificate import VaccinationEntry
from vigie.dcc.value_set_check import faults
from vigie.vaccinations.stored_vaccination import (
    StoredVaccination,
    VaccinationStatus,
    from_item,
    is_vaccination,
    to_item,
)

_SETS = value_sets.shipped()
_PRODUCTS = st.sampled_from([*_SETS.vaccines, "EU/0/00/0000"])
# Why a dose gives no certificate.
_REASONS = {
    "dose-encoding",
    "vaccination-withdrawn",
    "vaccine-course",
    "vaccine-not-listed",
    "vaccine-unknown",
}


class _Fixed:
    """The cipher, the key and the value sets that a drafter asks."""

    def open(self, _sealed: bytes, **_: str) -> bytes:
        return IDENTITY.model_dump_json().encode()

    def bytes(self) -> bytes:
        return bytes(32)

    def get(self) -> value_sets.ValueSets:
        return _SETS


_FIXED: Any = _Fixed()
_DRAFTER = Drafter(
    {DISEASE.key: DISEASE},
    _FIXED,
    _FIXED,
    IssuingBody(country="FR", name="Vigie", time_zone=ZoneInfo("Europe/Paris")),
    _FIXED,
)
_DOSES = st.builds(
    lambda **changes: StoredVaccination(
        **vaccination(**changes).model_dump(), identity=b"", contact=None
    ),
    number=st.integers(1, 9),
    product=_PRODUCTS,
    first_product=st.none() | _PRODUCTS,
    course=st.none() | st.integers(1, 3),
    recovered_before=st.booleans(),
    given_on=st.dates(date(2020, 12, 27), SAMPLED.date()),
    status=st.sampled_from(VaccinationStatus),
)


@settings(max_examples=60)
@given(dose=_DOSES)
def test_a_dose_is_certified_by_the_rules_or_refused_with_a_reason(
    dose: StoredVaccination,
) -> None:
    drafted = _DRAFTER.draft(dose, SAMPLED)
    if isinstance(drafted.entitlement, Nothing):
        assert drafted.entitlement.reason in _REASONS
        return
    assert drafted.entitlement == Issue("vaccination")
    assert not dose.withdrawn
    assert drafted.draft is not None
    claims: Any = drafted.draft.content.to_map()
    assert (*schema.faults(claims), *faults(claims, _SETS)) == ()
    entry = drafted.draft.content.entry
    assert isinstance(entry, VaccinationEntry)
    assert (entry.dose, entry.product, entry.given_on) == (
        dose.number,
        dose.product,
        dose.given_on,
    )
    if dose.course is not None:
        assert (entry.dose >= entry.series) == (dose.number >= dose.course)


@settings(max_examples=20)
@given(dose=_DOSES)
def test_what_was_kept_is_read(dose: StoredVaccination) -> None:
    assert from_item(dict(to_item(dose))) == dose
    assert is_vaccination(dose.vaccination_id)
    assert not is_vaccination("750712184-mfrggzdfmztwq2lknnwg23tpoa")
