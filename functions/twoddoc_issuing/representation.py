"""The forms that a 2D-DOC is given in: a DataMatrix as PNG or SVG, or its text."""

from __future__ import annotations

import base64
from typing import NamedTuple

PNG, SVG, TEXT = "image/png", "image/svg+xml", "text/plain"
_FORMS = (PNG, SVG, TEXT)
_ANY = ("*/*", "image/*")


class Representation(NamedTuple):
    """A document as it is sent.

    Attributes:
        content_type: of the body.
        body: as API Gateway takes it.
        is_base64: whether the body is base64 of bytes.
    """

    content_type: str
    body: str
    is_base64: bool


def accepted_form(accept: str | None) -> str | None:
    """The form that a request accepts: the first one that it names; None if it names none of them.

    What is preferred less (`q`) is not looked at but for what is refused, `q=0` (RFC 9110
    section 12.5.1): there are three forms, and no application asks for two.
    """
    for part in (accept or PNG).lower().split(","):
        wanted, *parameters = [each.strip() for each in part.split(";")]
        if "q=0" in parameters:
            continue
        if wanted in _FORMS:
            return wanted
        if wanted in _ANY:
            return PNG
        if wanted == "text/*":
            return TEXT
    return None


def represent(text: str, form: str) -> Representation:
    """Give a document in one of the forms.

    Raises:
        EncodingError: `datamatrix-length` if no code holds the text.
    """
    if form == TEXT:
        return Representation("text/plain; charset=us-ascii", text, is_base64=False)
    # Only an answer with a picture pays for loading what draws it.
    from vigie.twoddoc import datamatrix  # noqa: PLC0415

    if form == SVG:
        return Representation(SVG, datamatrix.svg(text), is_base64=False)
    drawn = base64.b64encode(datamatrix.png(text)).decode("ascii")
    return Representation(PNG, drawn, is_base64=True)
