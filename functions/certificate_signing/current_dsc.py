"""The document signer that signs now, as the configuration says."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError
from cryptography import x509
from pydantic import ValidationError

from vigie.aws import aws_errors, error_code
from vigie.certificates.document_signer import DocumentSigner
from vigie.dcc import signer
from vigie.dcc.errors import SignerError
from vigie.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from mypy_boto3_ssm.client import SSMClient

    from vigie.dcc.signer import Signer

_LIFETIME_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Dsc:
    """A document signer certificate (DSC) and the KMS key behind it.

    Attributes:
        key_arn: ARN of the key.
        signer: what a verifier sees of it.
        signs_until: end of the private key's usage (RFC 3280 section 4.2.1.4), aware;
            None without one. What it signs later verifies still.
    """

    key_arn: str
    signer: Signer
    signs_until: datetime | None

    def check_valid(self, at: datetime) -> None:
        """Check that what is signed at a time lies within the certificate's validity.

        Raises:
            Unavailable: `dsc-not-yet-valid` or `dsc-expired`; another signer must be configured.
        """
        if at < self.signer.not_before:
            raise Unavailable("dsc-not-yet-valid")
        if at >= self.signer.not_after:
            raise Unavailable("dsc-expired")


class CurrentDsc:
    """Reads the parameters, at most every 5 minutes: a running function follows a rotation.

    Each group of `v`, `t`, `r` may have a signer of its own, in `<parameter>/<group>`.

    Args:
        ssm: the Systems Manager client.
        parameter: name of the parameter of a signer for every group, whose value is a
            `DocumentSigner` in JSON.
        clock: seconds that never go back.
    """

    def __init__(
        self, ssm: SSMClient, parameter: str, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._ssm = ssm
        self._parameter = parameter
        self._clock = clock
        self._held: dict[str, tuple[float, Dsc]] = {}

    def get(self, group: str) -> Dsc:
        """The current document signer of a group: its own one, or that of every group.

        Args:
            group: `v`, `t` or `r`.

        Raises:
            Unavailable: `dsc-missing` if none is configured, `dsc-malformed` if what is
                configured is none, `dsc-usage` if it may not sign this group, or a parameter
                could not be read.
        """
        now = self._clock()
        held = self._held.get(group)
        if held is not None and now < held[0]:
            return held[1]
        value = self._read(f"{self._parameter}/{group}") or self._read(self._parameter)
        if value is None:
            raise Unavailable("dsc-missing")
        dsc = _dsc(value)
        if not dsc.signer.may_sign(group):
            raise Unavailable("dsc-usage")
        self._held[group] = (now + _LIFETIME_SECONDS, dsc)
        return dsc

    def _read(self, name: str) -> str | None:
        with aws_errors("current-dsc"):
            try:
                return self._ssm.get_parameter(Name=name)["Parameter"]["Value"]
            except ClientError as error:
                if error_code(error) != "ParameterNotFound":
                    raise
        return None


def _dsc(value: str) -> Dsc:
    try:
        configured = DocumentSigner.model_validate_json(value)
        return Dsc(configured.key_arn, signer.read(configured.der), _signs_until(configured.der))
    except (ValidationError, SignerError, ValueError):
        raise Unavailable("dsc-malformed") from None


def _signs_until(der: bytes) -> datetime | None:
    extensions = x509.load_der_x509_certificate(der).extensions
    try:
        period = extensions.get_extension_for_class(x509.PrivateKeyUsagePeriod).value
    except x509.ExtensionNotFound:
        return None
    return period.not_after.replace(tzinfo=UTC) if period.not_after else None
