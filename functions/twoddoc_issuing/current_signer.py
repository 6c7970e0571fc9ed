"""The certificate that signs 2D-DOC now, as the configuration says."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError
from pydantic import ValidationError

from vigie.aws import aws_errors, error_code
from vigie.dcc import signer
from vigie.dcc.errors import SignerError
from vigie.errors import Unavailable
from vigie.twoddoc.installed_signer import InstalledSigner

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from mypy_boto3_ssm.client import SSMClient

    from vigie.dcc.signer import Signer

_LIFETIME_SECONDS = 300
# An authority takes weeks to certify a key.
_ASKED_BEFORE = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class CurrentSigner:
    """Who signs.

    Attributes:
        installed: its names and its key.
        signer: what a verifier sees of it.
    """

    installed: InstalledSigner
    signer: Signer

    def check_valid(self, at: datetime) -> None:
        """Check that what is signed at a time lies within the certificate's validity.

        Raises:
            Unavailable: `twoddoc-signer-not-valid`; another one must be installed.
        """
        if not self.signer.not_before <= at < self.signer.not_after:
            raise Unavailable("twoddoc-signer-not-valid")

    def is_ending(self, at: datetime) -> bool:
        """Whether it is time to ask the authority for the next certificate."""
        return at > self.signer.not_after - _ASKED_BEFORE


class CodeSigners:
    """Reads the parameter, at most every 5 minutes: a running function follows an operator.

    Args:
        ssm: the Systems Manager client.
        parameter: its name.
        clock: seconds that never go back.
    """

    def __init__(
        self, ssm: SSMClient, parameter: str, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._ssm = ssm
        self._parameter = parameter
        self._clock = clock
        self._held: tuple[float, CurrentSigner] | None = None

    def current(self) -> CurrentSigner | None:
        """Who signs; None before a certificate is installed.

        Raises:
            Unavailable: `twoddoc-signer-malformed`, or the parameter could not be read.
        """
        now = self._clock()
        if self._held is None or now >= self._held[0]:
            value = self._read()
            if value is None:
                return None
            self._held = (now + _LIFETIME_SECONDS, _signer(value))
        return self._held[1]

    def _read(self) -> str | None:
        with aws_errors("twoddoc-signer"):
            try:
                return self._ssm.get_parameter(Name=self._parameter)["Parameter"]["Value"]
            except ClientError as error:
                if error_code(error) != "ParameterNotFound":
                    raise
        return None


def _signer(value: str) -> CurrentSigner:
    try:
        installed = InstalledSigner.model_validate_json(value)
        return CurrentSigner(installed, signer.read(installed.der))
    except (ValidationError, SignerError, ValueError):
        raise Unavailable("twoddoc-signer-malformed") from None
