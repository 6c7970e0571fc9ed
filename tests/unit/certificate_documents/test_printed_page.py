"""The certificate on paper: read by eye, by a scanner and by a screen reader."""

from __future__ import annotations

import io
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import pypdf
import pypdfium2
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from certificate_documents.printed_page import pdf
from tests.unit.certificate_documents.opened import (
    ARABIC,
    LATIN,
    antigen_test,
    opened,
    recovery,
    vaccination,
)
from tests.unit.dcc.issuing import ISSUED, issuer_of
from vigie.dcc import signer
from vigie.dcc.certificate import PersonName
from vigie.dcc.correction_level import CorrectionLevel
from vigie.dcc.value_sets import shipped
from vigie.dcc.verification import References, verify

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from certificate_documents.certificate_opening import OpenedCertificate
    from vigie.dcc.certificate import Entry

_DPI = 150
_MM_PER_INCH = 25.4
_A4_MM = (210.0, 297.0)
_KINDS: dict[str, Entry] = {
    "test": antigen_test(),
    "recovery": recovery(),
    "vaccination": vaccination(),
}
_WITHOUT_BREAKS = "W" * 80
_MARKUP = "#panic() $x^2$ \\ *b* _i_ @ref <label> = \"'`//"


def _page(certificate: OpenedCertificate, level: CorrectionLevel = CorrectionLevel.MEDIUM) -> bytes:
    return pdf(certificate, shipped(), level)


def _rendered(page: bytes) -> Image.Image:
    document = pypdfium2.PdfDocument(page)
    assert len(document) == 1
    image: Image.Image = document[0].render(scale=_DPI / 72).to_pil()
    return image


def _code(image: Image.Image) -> zxingcpp.Barcode:
    # Lines of text may look like a linear code.
    (code,) = zxingcpp.read_barcodes(
        image, formats=zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
    )
    return code


def _text(page: bytes) -> str:
    text: str = pypdfium2.PdfDocument(page)[0].get_textpage().get_text_bounded()
    return " ".join(text.replace("\u200b", "").split())


def _side_mm(code: zxingcpp.Barcode) -> float:
    corners = code.position
    return (corners.top_right.x - corners.top_left.x) / _DPI * _MM_PER_INCH


def _root(page: bytes) -> Any:  # noqa: ANN401 - as the file has it
    return pypdf.PdfReader(io.BytesIO(page)).trailer["/Root"]


def _elements(page: bytes) -> Iterator[Any]:
    """Every element of the structure tree, in reading order."""
    waiting = [_root(page)["/StructTreeRoot"]]
    while waiting:
        element = waiting.pop().get_object()
        if isinstance(element, list):
            waiting += reversed(element)
        elif isinstance(element, dict):
            yield element
            waiting += [element["/K"]] if "/K" in element else []


@pytest.mark.parametrize("kind", list(_KINDS))
@pytest.mark.parametrize("name", [LATIN, ARABIC], ids=["latin", "arabic"])
def test_a_scanner_reads_the_code_at_the_size_of_the_page(kind: str, name: PersonName) -> None:
    certificate = opened(_KINDS[kind], name)
    image = _rendered(_page(certificate))
    code = _code(image)
    assert (code.text, code.ec_level) == (certificate.text, "M")
    assert [round(side / _DPI * _MM_PER_INCH) for side in image.size] == list(_A4_MM)
    assert 41 <= _side_mm(code) <= 43
    # It lies within the first of four panels, which the folds go around.
    bottom, right = code.position.bottom_right.y, code.position.bottom_right.x
    assert right < image.width / 2 - 50
    assert bottom < image.height / 2 - 50


def _by_pdfium(page: bytes, _folder: Path) -> Image.Image:
    return _rendered(page)


def _by_poppler(page: bytes, folder: Path) -> Image.Image:
    if not shutil.which("pdftoppm"):
        pytest.skip("Poppler is not installed")
    written = folder / "certificate.pdf"
    written.write_bytes(page)
    subprocess.run(  # noqa: S603 - on a file that was just written
        ["pdftoppm", "-r", str(_DPI), "-png", "-singlefile", written, folder / "page"],  # noqa: S607 - wherever it is installed
        check=True,
    )
    return Image.open(folder / "page.png")


@pytest.mark.parametrize("renderer", [_by_pdfium, _by_poppler], ids=["pdfium", "poppler"])
@pytest.mark.parametrize("kind", list(_KINDS))
def test_what_a_scanner_reads_from_the_page_is_verified(
    renderer: Callable[[bytes, Path], Image.Image], kind: str, tmp_path: Path
) -> None:
    code = _code(renderer(_page(opened(_KINDS[kind])), tmp_path))
    signers = signer.by_kid([issuer_of().signer])
    references = References(shipped())
    result = verify(code.text, signers, ISSUED, references)
    assert result.trusted, result.checks


@pytest.mark.parametrize("level", CorrectionLevel)
def test_the_code_has_the_correction_that_is_configured(level: CorrectionLevel) -> None:
    code = _code(_rendered(_page(opened(vaccination()), level)))
    assert code.ec_level == level
    assert _side_mm(code) >= 35


