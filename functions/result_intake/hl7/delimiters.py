"""The encoding characters that a message declares, and its escape sequences (HL7 v2.5.1 §2.7)."""

import re
from functools import lru_cache
from typing import NamedTuple

from vigie.errors import Rejected

DEFAULT = r"^~\&"
_MAX_DECLARED = 5  # the fifth, since v2.7, marks truncation
_HEX = re.compile(r"X((?:[0-9A-Fa-f]{2})+)")
# §2.7.6: formatting commands that break the line; all others are dropped.
_BREAKS = re.compile(r"\.(?:br|sp|sk|ce)\s*[+]?\d*", re.IGNORECASE)
_DROPPED = re.compile(r"[HN]|\.(?:in|ti|fi|nf)\s*[+-]?\d*|[CMZ][0-9A-Za-z]*", re.IGNORECASE)


class Delimiters(NamedTuple):
    """The encoding characters of one message, and the character set of its hexadecimal escapes."""

    field: str
    component: str
    repetition: str
    escape: str
    subcomponent: str
    truncation: str
    charset: str

    def unescape(self, text: str) -> str:
        r"""Resolve the escape sequences of a value: `\F\` `\S\` `\T\` `\R\` `\E\` `\X..\` `\.br\`.

        What is no sequence stays as it is.
        """
        escape = self.escape
        if not escape or escape not in text:
            return text
        parts = text.split(escape)
        resolved = [parts[0]]
        index = 1
        while index < len(parts):
            meaning = self._meaning(parts[index]) if index + 1 < len(parts) else None
            if meaning is None:
                resolved += [escape, parts[index]]
                index += 1
            else:
                resolved += [meaning, parts[index + 1]]
                index += 2
        return "".join(resolved)

    def _meaning(self, sequence: str) -> str | None:
        letters = {
            "F": self.field,
            "S": self.component,
            "T": self.subcomponent,
            "R": self.repetition,
            "E": self.escape,
            "P": self.truncation,
        }
        if sequence in letters:
            return letters[sequence]
        if found := _HEX.fullmatch(sequence):
            return bytes.fromhex(found[1]).decode(self.charset, errors="replace")
        if _BREAKS.fullmatch(sequence):
            return "\n"
        return "" if _DROPPED.fullmatch(sequence) else None


def delimiters(header: str, charset: str) -> Delimiters:
    """The encoding characters that a header segment (MSH) declares.

    Four or five characters; the last may be left out from the right, and then are those that
    the standard suggests.

    Args:
        header: the segment, from its name on.
        charset: Python's name of the message's character set.

    Raises:
        Rejected: `message-malformed`: none are declared, or two are the same.
    """
    field = header[3:4]
    declared = header[4:].split(field, 1)[0] if field else ""
    if not declared or len(declared) > _MAX_DECLARED:
        raise Rejected("message-malformed", "no encoding characters", place="MSH-2")
    return _declared(field, declared, charset)


@lru_cache(maxsize=64)
def _declared(field: str, declared: str, charset: str) -> Delimiters:
    filled = declared + "".join(c for c in DEFAULT[len(declared) :] if c not in declared + field)
    characters = filled.ljust(5, "\0")
    used = (field + filled).replace("\0", "")
    if len(set(used)) < len(used) or any(c.isalnum() or c.isspace() for c in used):
        raise Rejected("message-malformed", "ambiguous encoding characters", place="MSH-2")
    component, repetition, escape, subcomponent, truncation = (
        "" if character == "\0" else character for character in characters
    )
    return Delimiters(field, component, repetition, escape, subcomponent, truncation, charset)
