"""`python -m infra.local up|down|invoke|run`: Vigie on this machine."""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from pathlib import Path

from infra.local.deployment import DeploymentError, deploy
from infra.local.gateway import EmulatorError, Gateway, free_port
from infra.local.invocation import invoke

DEFAULT_PORT = 4566


def main() -> int:
    """Do what the command line says; the exit status."""
    parser = argparse.ArgumentParser(prog="python -m infra.local", description=__doc__)
    doing = parser.add_subparsers(dest="doing", required=True)
    for name, purpose in (
        ("up", "start the emulator if need be, and deploy"),
        ("down", "stop the emulator"),
    ):
        command = doing.add_parser(name, help=purpose)
        command.add_argument("--port", type=int, default=DEFAULT_PORT)
    invoked = doing.add_parser("invoke", help="invoke a function of the deployed system")
    invoked.add_argument("--port", type=int, default=DEFAULT_PORT)
    invoked.add_argument("function")
    invoked.add_argument("event", type=Path)
    run = doing.add_parser("run", help="run a command beside an emulator of its own")
    run.add_argument("command", nargs="+")
    chosen = parser.parse_args()
    try:
        if chosen.doing == "up":
            return _up(Gateway(chosen.port))
        if chosen.doing == "down":
            Gateway(chosen.port).stop()
            return 0
        if chosen.doing == "invoke":
            return invoke(Gateway(chosen.port), chosen.function, chosen.event)
        return _run(chosen.command)
    except (DeploymentError, EmulatorError) as error:
        sys.stderr.write(f"{error}\n")
        return 1


def _up(gateway: Gateway) -> int:
    began = time.monotonic()
    started = gateway.start()
    sys.stdout.write(f"Emulator {'started' if started else 'found'} at {gateway.endpoint}\n")
    sys.stdout.flush()
    deploy(gateway)
    sys.stdout.write(f"Vigie deployed, {time.monotonic() - began:.0f} s\n")
    sys.stdout.flush()
    return 0


def _run(command: list[str]) -> int:
    """Run a command with the emulator's variables; `{endpoint}` in it is replaced."""
    gateway = Gateway(free_port())
    try:
        _up(gateway)
        filled = [part.replace("{endpoint}", gateway.endpoint) for part in command]
        return subprocess.run(filled, env=gateway.environment(), check=False).returncode  # noqa: S603 - the caller's own
    finally:
        gateway.stop()


if __name__ == "__main__":
    sys.exit(main())
