"""Diagnosis keys on the deployed system: through CloudFront, with a code of its own signing key."""

from __future__ import annotations

import base64
import json
import os
import secrets
import time
import urllib.error
import urllib.request
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import boto3
import pytest

from result_access.upload_code_giver import UploadCodeGiver
from vigie.sealing import DerivedKey
from vigie.tracing.code_signer import CodeSigner
from vigie.tracing.interval import interval_number

if TYPE_CHECKING:
    from collections.abc import Callable

    from demo.deployed import Deployed


@pytest.fixture
def code(deployed: Deployed, as_function: Callable[[str], boto3.Session]) -> str:
    """An upload code, signed with the rights of the function that gives them."""
    kms = as_function("result_access").client("kms", endpoint_url=deployed.endpoint)
    told = boto3.client("lambda", endpoint_url=deployed.endpoint).get_function_configuration(
        FunctionName="vigie-dev-result-access"
    )["Environment"]["Variables"]
    giver = UploadCodeGiver(
        CodeSigner(kms, told["UPLOAD_CODE_KEY_ARN"]),
        DerivedKey(kms, told["UPLOAD_KEY_ARN"], "upload-code"),
    )
    return giver.give(f"result-{secrets.token_hex(8)}", datetime.now(UTC))[1]


def ask(deployed: Deployed, body: object, **headers: str) -> tuple[int, dict[str, Any], float]:
    """Status, body and seconds of an answer, through the distribution of tracing."""
    request = urllib.request.Request(  # noqa: S310 - the local emulator
        f"{deployed.endpoint}/v1/publish",
        data=json.dumps(body).encode(),
        # The name that CloudFront would be found by does not resolve everywhere.
        headers={
            "Content-Type": "application/json",
            "Host": urlsplit(deployed.outputs["TracingUrl"]).netloc,
        }
        | headers,
    )
    began = time.monotonic()
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - as above
            status, content = answer.status, answer.read()
    except urllib.error.HTTPError as error:
        status, content = error.code, error.read()
    return status, json.loads(content), time.monotonic() - began


def upload(code: str, days: int = 14) -> dict[str, object]:
    """The keys of the days before today, as a phone gives them."""
    today = interval_number(datetime.now(UTC)) // 144 * 144
    return {
        "temporaryExposureKeys": [
            {
                "key": base64.b64encode(os.urandom(16)).decode(),
                "rollingStartNumber": today - day * 144,
                "rollingPeriod": 144,
            }
            for day in range(1, days + 1)
        ],
        "healthAuthorityID": "fr.gouv.vigie",
        "verificationPayload": code,
    }


def test_keys_are_taken_once_for_a_code(deployed: Deployed, code: str) -> None:
    table = boto3.client("dynamodb", endpoint_url=deployed.endpoint)
    name = deployed.outputs["KeysTable"]
    before = table.scan(TableName=name, Select="COUNT")["Count"]
    body = upload(code)

    status, answer, _ = ask(deployed, body)
    assert (status, answer.get("insertedExposures")) == (200, 14), answer.get("code")
    assert answer["revisionToken"]
    assert table.scan(TableName=name, Select="COUNT")["Count"] == before + 28

    status, again, _ = ask(deployed, body)
    assert (status, again["insertedExposures"]) == (200, 14)
    status, refused, _ = ask(deployed, upload(code))
    assert (status, refused["code"]) == (401, "health_authority_verification_certificate_invalid")
    assert table.scan(TableName=name, Select="COUNT")["Count"] == before + 28


def test_nothing_is_taken_without_a_code(deployed: Deployed) -> None:
    status, answer, _ = ask(deployed, upload("e30.e30.e30"))
    assert (status, answer["code"]) == (401, "health_authority_verification_certificate_invalid")


def test_a_decoy_is_answered_like_an_upload(deployed: Deployed) -> None:
    status, answer, seconds = ask(deployed, upload("none"), **{"X-Chaff": "1"})
    assert (status, set(answer)) == (200, {"padding"})
    # Not before its slot.
    assert seconds >= 1
