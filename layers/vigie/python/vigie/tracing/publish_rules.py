"""The bounds of an upload, as an operator may set them.

Source: `internal/publish/config.go` of the Exposure Notification key server: the names and
the defaults are the reference's, but for those of self-reports, which it does not have.
"""

from datetime import timedelta
from typing import Annotated

from pydantic import Field

from vigie.model import Frozen
from vigie.tracing.diagnosis_key import MOST_ONSET_DAYS

# A key takes two items of a transaction, the permission one, and DynamoDB takes a hundred.
_MOST_KEYS = 49


class PublishRules(Frozen):
    """The bounds.

    Attributes:
        max_keys_on_publish: how many keys an upload has at most.
        max_same_start_interval_keys: how many of them may start together.
        max_interval_age_on_publish_hours: how long ago a key was used at the earliest.
        max_symptom_onset_days: how many days a key starts before or after the onset at most.
        max_valid_symptom_onset_report_days: how many days ago an onset is taken as stated.
        default_symptom_onset_days_ago: the onset where none is stated that can be true.
        allow_partial_revisions: leave out keys that are there and that the revision token does
            not name, instead of refusing the upload.
        self_reports_accepted: whether a person's own test permits an upload.
        self_report_max_keys: how many keys such an upload has at most.
        self_report_max_age_hours: how long ago a key of it was used at the earliest.
    """

    max_keys_on_publish: Annotated[int, Field(ge=1, le=_MOST_KEYS)] = 30
    max_same_start_interval_keys: Annotated[int, Field(ge=1)] = 3
    max_interval_age_on_publish_hours: Annotated[int, Field(ge=1, le=360)] = 360
    max_symptom_onset_days: Annotated[int, Field(ge=0, le=MOST_ONSET_DAYS)] = MOST_ONSET_DAYS
    max_valid_symptom_onset_report_days: Annotated[int, Field(ge=0)] = 28
    default_symptom_onset_days_ago: Annotated[int, Field(ge=0)] = 4
    allow_partial_revisions: bool = False
    self_reports_accepted: bool = False
    self_report_max_keys: Annotated[int, Field(ge=1, le=_MOST_KEYS)] = 15
    self_report_max_age_hours: Annotated[int, Field(ge=1, le=360)] = 240

    @property
    def oldest(self) -> timedelta:
        """How long ago a key was used at the earliest."""
        return timedelta(hours=self.max_interval_age_on_publish_hours)

    def of_self_reports(self) -> "PublishRules":
        """The bounds for a person's own test: whichever of the two is narrower."""
        return self.model_copy(
            update={
                "max_keys_on_publish": min(self.max_keys_on_publish, self.self_report_max_keys),
                "max_interval_age_on_publish_hours": min(
                    self.max_interval_age_on_publish_hours, self.self_report_max_age_hours
                ),
            }
        )
