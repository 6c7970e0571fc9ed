"""Pages that are built before they are put into a bucket."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[1]
_NUMBERS = _ROOT / "web" / "numbers"
_BUILD = _NUMBERS / "build" / "page.mjs"
# Names of scripts and style sheets carry a digest of what is in them; pages do not.
CACHED_FOREVER = "public, max-age=31536000, immutable"
CACHED_BRIEFLY = "public, max-age=300"


class PageError(Exception):
    """A page could not be built; the message says why."""


def build_numbers(folder: Path = _ROOT / "build" / "web" / "numbers") -> Path:
    """Build the page of the numbers; the same sources give the same bytes.

    Args:
        folder: where to; what was in it is removed.

    Raises:
        PageError: Node.js or its packages are missing, or the sources are wrong.
    """
    node = shutil.which("node")
    if node is None or not (_ROOT / "node_modules" / "esbuild").is_dir():
        raise PageError("the page of the numbers needs Node.js and `make node_modules/.installed`")
    done = subprocess.run(  # noqa: S603 - a script of this project
        [node, str(_BUILD), str(folder)], cwd=_ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise PageError(done.stderr)
    return folder


def numbers_policy() -> str:
    """The Content-Security-Policy that the page of the numbers is served with."""
    return (_NUMBERS / "content-security-policy.txt").read_text(encoding="utf-8").strip()
