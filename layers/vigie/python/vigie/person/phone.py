"""Phone numbers as people and laboratories write them (ITU-T E.164)."""

import re

_E164 = re.compile(r"\+[1-9]\d{6,14}", re.ASCII)
_NATIONAL = re.compile(r"0[1-9]\d{8}", re.ASCII)
# 33 without its prefix, as software that drops `+` or `00` leaves it.
_BARE_FRENCH = re.compile(r"33[1-9]\d{8}", re.ASCII)
_TRUNK = "+330"
_PUNCTUATION = str.maketrans("", "", " \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}.-/()")


def e164(text: str) -> str | None:
    """A phone number in E.164; None if it is none.

    A number without a country code is French: `06 12 34 56 78` gives `+33612345678`.
    """
    if _E164.fullmatch(text) and not text.startswith(_TRUNK):
        return text
    # `+33 (0)6 …` has the trunk prefix in brackets.
    digits = text.replace("(0)", "").translate(_PUNCTUATION)
    if digits.startswith("00"):
        digits = f"+{digits[2:]}"
    elif _NATIONAL.fullmatch(digits):
        digits = f"+33{digits[1:]}"
    elif _BARE_FRENCH.fullmatch(digits):
        digits = f"+{digits}"
    if digits.startswith(_TRUNK):
        digits = f"+33{digits[4:]}"
    return digits if _E164.fullmatch(digits) else None
