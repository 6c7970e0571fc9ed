r"""Writing values in HL7 v2's own encoding characters, `|^~\&` (HL7 v2.5.1 §2.5.4, §2.7)."""

import re

_ESCAPES = str.maketrans({"\\": "\\E\\", "|": "\\F\\", "^": "\\S\\", "~": "\\R\\", "&": "\\T\\"})
# A line break would end the segment, and MLLP ends a message by control characters.
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_PLAIN = re.compile(r"[\w .:-]*", re.ASCII)


def escaped(text: str, *, at_most: int | None = None) -> str:
    """A value as a component: separators escaped, control characters one space.

    Args:
        text: the value.
        at_most: characters of it that are kept.
    """
    text = text[:at_most]
    if _PLAIN.fullmatch(text):
        return text
    return _CONTROLS.sub(" ", text).translate(_ESCAPES)
