"""The character set of a message (MSH-18, HL7 table 0211)."""

import re

_ISO_8859 = re.compile(r"(?:ISO[ _-]?)?8859[/-](\d{1,2})")
_UTF_8 = frozenset({"", "ASCII", "UNICODE", "UNICODE UTF-8", "UTF-8", "UTF8", "ISO IR6"})
_WINDOWS = frozenset({"WINDOWS-1252", "CP1252", "CP-1252", "WINDOWS 1252"})
_PARTS_OF_8859 = frozenset({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14, 15, 16})
_C1 = re.compile(rb"[\x80-\x9f]")


def declared_charset(name: str) -> str | None:
    """Python's name of the character set that MSH-18 names; None if it is not one we know."""
    upper = name.strip().upper()
    if upper in _UTF_8:
        return "utf-8"
    if upper in _WINDOWS:
        return "cp1252"
    found = _ISO_8859.fullmatch(upper)
    if found and int(found[1]) in _PARTS_OF_8859:
        return f"iso8859-{found[1]}"
    return None


def decode(content: bytes, name: str) -> tuple[str, str, bool]:
    """Decode a message in the character set that MSH-18 names.

    Text that is not in it is read as UTF-8, then as what French systems write: Windows-1252
    where bytes 80-9F occur, which ISO 8859 leaves to control characters, else ISO 8859-15.

    Args:
        content: the message.
        name: MSH-18; empty if absent.

    Returns:
        the text, Python's name of the character set, and whether it had to be assumed.
    """
    declared = declared_charset(name)
    if content.isascii():
        return content.decode("ascii"), declared or "utf-8", False
    if declared and not (declared.startswith("iso8859") and _C1.search(content)):
        try:
            return content.decode(declared), declared, False
        except UnicodeDecodeError:
            pass
    for charset in ("utf-8",) if declared != "utf-8" else ():
        try:
            return content.decode(charset), charset, True
        except UnicodeDecodeError:
            pass
    charset = "cp1252" if _C1.search(content) else "iso8859-15"
    return content.decode(charset, errors="replace"), charset, True
