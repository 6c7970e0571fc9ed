"""The numbers that the public reads: published, and read through CloudFront."""

from __future__ import annotations

import urllib.request
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import boto3

from demo.tally import Line
from demo.waves import DeadlinePassedError
from infra.environments import chosen
from vigie.statistics.published import INDEX, SUMMARY, PublicationIndex, Summary

if TYPE_CHECKING:
    from rich.console import Console

    from demo.deployed import Deployed
    from demo.morning import Morning


def publish_numbers(deployed: Deployed) -> None:
    """Run the publication as the schedule would.

    Raises:
        DeadlinePassedError: it failed.
    """
    answer = boto3.client("lambda", endpoint_url=deployed.endpoint).invoke(
        FunctionName=chosen().name("statistics-publication"), Payload=b'{"disease": "covid-19"}'
    )
    if "FunctionError" in answer:
        raise DeadlinePassedError("the numbers were not published")


def count_numbers(console: Console, deployed: Deployed, morning: Morning) -> list[Line]:
    """Read what was published last, beside what the plan says."""
    index = PublicationIndex.model_validate_json(fetch(deployed, f"/{INDEX}"))
    newest = index.publications[0]
    summary = Summary.model_validate_json(fetch(deployed, f"{newest.path}/{SUMMARY}"))
    country, expected = summary.france, morning.expected
    console.rule("The numbers that the public reads")
    console.print(
        f"{newest.path}: {len(newest.files)} files, "
        f"{sum(file.rows or 0 for file in newest.files)} rows",
        markup=False,
    )
    return [
        Line(name="tests counted", planned=expected.tests, found=sum(country.tests)),
        Line(name="positive tests", planned=expected.positives, found=sum(country.positives)),
        # Each of the invented people is tested once.
        Line(name="people positive", planned=expected.positives, found=sum(country.P)),
    ]


def fetch(deployed: Deployed, path: str) -> bytes:
    """What CloudFront answers in front of the numbers; the emulator knows it by the Host header."""
    request = urllib.request.Request(  # noqa: S310 - the local emulator
        f"{deployed.endpoint}{path}",
        headers={"Host": urlsplit(deployed.outputs["NumbersUrl"]).netloc},
    )
    with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - as above
        content: bytes = answer.read()
    return content
