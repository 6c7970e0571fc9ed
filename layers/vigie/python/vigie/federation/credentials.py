"""Who we are for a gateway: the client certificate of TLS, its key, and a token where one is used.

The key cannot live in KMS, which does not do TLS. It stands in a secret that only the functions of
the federation can read, and in the memory of an instance.
"""

from __future__ import annotations

import ssl
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError
from pydantic import Field, SecretStr, ValidationError

from vigie.aws import aws_errors, error_code
from vigie.federation.connection import GatewayUnavailable
from vigie.model import Frozen

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager.client import SecretsManagerClient

# A secret that was made and not filled.
_NOTHING_YET = {"ResourceNotFoundException"}


class Credentials(Frozen):
    """The value of a gateway's secret.

    Attributes:
        certificate: the client certificate and its issuers, PEM; the first is ours.
        private_key: its key, PEM, without a passphrase.
        authorities: who issues the gateway's own certificate, PEM; None for the public ones.
        token: what authorises us beside the certificate; None where nothing does.
    """

    certificate: str = Field(pattern="^-----BEGIN CERTIFICATE-----")
    private_key: SecretStr
    authorities: str | None = None
    token: SecretStr | None = None

    def tls(self) -> ssl.SSLContext:
        """How to connect.

        Raises:
            GatewayUnavailable: `gateway-credentials-tls` if certificate, key or authorities cannot
                be used.
        """
        # Files are all that OpenSSL's binding reads a key from; they are gone at once.
        with TemporaryDirectory() as folder:
            certificate, key = Path(folder, "certificate.pem"), Path(folder, "key.pem")
            certificate.write_text(self.certificate, "ascii")
            key.write_text(self.private_key.get_secret_value(), "ascii")
            try:
                context = ssl.create_default_context(cadata=self.authorities)
                context.minimum_version = ssl.TLSVersion.TLSv1_2
                context.load_cert_chain(certificate, key)
            except (ssl.SSLError, ValueError):
                raise GatewayUnavailable("gateway-credentials-tls") from None
        return context


def read_credentials(secrets: SecretsManagerClient, secret: str) -> Credentials:
    """What a secret holds.

    Raises:
        GatewayUnavailable: `gateway-credentials-missing` or `gateway-credentials-malformed`,
            `vigie federation install tls` puts them there.
        Unavailable: AWS did not answer.
    """
    with aws_errors("gateway-credentials"):
        try:
            value = secrets.get_secret_value(SecretId=secret)["SecretString"]
        except ClientError as error:
            if error_code(error) not in _NOTHING_YET:
                raise
            raise GatewayUnavailable("gateway-credentials-missing") from None
    try:
        return Credentials.model_validate_json(value)
    except ValidationError:
        raise GatewayUnavailable("gateway-credentials-malformed") from None
