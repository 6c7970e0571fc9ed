"""The OAuth 2.0 clients of laboratories, in the user pool of an environment."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from botocore.exceptions import ClientError

from vigie.aws import aws_errors, error_code

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp.client import CognitoIdentityProviderClient


class OAuthClient(NamedTuple):
    """A client that was just made.

    Attributes:
        client_id: its name for the authorization server.
        secret: proves it; nobody keeps it but the laboratory.
    """

    client_id: str
    secret: str


class OAuthClients:
    """Makes clients of the client credentials grant.

    Args:
        cognito: the Cognito client.
        pool_id: of the user pool.
        scope: what they may ask for.
    """

    def __init__(self, cognito: CognitoIdentityProviderClient, pool_id: str, scope: str) -> None:
        self._cognito = cognito
        self._pool_id = pool_id
        self._scope = scope

    def make(self, finess: str) -> OAuthClient:
        """Make a client for a laboratory.

        Raises:
            Unavailable: Cognito did not make it.
        """
        with aws_errors("client-pool"):
            made = self._cognito.create_user_pool_client(
                UserPoolId=self._pool_id,
                ClientName=finess,
                GenerateSecret=True,
                AllowedOAuthFlows=["client_credentials"],
                AllowedOAuthFlowsUserPoolClient=True,
                AllowedOAuthScopes=[self._scope],
            )["UserPoolClient"]
        return OAuthClient(made["ClientId"], made["ClientSecret"])

    def delete(self, client_id: str) -> None:
        """Delete a client, unless it is gone already.

        Raises:
            Unavailable: Cognito did not delete it.
        """
        with aws_errors("client-pool"):
            try:
                self._cognito.delete_user_pool_client(UserPoolId=self._pool_id, ClientId=client_id)
            except ClientError as error:
                if error_code(error) != "ResourceNotFoundException":
                    raise
