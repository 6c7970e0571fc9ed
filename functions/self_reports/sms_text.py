"""What the SMS says: that a code was asked for, and nothing of what for."""

from vigie.results.codes import Language

# GSM 7-bit only: a letter outside it doubles the parts that are paid.
_TEXTS = {
    Language.FRENCH: (
        "Un code a été demandé avec ce numéro. Si ce n'est pas par vous, ignorez ce message. {link}"
    ),
    Language.ENGLISH: (
        "A code was asked for with this number. If it was not by you, ignore this message. {link}"
    ),
}


def sms_text(language: Language, link: str) -> str:
    """The text, in the language that the app asks for."""
    return _TEXTS[language].format(link=link)
