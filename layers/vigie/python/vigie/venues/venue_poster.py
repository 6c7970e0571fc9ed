"""The poster of a venue: one A4 page as PDF/A-2a and PDF/UA-1, in French and in English.

The name is printed and kept nowhere. This module is imported only by what draws: it needs the
layers of documents and printing.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, cast

import typst

from vigie.dcc import qr, symbol
from vigie.dcc.correction_level import CorrectionLevel
from vigie.printing.fonts import fonts
from vigie.printing.printed_text import printable

if TYPE_CHECKING:
    from datetime import datetime

LONGEST_NAME = 60

_TEMPLATE = Path(__file__).parent / "poster" / "poster.typ"
_STANDARDS: Final[tuple[Literal["a-2a", "ua-1"], ...]] = ("a-2a", "ua-1")
# People scan it from an arm's length away or two.
_SIDE_MM = 110.0


def poster(link: str, code: str, *, name: str, staff: bool, now: datetime) -> bytes:
    """The page of a venue's code.

    Args:
        link: what the code is put behind to open the tracing app with it.
        code: base64url of the location-specific part.
        name: of the venue, up to 60 characters; empty for none.
        staff: whether the code is for who works there.
        now: aware; the page's date.

    Raises:
        EncodingError: `qr-length` if no QR code holds the link.
    """
    drawn = _compiler().compile(
        format="pdf",
        sys_inputs={"poster": json.dumps(_page(f"{link}{code}", name, staff=staff))},
        pdf_standards=[*_STANDARDS],
        timestamp=int(now.timestamp()),
    )
    # Without a path to write to, one file is given.
    return cast("bytes", drawn)


@cache
def _compiler() -> typst.Compiler:
    """Kept between calls, with what it has read of the template."""
    return typst.Compiler(_TEMPLATE, root=_TEMPLATE.parent, font_paths=fonts())


@cache
def _words() -> Any:  # noqa: ANN401 - JSON
    return json.loads((_TEMPLATE.parent / "words.json").read_text(encoding="utf-8"))


def _page(text: str, name: str, *, staff: bool) -> dict[str, Any]:
    """What the template shows."""
    words = _words()
    rows = qr.rows(text, CorrectionLevel.MEDIUM)
    across = len(rows) + 2 * qr.QUIET_ZONE_MODULES
    return {
        "title": [words["heading"]["fr"], words["heading"]["en"]],
        "heading": words["heading"],
        "name": printable(name[:LONGEST_NAME]),
        "staff": words["staff"] if staff else None,
        "qr": {
            "svg": symbol.svg(rows, quiet=qr.QUIET_ZONE_MODULES),
            "width_mm": across * _SIDE_MM / len(rows),
            "alt": f"{words['code']['fr']} {words['code']['en']}",
        },
        "steps": words["steps"],
        "notice": words["notice"],
    }
