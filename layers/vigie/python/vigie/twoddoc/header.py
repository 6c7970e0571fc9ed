"""The header of a 2D-DOC.

Source: ANTS, "Spécifications techniques des codes à barres 2D-Doc", version 3.1.3 (2021),
section 3: version 02 has 22 characters, 03 adds the perimeter, 04 the country.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from vigie.dcc.errors import DecodingError, EncodingError

MARKER = "DC"
ISSUED_VERSION = 4

_EPOCH = date(2000, 1, 1)
_UNDATED = "FFFF"
_FORM = re.compile(
    r"DC0(?P<version>[234])(?P<authority>[A-Z0-9]{4})(?P<certificate>[A-Z0-9]{4})"
    r"(?P<issued>[0-9A-F]{4})(?P<signed>[0-9A-F]{4})(?P<type>[A-Z0-9]{2})"
)
_REST = {
    2: re.compile(r"(?P<perimeter>)(?P<country>)"),
    3: re.compile(r"(?P<perimeter>[A-Z0-9]{2})(?P<country>)"),
    4: re.compile(r"(?P<perimeter>[A-Z0-9]{2})(?P<country>[A-Z]{2})"),
}


@dataclass(frozen=True, slots=True)
class Header:
    """Who signs what, and when.

    Attributes:
        version: 2, 3 or 4.
        authority: the certification authority, 4 characters, such as `FR03`.
        certificate: the signer's certificate at that authority, 4 characters.
        issued_on: day of the document; None if it has none.
        signed_on: day of the signature; None if it has none.
        document_type: such as `B2` (test) or `L1` (vaccination).
        perimeter: who defines the type, `01` for ANTS; empty before version 3.
        country: ISO 3166-1 alpha-2 of the issuer; empty before version 4.
    """

    version: int
    authority: str
    certificate: str
    issued_on: date | None
    signed_on: date | None
    document_type: str
    perimeter: str = "01"
    country: str = "FR"


def write(header: Header) -> str:
    """Write a header.

    Raises:
        EncodingError: `2d-doc-header` if one of its parts has no place in it.
    """
    text = (
        f"{MARKER}{header.version:02}{header.authority}{header.certificate}"
        f"{_days(header.issued_on)}{_days(header.signed_on)}"
        f"{header.document_type}{header.perimeter}{header.country}"
    )
    try:
        read_back, rest = read(text)
    except DecodingError:
        read_back, rest = None, ""
    if read_back != header or rest:
        raise EncodingError("2d-doc-header", "a part of the header has no place in it")
    return text


def read(text: str) -> tuple[Header, str]:
    """Read the header, and give what stands behind it.

    Raises:
        DecodingError: `2d-doc-header` if it is not one of version 02, 03 or 04.
    """
    form = _FORM.match(text)
    rest = form and _REST[int(form["version"])].match(text, form.end())
    if form is None or rest is None:
        raise DecodingError("2d-doc-header", "no header of a 2D-DOC of version 02, 03 or 04")
    header = Header(
        version=int(form["version"]),
        authority=form["authority"],
        certificate=form["certificate"],
        issued_on=_day(form["issued"]),
        signed_on=_day(form["signed"]),
        document_type=form["type"],
        perimeter=rest["perimeter"],
        country=rest["country"],
    )
    return header, text[rest.end() :]


def _days(day: date | None) -> str:
    return _UNDATED if day is None else f"{(day - _EPOCH).days:04X}"


def _day(text: str) -> date | None:
    return None if text == _UNDATED else _EPOCH + timedelta(days=int(text, 16))
