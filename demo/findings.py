"""What the system says that it did, beside what the plan says that it must do."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import boto3
from rich.table import Table

from demo import mailbox
from demo.morning import Fate
from demo.tally import Line, acknowledged_items, planned_items

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.console import Console

    from demo.deployed import Deployed
    from demo.morning import Morning


def count_findings(
    deployed: Deployed, morning: Morning, acknowledgements: Mapping[str, Mapping[str, Any]]
) -> tuple[list[Line], Counter[str]]:
    """Every count of the demonstration, planned and found; and how the items ended."""
    planned = planned_items(morning.uploads)
    found = acknowledged_items(acknowledgements.values())
    lines = [
        Line(name=name, planned=planned[name], found=found[name])
        for name in ("in", *(fate.value for fate in Fate))
    ]
    certificates = _certificates(deployed)
    sent = len(mailbox.emails(deployed.endpoint)) + len(mailbox.text_messages(deployed.endpoint))
    expected = morning.expected
    lines += [
        Line(name="certificates", planned=expected.certificates, found=certificates["issued"]),
        Line(name="revoked", planned=expected.revoked, found=certificates["revoked"]),
        Line(name="messages", planned=expected.messages, found=sent),
    ]
    return lines, found


def _certificates(deployed: Deployed) -> Counter[str]:
    """How many certificates were issued, and how many of them are revoked."""
    dynamodb = boto3.client("dynamodb", endpoint_url=deployed.endpoint)
    pages = dynamodb.get_paginator("scan").paginate(
        TableName=deployed.outputs["CertificatesTable"],
        FilterExpression="attribute_exists(hcert)",
        ProjectionExpression="revoked_at",
    )
    counts: Counter[str] = Counter()
    for page in pages:
        for item in page["Items"]:
            counts["issued"] += 1
            counts["revoked"] += "revoked_at" in item
    return counts


def show_acknowledgement(console: Console, key: str, acknowledgement: Mapping[str, Any]) -> None:
    """Print the summary of an acknowledgement, and each rule that the file breaks."""
    counted = {name: count for name, count in acknowledgement["summary"].items() if count}
    console.rule(f"Acknowledgement of {key}")
    told = ", ".join(f"{name} {count}" for name, count in counted.items())
    console.print(told or f"The file is {acknowledgement['state']}.")
    places: dict[tuple[str, str, str], list[str]] = {}
    for rule in acknowledgement["rules"]:
        places[rule["code"], rule["level"], rule["message"]] = [rule["place"] or "the file"]
    for entry in acknowledgement["entries"]:
        for rule in entry["rules"]:
            named = (rule["code"], rule["level"], rule["message"])
            places.setdefault(named, []).append(rule["place"] or entry["place"])
    if not places:
        return
    table = Table(box=None, pad_edge=False)
    for column in ("rule", "level", "times", "first at", "what it asks for"):
        table.add_column(column, overflow="fold")
    for (code, level, message), found in places.items():
        table.add_row(code, level, str(len(found)), found[0], message)
    console.print(table)
