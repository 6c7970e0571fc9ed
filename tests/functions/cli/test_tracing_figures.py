"""The operator's command tells counts of the last days, and what reports of phones say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from typer.testing import CliRunner

from cli.main import app
from tests.functions.analytics_intake.world import World, report
from vigie import aws

if TYPE_CHECKING:
    import pytest


def count(service: str, metric: str, number: int, days_ago: int = 0) -> None:
    """Have a function count something."""
    aws.cloudwatch().put_metric_data(
        Namespace="Vigie",
        MetricData=[
            {
                "MetricName": metric,
                "Dimensions": [{"Name": "service", "Value": service}],
                "Timestamp": datetime.now(UTC) - timedelta(days=days_ago),
                "Value": number,
            }
        ],
    )


def test_counts_shares_and_estimates_are_told_and_small_counts_are_not(
    mocked_aws: None,  # noqa: ARG001 - the account that all is in
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = World()
    world.now = datetime.now(UTC)
    for number in range(20):
        world.post(report(number, (1, 0, 0) if number < 15 else (0, 0, 1)))
    aws.ssm().put_parameter(Name="/vigie/test/tables/analytics", Value="analytics", Type="String")
    count("verification_codes", "code-issued", 400)
    count("verification_codes", "code-claimed", 300, days_ago=1)
    count("key_upload", "keys-published", 120)
    count("key_upload", "keys-published", 7, days_ago=1)
    count("key_upload", "upload-after-0-1-days", 3)
    count("key_upload", "upload-after-2-3-days", 72)
    count("result_access", "upload-code-given", 200)
    count("result_polling", "upload-code-given", 50)
    monkeypatch.setenv("COLUMNS", "200")

    answer = CliRunner().invoke(app, ["tracing", "figures", "--days", "2", "--environment", "test"])

    assert answer.exit_code == 0, answer.output
    rows = [[cell.strip() for cell in row.split("│")[1:-1]] for row in answer.output.splitlines()]
    told = {row[0]: row[1:] for row in rows if row}
    assert told["uploads"] == ["< 10", "120", "≥ 120"]
    assert told["0-1 days"] == ["0", "< 10", "< 10"]
    assert "codes claimed of those issued: 75 %" in answer.output
    assert "certificates of codes claimed: few" in answer.output
    assert "uploads of upload codes given: 30 %" in answer.output
    alerts = [row[1:] for row in rows if row and row[0] == "alert-shown"]
    # 15 of 20 bits less the 5 that chance sets, twice; chance alone gives 8 either way.
    assert alerts[0] == ["20", "none", "20", "12 to 20"]
    assert alerts[1] == ["20", "low", "0", "0 to 0"]
