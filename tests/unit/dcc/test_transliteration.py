"""Names as a machine-readable zone has them (ICAO Doc 9303 part 3, section 6; ISO 843)."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.dcc.errors import EncodingError
from vigie.dcc.transliteration import transliterate

# Section 6.A: for letters with several answers, the first.
_TABLE = {
    "A": "ÀÁÂÃĀĂĄ",
    "AA": "Å",
    "AE": "ÄÆ",
    "C": "ÇĆĈĊČ",
    "D": "ÐĎĐ",
    "E": "ÈÉÊËĒĔĖĘĚ",
    "G": "ĜĞĠĢ",
    "H": "ĤĦ",
    "I": "ÌÍÎÏĨĪĬĮİı",
    "IJ": "Ĳ",
    "J": "Ĵ",
    "K": "Ķ",
    "L": "ĹĻĽĿŁ",
    "N": "ÑŃŅŇŊ",
    "O": "ÒÓÔÕŌŎŐ",
    "OE": "ÖØŒ",
    "R": "ŔŖŘ",
    "S": "ŚŜŞŠ",
    "SS": "ßẞ",
    "T": "ŢŤŦ",
    "TH": "Þ",
    "U": "ÙÚÛŨŪŬŮŰŲ",
    "UE": "Ü",
    "W": "Ŵ",
    "Y": "ÝŶŸ",
    "Z": "ŹŻŽ",
}


@pytest.mark.parametrize(
    ("letter", "expected"),
    [(letter, expected) for expected, letters in _TABLE.items() for letter in letters],
)
def test_the_table_in_both_cases_and_forms(letter: str, expected: str) -> None:
    assert transliterate(letter) == expected
    assert transliterate(letter.lower()) == expected
    assert transliterate(unicodedata.normalize("NFD", letter)) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Lefèvre", "LEFEVRE"),
        ("Éléonore", "ELEONORE"),
        ("Œuvrard", "OEUVRARD"),
        ("Cœur", "COEUR"),
        ("François", "FRANCOIS"),
        ("Noël", "NOEL"),
        ("Anaïs", "ANAIS"),
        ("L'Haÿ", "LHAY"),
        ("d’Estaing", "DESTAING"),  # noqa: RUF001 - the typographic apostrophe
        ("de La Rochefoucauld", "DE<LA<ROCHEFOUCAULD"),
        ("Jean-Pierre", "JEAN<PIERRE"),
        ("Marie--Ange  Sophie", "MARIE<ANGE<SOPHIE"),
        (" Le Goff ", "LE<GOFF"),
        ("DUPONT épouse MARTIN", "DUPONT<EPOUSE<MARTIN"),
        ("N'Guessan", "NGUESSAN"),
        ("Müller", "MUELLER"),
        ("Jr. Smith", "JR<SMITH"),
        ("Strauß", "STRAUSS"),
        ("Ørsted Ångström", "OERSTED<AANGSTROEM"),
        ("Þórr", "THORR"),
        ("Señor", "SENOR"),
        ("Dvořák", "DVORAK"),
        ("Wałęsa", "WALESA"),
        ("Nguyễn Thị Ước", "NGUYEN<THI<UOC"),
        ("Kaʻahumanu", "KAAHUMANU"),  # noqa: RUF001 - the letter of Hawaiian
        ("d'Červenková Panklová", "DCERVENKOVA<PANKLOVA"),
        ("Jiřina-Maria Alena", "JIRINA<MARIA<ALENA"),
        ("", ""),
        ("-", ""),
        ("3", ""),
    ],
)
def test_names(name: str, expected: str) -> None:
    assert transliterate(name) == expected


def test_a_long_name_is_cut_and_ends_with_a_letter() -> None:
    assert transliterate("A" * 79 + " BC") == "A" * 79
    assert transliterate("Æ" * 50) == "AE" * 40


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        # Table B.
        ("Иванов", "IVANOV"),
        ("Щербакова Юлия", "SHCHERBAKOVA<IULIIA"),
        ("Объедков", "OBIEEDKOV"),
        ("Гоголь", "GOGOL"),
        ("Ђоковић", "DOKOVIC"),
        ("Артём", "ARTEM"),
        ("Dupont Иванов", "DUPONT<IVANOV"),
        # Table C; the last has a doubled letter, vowel signs and an ending of its own.
        ("محمد", "MXHMD"),
        ("أبو بكر محمد بن زكريا الرازي", "XAEBW<BKR<MXHMD<BN<ZKRYA<ALRAZY"),
        ("فِضَّة", "FXDZXDZXAH"),
        ("آل ثاني", "XAAL<XTHANY"),
        ("عـــلي", "ELY"),
        # ISO 843, with its pairs.
        ("Παπαδόπουλος", "PAPADOPOULOS"),
        ("Ευαγγελία Μπακογιάννη", "EVANGELIA<BAKOGIANNI"),
        ("Ευτυχία Λάμπρου", "EFTYCHIA<LAMPROU"),
        ("Μαΐου Άυλος", "MAIOU<AYLOS"),
        ("Ταΰγετος", "TAYGETOS"),
        ("Ψαρράς Ξανθή", "PSARRAS<XANTHI"),
    ],
)
def test_names_in_other_scripts(name: str, expected: str) -> None:
    assert transliterate(name) == expected


@pytest.mark.parametrize("name", ["李", "Dupont 李", "გიორგი", "Ѣ"])
def test_a_name_in_a_script_without_a_table_is_refused_and_not_echoed(name: str) -> None:
    with pytest.raises(EncodingError) as refused:
        transliterate(name)

    assert refused.value.rule == "name-script"
    assert name not in str(refused.value)


_SCRIPTS = st.characters(max_codepoint=0x6FF) | st.characters(
    min_codepoint=0x1E00, max_codepoint=0x205F
)


@given(st.text(max_size=120) | st.text(_SCRIPTS, max_size=120))
def test_the_result_always_fits_the_schema(name: str) -> None:
    try:
        result = transliterate(name)
    except EncodingError:
        with pytest.raises(EncodingError):
            transliterate(unicodedata.normalize("NFD", name))
        return

    assert re.fullmatch(r"[A-Z<]{0,80}", result)
    assert not result.startswith("<")
    assert not result.endswith("<")
    assert "<<" not in result
    assert transliterate(result) == result
    for form in ("NFC", "NFD"):
        assert transliterate(unicodedata.normalize(form, name)) == result
