"""Publishing keys: how fast uploads are judged, and what a day of them costs on AWS.

What a call costs is counted on moto, as for results. A request waits for its slot of a second,
so that Lambda charges whole slots, whatever it computes: that is reckoned here and not measured.
Left out is what CloudFront, the firewall and the HTTP API charge for each request, for which the
dated file of prices has no line.
"""

from __future__ import annotations

import base64
import json
from contextlib import redirect_stdout
from io import StringIO
from typing import TYPE_CHECKING, Any, cast

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from rich.console import Console
from rich.table import Table

from key_upload.health_authorities import HealthAuthorities
from key_upload.permission import Permissions
from key_upload.publish_request import PublishRequest
from key_upload.request_body import read_request
from key_upload.transformation import transform
from tests.bench.costs import account
from tests.bench.measured import PRICES, dollars_of
from tests.bench.meter import Function, Meter
from tests.bench.ratio import at_most, measure
from tests.functions.key_upload.world import AUTHORITY, ISSUER, NOW, SECRET, TODAY, World, upload
from vigie.dcc.cose import der_to_raw
from vigie.http.answer_slots import SLOT_SECONDS
from vigie.tracing import compact_jws
from vigie.tracing.diagnosis_key import MOST_INTERVALS
from vigie.tracing.health_authority import HealthAuthority
from vigie.tracing.key_hmac import BoundKey, key_hmac
from vigie.tracing.publish_rules import PublishRules
from vigie.tracing.verification_certificate import (
    DEFAULT_AUDIENCE,
    LIFETIME,
    Diagnosis,
    VerificationCertificate,
    signing_input,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mypy_boto3_kms.client import KMSClient

    from tests.bench.ratio import Ratio
    from vigie.tracing.code_verifier import CodeVerifier

_KEYS = 14
_UPLOADS_A_DAY = 300_000
_COUNTED = 4
_NAME = "key_upload"
# Of every function that does not say otherwise.
_MEMORY_MIB = 512
_SERVICES = ("dynamodb", "kms", "lambda", "cloudwatch", "xray")
_KID = "bench"
_SIGNER = ec.derive_private_key(23, ec.SECP256R1())
_PUBLIC = _SIGNER.public_key()
_ECDSA = ec.ECDSA(SHA256())
_RULES = PublishRules()


def ratios() -> Iterator[Ratio]:
    """Uploads of 14 keys: read and judged, then with their certificate."""
    body = _body()
    event = {"headers": {"content-type": "application/json"}, "body": body}
    authority = _authority()
    permissions = Permissions(
        cast("CodeVerifier", None), HealthAuthorities([authority], cast("KMSClient", None))
    )
    permission = permissions.of(read_request(event), authority, NOW)
    signed = compact_jws.read(PublishRequest.model_validate_json(body).verification_payload, 4096)

    def judge() -> None:
        if len(transform(read_request(event), permission, NOW, _RULES).keys) != _KEYS:
            raise AssertionError("every key that is measured must be taken")

    def judge_certified() -> None:
        request = read_request(event)
        transform(request, permissions.of(request, authority, NOW), NOW, _RULES)

    def parse() -> None:
        PublishRequest.model_validate_json(body)

    def parse_and_verify() -> None:
        PublishRequest.model_validate_json(body)
        _PUBLIC.verify(signed.signature, signed.signed, _ECDSA)

    yield measure(
        "uploads of 14 keys read and judged",
        judge,
        "pydantic's bare parse of the same body",
        parse,
        at_most(10),
    )
    yield measure(
        "uploads of 14 keys validated, certificate and HMAC included",
        judge_certified,
        "the same parse, and OpenSSL's verification of one signature",
        parse_and_verify,
        at_most(4),
    )


def show() -> None:
    """Print the calls and dollars of a day."""
    table = Table(
        "permission",
        "calls of DynamoDB",
        "Lambda GB-s",
        *(f"$ a day, {service}" for service in _SERVICES),
        "$ a day",
        title=f"{_UPLOADS_A_DAY:,} uploads of {_KEYS} keys in a day; calls of one of them",
    )
    for name, made in {
        "upload code": lambda world, number: upload(world.code(f"{number:022}"), *_sent(number)),
        "certificate": lambda world, number: _certified(world, Diagnosis.CONFIRMED, number),
        "certificate that revises every key": _revision,
    }.items():
        table.add_row(name, *_columns(_counted(made)))
    console = Console(width=140)
    console.print(table)
    console.print(
        f"Prices of {PRICES['region']} as of {PRICES['as_of']}, without the free tier; an upload"
        f" holds its function for {SLOT_SECONDS:g} s, and a decoy costs that and no call."
        " Not counted: CloudFront, the firewall and the HTTP API."
    )


def _counted(made: Callable[[World, int], dict[str, Any]]) -> Meter:
    """Some uploads through a warm instance of the function, counted."""
    with account(), redirect_stdout(StringIO()):
        world = World()
        bodies = [made(world, number) for number in range(_COUNTED + 1)]
        world.publish(bodies[0])
        meter = Meter(world.log)
        with meter.switched_on():
            for body in bodies[1:]:
                with meter.invocation(_NAME, Function(_MEMORY_MIB)):
                    world.publish(body)
    # What it computes is within the slot that it waits for.
    meter.used["lambda GB-second"] = _COUNTED * SLOT_SECONDS * _MEMORY_MIB / 1024
    return meter


def _columns(meter: Meter) -> list[str]:
    share = _UPLOADS_A_DAY / _COUNTED
    calls = (
        f"{operation.partition(' ')[2]} {times / _COUNTED:g}"
        for (_, operation), times in meter.calls.items()
    )
    dollars = {
        service: share
        * dollars_of({unit: n for unit, n in meter.used.items() if unit.split()[0] == service})
        / 1_000_000
        for service in _SERVICES
    }
    return [
        " · ".join(calls),
        f"{share * meter.used['lambda GB-second']:,.0f}",
        *(f"{amount:.2f}" for amount in dollars.values()),
        f"{sum(dollars.values()):.2f}",
    ]


def _revision(world: World, number: int) -> dict[str, Any]:
    token = world.publish(_certified(world, Diagnosis.LIKELY, number))["revisionToken"]
    return _certified(world, Diagnosis.CONFIRMED, number, revisionToken=token)


def _certified(
    world: World, diagnosis: Diagnosis, number: int, **changes: object
) -> dict[str, Any]:
    return world.certified(diagnosis, *_sent(number), **changes)


def _sent(number: int) -> list[dict[str, object]]:
    """The keys of one phone."""
    return [
        {
            "key": base64.b64encode(f"{number:08}{day:08}".encode()).decode(),
            "rollingStartNumber": TODAY - day * MOST_INTERVALS,
            "rollingPeriod": MOST_INTERVALS,
            "transmissionRisk": 3,
        }
        for day in range(1, _KEYS + 1)
    ]


def _body() -> str:
    """A request as an app sends it, with a certificate of the bench's own."""
    body = upload("", *_sent(0), padding="A" * 4096)
    bound = [
        BoundKey(
            sent["key"], sent["rollingStartNumber"], sent["rollingPeriod"], sent["transmissionRisk"]
        )
        for sent in cast("list[dict[str, Any]]", body["temporaryExposureKeys"])
    ]
    certificate = VerificationCertificate(
        issuer=ISSUER,
        audience=DEFAULT_AUDIENCE,
        issued_at=NOW,
        not_before=NOW,
        expires_at=NOW + LIFETIME,
        diagnosis=Diagnosis.CONFIRMED,
        mac=key_hmac(bound, SECRET),
    )
    signed = signing_input(certificate, _KID)
    signature = der_to_raw(_SIGNER.sign(signed.encode(), _ECDSA))
    return json.dumps(body | {"verificationPayload": compact_jws.compact(signed, signature)})


def _authority() -> HealthAuthority:
    numbers = _PUBLIC.public_numbers()
    x, y = (compact_jws.base64url(n.to_bytes(32, "big")) for n in (numbers.x, numbers.y))
    jwk = {"kty": "EC", "crv": "P-256", "kid": _KID, "x": x, "y": y}
    return HealthAuthority(id=AUTHORITY, issuer=ISSUER, jwks=(jwk,), region="FR")


if __name__ == "__main__":
    show()
