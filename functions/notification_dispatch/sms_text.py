"""How long an SMS is: its alphabet, and the parts that it is billed by (3GPP TS 23.038)."""

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
# Each takes an escape and itself: two septets.
_EXTENSION = frozenset("\f^{}\\[~]|€")
_GSM7_LENGTHS = (160, 153)
_UCS2_LENGTHS = (70, 67)


def is_gsm7(text: str) -> bool:
    """Whether a text fits the GSM 7-bit alphabet; one letter outside it halves a part."""
    return all(letter in _BASIC or letter in _EXTENSION for letter in text)


def parts(text: str) -> int:
    """How many parts an SMS is sent, and billed, in."""
    if is_gsm7(text):
        length = sum(2 if letter in _EXTENSION else 1 for letter in text)
        single, each = _GSM7_LENGTHS
    else:
        length = len(text.encode("utf-16-be")) // 2
        single, each = _UCS2_LENGTHS
    return 1 if length <= single else -(-length // each)
