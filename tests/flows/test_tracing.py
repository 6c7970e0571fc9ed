"""From a positive result to diagnosis keys, without a thread that leads back."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tests.flows.laboratory import LABORATORY, file_of, invented
from tests.flows.wired import NOW
from tests.functions.resources import items
from vigie.results.codes import Outcome
from vigie.tracing.interval import interval_number
from vigie.tracing.key_hmac import BoundKey, key_hmac

if TYPE_CHECKING:
    from tests.flows.wired import Wired

_KEYS, _USED_CODES = "vigie-production-keys", "vigie-production-used-codes"


def _upload(code: str) -> dict[str, Any]:
    today = interval_number(NOW) // 144 * 144
    return {
        "temporaryExposureKeys": [
            {
                "key": base64.b64encode(bytes((day,)) * 16).decode(),
                "rollingStartNumber": today - 144 * day,
                "rollingPeriod": 144,
            }
            for day in range(1, 4)
        ],
        "healthAuthorityID": "fr.gouv.vigie",
        "verificationPayload": code,
    }


def test_who_is_positive_alerts_contacts_and_nothing_tells_who_it_was(wired: Wired) -> None:
    test = invented(10, outcome=Outcome.DETECTED)
    wired.send(f"{LABORATORY}/un.csv", file_of([test], "csv"))
    (message,) = wired.messages()
    birth_date = test.identity.birth_date
    (shown,) = wired.open(message.token, birth_date)["results"]
    given = json.loads(wired.alert(message.token, birth_date, shown["id"])["body"])
    before = len(wired.calls.made)

    answer = wired.publish(_upload(given["code"]))
    uploading = wired.calls.made[before:]

    assert json.loads(answer["body"])["insertedExposures"] == 3
    assert len(items(_KEYS)) == 6
    own_tables = {_KEYS, _USED_CODES}
    for call in wired.calls.made[:before]:
        assert call.params.get("TableName") not in own_tables
    for call in uploading:
        # Nothing that the other side keeps is asked for or sent.
        assert call.operation in {"GetPublicKey", "GenerateMac", "GetItem", "TransactWriteItems"}
        assert "vigie-production-" not in json.dumps(call.params, default=repr).replace(
            "vigie-production-keys", ""
        ).replace("vigie-production-used-codes", "")
    (result,) = items("vigie-production-results")
    (grant,) = items("vigie-production-grants")
    kept = json.dumps(items(_KEYS) + items(_USED_CODES))
    for trace in (
        shown["id"],
        result["person"]["S"],
        json.loads(result["document"]["S"])["contact_tag"],
        grant["token_hash"]["S"],
        message.token,
        given["code"],
    ):
        assert trace not in kept


def test_a_code_that_was_read_out_ends_as_keys_that_phones_download(wired: Wired) -> None:
    test = invented(10, outcome=Outcome.DETECTED)
    wired.send(f"{LABORATORY}/un.csv", file_of([test], "csv"))
    (message,) = wired.messages()
    birth_date = test.identity.birth_date
    (shown,) = wired.open(message.token, birth_date)["results"]
    given = json.loads(wired.alert(message.token, birth_date, shown["id"])["body"])

    before = len(wired.calls.made)
    asked = {"testType": "confirmed", "testDate": shown["sampled_at"][:10]}
    bearer = f"Bearer {given['code']}"
    issued = wired.verification("/api/issue", asked, authorization=bearer)
    token = wired.verification("/api/verify", {"code": issued["code"]})["token"]
    upload = _upload("")
    keys = [
        BoundKey(one["key"], one["rollingStartNumber"], one["rollingPeriod"], 0)
        for one in upload["temporaryExposureKeys"]
    ]
    secret = bytes(range(16))
    mac = base64.b64encode(key_hmac(keys, secret)).decode()
    certified = wired.verification("/api/certificate", {"token": token, "ekeyhmac": mac})
    upload["verificationPayload"] = certified["certificate"]
    upload["hmacKey"] = base64.b64encode(secret).decode()
    published = json.loads(wired.publish(upload)["body"])
    assert published["insertedExposures"] == 3, published
    # The result's one upload is made: the code of the link permits no other.
    assert wired.publish(_upload(given["code"]))["statusCode"] == 401

    tracing = {f"vigie-production-{name}" for name in ("keys", "used-codes", "codes", "tries")}
    tables = {call.params.get("TableName") for call in wired.calls.made[before:]} - {None}
    assert tables <= tracing
    kept = json.dumps([items(table) for table in tracing], default=repr)
    (result,) = items("vigie-production-results")
    for trace in (shown["id"], result["person"]["S"], message.token, given["code"], token):
        assert trace not in kept
    assert issued["code"] not in kept
    assert issued["longCode"] not in kept

    wired.now = NOW + timedelta(hours=8)
    exported = wired.export()
    (name,) = [name for name in exported if name.endswith(".zip")]
    assert name in exported["exports/index.txt"].decode()
    with zipfile.ZipFile(io.BytesIO(exported[name])) as archive:
        binary = archive.read("export.bin")
    assert all(base64.b64decode(one.key) in binary for one in keys)


def test_who_is_negative_gets_no_code(wired: Wired) -> None:
    test = invented(10)
    wired.send(f"{LABORATORY}/un.csv", file_of([test], "csv"))
    (message,) = wired.messages()
    (shown,) = wired.open(message.token, test.identity.birth_date)["results"]
    refused = wired.alert(message.token, test.identity.birth_date, shown["id"])
    assert refused["statusCode"] == 409
