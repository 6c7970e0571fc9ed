"""Keys go abroad where the settings name a gateway, by functions that hold what they need alone."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from infra.environments import production
from tests.infra.synthesis import ACCOUNT, EFGS, INTEROP
from vigie.federation.gateway import GATEWAYS

if TYPE_CHECKING:
    from tests.infra.template import Templates

pytestmark = pytest.mark.xdist_group("infra")

_FUNCTIONS = ("federation_download", "federation_upload")
_ROLES = [
    f"arn:aws:iam::{ACCOUNT}:role/vigie-production-{one}"
    for one in ("federation-download", "federation-upload")
]


def test_nothing_goes_abroad_without_a_gateway() -> None:
    assert production(ACCOUNT).federation == ()


def test_the_functions_read_the_gateways_of_the_settings(templates: Templates) -> None:
    (parameter,) = [
        one.properties
        for one in templates.of("AWS::SSM::Parameter")
        if one.properties["Name"] == "/vigie/production/federation/gateways"
    ]
    assert GATEWAYS.validate_json(parameter["Value"]) == (EFGS, INTEROP)
    assert parameter["Tier"] == "Intelligent-Tiering"


def test_whatever_rights_a_role_is_given_it_reads_no_key_of_tls(templates: Templates) -> None:
    policies = templates.of("AWS::SecretsManager::ResourcePolicy")
    assert len(policies) == 2
    for policy in policies:
        (statement,) = policy.properties["ResourcePolicy"]["Statement"]
        assert (statement["Effect"], statement["Principal"]) == ("Deny", {"AWS": "*"})
        assert statement["Action"] == "secretsmanager:GetSecretValue"
        assert statement["Condition"] == {"ArnNotLike": {"aws:PrincipalArn": _ROLES}}


def test_a_gateway_that_is_silent_for_a_day_raises_an_alarm(templates: Templates) -> None:
    silent = [
        one.properties
        for one in templates.of("AWS::CloudWatch::Alarm")
        if one.properties.get("MetricName") == "GatewayAnswered"
    ]
    assert {json.dumps(one["Dimensions"]) for one in silent} == {
        json.dumps([{"Name": "gateway", "Value": gateway}, {"Name": "service", "Value": function}])
        for gateway in ("efgs", "interop")
        for function in _FUNCTIONS
    }
    for one in silent:
        assert (one["Period"], one["TreatMissingData"]) == (86400, "breaching")
        assert one["AlarmActions"]


def test_signatures_and_offers_that_are_refused_raise_alarms(templates: Templates) -> None:
    names = {one.properties.get("MetricName") for one in templates.of("AWS::CloudWatch::Alarm")}
    assert {"SignaturesRefused", "OffersRefused"} <= names
