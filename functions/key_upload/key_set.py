"""The rules for all keys of a request together: breaking one refuses the request.

Source: `internal/publish/model/exposure_model.go` of the Exposure Notification key server,
TransformPublish.
"""

from __future__ import annotations

from itertools import groupby, pairwise
from typing import TYPE_CHECKING

from key_upload.refusal import bad_request

if TYPE_CHECKING:
    from collections.abc import Sequence

    from key_upload.publish_request import SentKey
    from vigie.tracing.diagnosis_key import DiagnosisKey
    from vigie.tracing.publish_rules import PublishRules


def refuse_wrong_count(sent: Sequence[SentKey], rules: PublishRules) -> None:
    """Refuse a request without a key or with too many.

    Raises:
        PublishRefusedError: it is one.
    """
    if not sent:
        raise bad_request("no exposure keys in publish request")
    if len(sent) > rules.max_keys_on_publish:
        raise bad_request(
            f"too many exposure keys in publish: more than {rules.max_keys_on_publish}"
        )


def refuse_overlap(keys: Sequence[DiagnosisKey], rules: PublishRules) -> None:
    """Refuse keys whose times overlap, but for a few with the same start.

    A phone that gives up its key of the day goes on with another, so up to three keys may
    start together, of different lengths. Starts need not be at midnight.

    Raises:
        PublishRefusedError: times overlap otherwise, or too many start together.
    """
    by_start = [
        list(group)
        for _, group in groupby(
            sorted(keys, key=lambda key: (key.rolling_start_interval_number, key.rolling_period)),
            key=lambda key: key.rolling_start_interval_number,
        )
    ]
    if any(len(group) > rules.max_same_start_interval_keys for group in by_start):
        raise bad_request("too many overlapping keys for one start interval")
    for earlier, later in pairwise(by_start):
        # The last of a group is the longest.
        if later[0].rolling_start_interval_number < earlier[-1].end_interval_number:
            raise bad_request("exposure keys have non aligned overlapping intervals")
