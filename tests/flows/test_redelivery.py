"""Queues that deliver everything twice, the last first, change nothing in the end."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from statistics_counting.account import from_item
from tests.flows.laboratory import LABORATORY, WRITERS, file_of, four, later
from tests.functions.resources import empty_bucket, items, objects
from vigie import aws
from vigie.results.codes import Outcome, Status

if TYPE_CHECKING:
    from tests.flows.wired import Wired

# They hold nonces, signatures or hashes of them, which differ from one run to the next.
_DIFFERENT = {"identity", "contact", "hcert", "signature_hash", "entry"}
# Nothing is asked of the provider's own ids.
_DIFFERENT_IN_SENDING = {"message_id"}


def _waves() -> list[dict[str, bytes]]:
    """Files of a morning; those of one wave may arrive in any order."""
    morning: dict[str, bytes] = {}
    changes: dict[str, bytes] = {}
    for number, extension in enumerate(WRITERS, start=1):
        tests = four(10 * number)
        morning[f"{LABORATORY}/matin.{extension}"] = file_of(tests, extension)
        corrected = later(tests[0], status=Status.CORRECTED, outcome=Outcome.DETECTED)
        withdrawn = later(tests[2], status=Status.WITHDRAWN)
        changes[f"{LABORATORY}/corrections.{extension}"] = file_of([corrected], extension)
        changes[f"{LABORATORY}/annulations.{extension}"] = file_of([withdrawn], extension)
    return [morning, changes]


def _state(wired: Wired) -> dict[str, Any]:
    """What is left in tables, at the providers and for laboratories."""
    return {
        "tables": {table: _rows(table) for table in wired.deployment.tables},
        "sent": sorted(wired.messages()),
        "outbox": objects(wired.intake_settings.outbox_bucket),
    }


def _rows(table: str) -> list[str]:
    rows = (_comparable(item) for item in items(table) if not _noted_once_an_hour(item))
    return sorted(json.dumps(row, sort_keys=True, default=repr) for row in rows)


def _comparable(item: dict[str, Any]) -> dict[str, Any]:
    """What two runs must leave alike of an item."""
    different = _DIFFERENT | _DIFFERENT_IN_SENDING
    kept = {key: value for key, value in item.items() if key not in different}
    if "entry" in item:
        # A revocation is kept in the part of a list that its hash names.
        kept["list"] = item["list"]["S"].partition("#")[0]
    if item.get("counted", {}).get("S", "").startswith("person#"):
        # The batch that wrote an account last is named at random.
        kept["document"] = from_item(item).model_dump(mode="json", exclude={"layers"})
    return kept


def _noted_once_an_hour(item: dict[str, Any]) -> bool:
    """Whether it says which days have changed: an instance remembers for an hour that it did."""
    return str(item.get("list", {}).get("S", "")).startswith("changed#")


def _forget(wired: Wired) -> None:
    """Empty everything but the inbox and the register, as if nothing had been delivered yet."""
    for table in set(wired.deployment.tables) - {wired.intake_settings.laboratories_table}:
        keys = aws.dynamodb().describe_table(TableName=table)["Table"]["KeySchema"]
        for item in items(table):
            key = {part["AttributeName"]: item[part["AttributeName"]] for part in keys}
            aws.dynamodb().delete_item(TableName=table, Key=key)
    empty_bucket(wired.intake_settings.outbox_bucket)
    empty_bucket(wired.intake_settings.workspace_bucket)
    wired.calls.made.clear()


def test_everything_twice_and_backwards_ends_the_same(wired: Wired) -> None:
    told: list[list[str]] = []
    for wave in _waves():
        told.append([wired.put(key, body) for key, body in wave.items()])
        for notification in told[-1]:
            wired.notify(notification)
        wired.settle()
    once = _state(wired)
    assert len(once["sent"]) == 3 * (5 + 2)

    _forget(wired)
    wired.disorderly = True
    for notifications in told:
        for notification in notifications:
            wired.notify(notification)
        wired.settle()
    assert _state(wired) == once
    assert "message-rejected" not in wired.codes()


def test_a_correction_before_its_result_leaves_what_is_right(wired: Wired) -> None:
    result, _, recovered, _ = four(10)
    corrected = later(result, status=Status.CORRECTED, outcome=Outcome.DETECTED)
    withdrawn = later(recovered, status=Status.WITHDRAWN)
    wired.send(f"{LABORATORY}/changements.csv", file_of([corrected, withdrawn], "csv"))
    wired.send(f"{LABORATORY}/matin.hl7", file_of([result, recovered], "hl7"))

    # One hears once, of what is current; the other of nothing, for there never was anything.
    assert [message.recipient for message in wired.messages()] == [result.contact.email]
    (table,) = (name for name in wired.deployment.tables if name.endswith("-certificates"))
    assert [item["certificate"]["S"] for item in items(table)] == ["due#recovery"]
