"""Text that the page has letters for."""

import pytest
import typst

from vigie.printing.fonts import fonts
from vigie.printing.printed_text import printable, wrapped


def test_letters_of_four_scripts_are_kept_and_others_are_question_marks() -> None:
    assert printable("Éloïse Ελένη Алёна محمد") == "Éloïse Ελένη Алёна محمد"
    assert printable("李 Anne \U0001f600") == "? Anne ?"


@pytest.mark.parametrize("control", ["\x00", "\x1b", "\x7f", "\u202e", "\u2066", "\ufeff"])
def test_nothing_turns_the_direction_or_is_unseen(control: str) -> None:
    assert printable(f"a{control}b") == "a?b"


def test_text_stands_on_one_line_composed() -> None:
    assert printable(" a\r\n b\t\u2028c ") == "a b c"
    assert printable("e\u0301") == "é"


def test_long_words_may_break_and_lose_nothing() -> None:
    assert wrapped("a" * 16, 16) == "a" * 16
    assert wrapped("a" * 17 + " b", 16) == "a" * 12 + "\u200b" + "a" * 5 + " b"


def test_the_fonts_have_every_letter_that_is_kept() -> None:
    kept = "".join(
        character
        for character in map(chr, range(0x20, 0x3000))
        if printable(f"x{character}x") == f"x{character}x"
    )
    assert len(kept) > 1500
    # PDF/A is refused for a letter that no font has.
    assert typst.compile(
        b'#set text(font: ("Noto Sans", "Noto Sans Arabic"))\n#sys.inputs.text',
        font_paths=fonts(),
        sys_inputs={"text": kept},
        pdf_standards=["a-2u"],
        format="pdf",
    )
