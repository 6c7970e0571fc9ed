"""From a laboratory's file to published keys, by the ways that people and apps take."""

from __future__ import annotations

import base64
import json
import secrets
import urllib.request
import uuid
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from joserfc import jwt
from joserfc.jwk import KeySet

from demo import mailbox
from tests.flows.laboratory import LABORATORY, file_of, invented
from tests.system.test_tracing import upload
from tests.system.waiting import until
from tests.web.browser import alert, chromium
from vigie.results.codes import Outcome
from vigie.tracing.key_hmac import BoundKey, key_hmac

if TYPE_CHECKING:
    from demo.deployed import Deployed

# Nobody else's messages go there.
_PERSON = 96


def ask(deployed: Deployed, path: str, body: object = None) -> dict[str, Any]:
    """What tracing answers, through its distribution."""
    request = urllib.request.Request(  # noqa: S310 - the local emulator
        f"{deployed.endpoint}{path}",
        data=None if body is None else json.dumps(body).encode(),
        headers={
            "Content-Type": "application/json",
            # The name that CloudFront would be found by does not resolve everywhere.
            "Host": urlsplit(deployed.outputs["TracingUrl"]).netloc,
        },
    )
    with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - as above
        content: dict[str, Any] = json.loads(answer.read())
    return content


def bound(keys: dict[str, Any]) -> list[BoundKey]:
    """What of the keys of an upload the HMAC is over."""
    return [
        BoundKey(one["key"], one["rollingStartNumber"], one["rollingPeriod"], 0)
        for one in keys["temporaryExposureKeys"]
    ]


def test_a_person_reads_a_code_on_the_page_that_an_app_makes_a_certificate_of(
    deployed: Deployed,
) -> None:
    chromium()
    now = datetime.now(UTC)
    test = invented(
        _PERSON,
        outcome=Outcome.DETECTED,
        sampled_at=now - timedelta(hours=30),
        reported_at=now - timedelta(hours=2),
    )
    assert test.contact is not None
    deployed.s3_of_laboratory(LABORATORY).put_object(
        Bucket=deployed.outputs["InboxBucket"],
        Key=f"{LABORATORY}/{uuid.uuid4()}.csv",
        Body=file_of([test], "csv"),
    )

    def token() -> str | None:
        sent = [one for one in mailbox.emails(deployed.endpoint) if one.token is not None]
        return next((one.token for one in sent if one.recipient == test.contact.email), None)

    url = f"{deployed.outputs['PublicUrl']}/#{until(token)}"
    found = alert(url, test.identity.birth_date)
    assert found["console"] == []
    # The page speaks to nobody but where it came from.
    places = {urlsplit(one).netloc for one in found["requests"] if not one.startswith("data:")}
    assert places == {urlsplit(url).netloc}
    assert found["link"].startswith("ens://v?r=FR&c=")

    verified = ask(deployed, "/api/verify", {"code": found["digits"], "accept": ["confirmed"]})
    assert verified["testDate"] == test.sampled_at.date().isoformat()
    keys_of_phone = upload("", days=3)
    secret = secrets.token_bytes(16)
    mac = base64.b64encode(key_hmac(bound(keys_of_phone), secret)).decode()
    asked = {"token": verified["token"], "ekeyhmac": mac}
    certificate = ask(deployed, "/api/certificate", asked)["certificate"]
    published: Any = ask(deployed, "/.well-known/jwks.json")
    keys = KeySet.import_key_set(published)
    assert jwt.decode(certificate, keys, algorithms=["ES256"]).claims["tekmac"] == mac

    sent = {
        **keys_of_phone,
        "verificationPayload": certificate,
        "hmacKey": base64.b64encode(secret).decode(),
    }
    assert ask(deployed, "/v1/publish", sent).get("insertedExposures") == 3
