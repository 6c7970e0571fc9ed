"""Since when a caller asks for changes."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from vigie.errors import Rejected


def read_since(header: str | None) -> datetime | None:
    """Read `If-Modified-Since`: an HTTP date (RFC 9110 section 5.6.7), or ISO 8601 as the gateway.

    Returns:
        Aware; None without the header.

    Raises:
        Rejected: `since-malformed`.
    """
    if header is None:
        return None
    for read in (parsedate_to_datetime, datetime.fromisoformat):
        try:
            since = read(header)
            return since.replace(tzinfo=UTC) if since.tzinfo is None else since.astimezone(UTC)
        except (ValueError, OverflowError):
            continue
    raise Rejected("since-malformed", "neither an HTTP date nor ISO 8601")
