"""A laboratory's file: one version of one object of the inbox."""

import base64
import hashlib
import json
import re
from datetime import UTC, datetime

from vigie.errors import Rejected
from vigie.laboratories.finess import FINESS_FORM
from vigie.model import Frozen

_ID_LENGTH = 26
_SEQUENCER_LENGTH = 32
_LABORATORY = re.compile(rf"({FINESS_FORM})/.", re.ASCII | re.DOTALL)
_PREFIX = re.compile(rf"{FINESS_FORM}/", re.ASCII)
# Below the laboratory's prefix: what is put there is only tried.
_TRIALS = "test/"


def is_laboratory_prefix(prefix: str) -> bool:
    """Whether keys that start so are a laboratory's: `<FINESS>/`."""
    return _PREFIX.fullmatch(prefix) is not None


class InboxFile(Frozen):
    """One version of one object of the inbox.

    The key is the laboratory's own path, which may hold a person's name: it is kept, for the
    acknowledgement's path, and never logged.

    Attributes:
        bucket: name of the inbox.
        key: of the object, `<FINESS>/<anything>`.
        version_id: of the object; `null` where the bucket has no versions.
        size: in bytes.
        received_at: when S3 had stored it.
        sequencer: hexadecimal, by which S3 orders what happens to one key; empty if unknown.
    """

    bucket: str
    key: str
    version_id: str = "null"
    size: int
    received_at: datetime
    sequencer: str = ""

    @property
    def version_order(self) -> str:
        """Orders the versions of one path: as text, that of the later one is greater.

        Of those of one millisecond S3's sequencers decide (Amazon S3, "Event message
        structure": the shorter is filled up with zeros on the right, then compared as text).
        """
        received = self.received_at.astimezone(UTC).isoformat(timespec="milliseconds")
        return f"{received} {self.sequencer.upper().ljust(_SEQUENCER_LENGTH, '0')}"

    @property
    def file_id(self) -> str:
        """The id of the file everywhere: 26 characters of base32 of SHA-256 (130 bits)."""
        named = json.dumps([self.bucket, self.key, self.version_id])
        digest = hashlib.sha256(named.encode()).digest()
        return base64.b32encode(digest).decode().lower()[:_ID_LENGTH]

    @property
    def trial(self) -> bool:
        """Whether its path is below `<FINESS>/test/`: judged and answered, and never stored."""
        return self.key.partition("/")[2].startswith(_TRIALS)

    @property
    def laboratory(self) -> str:
        """The FINESS of the laboratory: the prefix that only its own credentials can write to.

        Raises:
            Rejected: `inbox-prefix-unknown`, the prefix is no FINESS: nobody can be answered.
        """
        found = _LABORATORY.match(self.key)
        if found is None:
            raise Rejected("inbox-prefix-unknown", "the key does not start with a FINESS and `/`")
        return found[1]
