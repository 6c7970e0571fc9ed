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
    return _driven("visit.mjs", {"url": url, **options})


def alert(url: str, birth_date: str) -> dict[str, Any]:
    """What a person finds who wants to alert contacts on the page of a link; see `alert.mjs`."""
    return _driven("alert.mjs", {"url": url, "birthDate": birth_date})


def _driven(script: str, options: dict[str, object]) -> dict[str, Any]:
    environment = {**os.environ, "CHROMIUM": chromium()}
    done = subprocess.run(  # noqa: S603 - our own script
        [
            str(shutil.which("node")),
            str(_ROOT / "tests" / "web" / script),
            json.dumps(options),
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
