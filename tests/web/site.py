"""The page of the numbers on this machine, served as CloudFront serves it."""

from __future__ import annotations

import contextlib
import functools
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

from infra.pages import numbers_policy

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class _Site(SimpleHTTPRequestHandler):
    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", numbers_policy())
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
        """Say nothing."""


@contextlib.contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of a site of a folder's files."""
    with ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Site, directory=folder)) as site:
        running = threading.Thread(target=site.serve_forever, daemon=True)
        running.start()
        try:
            yield f"http://127.0.0.1:{site.server_port}"
        finally:
            site.shutdown()
            running.join()
