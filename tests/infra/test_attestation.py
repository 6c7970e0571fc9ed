"""Which guard stands before which route of tracing, in each mode."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from aws_cdk import App

from infra.tracing import Tracing
from tests.infra.template import Templates
from tests.schemas import tracing_description
from vigie.attestation.verdict import Mode

if TYPE_CHECKING:
    from pathlib import Path

    from infra.settings import Settings

pytestmark = pytest.mark.xdist_group("infra")

_ORIGIN, _DEVICE = "OriginCheck", "DeviceAttestation"
_IDENTITY = ["$request.header.x-origin-verify"]


def _guards(templates: Templates) -> dict[str, str]:
    """The guard before each route of tracing, by its name."""
    names = {
        one.logical_id: one.properties["Name"]
        for one in templates.of("AWS::ApiGatewayV2::Authorizer")
    }
    return {
        one.properties["RouteKey"]: names[one.properties["AuthorizerId"]["Ref"]].split("Tracing")[
            -1
        ]
        for one in templates.of("AWS::ApiGatewayV2::Route")
        if one.stack == "tracing"
    }


def _authorizer(templates: Templates) -> dict[str, Any]:
    (found,) = (
        one.properties
        for one in templates.of("AWS::ApiGatewayV2::Authorizer")
        if one.properties["Name"].endswith(_DEVICE)
    )
    return found


def test_enforced_the_app_alone_publishes_and_what_asks_cloudfront_asks_no_device(
    templates: Templates,
) -> None:
    guards = _guards(templates)
    for route in ("POST /v1/publish", "POST /v1/visits/report"):
        assert guards[route].endswith(_DEVICE)
    for route in ("GET /health", "POST /v1/attestation/challenge", "POST /v1/attestation/keys"):
        assert guards[route].endswith(_ORIGIN)
    authorizer = _authorizer(templates)
    # No request lives on what another one showed.
    assert authorizer["AuthorizerResultTtlInSeconds"] == 0
    assert authorizer["IdentitySource"] == _IDENTITY
    assert authorizer["EnableSimpleResponses"] is True
    environment = templates.functions()["device_attestation"].properties["Environment"]["Variables"]
    assert environment["ATTESTATION_MODE"] == "enforce"


def test_the_guard_counts_and_registers_nothing_and_registration_reads_nothing(
    templates: Templates,
) -> None:
    granted = {
        role: {
            action
            for statement in templates.granted()[role]
            for action in statement["Action"]
            if action.startswith("dynamodb:")
        }
        for role in ("device-attestation", "device-registration")
    }
    assert granted == {
        "device-attestation": {"dynamodb:GetItem", "dynamodb:UpdateItem"},
        "device-registration": {"dynamodb:PutItem"},
    }


def _alone(settings: Settings, folder: Path) -> Templates:
    app = App(outdir=str(folder))
    Tracing(app, settings, upload_code_key_arn="arn:aws:kms:eu-west-3:1:key/k", web_acl_arn=None)
    app.synth()
    return Templates(folder)


def test_off_every_route_has_the_guard_that_knows_cloudfront_and_nothing_is_kept(
    settings: Settings, tmp_path: Path
) -> None:
    templates = _alone(settings.model_copy(update={"attestation": None}), tmp_path)
    guards = _guards(templates)
    assert guards
    assert all(guard.endswith(_ORIGIN) for guard in guards.values())
    assert not {"device_attestation", "device_registration"} & set(templates.functions())
    tables = {one.properties["TableName"] for one in templates.of("AWS::DynamoDB::Table")}
    assert "vigie-production-device-keys" not in tables


def test_observing_differs_in_what_the_guard_is_told_alone(
    settings: Settings, tmp_path: Path
) -> None:
    assert settings.attestation is not None
    observing = settings.attestation.model_copy(update={"mode": Mode.OBSERVE})
    templates = _alone(settings.model_copy(update={"attestation": observing}), tmp_path)
    assert _guards(templates)["POST /v1/publish"].endswith(_DEVICE)
    environment = templates.functions()["device_attestation"].properties["Environment"]["Variables"]
    assert environment["ATTESTATION_MODE"] == "observe"


def test_every_route_of_tracing_is_described_and_every_described_one_deployed(
    templates: Templates,
) -> None:
    deployed = set(_guards(templates))
    document = json.loads(tracing_description.FILE.read_text(encoding="utf-8"))
    described = {
        f"{method.upper()} {path}"
        for path, operations in document["paths"].items()
        for method in operations
    }
    assert described == deployed
