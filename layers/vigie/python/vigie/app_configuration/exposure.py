"""How phones judge an exposure, in the terms of Exposure Notifications v2 and v1.

Source: Google's `DailySummariesConfig` and `DiagnosisKeysDataMapping`, Apple's
`ENExposureConfiguration`. Bounds are those that both frameworks take. Weights are percents, as
Apple takes them; Google takes a hundredth of each.
"""

from enum import StrEnum
from itertools import pairwise
from typing import Annotated

from pydantic import Field, model_validator

from vigie.app_configuration.part import Part

Percent = Annotated[int, Field(ge=0, le=250)]
Decibels = Annotated[int, Field(ge=0, le=255)]
Level = Annotated[int, Field(ge=0, le=8)]
Levels = Annotated[tuple[Level, ...], Field(min_length=8, max_length=8)]

# A window has 30 minutes at most, and three weights of 250 %.
_MOST_WINDOW_SCORE = 30 * 60 * 2.5**3
_ONSET_DAYS = range(-14, 15)


class Infectiousness(StrEnum):
    """How infectious somebody is on a day."""

    NONE = "none"
    STANDARD = "standard"
    HIGH = "high"


class ReportType(StrEnum):
    """What a diagnosis key may be taken for; neither unknown nor revoked."""

    CONFIRMED_TEST = "confirmedTest"
    CONFIRMED_CLINICAL_DIAGNOSIS = "confirmedClinicalDiagnosis"
    SELF_REPORT = "selfReport"
    RECURSIVE = "recursive"


class AttenuationWeights(Part):
    """What a minute counts in each of the four ranges of attenuation.

    Attributes:
        immediate: up to the first threshold.
        near: up to the second.
        medium: up to the third.
        other: above it.
    """

    immediate: Percent
    near: Percent
    medium: Percent
    other: Percent


class ReportTypeWeights(Part):
    """What an exposure counts by the report type of the key."""

    confirmed_test: Percent
    confirmed_clinical_diagnosis: Percent
    self_report: Percent
    recursive: Percent


class InfectiousnessWeights(Part):
    """What an exposure counts by how infectious the other was; nothing if they were not."""

    standard: Percent
    high: Percent


class ExposureWindows(Part):
    """The configuration of exposure windows (v2).

    Attributes:
        attenuation_thresholds_db: three of them, rising.
        attenuation_weights: of the ranges between them.
        report_type_weights: by report type.
        infectiousness_weights: by infectiousness.
        days_since_onset_to_infectiousness: for each of the days from -14 to 14.
        infectiousness_when_onset_unknown: for keys that do not say their day.
        report_type_when_missing: for keys that do not say theirs.
        days_since_exposure_threshold: exposures of so many days ago count; 0 for all.
        minimum_window_score: weighted seconds that a window must have to count.
    """

    attenuation_thresholds_db: tuple[Decibels, Decibels, Decibels]
    attenuation_weights: AttenuationWeights
    report_type_weights: ReportTypeWeights
    infectiousness_weights: InfectiousnessWeights
    days_since_onset_to_infectiousness: dict[int, Infectiousness]
    infectiousness_when_onset_unknown: Infectiousness
    report_type_when_missing: ReportType
    days_since_exposure_threshold: int = Field(ge=0, le=14)
    minimum_window_score: float = Field(ge=0, le=_MOST_WINDOW_SCORE, allow_inf_nan=False)

    @model_validator(mode="after")
    def _consistent(self) -> "ExposureWindows":
        if not _rising(self.attenuation_thresholds_db):
            raise ValueError("attenuationThresholdsDb must rise")
        if set(self.days_since_onset_to_infectiousness) != set(_ONSET_DAYS):
            raise ValueError("daysSinceOnsetToInfectiousness must have each day from -14 to 14")
        for weights in (
            self.attenuation_weights,
            self.report_type_weights,
            self.infectiousness_weights,
        ):
            if not any(weights.model_dump().values()):
                raise ValueError("weights that are all 0 would warn nobody")
        if set(self.days_since_onset_to_infectiousness.values()) == {Infectiousness.NONE}:
            raise ValueError("days that are all without infectiousness would warn nobody")
        return self


class ExposureConfigurationV1(Part):
    """The configuration of v1, for apps that have not moved to exposure windows.

    Attributes:
        minimum_risk_score: 1 to 255.
        attenuation_level_values: 8 levels of 0 to 8.
        days_since_last_exposure_level_values: the same.
        duration_level_values: the same.
        transmission_risk_level_values: the same.
        attenuation_duration_thresholds_db: two of them, rising.
    """

    minimum_risk_score: int = Field(ge=1, le=255)
    attenuation_level_values: Levels
    days_since_last_exposure_level_values: Levels
    duration_level_values: Levels
    transmission_risk_level_values: Levels
    attenuation_duration_thresholds_db: tuple[Decibels, Decibels]

    @model_validator(mode="after")
    def _consistent(self) -> "ExposureConfigurationV1":
        if not _rising(self.attenuation_duration_thresholds_db):
            raise ValueError("attenuationDurationThresholdsDb must rise")
        return self


def _rising(thresholds: tuple[int, ...]) -> bool:
    return all(lower < higher for lower, higher in pairwise(thresholds))
