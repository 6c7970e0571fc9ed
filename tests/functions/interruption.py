"""Something that happens before a call of AWS, among those that a piece of work makes."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from threading import RLock
from typing import Any
from unittest import mock

from botocore.client import BaseClient


@contextmanager
def interrupted(happenings: Mapping[int, Callable[[], object]]) -> Iterator[list[str]]:
    """Have things happen before calls, by their number from 0; gives the calls made.

    What happens may make calls itself: these are not counted.
    """
    made: list[str] = []
    call: Callable[..., Any] = vars(BaseClient)["_make_api_call"]
    within = False

    def make(client: BaseClient, operation: str, arguments: dict[str, Any]) -> object:
        nonlocal within
        if within:
            return call(client, operation, arguments)
        happening = happenings.get(len(made))
        made.append(operation)
        if happening is not None:
            within = True
            happening()
            within = False
        return call(client, operation, arguments)

    with mock.patch.object(BaseClient, "_make_api_call", make):
        yield made


@contextmanager
def one_call_at_a_time() -> Iterator[None]:
    """Make calls as AWS does, where nothing comes between the parts of one: moto has no lock."""
    call: Callable[..., Any] = vars(BaseClient)["_make_api_call"]
    lock = RLock()

    def make(client: BaseClient, operation: str, arguments: dict[str, Any]) -> object:
        with lock:
            return call(client, operation, arguments)

    with mock.patch.object(BaseClient, "_make_api_call", make):
        yield
