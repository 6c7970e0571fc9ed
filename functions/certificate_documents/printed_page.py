"""The certificate on paper: one A4 page as PDF/A-2a and PDF/UA-1, in French and in English.

Typst writes it. Fonts come with the layer, never from the system, and all that is shown goes to
the template as data.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, cast

import typst

from certificate_documents.printed_fields import (
    entry_fields,
    entry_of,
    group_of,
    holder_fields,
    words,
)
from vigie.dcc import qr, symbol
from vigie.printing.fonts import fonts
from vigie.printing.printed_text import printable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from certificate_documents.certificate_opening import OpenedCertificate
    from vigie.dcc.correction_level import CorrectionLevel
    from vigie.dcc.value_sets import ValueSets

_TEMPLATE = Path(__file__).parent / "printed" / "certificate.typ"
_STANDARDS: Final[tuple[Literal["a-2a", "ua-1"], ...]] = ("a-2a", "ua-1")
# A diagonal of 35 to 60 mm is what readers with fixed optics take (hcert-spec section 4.2.2); a
# denser code grows, since a module must be half a millimetre for printers and cameras.
_SIDE_MM = 42.0
_LEAST_MODULE_MM = 0.5


def pdf(certificate: OpenedCertificate, value_sets: ValueSets, level: CorrectionLevel) -> bytes:
    """The page of a certificate; the same bytes for the same certificate.

    Args:
        certificate: that is valid.
        value_sets: what its codes are called.
        level: of error correction of the QR code.

    Raises:
        EncodingError: `qr-length` if no QR code holds the text.
    """
    page = _page(certificate, value_sets, level)
    drawn = _compiler().compile(
        format="pdf",
        sys_inputs={"certificate": json.dumps(page)},
        pdf_standards=[*_STANDARDS],
        timestamp=int(certificate.stored.issued_at.timestamp()),
    )
    # Without a path to write to, one file is given.
    return cast("bytes", drawn)


@cache
def _compiler() -> typst.Compiler:
    """Kept between calls, with what it has read of the template."""
    return typst.Compiler(_TEMPLATE, root=_TEMPLATE.parent, font_paths=fonts())


def _page(
    certificate: OpenedCertificate, value_sets: ValueSets, level: CorrectionLevel
) -> Mapping[str, Any]:
    """What the template shows."""
    content, texts = certificate.claims.certificate, words()
    group = group_of(content)
    heading, titled = texts.heading, texts.kinds[group]
    return {
        "title": [f"{heading.fr} : {titled.fr}", f"{heading.en}: {titled.en}"],
        "author": printable(str(entry_of(content).get("is", ""))),
        "heading": heading.model_dump(),
        "kind": titled.model_dump(),
        "qr": _code(certificate.text, level) | {"alt": f"{texts.code.fr} {texts.code.en}"},
        "holder": [field.model_dump() for field in holder_fields(content)],
        "entry_heading": texts.entry_headings[group].model_dump(),
        "columns": [column.model_dump() for column in texts.columns],
        "entry": [field.model_dump() for field in entry_fields(certificate.claims, value_sets)],
        "notices": [notice.model_dump() for notice in texts.notices],
        "advice": [notice.model_dump() for notice in texts.advice],
    }


def _code(text: str, level: CorrectionLevel) -> dict[str, Any]:
    """The QR code as SVG, and how wide that is printed, quiet zone included."""
    rows = qr.rows(text, level)
    modules = len(rows)
    module_mm = max(_SIDE_MM / modules, _LEAST_MODULE_MM)
    return {
        "svg": symbol.svg(rows, quiet=qr.QUIET_ZONE_MODULES),
        "width_mm": (modules + 2 * qr.QUIET_ZONE_MODULES) * module_mm,
    }
