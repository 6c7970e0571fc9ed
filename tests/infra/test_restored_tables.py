"""A restored table stands in for the one of its name, and the old one stays."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from aws_cdk import App, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk.assertions import Template

from infra.constructs.record_table import RecordTable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from infra.settings import Settings

pytestmark = pytest.mark.xdist_group("infra")

RESTORED = "vigie-production-results-2026-11-24"


def _template(settings: Settings) -> tuple[str, Mapping[str, Any]]:
    stack = Stack(App(), "Stack")
    table = RecordTable(
        stack,
        "Results",
        settings=settings,
        name="results",
        key=kms.Key(stack, "Key"),
        partition_key="result_id",
    )
    role = iam.Role(stack, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
    table.grant(role, "GetItem")
    table.grant_query(role, "by-person")
    return table.name, Template.from_stack(stack).to_json()


def test_functions_use_the_restored_table_and_the_old_one_is_kept(settings: Settings) -> None:
    restored = settings.model_copy(update={"restored_tables": {"results": RESTORED}})
    name, template = _template(restored)
    assert name == RESTORED
    policy = json.dumps(
        [one for one in template["Resources"].values() if one["Type"] == "AWS::IAM::Policy"]
    )
    arn = f"arn:aws:dynamodb:eu-west-3:111122223333:table/{RESTORED}"
    assert f'"{arn}"' in policy
    assert f'"{arn}/index/by-person"' in policy
    assert "ResultsTable" not in policy
    _, before = _template(settings)
    tables = [
        [one for one in each["Resources"].values() if one["Type"] == "AWS::DynamoDB::Table"]
        for each in (before, template)
    ]
    assert tables[0] == tables[1] != []
