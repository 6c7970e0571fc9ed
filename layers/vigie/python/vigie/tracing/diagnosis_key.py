"""A diagnosis key: a temporary exposure key of a person who tested positive.

Source: `export.proto` of the Exposure Notification key server, TemporaryExposureKey.
"""

from datetime import datetime
from enum import IntEnum
from typing import Annotated

from pydantic import Field

from vigie.model import Frozen
from vigie.tracing.interval import interval_start

KEY_BYTES = 16
MOST_INTERVALS = 144
HIGHEST_RISK = 8
MOST_ONSET_DAYS = 14


class ReportType(IntEnum):
    """Why a key was given, by the numbers of the export."""

    UNKNOWN = 0
    CONFIRMED_TEST = 1
    CONFIRMED_CLINICAL_DIAGNOSIS = 2
    SELF_REPORT = 3
    RECURSIVE = 4
    REVOKED = 5


class DiagnosisKey(Frozen):
    """A diagnosis key, with what phones need to match it.

    Attributes:
        key_data: the temporary exposure key, 16 bytes.
        rolling_start_interval_number: the first interval (600 s) that it was used in.
        rolling_period: for how many intervals it was used, 1 to 144.
        transmission_risk: 0 to 8.
        report_type: why it was given.
        days_since_onset_of_symptoms: days (UTC) from the onset to the start, -14 to 14; None
            if no onset is known.
    """

    key_data: Annotated[bytes, Field(min_length=KEY_BYTES, max_length=KEY_BYTES)]
    rolling_start_interval_number: Annotated[int, Field(ge=0)]
    rolling_period: Annotated[int, Field(ge=1, le=MOST_INTERVALS)]
    transmission_risk: Annotated[int, Field(ge=0, le=HIGHEST_RISK)]
    report_type: ReportType
    days_since_onset_of_symptoms: (
        Annotated[int, Field(ge=-MOST_ONSET_DAYS, le=MOST_ONSET_DAYS)] | None
    ) = None

    @property
    def end_interval_number(self) -> int:
        """The first interval that it was not used in any more."""
        return self.rolling_start_interval_number + self.rolling_period

    @property
    def expires_at(self) -> datetime:
        """When it stops being used, in UTC; before that, whoever knows it can pose as the phone."""
        return interval_start(self.end_interval_number)
