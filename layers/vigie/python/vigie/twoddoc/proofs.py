"""What a 2D-DOC says of a test (B2) or of a vaccination (L1).

Source: ANTS, "Spécifications techniques des codes à barres 2D-Doc", version 3.1.3 (2021).
Names are in capitals without marks; several given names stand behind `/`.
"""

import re
from datetime import date, datetime

from vigie.dcc.errors import EncodingError
from vigie.dcc.transliteration import transliterate
from vigie.model import Frozen
from vigie.person.identity import Identity
from vigie.results.codes import Outcome, Sex
from vigie.twoddoc import code, fields
from vigie.twoddoc.code import Unsigned
from vigie.twoddoc.header import ISSUED_VERSION, Header

# The types of health documents are defined by ANTS.
PERIMETER = "01"

_SEXES = {Sex.MALE: "M", Sex.FEMALE: "F"}
_OUTCOMES = {
    Outcome.DETECTED: "P",
    Outcome.NOT_DETECTED: "N",
    Outcome.INCONCLUSIVE: "I",
    Outcome.NOT_OBTAINABLE: "X",
}
_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)")


class CodeSigner(Frozen):
    """Who signs 2D-DOC for the issuer.

    Attributes:
        authority: the certification authority's name, such as `FR03`.
        certificate: the certificate's name at that authority, such as `AV01`.
        country: ISO 3166-1 alpha-2 of the issuer.
    """

    authority: str
    certificate: str
    country: str = "FR"


class Immunisation(Frozen):
    """A vaccination as a 2D-DOC tells it.

    Attributes:
        disease: such as `COVID-19`.
        prophylaxis: ATC code, such as `J07BX03`.
        vaccine: its name.
        maker: of the vaccine.
        given: doses so far.
        course: doses that the course has.
        last_on: day of the last dose.
    """

    disease: str
    prophylaxis: str
    vaccine: str
    maker: str
    given: int
    course: int
    last_on: date


def test_proof(  # noqa: PLR0913 - what the document says
    identity: Identity,
    *,
    loinc: str,
    outcome: Outcome,
    sampled_at: datetime,
    signer: CodeSigner,
    signed_on: date,
) -> Unsigned:
    """A document of type B2, ready to be signed.

    Args:
        identity: of the person.
        loinc: code of the test.
        outcome: of the test.
        sampled_at: in the time zone of the issuer, which the document does not tell.
        signer: who signs.
        signed_on: the day.

    Raises:
        EncodingError: `name-script`, `birth-date-partial`, or `2d-doc-…`.
    """
    body = test_body(identity, loinc=loinc, outcome=outcome, sampled_at=sampled_at)
    return document(fields.TEST, body, signer, signed_on)


def test_body(identity: Identity, *, loinc: str, outcome: Outcome, sampled_at: datetime) -> str:
    """What a document of type B2 says, without who signs it; arguments as of `test_proof`.

    Raises:
        EncodingError: as `test_proof`.
    """
    values = {
        "F0": _given_names(identity),
        "F1": _name(identity.family_name),
        "F2": _birth_date(identity),
        "F3": _SEXES.get(identity.sex, "U"),
        "F4": loinc,
        "F5": _OUTCOMES[outcome],
        "F6": f"{sampled_at:%d%m%Y%H%M}",
    }
    return fields.write(fields.TEST, values)


def vaccination_proof(
    identity: Identity, immunisation: Immunisation, *, signer: CodeSigner, signed_on: date
) -> Unsigned:
    """A document of type L1, ready to be signed.

    Raises:
        EncodingError: `name-script`, `birth-date-partial`, or `2d-doc-…`.
    """
    body = vaccination_body(identity, immunisation)
    return document(fields.VACCINATION, body, signer, signed_on)


def vaccination_body(identity: Identity, immunisation: Immunisation) -> str:
    """What a document of type L1 says, without who signs it.

    Raises:
        EncodingError: as `vaccination_proof`.
    """
    done = immunisation.given >= immunisation.course
    values = {
        "L0": _name(identity.family_name),
        "L1": _given_names(identity),
        "L2": _birth_date(identity),
        "L3": immunisation.disease.upper(),
        "L4": immunisation.prophylaxis.upper(),
        "L5": immunisation.vaccine.upper(),
        "L6": immunisation.maker.upper(),
        "L7": str(immunisation.given),
        "L8": str(immunisation.course),
        "L9": f"{immunisation.last_on:%d%m%Y}",
        "LA": "TE" if done else "CO",
    }
    return fields.write(fields.VACCINATION, values)


def document(document_type: str, body: str, signer: CodeSigner, signed_on: date) -> Unsigned:
    """Put a header of version 04 before what a document says.

    Raises:
        EncodingError: `2d-doc-header` or `2d-doc-length`.
    """
    header = Header(
        version=ISSUED_VERSION,
        authority=signer.authority,
        certificate=signer.certificate,
        issued_on=signed_on,
        signed_on=signed_on,
        document_type=document_type,
        perimeter=PERIMETER,
        country=signer.country,
    )
    return code.unsigned(header, body)


def _given_names(identity: Identity) -> str:
    return "/".join([_name(name) for name in identity.given_names])


def _name(name: str) -> str:
    return transliterate(name).replace("<", " ")


def _birth_date(identity: Identity) -> str:
    form = _DAY.fullmatch(identity.birth_date)
    if form is None:
        raise EncodingError("birth-date-partial", "a 2D-DOC holds a whole date of birth")
    return "".join(reversed(form.groups()))
