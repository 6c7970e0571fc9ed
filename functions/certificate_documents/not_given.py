"""A certificate that is not given."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vigie.http.problem import Problem


class NotGivenError(Exception):
    """The certificate is not given, or not in the form that was asked for.

    Attributes:
        problem: what to tell of it.
    """

    def __init__(self, told: Problem) -> None:
        super().__init__(told.type)
        self.problem = told
