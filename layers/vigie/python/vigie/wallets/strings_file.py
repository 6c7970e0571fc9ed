"""Localised strings of a pass, in the form of Apple's `.strings` files.

Source: Apple, Internationalization and Localization Guide (property lists of strings); Wallet
Passes, "Creating the Source for a Pass": a text of `pass.json` is the key of its translation.
"""

from collections.abc import Mapping

_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})


def strings_file(translations: Mapping[str, str]) -> bytes:
    """Write translations, in UTF-8.

    Args:
        translations: by the text that stands in `pass.json`.
    """
    lines = (f'"{_escaped(key)}" = "{_escaped(text)}";\n' for key, text in translations.items())
    return "".join(lines).encode()


def _escaped(text: str) -> str:
    return text.translate(_ESCAPES)
