"""Opens a link as its recipient would, and verifies the certificate behind it."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, Any

from demo import mailbox
from infra.environments import chosen

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.console import Console

    from demo.deployed import Deployed
    from demo.mailbox import Message
    from demo.morning import Morning


def open_link(api_url: str, token: str, birth_date: str) -> dict[str, Any]:
    """Ask the API for what is behind a link."""
    return ask_api(api_url, "/v1/results/open", {"token": token, "birth_date": birth_date})


def ask_api(api_url: str, path: str, body: Mapping[str, str]) -> dict[str, Any]:
    """What the API for people answers."""
    request = urllib.request.Request(  # noqa: S310 - the local emulator
        f"{api_url.rstrip('/')}{path}",
        data=json.dumps(body).encode(),
        headers={"Content-Type": "application/json", "Accept-Language": "fr"},
        method="POST",
    )
    with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - as above
        answered: dict[str, Any] = json.load(answer)
    return answered


def save_qr(certificate: dict[str, Any], folder: Path) -> Path:
    """Write the QR image of a certificate to `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "certificate.png"
    path.write_bytes(base64.b64decode(certificate["qr_png"]))
    return path


def verify(image: Path) -> tuple[int, str]:
    """Run `vigie certificate verify` on an image: its exit status and what it printed."""
    command = Path(sys.executable).with_name("vigie")
    done = subprocess.run(  # noqa: S603 - our own command on our own file
        [command, "certificate", "verify", str(image), "--environment", chosen().environment],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    return done.returncode, done.stdout + done.stderr


def show_certificate(console: Console, deployed: Deployed, morning: Morning, keep: Path) -> bool:
    """Open the link of a captured e-mail and verify the certificate; whether all of it held."""
    message = _to_someone_certified(deployed, morning)
    birth_date = morning.certified[message.recipient]
    console.rule("One e-mail")
    console.print(f"to {message.recipient}: {message.subject}", markup=False)
    console.print(message.body, markup=False)
    opened = open_link(deployed.outputs["ApiUrl"], message.token or "", birth_date)
    certificate = next(
        certificate
        for result in opened["results"]
        for certificate in result["certificates"]
        if certificate["qr_png"] is not None
    )
    image = save_qr(certificate, keep)
    status, printed = verify(image)
    console.rule(f"The certificate behind its link, from {image}")
    console.print(printed, markup=False)
    return status == 0


def _to_someone_certified(deployed: Deployed, morning: Morning) -> Message:
    captured = mailbox.emails(deployed.endpoint)
    return next(message for message in captured if message.recipient in morning.certified)
