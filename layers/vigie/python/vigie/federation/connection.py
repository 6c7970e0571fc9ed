"""Requests to a gateway: HTTPS with a client certificate, bounded in size and in time."""

from __future__ import annotations

import time
from contextlib import closing
from typing import TYPE_CHECKING, NamedTuple

import urllib3
from urllib3.exceptions import HTTPError

from vigie.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from vigie.federation.credentials import Credentials

MOST_BYTES = 16 * 1024 * 1024

_TIMEOUT = urllib3.Timeout(connect=5, read=30)
_PIECE = 64 * 1024
_LONGEST_SECONDS = 60.0
# Between one try and the next.
DELAYS = (0.5, 2.0, 5.0)
# A server that has too much to do, or that fails, may do better the next time.
_TRIED_AGAIN = frozenset({429, 500, 502, 503, 504})


class GatewayUnavailable(Unavailable):
    """A gateway, and not AWS, did not do it: the exchange with the others goes on."""


class Answer(NamedTuple):
    """What a gateway answered.

    Attributes:
        status: of HTTP.
        headers: by their name, whatever its case.
        body: all of it.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes


class GatewayConnection:
    """Asks a gateway.

    Args:
        url: of its API.
        credentials: who we are.
        delays: seconds between one try and the next; there is one try more.
        sleep: waits for so many seconds.

    Raises:
        GatewayUnavailable: `gateway-credentials-tls`.
    """

    def __init__(
        self,
        url: str,
        credentials: Credentials,
        *,
        delays: Sequence[float] = DELAYS,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._url = url
        self._token = credentials.token
        self._delays = delays
        self._sleep = sleep
        self._pool = urllib3.PoolManager(
            ssl_context=credentials.tls(), timeout=_TIMEOUT, retries=False
        )

    def request(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes | None = None
    ) -> Answer:
        """Ask, again if the gateway fails: whatever is asked may be asked twice.

        Raises:
            GatewayUnavailable: `gateway-unreachable`, `gateway-body-size` over 16 MiB,
                `gateway-slow`, or `gateway-status:…` of a server that keeps failing.
        """
        sent = dict(headers)
        if self._token is not None:
            sent["Authorization"] = f"Bearer {self._token.get_secret_value()}"
        failed = GatewayUnavailable("gateway-unreachable")
        for delay in (*self._delays, None):
            try:
                answer = self._once(method, path, sent, body)
            except (HTTPError, OSError):
                # Its text may hold the address that was asked.
                failed = GatewayUnavailable("gateway-unreachable")
            else:
                if answer.status not in _TRIED_AGAIN:
                    return answer
                failed = GatewayUnavailable(f"gateway-status:{answer.status}")
            if delay is not None:
                self._sleep(delay)
        raise failed

    def _once(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes | None
    ) -> Answer:
        response = self._pool.urlopen(
            method,
            f"{self._url}{path}",
            body=body,
            headers=headers,
            redirect=False,
            preload_content=False,
        )
        # Whatever is left unread ends with the connection.
        with closing(response):
            return Answer(response.status, response.headers, _body(response))


def _body(response: urllib3.BaseHTTPResponse) -> bytes:
    until = time.monotonic() + _LONGEST_SECONDS
    content = bytearray()
    # Not decompressed: what is asked for is not compressed.
    while piece := response.read(_PIECE, decode_content=False):
        content += piece
        if len(content) > MOST_BYTES:
            raise GatewayUnavailable("gateway-body-size")
        if time.monotonic() > until:
            raise GatewayUnavailable("gateway-slow")
    return bytes(content)
