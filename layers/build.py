"""Builds the layers of third-party packages from the lock file, without Docker.

`python -m layers.build` builds them for this machine, `--lambda` for Lambda.
"""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import os
import platform
import shutil
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

LAYERS = ("core", "documents", "printing", "statistics")
_PLATFORMS = {"arm64": "aarch64-manylinux_2_28", "x86_64": "x86_64-manylinux_2_28"}
# What an import at run time never reads.
_NEVER_IMPORTED = ("bin", "**/__pycache__", "**/*.pyi", "**/tests")


class WheelMissingError(Exception):
    """A package of a layer has no wheel for the target; the message says which."""


@dataclass(frozen=True)
class Target:
    """What a layer is built for.

    Attributes:
        python_version: such as `3.13`.
        architecture: Lambda's name of it, or empty for this machine's interpreter.
    """

    python_version: str
    architecture: str

    @classmethod
    def native(cls) -> Target:
        """This machine and this interpreter."""
        return cls(
            python_version=".".join(platform.python_version_tuple()[:2]),
            architecture="",
        )

    @property
    def name(self) -> str:
        """The name of its folder under `build/layers`."""
        return f"{self.architecture or 'native'}-{self.python_version}"

    @property
    def options(self) -> tuple[str, ...]:
        """What uv must know of it."""
        if not self.architecture:
            return ("--python", sys.executable)
        return (
            "--python-version",
            self.python_version,
            "--python-platform",
            _PLATFORMS[self.architecture],
        )


def built(root: Path, target: Target, layer: str) -> Path:
    """The folder of a layer, built when the lock file or the target has changed.

    Args:
        root: of the project.
        target: what it must run on.
        layer: its name; the dependency group is `layer-<name>`.

    Raises:
        WheelMissingError: a package has no wheel for the target.
    """
    folder = root / "build" / "layers" / target.name / layer
    stamp = folder.with_suffix(".stamp")
    requirements = _requirements(root, layer)
    wanted = hashlib.sha256(f"{target}\n{requirements}".encode()).hexdigest()
    with _alone(folder.with_suffix(".lock")):
        if stamp.is_file() and stamp.read_text() == wanted and folder.is_dir():
            return folder
        stamp.unlink(missing_ok=True)
        shutil.rmtree(folder, ignore_errors=True)
        _install(folder / "python", target, requirements, layer)
        stamp.write_text(wanted)
    return folder


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """Hold a lock file, so that two processes never build one layer at once."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def unzipped_size(folder: Path) -> int:
    """Bytes of all the files under a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _requirements(root: Path, layer: str) -> str:
    return _uv(
        "export",
        "--project",
        str(root),
        "--locked",
        "--quiet",
        "--no-header",
        "--no-emit-project",
        "--only-group",
        f"layer-{layer}",
    )


def _install(folder: Path, target: Target, requirements: str, layer: str) -> None:
    folder.mkdir(parents=True)
    listed = folder.parent / "requirements.txt"
    listed.write_text(requirements)
    try:
        _uv(
            "pip",
            "install",
            "--quiet",
            "--target",
            str(folder),
            *target.options,
            "--only-binary",
            ":all:",
            "--no-deps",
            "--require-hashes",
            "--requirements",
            str(listed),
        )
    except subprocess.CalledProcessError as error:
        raise WheelMissingError(
            f"layer {layer}: not every package of the lock file has a wheel for "
            f"{target.name}; uv says:\n{error.stderr}"
        ) from None
    finally:
        listed.unlink()
    for pattern in _NEVER_IMPORTED:
        for path in sorted(folder.glob(pattern)):
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def _uv(*arguments: str) -> str:
    program = Path(sys.executable).with_name("uv")
    environment = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    return subprocess.run(  # noqa: S603 - uv of our own virtual environment
        [str(program) if program.is_file() else "uv", "--color", "never", *arguments],
        check=True,
        capture_output=True,
        text=True,
        env=environment,
    ).stdout


def main() -> None:
    """Build all layers for one target."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lambda", dest="for_lambda", action="store_true")
    parser.add_argument("--python-version", default="3.13")
    parser.add_argument("--architecture", default="arm64", choices=sorted(_PLATFORMS))
    chosen = parser.parse_args()
    target = (
        Target(chosen.python_version, chosen.architecture) if chosen.for_lambda else Target.native()
    )
    root = Path(__file__).resolve().parents[1]
    for layer in LAYERS:
        folder = built(root, target, layer)
        sys.stdout.write(f"{folder.relative_to(root)}: {unzipped_size(folder) / 1e6:.1f} MB\n")


if __name__ == "__main__":
    main()
