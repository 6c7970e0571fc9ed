"""The sample events are what the function reads."""

import json
from pathlib import Path

import pytest

from result_intake.messages import RangeMessage, S3TestEvent, parse_message
from vigie.inbox import S3Notification

EVENTS = Path(__file__).parents[3] / "events" / "result_intake"


@pytest.mark.parametrize(
    ("name", "kind"),
    [("file_arrived", S3Notification), ("file_range", RangeMessage), ("s3_test", S3TestEvent)],
)
def test_a_sample_is_of_its_kind(name: str, kind: type) -> None:
    event = json.loads((EVENTS / f"{name}.json").read_text(encoding="utf-8"))
    message = parse_message(event["Records"][0]["body"])
    assert type(message) is kind
    if isinstance(message, S3Notification):
        file = message.records[0].file
        assert file is not None
        assert file.key == "750000001/morning/results 2026-11-23.hl7"
