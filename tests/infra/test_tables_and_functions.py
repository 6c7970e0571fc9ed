"""Tables and functions as every capability has them."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

import pytest

from tests.infra.template import name

if TYPE_CHECKING:
    from tests.infra.template import Templates

pytestmark = pytest.mark.xdist_group("infra")


def test_tables_are_encrypted_restorable_hard_to_delete_and_forget(templates: Templates) -> None:
    keys = {name(key) for key in templates.of("AWS::KMS::Key")}
    tables = templates.of("AWS::DynamoDB::Table")
    assert len(tables) == 28
    for table in tables:
        properties = table.properties
        assert (
            templates.target(table.stack, properties["SSESpecification"]["KMSMasterKeyId"]) in keys
        )
        restorable = properties["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"]
        # What tracing deletes is to be gone.
        assert restorable is (table.stack != "tracing")
        assert properties["DeletionProtectionEnabled"] is True
        assert properties["TimeToLiveSpecification"]["AttributeName"] == "expires_at"
        assert table.retained, name(table)


def test_functions_run_the_same_python_traced_and_unreserved(templates: Templates) -> None:
    assert len(templates.deployed()) == 40
    for folder, function in templates.deployed():
        properties = function.properties
        assert properties["Architectures"] == ["arm64"], folder
        assert properties["Runtime"] == "python3.13", folder
        assert properties["TracingConfig"] == {"Mode": "Active"}, folder
        assert "ReservedConcurrentExecutions" not in properties, folder


def test_a_function_knows_whose_metrics_it_counts(templates: Templates) -> None:
    # Without a namespace the first count of an invocation is an error.
    for folder, function in templates.deployed():
        variables = function.properties["Environment"]["Variables"]
        assert variables["POWERTOOLS_METRICS_NAMESPACE"] == "Vigie", folder
        assert variables["POWERTOOLS_SERVICE_NAME"] == folder, folder


def test_a_function_is_told_its_settings_and_nothing_else(templates: Templates) -> None:
    for folder, function in templates.deployed():
        fields = importlib.import_module(f"{folder}.settings").Settings.model_fields
        required = {key.upper() for key, field in fields.items() if field.is_required()}
        told = {
            variable
            for variable in function.properties["Environment"]["Variables"]
            if not variable.startswith("POWERTOOLS_")
        }
        assert required <= told <= {key.upper() for key in fields}, folder
