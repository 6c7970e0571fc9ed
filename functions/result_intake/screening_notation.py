"""Mutation screening as French laboratories write it: `A0C1D9`, a figure after each letter."""

_SEPARATORS = str.maketrans("", "", " ;,:/+-=")


def pairs_of(text: str) -> tuple[tuple[str, str], ...]:
    """Letters and figures by twos; the rules say whether they are in the notation."""
    bare = text.translate(_SEPARATORS).upper()
    return tuple((bare[at], bare[at + 1 : at + 2]) for at in range(0, len(bare), 2))
