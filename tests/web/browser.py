"""A real browser: Debian's Chromium, driven by playwright-core."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

_ROOT = Path(__file__).parents[2]
_NAMES = ("chromium", "chromium-browser", "google-chrome")
_PATIENCE = 180  # seconds


def chromium() -> str:
    """Where the browser is: `$CHROMIUM`, or on the PATH; skips the test where there is none."""
    given = os.environ.get("CHROMIUM")
    found = given or next(filter(None, map(shutil.which, _NAMES)), None)
    if found is None:
        pytest.skip("no Chromium on the PATH or in $CHROMIUM (Debian: apt-get install chromium)")
    if not (_ROOT / "node_modules" / "playwright-core").is_dir():
        pytest.skip("playwright-core is not installed (npm ci)")
    return found


def visit(url: str, **options: object) -> dict[str, Any]:
    """What a person finds on the page of the numbers; see `visit.mjs` for the options."""
    environment = {**os.environ, "CHROMIUM": chromium()}
    done = subprocess.run(  # noqa: S603 - our own script
        [
            str(shutil.which("node")),
            str(_ROOT / "tests" / "web" / "visit.mjs"),
            json.dumps({"url": url, **options}),
        ],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
        timeout=_PATIENCE,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found
