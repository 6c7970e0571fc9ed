"""The error correction levels of a QR code (ISO/IEC 18004)."""

from enum import StrEnum


class CorrectionLevel(StrEnum):
    """How much of a code may be unreadable: about 7, 15, 25 or 30 per cent.

    More correction makes more and smaller modules in the same space. hcert-spec recommends Q;
    Switzerland went from Q to M, since printed and shown codes were read better.
    """

    LOW = "L"
    MEDIUM = "M"
    QUARTILE = "Q"
    HIGH = "H"

    def and_less(self) -> "tuple[CorrectionLevel, ...]":
        """This level and those of less correction, which hold longer texts."""
        levels = tuple(CorrectionLevel)
        return levels[levels.index(self) :: -1]