def test_a_test_is_told_in_words_with_its_labels_in_both_languages() -> None:
    text = _text(_page(opened(antigen_test())))
    for said in (
        "Certificat de test",
        "Test certificate",
        "Dupont-Lefèvre Éloïse Anne",
        "1980-05",
        "URN:UVCI:01:FR:W7V2BE46QSBJ#L",
        "Disease or agent targeted COVID-19",
        "Test antigénique rapide / Rapid immunoassay",
        "Abbott Rapid Diagnostics, Panbio COVID-19 Ag Rapid Test",
        "2021-07-01 09:30 UTC",
        "Résultat du test Test result Non détecté / Not detected",
        "Laboratoire du Port",
        "Country of test France",
        "Certificate issuer Autorité de santé publique",
        "Electronic signature valid until 2022-04-27",
        "est pas un document de voyage",
        "is not a travel document",
    ):
        assert said in text


def test_vaccinations_and_recoveries_are_told_in_words() -> None:
    text = _text(_page(opened(vaccination())))
    for said in ("SARS-CoV-2 mRNA vaccine", "Comirnaty", "Biontech Manufacturing GmbH", "3 / 3"):
        assert said in text
    text = _text(_page(opened(recovery())))
    for said in ("Certificate of recovery", "2021-05-01", "2021-05-12", "2021-10-28"):
        assert said in text


def test_a_name_in_other_letters_is_there_in_latin_ones_too() -> None:
    said = "Name in Latin letters"
    assert f"{said} ALXAEMYN MXHMD" in _text(_page(opened(recovery(), ARABIC)))
    assert said not in _text(_page(opened(recovery(), LATIN)))


def test_codes_that_no_list_has_are_shown_as_they_are() -> None:
    assert "99999" in _text(_page(opened(antigen_test(device="99999"))))


def test_a_screen_reader_is_told_what_is_what() -> None:
    root = _root(_page(opened(antigen_test())))
    assert root["/Lang"].startswith("fr")
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    elements = list(_elements(_page(opened(antigen_test()))))
    kinds = [str(element.get("/S")) for element in elements]
    (figure,) = (element for element in elements if element.get("/S") == "/Figure")
    assert "Code QR du certificat" in figure["/Alt"]
    assert "QR code of the certificate" in figure["/Alt"]
    assert kinds.count("/H1") == 1
    assert kinds.count("/H2") == 3
    assert kinds.count("/TH") == 2
    order = [kinds.index(kind) for kind in ("/H1", "/Figure", "/Table")]
    assert order == sorted(order)
    assert "en" in {str(element.get("/Lang"))[:2] for element in elements}


def test_it_says_that_it_is_an_archive_and_accessible_and_nothing_of_a_person() -> None:
    page = _page(opened(antigen_test()))
    written = _root(page)["/Metadata"].get_data().decode()
    for said in ("<pdfaid:part>2<", "<pdfaid:conformance>A<", "<pdfuaid:part>1<"):
        assert said in written
    told = written + str(pypdf.PdfReader(io.BytesIO(page)).metadata)
    assert "EU Digital COVID Certificate: Test certificate" in told
    for value in ("Dupont", "Éloïse", "1980", "W7V2BE46QSBJ"):
        assert value not in told


def test_the_same_certificate_gives_the_same_bytes() -> None:
    certificate = opened(recovery())
    first = _page(certificate)
    _page(opened(vaccination()))
    assert _page(certificate) == first


def test_the_longest_fields_stay_on_their_panels() -> None:
    certificate = opened(
        antigen_test(
            centre=_WITHOUT_BREAKS,
            issuer=_WITHOUT_BREAKS,
            uvci=_WITHOUT_BREAKS,
            device=_WITHOUT_BREAKS,
        ),
        PersonName.of(_WITHOUT_BREAKS, _WITHOUT_BREAKS),
    )
    image = _rendered(_page(certificate)).convert("L")
    code = _code(image)
    assert code.text == certificate.text
    # Nothing is drawn within 4 mm of an edge or a fold but the crease itself.
    millimetre = _DPI / _MM_PER_INCH
    for left, right in ((101, 104), (106, 109), (206, 210)):
        strip = image.crop((round(left * millimetre), 0, round(right * millimetre), 870))
        assert strip.getextrema() == (255, 255)
    strip = image.crop((0, round(144 * millimetre), 600, round(147.5 * millimetre)))
    assert strip.getextrema() == (255, 255)


def test_what_looks_like_markup_is_text() -> None:
    text = _text(_page(opened(antigen_test(centre=_MARKUP), PersonName.of(_MARKUP))))
    assert text.count(_MARKUP) == 2


@settings(max_examples=30, deadline=None)
@given(st.text(min_size=1, max_size=80).filter(str.strip))
def test_any_text_gives_one_page(text: str) -> None:
    name = PersonName(family=text, given=text, family_transliterated="X")
    certificate = opened(antigen_test(centre=text, issuer=text), name)
    assert len(pypdfium2.PdfDocument(_page(certificate))) == 1
