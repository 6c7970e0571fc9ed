"""Certificates on paper, against what Typst and fpdf2 take for less."""

from __future__ import annotations

import io
from itertools import count, cycle
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import segno
import typst
from fpdf import FPDF

from certificate_documents import printed_page
from tests.bench.ratio import Ratio, at_most, measure
from tests.unit.certificate_documents.opened import antigen_test, opened
from vigie.dcc.correction_level import CorrectionLevel
from vigie.dcc.value_sets import shipped
from vigie.printing.fonts import fonts

if TYPE_CHECKING:
    from collections.abc import Iterator

_ROUNDS = 7
# More than a run draws: Typst remembers what it has drawn.
_CERTIFICATES = 100
_EMPTY = '#set document(title: sys.inputs.title)\n#set page(paper: "a4")\n#sym.zws'
_SIDE_MM = 42
_SCALE = 6


def ratios() -> Iterator[Ratio]:
    """The page, by an instance that has drawn one before."""
    with TemporaryDirectory() as folder:
        template = Path(folder) / "empty.typ"
        template.write_text(_EMPTY, encoding="utf-8")
        yield from _ratios(typst.Compiler(template, font_paths=fonts()))


def _ratios(empty: typst.Compiler) -> Iterator[Ratio]:
    certificates = [opened(antigen_test(centre=f"Centre {each}")) for each in range(_CERTIFICATES)]
    waiting, titles = cycle(certificates), count()
    value_sets, text = shipped(), certificates[0].text

    def page() -> bytes:
        return printed_page.pdf(next(waiting), value_sets, CorrectionLevel.MEDIUM)

    def empty_page() -> object:
        title = str(next(titles))
        return empty.compile(format="pdf", sys_inputs={"title": title}, pdf_standards=["a-2a"])

    page()
    empty_page()
    yield measure(
        "certificate as PDF, tagged, with its texts",
        page,
        "fpdf2 and segno, the QR code alone on a page",
        lambda: _code_page(text),
        at_most(1.5),
        rounds=_ROUNDS,
    )
    yield measure(
        "the same",
        page,
        "Typst, an empty page as PDF/A",
        empty_page,
        at_most(40),
        rounds=_ROUNDS,
    )


def _code_page(text: str) -> bytes:
    picture = io.BytesIO()
    segno.make_qr(text, error="m", boost_error=False).save(picture, kind="png", scale=_SCALE)
    document = FPDF()
    document.add_page()
    document.image(picture, w=_SIDE_MM)
    return bytes(document.output())
