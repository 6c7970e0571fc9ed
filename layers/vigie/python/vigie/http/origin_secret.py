"""The secrets that only CloudFront and the guards of our APIs know."""

from __future__ import annotations

import hmac
import time
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from vigie.aws import aws_errors, error_code
from vigie.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mypy_boto3_secretsmanager.client import SecretsManagerClient

HEADER = "x-origin-verify"
_LONGEST_VALUE = 256
_LIFETIME_SECONDS = 300.0
# A value that is not known may be a new one; strangers must not make us ask at every request.
_SOONEST_SECONDS = 10.0
_STAGES = ("AWSCURRENT", "AWSPREVIOUS")


class OriginSecret:
    """Knows the current and the previous value of each secret, so that they can be changed.

    Args:
        secrets: the Secrets Manager client.
        secret_arns: the secrets; the value of each is the bare text of the header.
        clock: seconds that never go back.
    """

    def __init__(
        self,
        secrets: SecretsManagerClient,
        secret_arns: Sequence[str],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._secrets = secrets
        self._secret_arns = secret_arns
        self._clock = clock
        self._read_at: float | None = None
        self._values: tuple[bytes, ...] = ()

    def came_through(self, event: dict[str, Any]) -> bool:
        """Whether a request came through CloudFront; header names arrive in lower case.

        Args:
            event: of a Lambda authorizer of an HTTP API, payload format 2.0.

        Raises:
            Unavailable: as `knows`.
        """
        offered = event.get("headers", {}).get(HEADER, "")
        return bool(offered) and len(offered) <= _LONGEST_VALUE and self.knows(offered)

    def knows(self, offered: str) -> bool:
        """Whether a value is one of the secrets, in a time that does not depend on how near it is.

        Raises:
            Unavailable: they were never read and cannot be read now.
        """
        self._read(_LIFETIME_SECONDS)
        if self._equals(offered):
            return True
        self._read(_SOONEST_SECONDS)
        return self._equals(offered)

    def _equals(self, offered: str) -> bool:
        bare = offered.encode("utf-8", "replace")
        # Every value is compared, whichever is equal.
        equal = [hmac.compare_digest(bare, value) for value in self._values]
        return any(equal)

    def _read(self, lifetime: float) -> None:
        now = self._clock()
        if self._read_at is not None and now - self._read_at < lifetime:
            return
        try:
            values = [self._value(arn, stage) for arn in self._secret_arns for stage in _STAGES]
        except Unavailable:
            if not self._values:
                raise
            # What was true a few minutes ago serves better than refusing everybody.
            self._read_at = now
            return
        self._values = tuple(value for value in values if value)
        self._read_at = now

    def _value(self, arn: str, stage: str) -> bytes | None:
        with aws_errors("origin-secret"):
            try:
                answer = self._secrets.get_secret_value(SecretId=arn, VersionStage=stage)
            except ClientError as error:
                # A secret that was never rotated has no previous value.
                if stage == "AWSPREVIOUS" and error_code(error) == "ResourceNotFoundException":
                    return None
                raise
        return answer["SecretString"].encode()
