"""The files that every phone downloads: exported, downloaded through CloudFront, verified."""

from __future__ import annotations

import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import boto3
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from demo.phones import ask_edge
from demo.tally import Line
from demo.waves import DeadlinePassedError
from infra.environments import chosen
from vigie.tracing.export_reader import read_verified

if TYPE_CHECKING:
    from rich.console import Console

    from demo.deployed import Deployed
    from demo.phones import Given
    from vigie.tracing.export_reader import KeyExport

_DEADLINE_SECONDS = 90
_EVENT = Path(__file__).resolve().parents[1] / "events" / "key_export" / "schedule.json"


def export_keys(deployed: Deployed, given_at: datetime) -> None:
    """Run the export as the schedule would, until it has come to the keys given by a time.

    Raises:
        DeadlinePassedError: it did not.
    """
    settings = chosen()
    period = settings.export_period_seconds
    due = (given_at.timestamp() // period + 1) * period + settings.export_settle_seconds
    client = boto3.client("lambda", endpoint_url=deployed.endpoint)
    deadline = time.monotonic() + _DEADLINE_SECONDS
    while True:
        ran_at = datetime.now(UTC).timestamp()
        answer = client.invoke(
            FunctionName=settings.name("key-export"), Payload=_EVENT.read_bytes()
        )
        if ran_at >= due and "FunctionError" not in answer:
            return
        if time.monotonic() > deadline:
            raise DeadlinePassedError("still waiting for the export of keys")
        time.sleep(max(0.5, min(5, due - ran_at)))


def count_keys(console: Console, deployed: Deployed, given: Given) -> list[Line]:
    """Download and verify every file, and count the keys that were given and are in them.

    Raises:
        Rejected: a file is not one that the public key signed.
    """
    public_key = _public_key(deployed)
    names = ask_edge(deployed, "/exports/index.txt").decode().split()
    exports = {name: read_verified(ask_edge(deployed, f"/{name}"), public_key) for name in names}
    times = Counter(key.key_data for export in exports.values() for key in export.keys)
    out = sum(times[key] for key in given.ended)
    early = sum(times[key] for key in given.in_use)
    console.rule("The files that every phone downloads")
    for name, export in exports.items():
        console.print(_described(name, export, given), markup=False)
    return [
        Line(name="keys in", planned=len(given.ended) + len(given.in_use), found=given.inserted),
        Line(name="keys out", planned=len(given.ended), found=out),
        Line(
            name="keys in use, kept back",
            planned=len(given.in_use),
            found=given.inserted - out - early,
        ),
        Line(
            name="keys out twice or in use",
            planned=0,
            found=early + sum(number - 1 for number in times.values()),
        ),
    ]


def _described(name: str, export: KeyExport, given: Given) -> str:
    signer = export.frame.signature_infos[0]
    real = sum(key.key_data in given.ended for key in export.keys)
    return (
        f"{name}: signed by {signer.verification_key_id} {signer.verification_key_version}, "
        f"{real} keys of these phones and {len(export.keys) - real} of nobody"
    )


def _public_key(deployed: Deployed) -> ec.EllipticCurvePublicKey:
    """The key that the operator's command prints."""
    command = Path(sys.executable).with_name("vigie")
    printed = subprocess.run(  # noqa: S603 - our own command
        [command, "tracing", "public-key", "--environment", chosen().environment,
         "--key", deployed.outputs["ExportKeyArn"]],
        capture_output=True,
        check=True,
        timeout=120,
    )  # fmt: skip
    key = load_pem_public_key(printed.stdout)
    assert isinstance(key, ec.EllipticCurvePublicKey)  # noqa: S101 - narrows the type
    return key
