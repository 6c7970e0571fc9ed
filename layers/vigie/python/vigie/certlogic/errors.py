"""What goes wrong with an expression."""

from vigie.errors import Rejected


class CertLogicError(Rejected):
    """An expression has no value: it is not CertLogic, or does not fit the data.

    The message names the operation, and repeats neither the expression nor the data.
    """
