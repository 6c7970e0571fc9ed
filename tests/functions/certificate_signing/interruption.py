"""Something that happens at a call of AWS among those that a piece of work makes."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeAlias
from unittest import mock

from botocore.client import BaseClient
from botocore.exceptions import ClientError

Happenings: TypeAlias = Mapping[int, Callable[[], object]]


class Crash(BaseException):
    """The process dies: nothing catches it."""


def crash() -> None:
    """Die."""
    raise Crash


def throttle() -> None:
    """Fail as AWS does when it has too much to do."""
    raise ClientError({"Error": {"Code": "ThrottlingException"}}, "Any")


@contextmanager
def interrupted(
    *, before: Happenings | None = None, after: Happenings | None = None
) -> Iterator[list[str]]:
    """Have things happen before or after calls, by their number from 0; gives the calls made.

    What happens may make calls itself: these are not counted.
    """
    made: list[str] = []
    call: Callable[..., Any] = BaseClient._make_api_call  # type: ignore[attr-defined]
    within = False

    def happen(happenings: Happenings | None, place: int) -> None:
        nonlocal within
        if happenings and place in happenings:
            within = True
            try:
                happenings[place]()
            finally:
                within = False

    def make(client: BaseClient, operation: str, arguments: dict[str, Any]) -> object:
        if within:
            return call(client, operation, arguments)
        place = len(made)
        made.append(operation)
        happen(before, place)
        answer = call(client, operation, arguments)
        happen(after, place)
        return answer

    with mock.patch.object(BaseClient, "_make_api_call", make):
        yield made
