"""The emulator as a process: MiniStack, in a virtual environment of its own."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING

from infra.environments import EMULATOR_ACCOUNT

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).resolve().parents[2]
REGION = "eu-west-3"
_PROGRAM = ROOT / ".venv-emulator" / "bin" / "python"
_HOST = "127.0.0.1"
_READY_SECONDS = 60
_STOP_SECONDS = 10


class EmulatorError(Exception):
    """The emulator did not start, or is not the one that was expected."""


class Gateway:
    """One emulator on one port; several can run side by side.

    Its folder under `build/emulator` keeps its process id, its log and what its
    functions write to their temporary folder.

    Args:
        port: of the gateway, on the loopback address only.
    """

    def __init__(self, port: int) -> None:
        self.port = port
        self.folder = ROOT / "build" / "emulator" / str(port)
        self._pid_file = self.folder / "pid"

    @property
    def endpoint(self) -> str:
        """The URL that stands for every AWS endpoint."""
        return f"http://{_HOST}:{self.port}"

    def environment(self) -> dict[str, str]:
        """The variables by which a program talks to this emulator as the account's owner."""
        return {
            **_inherited(os.environ),
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_EC2_METADATA_DISABLED": "true",
            "CDK_DEFAULT_ACCOUNT": EMULATOR_ACCOUNT,
            "VIGIE_ENVIRONMENT": "dev",
            "VIGIE_EMULATOR_PORT": str(self.port),
        }

    def start(self) -> bool:
        """Start it, unless it runs; whether it was started.

        Raises:
            EmulatorError: something else has the port, or it did not answer in time.
        """
        if self.answers():
            if self._pid() is None:
                raise EmulatorError(f"port {self.port} belongs to another program")
            return False
        shutil.rmtree(self.folder, ignore_errors=True)
        temporary = self.folder / "tmp"
        temporary.mkdir(parents=True)
        with (self.folder / "log").open("wb") as log:
            process = subprocess.Popen(  # noqa: S603 - the emulator of our own virtual environment
                [str(_PROGRAM), "-m", "ministack"],
                env=self._own_environment(temporary),
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._pid_file.write_text(str(process.pid))
        deadline = time.monotonic() + _READY_SECONDS
        while not self.answers():
            if process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise EmulatorError(f"the emulator did not start: see {self.folder / 'log'}")
            time.sleep(0.1)
        return True

    def stop(self) -> None:
        """End it with all that its functions left running; harmless if it does not run."""
        pid = self._pid()
        if pid is None:
            return
        _end_group(pid)
        self._pid_file.unlink(missing_ok=True)
        shutil.rmtree(self.folder / "tmp", ignore_errors=True)

    def answers(self) -> bool:
        """Whether an emulator answers on the port."""
        try:
            with urllib.request.urlopen(  # noqa: S310 - our own loopback address
                f"{self.endpoint}/_ministack/health", timeout=5
            ) as answer:
                return isinstance(json.load(answer), dict)
        except (urllib.error.URLError, OSError, ValueError):
            return False

    def _pid(self) -> int | None:
        try:
            pid = int(self._pid_file.read_text())
            os.kill(pid, 0)
        except (OSError, ValueError):
            return None
        return pid

    def _own_environment(self, temporary: Path) -> dict[str, str]:
        # Functions inherit it: nothing of the developer's may reach them.
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(temporary),
            "TMPDIR": str(temporary),
            "LANG": "C.UTF-8",
            "AUTH": "true",
            "BIND_HOST": _HOST,
            "GATEWAY_PORT": str(self.port),
            "MINISTACK_REGION": REGION,
            "MINISTACK_ACCOUNT_ID": EMULATOR_ACCOUNT,
            "AWS_ENDPOINT_URL": self.endpoint,
            "LOG_LEVEL": "WARNING",
        }


def free_port() -> int:
    """A port that nothing listens on now."""
    with socket.socket() as listener:
        listener.bind((_HOST, 0))
        port: int = listener.getsockname()[1]
        return port


def _inherited(environ: Mapping[str, str]) -> dict[str, str]:
    """The caller's variables without those that would lead to a real account."""
    return {name: value for name, value in environ.items() if not name.startswith("AWS_")}


def _end_group(pid: int) -> None:
    deadline = time.monotonic() + _STOP_SECONDS
    for number in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, number)
        while _runs(pid) and time.monotonic() < deadline:
            time.sleep(0.1)


def _runs(pid: int) -> bool:
    # Reaps it if it is our own child: an ended child still answers to signals.
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
