"""How a French family name sounds, roughly: what is often misheard or misspelt is one."""

import re

_STEPS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"[^A-Z]", ""),
        (r"PH", "F"),
        (r"(?<!^)[EA]?AULT?S?$|(?<!^)[EA]?AUD?S?$|OTS?$|OS$", "O"),
        (r"EAU|AU", "O"),
        (r"CH|SH|SCH", "1"),
        (r"GN", "N"),
        (r"QU|CK|K|Q|C(?=[AOULRT])", "K"),
        (r"C(?=[EIY])|Z", "S"),
        (r"GE(?=[AO])|G(?=[EIY])", "J"),
        (r"GU(?=[EIY])", "G"),
        (r"BV|B(?=VRE)", "V"),
        (r"AIN|EIN|AIM|YN|IM(?=[BP])", "IN"),
        (r"EN|AM(?=[BP])|EM(?=[BP])", "AN"),
        (r"[EA][IY]|AY", "E"),
        (r"Y", "I"),
        (r"W", "V"),
        (r"H", ""),
        (r"(?<=.)[ESTDXZP]+$", ""),
        (r"(.)\1+", r"\1"),
    )
)


def sound_of(name: str) -> str:
    """The sound of a normalised name; the name itself where nothing would be left.

    Args:
        name: as `vigie.person.normalisation.normalise_name` writes it.
    """
    sound = name
    for pattern, replacement in _STEPS:
        sound = pattern.sub(replacement, sound)
    return sound or name
