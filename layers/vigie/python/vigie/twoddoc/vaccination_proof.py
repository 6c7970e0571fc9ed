"""What the 2D-DOC of a vaccination says: a document of type L1."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from vigie.dcc.errors import EncodingError
from vigie.dcc.vaccination import check_certified, written_dose
from vigie.dcc.value_sets import ATC, SetId
from vigie.twoddoc import proofs
from vigie.twoddoc.proofs import Immunisation

if TYPE_CHECKING:
    from datetime import date

    from vigie.dcc.vaccination import Vaccination
    from vigie.dcc.value_sets import ValueSets
    from vigie.person.identity import Identity

_NO_PLACE = re.compile(r"[^0-9A-Z\-./]+")


def vaccination_body(dose: Vaccination, identity: Identity, sets: ValueSets, on: date) -> str:
    """What the document of a dose says, counted as a certificate (DCC) of the day counts it.

    Disease, vaccine and maker are called as the value sets call them; a character that has no
    place in a 2D-DOC becomes a space.

    Args:
        dose: that was given.
        identity: of the person.
        sets: the value sets in force.
        on: the day, of the issuer's calendar.

    Raises:
        EncodingError: as `check_certified` and `written_dose` say; `vaccine-atc` if no value set
            has the agent's ATC code; or the document cannot hold it: `name-script`,
            `birth-date-partial` or `2d-doc-field`.
    """
    vaccine = check_certified(dose, sets, on)
    counted = written_dose(dose, sets, on)
    immunisation = Immunisation(
        disease=_words(dose.disease, sets, SetId.DISEASE),
        prophylaxis=_agent(sets),
        vaccine=_words(dose.product, sets, SetId.PRODUCT),
        maker=_words(vaccine.holder, sets, SetId.HOLDER),
        given=counted.number,
        course=counted.series,
        last_on=dose.given_on,
    )
    return proofs.vaccination_body(identity, immunisation)


def _agent(sets: ValueSets) -> str:
    """The ATC code of the agent: certificates once carried it, so that the value set has it."""
    found = sets[SetId.PROPHYLAXIS].first_of(ATC)
    if found is None:
        raise EncodingError("vaccine-atc", "no value set has the agent's ATC code")
    return found


def _words(code: str, sets: ValueSets, name: SetId) -> str:
    plain = unicodedata.normalize("NFKD", sets[name].display(code) or code)
    letters = plain.encode("ascii", "ignore").decode("ascii").upper()
    return _NO_PLACE.sub(" ", letters).strip()
