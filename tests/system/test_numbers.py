"""From a laboratory's file to the public page of the numbers, in a real browser."""

from __future__ import annotations

import json
import urllib.request
import uuid
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import boto3
import pytest

from tests.flows.laboratory import LABORATORY, file_of, invented
from tests.system.waiting import until
from tests.web.browser import chromium, visit
from vigie.results.codes import Outcome
from vigie.statistics.published import INDEX, SUMMARY, Publication, PublicationIndex, Summary

if TYPE_CHECKING:
    from demo.deployed import Deployed

TESTS = 12
POSITIVES = 3
# Within the window of a publication of today.
SAMPLED_BEFORE = timedelta(days=5)


def read(deployed: Deployed, path: str) -> bytes:
    """A public file, as CloudFront gives it to anyone."""
    request = urllib.request.Request(  # noqa: S310 - the local emulator
        f"{deployed.endpoint}{path}",
        # The name that CloudFront would be found by does not resolve everywhere.
        headers={"Host": urlsplit(deployed.outputs["NumbersUrl"]).netloc},
    )
    with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - as above
        content: bytes = answer.read()
    return content


def publish(deployed: Deployed) -> Publication:
    """Publish today's numbers of COVID-19; what is listed first after that."""
    answer = boto3.client("lambda", endpoint_url=deployed.endpoint).invoke(
        FunctionName="vigie-dev-statistics-publication",
        Payload=json.dumps({"disease": "covid-19"}).encode(),
    )
    assert "FunctionError" not in answer, answer["Payload"].read()
    index = PublicationIndex.model_validate_json(read(deployed, f"/{INDEX}"))
    return next(one for one in index.publications if one.disease == "covid-19")


@pytest.fixture(scope="module")
def published(deployed: Deployed) -> tuple[Publication, Summary]:
    """What is published once the tests of a file are counted."""
    chromium()
    now = datetime.now(UTC)
    tests = [
        invented(
            number,
            outcome=Outcome.DETECTED if number < 800 + POSITIVES else Outcome.NOT_DETECTED,
            sampled_at=now - SAMPLED_BEFORE,
            reported_at=now - timedelta(hours=2),
        )
        for number in range(800, 800 + TESTS)
    ]
    deployed.s3_of_laboratory(LABORATORY).put_object(
        Bucket=deployed.outputs["InboxBucket"],
        Key=f"{LABORATORY}/{uuid.uuid4()}.csv",
        Body=file_of(tests, "csv"),
    )

    def counted() -> tuple[Publication, Summary] | None:
        publication = publish(deployed)
        told = Summary.model_validate_json(read(deployed, f"{publication.path}/{SUMMARY}"))
        return (publication, told) if sum(told.france.positives) >= POSITIVES else None

    return until(counted)


def number(told: str, language: str) -> float:
    """A number as a language writes it."""
    plain = "".join(told.split())
    return float(plain.replace(",", ".") if language == "fr" else plain.replace(",", ""))


def clean(found: dict[str, Any], address: str) -> bool:
    """Whether nothing came from elsewhere, nothing was complained of, and everyone can read it."""
    places = {urlsplit(url).netloc for url in found["requests"] if not url.startswith("data:")}
    return places == {urlsplit(address).netloc} and found["console"] == found["violations"] == []


@pytest.mark.parametrize(("page", "width"), [("", 1280), ("en.html", 360)])
def test_the_page_shows_what_is_published(
    deployed: Deployed, published: tuple[Publication, Summary], page: str, width: int
) -> None:
    publication, told = published
    address = deployed.outputs["NumbersUrl"]
    found = visit(f"{address}/{page}", thorough=True, width=width)
    assert clean(found, address), (found["requests"], found["console"], found["violations"])
    assert found["state"] == "ready"
    assert found["width"] <= width
    assert found["keyboard"]["reached"]
    language = found["language"]
    last = told.france.days.index(told.window.last)
    assert number(found["figures"]["tests"], language) == sum(
        told.france.tests[last - 6 : last + 1]
    )
    incidence = told.france.Ti[last]
    assert incidence is not None
    assert number(found["figures"]["Ti"], language) == pytest.approx(incidence, abs=0.051)
    rows = {row[0]: row for row in found["tables"]["map"]}
    for code, place in told.departements.items():
        assert [number(cell, language) for cell in rows[code][2:6]] == [
            place.pop,
            place.tests,
            place.P,
            place.T,
        ]
    assert found["downloads"][: len(publication.files)] == [
        f"{address}{publication.path}/{file.name}" for file in publication.files
    ]
    assert "frame-ancestors 'none'" in found["headers"]["content-security-policy"]
