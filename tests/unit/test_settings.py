"""A function's settings are read once, and faults are told by name only."""

import pytest

from vigie.model import Frozen
from vigie.settings import SettingsError, read_settings


class _Settings(Frozen):
    results_table: str
    retention_days: int
    sender: str = "VIGIE"


def test_settings_are_read_by_upper_case_name() -> None:
    settings = read_settings(_Settings, {"RESULTS_TABLE": "results", "RETENTION_DAYS": "90"})
    assert settings == _Settings(results_table="results", retention_days=90)


def test_every_missing_or_malformed_setting_is_named_without_its_value() -> None:
    with pytest.raises(SettingsError) as caught:
        read_settings(_Settings, {"RETENTION_DAYS": "CANARY"})
    assert "RESULTS_TABLE" in str(caught.value)
    assert "RETENTION_DAYS" in str(caught.value)
    assert "CANARY" not in str(caught.value)
