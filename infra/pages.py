"""The pages that are put into buckets, and the building of the one that is built."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[1]
_NUMBERS = _ROOT / "web" / "numbers"
_BUILD = _NUMBERS / "build" / "page.mjs"
# A script or style sheet with a digest in its name, which another content never has.
_NEVER_CHANGING = re.compile(r"-[0-9A-Z]{8}\.(?:js|css)")
RESULTS = _ROOT / "web" / "results"
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


def cache_control(name: str) -> str:
    """How long browsers and CloudFront may keep a file of a page."""
    return CACHED_FOREVER if _NEVER_CHANGING.search(name) else CACHED_BRIEFLY
