"""Sending visits to be counted, so that nothing says which places one person was at."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import TYPE_CHECKING

from vigie.message_queue import Message
from vigie.venues.visit_to_count import VisitToCount

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vigie.message_queue import MessageQueue
    from vigie.sealing import DerivedKey
    from vigie.tracing.upload_code import UploadCode
    from visit_reports.visit_selection import SelectedVisit

_ID_BYTES = 16


class VisitSender:
    """Sends one message for each visit, in no order, each after a time of its own.

    Args:
        queue: of visits to count.
        key: keys the ids by which a message that comes twice is known.
        jitter_seconds: the longest that a message is held back.
    """

    def __init__(self, queue: MessageQueue, key: DerivedKey, jitter_seconds: int) -> None:
        self._queue = queue
        self._key = key
        self._jitter_seconds = jitter_seconds

    def send(self, code: UploadCode, visits: Sequence[SelectedVisit]) -> None:
        """Send the visits of a report; again, they are the same to who counts them.

        Raises:
            Unavailable: KMS did not give the key, or the queue did not take all of them.
        """
        bodies = [self._body(code, visit) for visit in visits]
        secrets.SystemRandom().shuffle(bodies)
        self._queue.send_messages(
            Message(body, delay_seconds=secrets.randbelow(self._jitter_seconds + 1))
            for body in bodies
        )

    def _body(self, code: UploadCode, visit: SelectedVisit) -> str:
        named = f"{code.jti}\n{visit.place.hex()}\n{visit.scanned_at}".encode()
        digest = hmac.digest(self._key.bytes(), named, hashlib.sha256)
        return VisitToCount(
            visit=digest[:_ID_BYTES].hex(),
            qr_code=visit.qr_code,
            scanned_at=visit.scanned_at,
            is_backward=visit.is_backward,
            earlier=visit.earlier,
        ).model_dump_json()
