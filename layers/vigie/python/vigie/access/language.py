"""Which language to answer in (RFC 9110, section 12.5.4)."""

from vigie.results.codes import Language

_LONGEST_HEADER = 256


def preferred_language(accept_language: str | None, written_in: Language | None) -> Language:
    """The language that the reader asks for, else that of the messages, else French.

    Args:
        accept_language: the header `Accept-Language`, if there is one.
        written_in: the language that the laboratory gave for the person.
    """
    asked: dict[Language, float] = {}
    for choice in (accept_language or "")[:_LONGEST_HEADER].split(","):
        tag, _, parameter = choice.strip().partition(";")
        primary = tag.strip().partition("-")[0].lower()
        if primary in set(Language):
            asked.setdefault(Language(primary), _quality(parameter))
    wanted = [language for language, quality in asked.items() if quality > 0]
    if wanted:
        return max(wanted, key=asked.__getitem__)
    return written_in or Language.FRENCH


def _quality(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
