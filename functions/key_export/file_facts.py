"""What is said of a file of a batch, in the bucket and in the manifest."""

from typing import NamedTuple

from vigie.model import Frozen


class Position(NamedTuple):
    """How far the files of a batch have come: first all keys, then all revised ones.

    Attributes:
        revised: whether the keys are through.
        after: the last key that is in a file, of those or of these.
    """

    revised: bool = False
    after: bytes = b""


class FileFacts(Frozen):
    """What anyone can see of a file.

    Attributes:
        size: bytes.
        sha256: hexadecimal.
        keys: how many it lists, padding among them.
        revised_keys: how many of those it lists.
    """

    size: int
    sha256: str
    keys: int
    revised_keys: int
