"""Three people report one place on the deployed system, and phones find it through CloudFront."""

from __future__ import annotations

import json
import secrets
import urllib.request
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from uuid import UUID

import boto3
import pypdfium2
import zxingcpp
from typer.testing import CliRunner

from cli import venue
from tests.system.waiting import until
from vigie.dcc.cose import der_to_raw
from vigie.tracing.compact_jws import compact, kid_of
from vigie.tracing.upload_code import UploadCode, signing_input
from vigie.venues.location_part import read
from vigie.venues.ntp import ntp_seconds
from vigie.venues.venue_code import code_bytes

if TYPE_CHECKING:
    from collections.abc import Callable

    from demo.deployed import Deployed


def _ask(deployed: Deployed, path: str, body: object | None = None) -> bytes:
    """The body of an answer, through the distribution of tracing."""
    request = urllib.request.Request(  # noqa: S310 - the local emulator
        f"{deployed.endpoint}{path}",
        data=None if body is None else json.dumps(body).encode(),
        # The name that CloudFront would be found by does not resolve everywhere.
        headers={
            "Content-Type": "application/json",
            "Host": urlsplit(deployed.outputs["TracingUrl"]).netloc,
        },
    )
    with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - as above
        content: bytes = answer.read()
    return content


def _poster(deployed: Deployed) -> str:
    """The code on a poster, as a phone scans it."""
    page = _ask(deployed, "/v1/venues/poster", {"venueType": 1, "name": "Brasserie"})
    image = pypdfium2.PdfDocument(page)[0].render(scale=2).to_pil()
    formats = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
    (code,) = zxingcpp.read_barcodes(image, formats=formats)
    return code.text.partition("#")[2]


def _upload_code(kms: Any, key_arn: str) -> str:  # noqa: ANN401 - a client of any session
    code = UploadCode(jti=secrets.token_urlsafe(16), issued_at=datetime.now(UTC))
    signed = signing_input(code, kid_of(key_arn))
    der = kms.sign(KeyId=key_arn, Message=signed.encode(), SigningAlgorithm="ECDSA_SHA_256")[
        "Signature"
    ]
    return compact(signed, der_to_raw(der))


def test_phones_find_a_cluster(
    deployed: Deployed, as_function: Callable[[str], boto3.Session]
) -> None:
    installed = CliRunner().invoke(venue.app, ["key"])
    assert installed.exit_code == 0, installed.output
    poster = _poster(deployed)
    kms = as_function("result_access").client("kms", endpoint_url=deployed.endpoint)
    functions = boto3.client("lambda", endpoint_url=deployed.endpoint)
    variables = functions.get_function_configuration(FunctionName="vigie-dev-result-access")
    key_arn = variables["Environment"]["Variables"]["UPLOAD_CODE_KEY_ARN"]
    now = datetime.now(UTC)
    for _ in range(3):
        report = {
            "verificationPayload": _upload_code(kms, key_arn),
            "pivotDate": ntp_seconds(now),
            "visits": [{"qrCode": poster, "qrCodeScanTime": ntp_seconds(now) - 60}],
        }
        answer = json.loads(_ask(deployed, "/v1/visits/report", report))
        assert answer["message"] == "1/1 accepted visits"

    place = UUID(bytes=read(code_bytes(poster) or b"").id)

    def published() -> dict[str, Any] | None:
        ran = functions.invoke(FunctionName="vigie-dev-cluster-publication", Payload=b"{}")
        assert "FunctionError" not in ran, ran["Payload"].read()
        index = json.loads(_ask(deployed, "/clusters/clusterIndex.json"))
        if place.hex[:2] not in index["c"]:
            return None
        file = json.loads(_ask(deployed, f"/clusters/{index['i']}/{place.hex[:2]}.json"))
        return next((one for one in file if one["ltid"] == str(place)), None)

    cluster = until(published)
    assert cluster["exp"][0]["r"] == 3.0
