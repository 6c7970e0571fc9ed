"""The start of each function in a fresh interpreter, against boto3 with the same clients."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.ratio import Ratio, at_most

if TYPE_CHECKING:
    from collections.abc import Iterator

_ROOT = Path(__file__).parents[2]
_FUNCTIONS = _ROOT / "functions"
_ROUNDS = 7
# Both print the processor's seconds that importing and making clients took; the function, also
# which services its clients are of.
_FUNCTION = """
import sys, time
began = time.process_time()
import importlib
importlib.import_module(sys.argv[1] + ".handler")
if len(sys.argv) > 2:
    from vigie import aws
    clients = [getattr(aws, name)() for name in sys.argv[2:]]
print(time.process_time() - began)
if len(sys.argv) > 2:
    print(*[client.meta.service_model.service_name for client in clients])
"""
_BOTO3 = """
import sys, time
began = time.process_time()
import boto3
session = boto3.Session()
clients = [session.client(name) for name in sys.argv[1:]]
print(time.process_time() - began)
"""
_ENVIRONMENT = {
    "PATH": os.environ.get("PATH", ""),
    "PYTHONPATH": f"{_ROOT}/functions{os.pathsep}{_ROOT}/layers/vigie/python",
    "AWS_DEFAULT_REGION": "eu-west-3",
    "AWS_ACCESS_KEY_ID": "none",
    "AWS_SECRET_ACCESS_KEY": "none",  # nothing is called
    "POWERTOOLS_SERVICE_NAME": "bench",
    "POWERTOOLS_METRICS_NAMESPACE": "bench",
}


def ratios() -> Iterator[Ratio]:
    """Each folder of functions/: its imports, and the clients that its code asks for."""
    for folder in sorted(each.parent for each in _FUNCTIONS.glob("*/handler.py")):
        clients = sorted(_clients(folder))
        services = _run(_FUNCTION, folder.name, *clients)[1:]
        pairs = [
            (float(_run(_FUNCTION, folder.name, *clients)[0]), float(_run(_BOTO3, *services)[0]))
            for _ in range(_ROUNDS)
        ]
        seconds, reference_seconds = (min(column) for column in zip(*pairs, strict=True))
        yield Ratio(
            name=f"start of {folder.name}",
            seconds=seconds,
            reference=f"boto3: {', '.join(services)}",
            reference_seconds=reference_seconds,
            target=at_most(1.6),
        )


def _clients(folder: Path) -> set[str]:
    """The functions of `vigie.aws` that a function's code calls."""
    return {
        node.func.attr
        for module in folder.rglob("*.py")
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "aws"
    }


def _run(program: str, *arguments: str) -> list[str]:
    done = subprocess.run(  # noqa: S603 - this interpreter, on a program of this file
        [sys.executable, "-c", program, *arguments],
        env=_ENVIRONMENT,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.split()
