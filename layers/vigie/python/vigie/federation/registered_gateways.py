"""The gateways of an environment, and connections to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import ValidationError

from vigie.aws import aws_errors
from vigie.errors import Unavailable
from vigie.federation.connection import GatewayConnection
from vigie.federation.credentials import read_credentials
from vigie.federation.gateway import GATEWAYS

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_secretsmanager.client import SecretsManagerClient
    from mypy_boto3_ssm.client import SSMClient

    from vigie.federation.gateway import Gateway

    Connect = Callable[[Gateway], GatewayConnection]


def read_gateways(ssm: SSMClient, parameter: str) -> tuple[Gateway, ...]:
    """The gateways that an environment exchanges keys with.

    Raises:
        Unavailable: `gateways-malformed`, or the parameter could not be read.
    """
    with aws_errors("gateways"):
        value = ssm.get_parameter(Name=parameter)["Parameter"]["Value"]
    try:
        return GATEWAYS.validate_json(value)
    except ValidationError:
        raise Unavailable("gateways-malformed") from None


def connector(secrets: SecretsManagerClient, secret_prefix: str) -> Connect:
    """What connects to a gateway with the credentials of its secret.

    Args:
        secrets: the Secrets Manager client.
        secret_prefix: how the names of the secrets begin; the gateway's name follows.
    """

    def connect(gateway: Gateway) -> GatewayConnection:
        credentials = read_credentials(secrets, f"{secret_prefix}{gateway.name}")
        return GatewayConnection(gateway.url, credentials)

    return connect
