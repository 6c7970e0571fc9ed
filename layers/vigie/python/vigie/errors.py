"""The two ways in which work can fail: for good, or for a while."""


class Rejected(Exception):  # noqa: N818 - it is a verdict on the input, not a fault of the program
    """The input breaks a rule and would break it again: never retried.

    Attributes:
        code: a stable name for the rule, safe to log.
        place: where in the input, in the notation of its format; empty if it is all of it.
    """

    def __init__(self, code: str, message: str, *, place: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.place = place


class Unavailable(Exception):  # noqa: N818 - it is a state of the world, not a fault of the program
    """Something that the work needs did not answer as it should: retried later.

    Attributes:
        code: a stable name for what was missing, safe to log.
    """

    def __init__(self, code: str, message: str = "") -> None:
        super().__init__(message or code)
        self.code = code
