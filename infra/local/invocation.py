"""Invoking one function of the deployed system with a sample event."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import boto3

from infra.environments import emulator
from infra.local.gateway import REGION, EmulatorError, Gateway

if TYPE_CHECKING:
    from pathlib import Path


def invoke(gateway: Gateway, function: str, event: Path) -> int:
    """Invoke a function and print what it answers.

    Args:
        gateway: of the emulator.
        function: name of its folder.
        event: JSON file, such as one of `events/<function>/`.

    Returns:
        0, or 1 if the function failed.

    Raises:
        EmulatorError: the emulator does not run, or there is no such function or event.
    """
    if not gateway.answers():
        raise EmulatorError("the emulator does not run: `make up` starts it")
    if not event.is_file():
        raise EmulatorError(f"there is no event {event}")
    client = boto3.Session("test", "test", region_name=REGION).client(
        "lambda", endpoint_url=gateway.endpoint
    )
    name = emulator(gateway.port).name(function.replace("_", "-"))
    try:
        answer = client.invoke(FunctionName=name, Payload=event.read_bytes())
    except client.exceptions.ResourceNotFoundException:
        raise EmulatorError(f"there is no function {function}") from None
    json.dump(json.loads(answer["Payload"].read() or b"null"), sys.stdout, indent=1)
    sys.stdout.write("\n")
    return 1 if "FunctionError" in answer else 0
