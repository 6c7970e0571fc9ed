"""What a provider's error says of the message: refused, not taken, or nobody knows."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
    ParamValidationError,
    ProxyConnectionError,
)

from vigie.aws import error_code

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

_SERVER_ERROR = 500
# Nothing left this process, or nothing arrived.
_NEVER_SENT = (
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
    ParamValidationError,
    ProxyConnectionError,
)


class SendError(Exception):
    """A message was not plainly taken.

    Attributes:
        reason: `provider:code`, safe to log.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class RecipientRefusedError(SendError):
    """The provider will never take a message for this address."""


class NotTakenError(SendError):
    """The provider did not take the message now: too busy, or set up wrongly by us."""


class OutcomeUnknownError(SendError):
    """The provider may or may not have taken the message."""


@contextmanager
def provider_errors(provider: str, refusals: Collection[str]) -> Iterator[None]:
    """Turn every error of a provider inside the block into a `SendError`.

    Only what concerns the recipient is a refusal. What would hit everybody alike (an
    unverified sender, a paused account, a missing permission) is mended by an operator, and the
    messages wait for it in the dead-letter queue.

    Args:
        provider: its name, for reasons.
        refusals: the error codes that concern the recipient.

    Raises:
        RecipientRefusedError: one of `refusals`.
        NotTakenError: any other error of the client's side, throttling among them.
        OutcomeUnknownError: a time-out, a broken connection, an error of the server's side.
    """
    try:
        yield
    except ClientError as error:
        raise _of_answer(provider, error, refusals) from None
    except _NEVER_SENT as error:
        raise NotTakenError(f"{provider}:{type(error).__name__}") from None
    except BotoCoreError as error:
        raise OutcomeUnknownError(f"{provider}:{type(error).__name__}") from None


def _of_answer(provider: str, error: ClientError, refusals: Collection[str]) -> SendError:
    code = error_code(error)
    reason = f"{provider}:{code}"
    if code in refusals:
        return RecipientRefusedError(reason)
    if (
        error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", _SERVER_ERROR)
        >= _SERVER_ERROR
    ):
        return OutcomeUnknownError(reason)
    return NotTakenError(reason)
