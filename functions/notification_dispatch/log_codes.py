"""What this function writes into the log, and counts under the same names."""

from enum import StrEnum


class LogCode(StrEnum):
    """The code of a log line.

    `MESSAGE_SENT`: how most sendings end; with `channel` and the `sendings` of a batch.
    `MESSAGE_REFUSED`, `MESSAGE_UNKNOWN`: how others do; with `sending` and `channel`.
    `NO_CONTACT`: there is no way to the person. `NOT_TOLD`: the happening gives no message; with
    `reason`.
    """

    MESSAGE_SENT = "message-sent"
    MESSAGE_REFUSED = "message-refused"
    MESSAGE_UNKNOWN = "message-unknown"
    NO_CONTACT = "no-contact"
    NOT_TOLD = "not-told"
