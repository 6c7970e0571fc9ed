"""A configuration that phones could not use is refused, by place and rule."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cli.app_config_publishing import schema
from vigie.app_configuration.configuration import read_configuration
from vigie.errors import Rejected

FOLDER = Path(__file__).parents[3] / "docs" / "app-configuration"
FRANCE = json.loads((FOLDER / "france.json").read_text(encoding="utf-8"))


def changed(place: str, value: object) -> bytes:
    """The French configuration with another value at a place."""
    document: Any = json.loads(json.dumps(FRANCE))
    *path, last = place.split("/")
    target = document
    for part in path:
        target = target[int(part)] if isinstance(target, list) else target[part]
    if value is None:
        del target[last]
    elif isinstance(target, list):
        target[int(last)] = value
    else:
        target[last] = value
    return json.dumps(document).encode()


def refused(content: bytes) -> str:
    """What is said of a configuration that is refused."""
    with pytest.raises(Rejected) as caught:
        read_configuration(content)
    assert caught.value.code == "configuration-malformed"
    return str(caught.value)


def test_the_configuration_of_france_is_one_and_says_what_falls_back() -> None:
    configuration = read_configuration(json.dumps(FRANCE).encode())
    assert json.loads(configuration.canonical()) == FRANCE
    assert configuration.texts.falling_back() == {
        "es": ["analytics.body", "analytics.title", "help.phone"]
    }


def test_the_schema_that_is_kept_is_that_of_the_model() -> None:
    kept = json.loads((FOLDER / "schema.json").read_text(encoding="utf-8"))
    assert kept == schema(), "vigie app-config schema > docs/app-configuration/schema.json"


_WINDOWS = "exposureWindows"
_FRENCH = "texts/languages/fr"


@pytest.mark.parametrize(
    ("place", "value", "told"),
    [
        (f"{_WINDOWS}/attenuationWeights/near", 251, "attenuationWeights.near"),
        (f"{_WINDOWS}/attenuationThresholdsDb/2", 256, "attenuationThresholdsDb.2"),
        (f"{_WINDOWS}/attenuationThresholdsDb", [63, 55, 73], "must rise"),
        (f"{_WINDOWS}/daysSinceOnsetToInfectiousness/-14", None, "each day from -14 to 14"),
        (f"{_WINDOWS}/daysSinceOnsetToInfectiousness/15", "none", "each day from -14 to 14"),
        (f"{_WINDOWS}/infectiousnessWeights", {"standard": 0, "high": 0}, "warn nobody"),
        (f"{_WINDOWS}/reportTypeWhenMissing", "revoked", "reportTypeWhenMissing"),
        (f"{_WINDOWS}/minimumWindowScore", 1e9, "minimumWindowScore"),
        (f"{_WINDOWS}/minimumWindowScor", 1, "minimumWindowScor"),
        ("exposureConfigurationV1", {"minimumRiskScore": 0}, "minimumRiskScore"),
        ("riskClasses/1/minimumDailyScore", 900, "from the highest"),
        ("riskClasses/1/name", "middle", "risk.middle.body, risk.middle.title"),
        ("platforms/ios/required", "1.3.0", "newer than the recommended"),
        ("platforms/ios/required", "1.3", "platforms.ios.required"),
        ("texts/fallback", "de", "fallback language has no texts"),
        (f"{_FRENCH}/update.required", None, "update.required is not in the fallback"),
        (f"{_FRENCH}/risk.none.title", "À compléter", "fr: risk.none.title is not finished"),
        (f"{_FRENCH}/risk.none.title", "<b>x</b>", "is not finished"),
        (f"{_FRENCH}/risk.none.title", "{name}", "a field that the app does not fill"),
        (f"{_FRENCH}/risk.none.title", "{", "a brace that stands alone"),
        (f"{_FRENCH}/risk.none.title", "a\u202e", "cannot be shown"),
        (f"{_FRENCH}/risk.none.title", "a" * 1001, "risk.none.title"),
        ("texts/languages/en/help.phone", "Call us.", "en: help.phone has other fields"),
        ("texts/languages/en/unheard", "Hello", "unheard is not in the fallback"),
        ("services/publish", "http://evil.example/v1/publish", "services.publish"),
        ("services/publish", "//evil.example/v1/publish", "services.publish"),
        ("services/analytics", None, "has no service"),
        ("analytics/flipPercent", 50, "analytics.flipPercent"),
        ("analytics/questions/0", "where-do-you-live", "analytics.questions.0"),
        ("features/venues", "yes please", "features.venues"),
    ],
)
def test_a_mistake_is_told_by_its_place_and_never_by_its_value(
    place: str, value: object, told: str
) -> None:
    said = refused(changed(place, value))
    assert told in said
    assert "evil.example" not in said
    assert "yes please" not in said


def test_what_is_too_large_for_phones_is_refused() -> None:
    with pytest.raises(Rejected, match="131,072"):
        read_configuration(b" " * 131_073)
