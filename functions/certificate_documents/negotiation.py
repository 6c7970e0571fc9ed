"""Which of several media types a request accepts best (RFC 9110, section 12.5.1)."""

from collections.abc import Iterator, Sequence

_ANYTHING = "*/*"
_LONGEST_HEADER = 1024
_MOST = 1.0


def accepted(accept: str | None, offered: Sequence[str]) -> str | None:
    """The one that the request likes best, the first of those it likes as well; None for none.

    Of the ranges that a media type falls into, the most specific one says how much it is
    liked. Parameters other than `q` are passed over.

    Args:
        accept: the header `Accept`; without one, or with an empty one, anything is accepted.
        offered: media types in lower case, the best one first.
    """
    ranges = dict(_ranges((accept or _ANYTHING)[:_LONGEST_HEADER]))
    liked = [(_quality(media_type, ranges), media_type) for media_type in offered]
    # The first of the greatest.
    quality, best = max(liked, key=lambda each: each[0])
    return best if quality > 0 else None


def _quality(media_type: str, ranges: dict[str, float]) -> float:
    kind = media_type.partition("/")[0]
    for wanted in (media_type, f"{kind}/*", _ANYTHING):
        if wanted in ranges:
            return ranges[wanted]
    return 0.0


def _ranges(accept: str) -> Iterator[tuple[str, float]]:
    for choice in accept.split(","):
        media_range, *parameters = (part.strip().lower() for part in choice.split(";"))
        qualities = [each[2:] for each in parameters if each.startswith("q=")]
        yield media_range, _number(qualities[0]) if qualities else _MOST


def _number(text: str) -> float:
    """The quality, from 0 to 1; 0 for what is none."""
    try:
        value = float(text)
    except ValueError:
        return 0.0
    return value if 0 <= value <= _MOST else 0.0
