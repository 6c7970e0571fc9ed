"""The codes of what this function logs, and counts under the same names."""

from enum import StrEnum


class LogCode(StrEnum):
    """One stable code for each thing that an operator may look for.

    `CODE_REFUSED`: the number gets no code, for now or at all. `MESSAGE_UNKNOWN`: the provider did
    not say whether it took the message. `BUDGET_SPENT`: the day had all its requests.
    """

    CODE_SENT = "code-sent"
    CODE_REFUSED = "code-refused"
    MESSAGE_REFUSED = "message-refused"
    MESSAGE_UNKNOWN = "message-unknown"
    BUDGET_SPENT = "budget-spent"
    DECOY_ANSWERED = "decoy-answered"
    REQUEST_REFUSED = "request-refused"
    REQUEST_FAILED = "request-failed"
