"""An app orders a test on the deployed system, and finds the result that a laboratory sends."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import boto3
import requests

from demo.morning import LABORATORIES
from tests.system.waiting import until
from vigie.tracing.code_verifier import CodeVerifier

if TYPE_CHECKING:
    from demo.deployed import Deployed

_PATH = "virology-test/v2"


def test_an_app_finds_the_result_of_its_order_and_may_upload_once(deployed: Deployed) -> None:
    address = f"{deployed.outputs['ApiUrl']}/{_PATH}"
    order = requests.post(f"{address}/order", timeout=20).json()
    asked = {"testResultPollingToken": order["testResultPollingToken"], "country": "England"}
    assert requests.post(f"{address}/results", json=asked, timeout=20).status_code == 204
    laboratory = LABORATORIES[0].finess
    deployed.s3_of_laboratory(laboratory).put_object(
        Bucket=deployed.outputs["InboxBucket"],
        Key=f"{laboratory}/ordered.csv",
        Body=_report(order["tokenParameterValue"]),
    )

    def told() -> dict[str, Any] | None:
        answer = requests.post(f"{address}/results", json=asked, timeout=20)
        return answer.json() if answer.status_code == 200 else None

    found = until(told)
    assert (found["testResult"], found["testKit"]) == ("POSITIVE", "LAB_RESULT")
    told_of = boto3.client("lambda", endpoint_url=deployed.endpoint).get_function_configuration(
        FunctionName="vigie-dev-result-polling"
    )["Environment"]["Variables"]
    kms = boto3.client("kms", endpoint_url=deployed.endpoint)
    verifier = CodeVerifier(kms, told_of["UPLOAD_CODE_KEY_ARN"])
    verifier.verify(found["diagnosisKeySubmissionToken"], datetime.now(UTC))
    exchanged = [
        requests.post(
            f"{address}/cta-exchange", json={"ctaToken": order["tokenParameterValue"]}, timeout=20
        ).status_code
        for _ in range(3)
    ]
    assert exchanged == [200, 200, 404]


def _report(token: str) -> bytes:
    now = datetime.now(UTC).replace(microsecond=0)
    row = {
        "vigie_csv_1": "",
        "result_id": f"ordered-{token}",
        "status": "F",
        "loinc": "94500-6",
        "result": "P",
        "sampled_at": (now - timedelta(hours=6)).isoformat(),
        "reported_at": (now - timedelta(hours=1)).isoformat(),
        "family_name": "LEFÈVRE",
        "given_names": "Anne",
        "birth_date": "1969-05-14",
        "sex": "F",
        "email": "a.lefevre@example.fr",
        "order_token": token,
    }
    return "\n".join((";".join(row), ";".join(row.values()))).encode()
