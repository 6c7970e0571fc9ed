"""Padding: keys that nobody has, so that a small export does not say how few fell ill.

They look like the real ones that they stand beside, and come from a seed that is stored
before the first of them is made: however often a batch is tried, it has the same.
"""

import hashlib
from collections.abc import Iterator, Sequence
from itertools import cycle, islice

from vigie.tracing.diagnosis_key import KEY_BYTES, DiagnosisKey

_LENGTH_BYTES = 8


def padding(
    keys: Sequence[DiagnosisKey], seed: bytes, minimum: int, spread: int
) -> Iterator[DiagnosisKey]:
    """The keys to add to a batch of less than `minimum`.

    Args:
        keys: the real ones; there is one at least.
        seed: of the batch, 32 random bytes.
        minimum: how many there must be together.
        spread: up to how many more there may be.
    """
    stream = hashlib.shake_256(seed).digest(_LENGTH_BYTES + (minimum + spread) * KEY_BYTES)
    total = minimum + int.from_bytes(stream[:_LENGTH_BYTES], "big") % (spread + 1)
    missing = total - len(keys)
    for place, like in enumerate(islice(cycle(keys), missing)):
        begin = _LENGTH_BYTES + place * KEY_BYTES
        yield like.model_copy(update={"key_data": stream[begin : begin + KEY_BYTES]})
