"""The configuration of the app: one document for all phones of a country."""

import hashlib
import json
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import Field, ValidationError, model_validator

from vigie.app_configuration.exposure import ExposureConfigurationV1, ExposureWindows
from vigie.app_configuration.part import Part
from vigie.app_configuration.texts import Texts
from vigie.errors import Rejected
from vigie.tracing.survey import FlipPercent, Question

# Every phone downloads it.
MOST_BYTES = 128 * 1024

Name = Annotated[str, Field(pattern=r"^[a-z][A-Za-z0-9-]{0,39}$")]
Version = Annotated[str, Field(pattern=r"^\d{1,4}\.\d{1,4}\.\d{1,4}$")]
Address = Annotated[
    str,
    # What begins with two slashes would be another host.
    Field(
        pattern=r"^(https://[a-z0-9.-]+(:\d{1,5})?)?/([A-Za-z0-9._-][A-Za-z0-9._/-]*)?$",
        max_length=200,
    ),
]
StoreAddress = Annotated[str, Field(pattern=r"^https://[a-z0-9.-]+/\S*$", max_length=200)]
# Seconds of a day, with three weights of 250 %.
_MOST_DAILY_SCORE = 24 * 3600 * 2.5**3
_UPDATE_TEXTS = frozenset({"update.required", "update.recommended"})


class RiskClass(Part):
    """A class of risk that a day of exposures may be in.

    Attributes:
        name: of the class; its texts are `risk.<name>.title` and `risk.<name>.body`.
        minimum_daily_score: weighted seconds of a day from which on it applies.
    """

    name: Name
    minimum_daily_score: float = Field(gt=0, le=_MOST_DAILY_SCORE, allow_inf_nan=False)


class AppVersions(Part):
    """What versions of an app may be used.

    Attributes:
        required: an older one asks for its update and does nothing else.
        recommended: an older one proposes its update.
        store: where the update is.
    """

    required: Version
    recommended: Version
    store: StoreAddress

    @model_validator(mode="after")
    def _consistent(self) -> "AppVersions":
        if _numbers(self.required) > _numbers(self.recommended):
            raise ValueError("the required version is newer than the recommended one")
        return self


class Platforms(Part):
    """The versions of the app on each platform."""

    android: AppVersions
    ios: AppVersions


class Services(Part):
    """Where the services are: whole addresses, or paths below that of tracing.

    Attributes:
        publish: takes keys.
        exports_index: lists the files of keys.
        verify: takes verification codes; None where codes are not used.
        certificate: gives verification certificates; the same.
        visits: takes visited venues; None where venues are not used.
        clusters_index: lists the files of clusters; the same.
        analytics: takes analytics reports; None where there are none.
    """

    publish: Address
    exports_index: Address
    verify: Address | None = None
    certificate: Address | None = None
    visits: Address | None = None
    clusters_index: Address | None = None
    analytics: Address | None = None


class Analytics(Part):
    """What phones of people who agreed report, after randomised response.

    Attributes:
        enabled: whether reports are asked for at all.
        flip_percent: with what probability a phone turns each answered bit over.
        questions: those that phones draw one of each day.
    """

    enabled: bool
    flip_percent: FlipPercent
    questions: tuple[Question, ...]

    @model_validator(mode="after")
    def _consistent(self) -> "Analytics":
        if len(set(self.questions)) < len(self.questions):
            raise ValueError("a question is asked twice")
        if self.enabled and not self.questions:
            raise ValueError("there is no question to answer")
        return self


class AppConfiguration(Part):
    """The configuration of the app.

    Attributes:
        schema_version: of this document.
        exposure_windows: how exposures are judged.
        exposure_configuration_v1: the same for apps that use v1; None without such apps.
        risk_classes: what a day's score means, from the highest score to the lowest.
        platforms: what versions of the app may be used.
        texts: what the app says.
        features: what is switched on.
        services: where services are.
        analytics: what phones report.
    """

    schema_version: Literal[1]
    exposure_windows: ExposureWindows
    exposure_configuration_v1: ExposureConfigurationV1 | None = None
    risk_classes: tuple[RiskClass, ...] = Field(min_length=1, max_length=8)
    platforms: Platforms
    texts: Texts
    features: dict[Name, bool] = Field(max_length=100)
    services: Services
    analytics: Analytics

    @model_validator(mode="after")
    def _consistent(self) -> "AppConfiguration":
        if len({one.name for one in self.risk_classes}) < len(self.risk_classes):
            raise ValueError("two classes of risk have one name")
        scores = [one.minimum_daily_score for one in self.risk_classes]
        if any(higher <= lower for higher, lower in pairwise(scores)):
            raise ValueError("riskClasses must go from the highest score to the lowest")
        needed = _UPDATE_TEXTS | {
            f"risk.{one.name}.{part}" for one in self.risk_classes for part in ("title", "body")
        }
        if missing := needed - set(self.texts.languages[self.texts.fallback]):
            raise ValueError(f"texts are missing: {', '.join(sorted(missing))}")
        if self.analytics.enabled and self.services.analytics is None:
            raise ValueError("analytics is enabled, and has no service")
        return self

    def canonical(self) -> bytes:
        """The document as it is signed and compared: JSON with sorted names, without blanks."""
        document = self.model_dump(mode="json", by_alias=True, exclude_none=True)
        return json.dumps(
            document, ensure_ascii=False, separators=(",", ":"), sort_keys=True
        ).encode()

    @property
    def sha256(self) -> str:
        """Of the canonical document, in hexadecimal."""
        return hashlib.sha256(self.canonical()).hexdigest()


def read_configuration(content: bytes) -> AppConfiguration:
    """A configuration in JSON.

    Raises:
        Rejected: `configuration-too-large`, or `configuration-malformed`, whose message has a
            line for each fault: its place and the rule, never the value.
    """
    if len(content) > MOST_BYTES:
        raise Rejected("configuration-too-large", f"it has more than {MOST_BYTES:,} bytes")
    try:
        return AppConfiguration.model_validate_json(content)
    except ValidationError as error:
        faults = error.errors(include_input=False, include_url=False)
        told = "\n".join(
            f"{'.'.join(str(part) for part in fault['loc']) or 'the document'}: {fault['msg']}"
            for fault in faults
        )
        raise Rejected("configuration-malformed", told) from None


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))
