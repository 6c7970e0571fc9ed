"""AWS in process, as the tests of single functions have it."""

from tests.functions.conftest import _clients, mocked_aws

__all__ = ["_clients", "mocked_aws"]
