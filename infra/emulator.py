"""Everything that the emulator (MiniStack) needs otherwise than AWS, in one place.

Only `Settings.emulator` switches it on. What is left out here is asserted on the
production template instead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import CliCredentialsStackSynthesizer, DefaultStackSynthesizer, Fn
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_iam as iam

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aws_cdk import IStackSynthesizer
    from aws_cdk import aws_apigatewayv2 as apigateway

    from infra.settings import Settings

# The emulator asks for actions that AWS does not have.
_ASKED_FOR_INSTEAD = {
    "sqs:SendMessage": "sqs:SendMessageBatch",
    "sns:Publish": "sns:PublishBatch",
}
# The least that an event source accepts.
_COPIES = 2
# Condition keys that the emulator never sets.
_KEYS_NEVER_SET = ("kms:EncryptionContext:", "kms:ViaService")


def synthesizer(settings: Settings) -> IStackSynthesizer:
    """How stacks are deployed: the emulator has no roles to deploy with."""
    if settings.emulator is None:
        return DefaultStackSynthesizer()
    return CliCredentialsStackSynthesizer()


def tls_only(settings: Settings) -> bool:
    """Whether policies deny plain http, which is all that the emulator's gateway speaks."""
    return settings.emulator is None


def actions(settings: Settings, *names: str) -> list[str]:
    """The actions to grant, and on the emulator those that it asks for instead."""
    if settings.emulator is None:
        return list(names)
    return [*names, *(_ASKED_FOR_INSTEAD[name] for name in names if name in _ASKED_FOR_INSTEAD)]


def conditions(
    settings: Settings, wanted: Mapping[str, Mapping[str, object]]
) -> dict[str, dict[str, object]]:
    """Conditions of a statement, without those that never hold on the emulator."""
    if settings.emulator is None:
        return {operator: dict(keys) for operator, keys in wanted.items()}
    left = {
        operator: {key: value for key, value in keys.items() if not key.startswith(_KEYS_NEVER_SET)}
        for operator, keys in wanted.items()
    }
    return {operator: keys for operator, keys in left.items() if keys}


def email_resources(settings: Settings, *arns: str) -> list[str]:
    """What a sender of e-mails may use: the emulator asks for no resource in particular."""
    return list(arns) if settings.emulator is None else ["*"]


def parameter_paths(settings: Settings, *arns: str) -> list[str]:
    """What parameters are listed below: the emulator asks for none in particular."""
    return list(arns) if settings.emulator is None else ["*"]


def concurrency(settings: Settings, wanted: int) -> int:
    """How many copies of a consumer run at once: each is a process of this machine."""
    return wanted if settings.emulator is None else _COPIES


def principals(settings: Settings, roles: Sequence[str]) -> list[str]:
    """`aws:PrincipalArn` of whoever has taken one of the roles.

    AWS gives the role's ARN, the emulator that of the session.
    """
    if settings.emulator is None:
        return [settings.role_arn(role) for role in roles]
    sessions = f"arn:aws:sts::{settings.account}:assumed-role"
    return [f"{sessions}/{settings.name(role)}/*" for role in roles]


def taken_by(settings: Settings, principals: Sequence[str]) -> dict[str, dict[str, object]]:
    """On condition of what an operator's role is taken: the emulator has one caller only."""
    if settings.emulator is None:
        return {"ArnLike": {"aws:PrincipalArn": list(principals)}}
    return {}


def laboratories(settings: Settings) -> Sequence[str]:
    """FINESS of the laboratories that get a role with a literal prefix.

    The emulator does not substitute `${aws:PrincipalTag/...}` in policies.
    """
    return () if settings.emulator is None else settings.emulator.laboratories


def laboratory_principal(settings: Settings) -> iam.IPrincipal:
    """Who takes a laboratory's literal role: whoever has the emulator's credentials."""
    return iam.AccountPrincipal(settings.account)


def api_origin(settings: Settings, api: apigateway.IHttpApi) -> cloudfront.IOrigin | None:
    """The API as an origin of CloudFront, or None where its own endpoint will do.

    The emulator's API has no host name of its own: it is a path of the gateway.
    """
    if settings.emulator is None:
        return None
    return origins.HttpOrigin(
        settings.emulator.host,
        http_port=settings.emulator.port,
        protocol_policy=cloudfront.OriginProtocolPolicy.HTTP_ONLY,
        origin_path=_api_path(api),
    )


def api_url(settings: Settings, api: apigateway.IHttpApi) -> str | None:
    """Where the API answers on this machine, or None on AWS."""
    gateway = _gateway(settings)
    return None if gateway is None else f"{gateway}{_api_path(api)}"


def token_keys_url(settings: Settings, user_pool_id: str) -> str | None:
    """Where the keys of access tokens are on this machine, or None on AWS."""
    gateway = _gateway(settings)
    return None if gateway is None else f"{gateway}/{user_pool_id}/.well-known/jwks.json"


def token_url(settings: Settings) -> str | None:
    """Where access tokens are given on this machine, or None on AWS."""
    gateway = _gateway(settings)
    return None if gateway is None else f"{gateway}/oauth2/token"


def public_url(settings: Settings, domain_name: str) -> str | None:
    """Where a browser of this machine finds the page, or None on AWS.

    Args:
        settings: of the environment.
        domain_name: CloudFront's own, `<label>.cloudfront.net`.
    """
    if settings.emulator is None:
        return None
    label = Fn.select(0, Fn.split(".", domain_name))
    return f"http://{label}.cloudfront.localhost:{settings.emulator.port}"


def _gateway(settings: Settings) -> str | None:
    if settings.emulator is None:
        return None
    return f"http://{settings.emulator.host}:{settings.emulator.port}"


def _api_path(api: apigateway.IHttpApi) -> str:
    return f"/_aws/execute-api/{api.api_id}/$default"
