"""Whether a birth date opens a link."""

import hmac

_UNKNOWN_PART = "-00"


def birth_date_opens(entered: str, kept: str) -> bool:
    """Whether the date that was entered is the one that is kept, to the precision of the latter.

    A laboratory may know the month or the year only; the person may know more. Whoever
    enters less than what is kept does not know it. The comparison takes the same time
    wherever the two differ.

    Args:
        entered: ISO 8601, to the day, the month or the year.
        kept: the same, from the laboratory; an unknown part is absent or `00`.
    """
    known = kept.removesuffix(_UNKNOWN_PART).removesuffix(_UNKNOWN_PART)
    return hmac.compare_digest(entered[: len(known)].encode(), known.encode())
