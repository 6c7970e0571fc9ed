"""The keys of Play Integrity, which the Play Console gives and `vigie tracing` installs."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from pydantic import ValidationError

from vigie.attestation.play_key_pair import PlayKeyPair
from vigie.aws import aws_errors
from vigie.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_secretsmanager.client import SecretsManagerClient

_LIFETIME_SECONDS = 300.0


class PlayKeys:
    """Reads the secret, at most every 5 minutes: a running function follows an installation.

    Args:
        secrets: the Secrets Manager client.
        arn: of the secret.
        clock: seconds that never go back.
    """

    def __init__(
        self,
        secrets: SecretsManagerClient,
        arn: str,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._secrets = secrets
        self._arn = arn
        self._clock = clock
        self._held: tuple[float, PlayKeyPair] | None = None

    def pair(self) -> PlayKeyPair:
        """The keys.

        Raises:
            Unavailable: `play-keys:…` if they cannot be read, or are not installed.
        """
        now = self._clock()
        if self._held is not None and now < self._held[0]:
            return self._held[1]
        with aws_errors("play-keys"):
            value = self._secrets.get_secret_value(SecretId=self._arn)["SecretString"]
        try:
            pair = PlayKeyPair.model_validate_json(value)
        except ValidationError:
            raise Unavailable("play-keys:not-installed") from None
        self._held = (now + _LIFETIME_SECONDS, pair)
        return pair
