"""The codes of what this function logs."""

from enum import StrEnum


class LogCode(StrEnum):
    """One stable code for each thing that an operator may look for.

    `ORDER_GONE`: a report names an order that no app made, or that is over; or the newer version
    of its result was there before.
    """

    ORDER_ANSWERED = "order-answered"
    ORDER_GONE = "order-gone"
