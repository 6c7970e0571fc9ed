"""What each function may do, writes and says: its role, its logs, its alarm."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pydantic import ValidationError

from tests.infra.template import listed, name

if TYPE_CHECKING:
    from infra.settings import Settings
    from tests.infra.template import Templates

pytestmark = pytest.mark.xdist_group("infra")

_SENDERS = {"notification-dispatch", "self-reports"}
_TRACES = {"xray:PutTraceSegments", "xray:PutTelemetryRecords"}


def test_every_function_has_a_role_of_its_own_and_no_managed_policy(templates: Templates) -> None:
    roles = {name(role): role for role in templates.of("AWS::IAM::Role")}
    taken = [
        roles[templates.target(function.stack, function.properties["Role"])]
        for _, function in templates.deployed()
    ]
    assert len({name(role) for role in taken}) == len(taken)
    assert not [name(role) for role in taken if "ManagedPolicyArns" in role.properties]


def test_no_function_has_a_wildcard_but_for_traces_and_sms(templates: Templates) -> None:
    for folder in templates.functions():
        role = folder.replace("_", "-")
        everywhere = _TRACES | ({"sns:Publish"} if role in _SENDERS else set())
        for statement in templates.granted()[role]:
            assert not [action for action in statement["Action"] if "*" in action], role
            if "*" in statement["Resource"]:
                assert set(statement["Action"]) <= everywhere, role


@pytest.mark.parametrize("role", sorted(_SENDERS))
def test_who_sends_sms_publishes_to_no_topic(templates: Templates, role: str) -> None:
    denied = [
        (statement["Action"], statement["Resource"])
        for statement in templates.granted()[role]
        if statement["Effect"] == "Deny"
    ]
    assert denied == [(["sns:Publish"], ["arn:aws:sns:*:*:*"])]


def test_dispatch_sends_e_mails_of_its_own_identity_only(templates: Templates) -> None:
    (sends,) = [
        statement["Resource"]
        for statement in templates.granted()["notification-dispatch"]
        if "ses:SendEmail" in statement["Action"]
    ]
    assert {resource.rsplit(":", 1)[1] for resource in sends} == {
        "identity/vigie.example",
        "configuration-set/vigie-production-messages",
    }


def test_people_take_a_role_as_named_principals_of_the_account_only(
    templates: Templates, settings: Settings
) -> None:
    taken = {
        role.properties["RoleName"].removeprefix("vigie-production-"): statement
        for role in templates.of("AWS::IAM::Role")
        for statement in role.properties["AssumeRolePolicyDocument"]["Statement"]
        if "AWS" in statement["Principal"]
    }
    operators = {
        "pki-operator": settings.pki_operators,
        "laboratory-operator": settings.laboratory_operators,
        "list-publisher": settings.list_publishers,
        "revocation-operator": settings.revocation_operators,
        "federation-operator": settings.pki_operators,
        "tracing-operator": settings.tracing_operators,
    }
    assert set(taken) == set(operators)
    for role, statement in taken.items():
        assert statement["Principal"] == {"AWS": f"arn:aws:iam::{settings.account}:root"}
        named = listed(statement["Condition"]["ArnLike"]["aws:PrincipalArn"])
        assert named == list(operators[role])
        assert list(statement["Condition"]) == ["ArnLike"]


@pytest.mark.parametrize(
    "principal",
    [
        "*",
        "arn:aws:iam::111122223333:root",
        "arn:aws:iam::111122223333:role/*",
        "arn:aws:iam::111122223333:role/aws-reserved/*",
        "arn:aws:iam::*:role/operator",
        "arn:aws:sts::111122223333:assumed-role/operator/*",
    ],
)
def test_nobody_in_particular_is_no_operator(settings: Settings, principal: str) -> None:
    with pytest.raises(ValidationError):
        type(settings).model_validate({**settings.model_dump(), "pki_operators": [principal]})


def test_an_environment_names_its_operators(settings: Settings) -> None:
    with pytest.raises(ValidationError):
        type(settings).model_validate({**settings.model_dump(), "pki_operators": []})
    named = [*settings.pki_operators, "arn:aws:iam::111122223333:user/pki"]
    type(settings).model_validate({**settings.model_dump(), "pki_operators": named})


def test_logs_expire_and_outlive_their_stack(templates: Templates) -> None:
    groups = {name(group): group for group in templates.of("AWS::Logs::LogGroup")}
    for folder, function in templates.deployed():
        logged = function.properties["LoggingConfig"]["LogGroup"]
        group = groups[templates.target(function.stack, logged)]
        assert group.properties["RetentionInDays"] == 90, folder
        assert group.retained, folder


def test_every_functions_errors_raise_an_alarm(templates: Templates) -> None:
    alarmed = {
        templates.target(alarm.stack, alarm.properties["Dimensions"][0]["Value"])
        for alarm in templates.of("AWS::CloudWatch::Alarm")
        if alarm.properties["MetricName"] == "Errors" and alarm.properties["AlarmActions"]
    }
    assert alarmed == {name(function) for _, function in templates.deployed()}


def test_an_overdue_signer_raises_an_alarm(templates: Templates) -> None:
    (alarm,) = (
        alarm.properties
        for alarm in templates.of("AWS::CloudWatch::Alarm")
        if alarm.properties["MetricName"] == "SignerOverdue"
    )
    # As the function counts it: `certificate_signing.journal`.
    assert (alarm["Namespace"], alarm["Dimensions"]) == (
        "Vigie",
        [{"Name": "service", "Value": "certificate_signing"}],
    )
    assert (alarm["Statistic"], alarm["Threshold"]) == ("Sum", 1)
    assert alarm["ComparisonOperator"] == "GreaterThanOrEqualToThreshold"
    assert alarm["AlarmActions"]
