"""Who signs passes: what `vigie wallet` installs, as parameters of the system hold it."""

from __future__ import annotations

import base64
import time
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Generic, TypeVar

from botocore.exceptions import ClientError
from cryptography import x509
from cryptography.x509.oid import NameOID
from pydantic import ValidationError

from vigie.aws import aws_errors, error_code
from vigie.certificates.document_signer import DocumentSigner
from vigie.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from mypy_boto3_ssm.client import SSMClient

_LIFETIME_SECONDS = 300
# Time enough to have Apple or Google take another certificate.
_NOTICE = timedelta(days=30)


class PassSigner(DocumentSigner):
    """A KMS key of type RSA_2048 that signs passes, and its certificate."""

    @cached_property
    def parsed(self) -> x509.Certificate:
        """The certificate, read."""
        return x509.load_der_x509_certificate(self.der)

    def ends_soon(self, now: datetime) -> bool:
        """Whether the certificate ends within 30 days, or has."""
        return now + _NOTICE >= self.parsed.not_valid_after_utc

    def valid(self, now: datetime) -> bool:
        """Whether the certificate is valid."""
        return self.parsed.not_valid_before_utc <= now < self.parsed.not_valid_after_utc


class AppleSigner(PassSigner):
    """The value of the parameter `certificates/apple-wallet`.

    Attributes:
        intermediate: certificate of Apple's CA (Worldwide Developer Relations) that issued the
            signer's, DER in base64.
    """

    intermediate: str

    @property
    def intermediate_der(self) -> bytes:
        """The certificate of Apple's CA in DER."""
        return base64.b64decode(self.intermediate)

    @property
    def pass_type(self) -> str:
        """The pass type that Apple wrote into the certificate, `pass.…`; empty if none."""
        return _said(self.parsed, NameOID.USER_ID)

    @property
    def team(self) -> str:
        """The team that Apple wrote into the certificate; empty if none."""
        return _said(self.parsed, NameOID.ORGANIZATIONAL_UNIT_NAME)


class GoogleSigner(PassSigner):
    """The value of the parameter `certificates/google-wallet`.

    Attributes:
        issuer_id: Google's number of the issuer's account.
        service_account: e-mail address of the account that the certificate was uploaded for.
        origin: where the link is shown, such as `https://vigie.example`.
    """

    issuer_id: str
    service_account: str
    origin: str


_Signer = TypeVar("_Signer", bound=PassSigner)


class Installed(Generic[_Signer]):
    """Reads a parameter, at most every 5 minutes: a running function follows an installation.

    Args:
        ssm: the Systems Manager client.
        parameter: its name.
        model: of its value.
        clock: seconds that never go back.
    """

    def __init__(
        self,
        ssm: SSMClient,
        parameter: str,
        model: type[_Signer],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._ssm = ssm
        self._parameter = parameter
        self._model = model
        self._clock = clock
        self._held: tuple[float, _Signer] | None = None

    def signer(self) -> _Signer | None:
        """Who signs; None while nobody is installed.

        Raises:
            Unavailable: `wallet-malformed`, or the parameter could not be read.
        """
        now = self._clock()
        if self._held is not None and now < self._held[0]:
            return self._held[1]
        value = self._read()
        if value is None:
            return None
        try:
            signer = self._model.model_validate_json(value)
        except ValidationError:
            raise Unavailable("wallet-malformed") from None
        self._held = (now + _LIFETIME_SECONDS, signer)
        return signer

    def _read(self) -> str | None:
        with aws_errors("wallet-parameter"):
            try:
                return self._ssm.get_parameter(Name=self._parameter)["Parameter"]["Value"]
            except ClientError as error:
                if error_code(error) != "ParameterNotFound":
                    raise
        return None


def _said(certificate: x509.Certificate, oid: x509.ObjectIdentifier) -> str:
    found = certificate.subject.get_attributes_for_oid(oid)
    return str(found[0].value) if found else ""
