"""Stand-ins for both gateways: one HTTPS server that wants a client certificate.

They verify what they get by other means than ours: `openssl cms` and protobuf's own library for
the European gateway, joserfc for the interoperability service.
"""

from __future__ import annotations

import atexit
import base64
import json
import ssl
import subprocess
import threading
from contextlib import ExitStack, contextmanager
from datetime import date
from functools import cache
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

from joserfc import jws
from joserfc.jwk import ECKey

from tests.functions.federation.authority import Party, authority, country, issued
from tests.unit.federation.batches import canonical, parsed, serialised

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from email.message import Message

    from vigie.federation.shared_key import SharedKey

TOKEN = "a-token"
# What the reference takes in one batch.
MOST_KEYS = 5000
_LOST = 0


class Upload(NamedTuple):
    """A part of a batch that the European gateway gives.

    Attributes:
        country: who uploaded it.
        keys: in their order.
        message: the signature.
        day: that it was uploaded on, if not on its batch's.
    """

    country: str
    keys: Sequence[SharedKey]
    message: bytes
    day: date | None = None

    @classmethod
    def of(cls, signer: Party, country: str, keys: Sequence[SharedKey]) -> Upload:
        """An upload as a country signs it."""
        return cls(country, keys, signer.sign(list(keys)))


class Given(NamedTuple):
    """A batch that the European gateway gives."""

    day: date
    tag: str
    uploads: Sequence[Upload]


class GatewayDouble:
    """What both gateways know; `url` is of the server.

    Attributes:
        url: of the server.
        batches: what the European gateway gives, in its order.
        exposures: what the interoperability service gives: tag and keys in JSON.
        signer: the certificate (PEM) that our batches must be signed with.
        taken: the keys that the European gateway took of us, by tag.
        payloads: what the interoperability service took of us, by tag.
        bad: keys for which the European gateway refuses a whole batch.
        had: keys that the European gateway has from before.
        statuses: what the next requests are answered with instead, whatever they ask; `LOST`
            does the work and loses the answer.
        asked: method and path of each request.
        revoked: days that are gone.
    """

    LOST = _LOST

    def __init__(self) -> None:
        self.url = ""
        self.signer = ""
        self.forget()

    def forget(self) -> None:
        """Begin again."""
        self.batches: list[Given] = []
        self.exposures: list[tuple[str, list[Any]]] = []
        self.taken: dict[str, list[SharedKey]] = {}
        self.payloads: dict[str, list[Any]] = {}
        self.bad: set[bytes] = set()
        self.had: set[bytes] = set()
        self.statuses: list[int] = []
        self.asked: list[str] = []
        self.gone: set[date] = set()

    def efgs_keys(self) -> list[SharedKey]:
        """What the European gateway took of us, in the order of bytes."""
        return sorted(key for keys in self.taken.values() for key in keys)

    def answer(
        self,
        method: str,
        path: str,
        headers: Message,
        body: bytes,
    ) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body of an answer."""
        parts = urlsplit(path)
        match method, parts.path.strip("/").split("/"):
            case "GET", ["efgs", "diagnosiskeys", "download", day]:
                return self._efgs_download(date.fromisoformat(day), headers.get("batchTag"))
            case "GET", ["efgs", "diagnosiskeys", "audit", "download", day, tag]:
                return self._efgs_audit(date.fromisoformat(day), tag)
            case "POST", ["efgs", "diagnosiskeys", "upload"]:
                return self._efgs_upload(headers, body)
            case _, ["interop", *_] if headers.get("Authorization") == f"Bearer {TOKEN}":
                if method == "POST":
                    return self._interop_upload(json.loads(body))
                tag = parse_qs(parts.query, keep_blank_values=True)["batchTag"][0]
                return self._interop_download(tag)
        return HTTPStatus.UNAUTHORIZED, {}, b""

    def _efgs_download(self, day: date, tag: str | None) -> tuple[int, dict[str, str], bytes]:
        if day in self.gone:
            return 410, {}, b""
        # As the reference does it: the last batch of a day names the first of the next one, which
        # it does not give for the day before.
        listed = sorted(self.batches, key=lambda batch: batch.day)
        wanted = (one.tag == tag if tag else one.day == day for one in listed)
        place = next((at for at, is_wanted in enumerate(wanted) if is_wanted), None)
        if place is None:
            return 404, {}, b""
        if listed[place].day != day:
            return 400, {}, b""
        following = listed[place + 1].tag if place + 1 < len(listed) else "null"
        keys = [key for upload in listed[place].uploads for key in upload.keys]
        headers = {"batchTag": listed[place].tag, "nextBatchTag": following}
        return 200, headers, serialised(keys)

    def _efgs_audit(self, day: date, tag: str) -> tuple[int, dict[str, str], bytes]:
        entries = [
            {
                "country": upload.country,
                "amount": len(upload.keys),
                "batchSignature": base64.b64encode(upload.message).decode(),
                "uploaderThumbprint": "0" * 64,
                "uploaderSigningThumbprint": country(upload.country).thumbprint,
                "uploadedTime": "2026-11-24T06:00:00Z",
            }
            for batch in self.batches
            if batch.tag == tag
            for upload in batch.uploads
            if (upload.day or batch.day) == day
        ]
        return (200, {}, json.dumps(entries).encode()) if entries else (404, {}, b"")

    def _efgs_upload(
        self,
        headers: Message,
        body: bytes,
    ) -> tuple[int, dict[str, str], bytes]:
        tag, keys = headers["batchTag"], parsed(body)
        if tag in self.taken:
            return 409, {}, b""
        if len(keys) > MOST_KEYS:
            return 413, {}, b""
        message = base64.b64decode(headers["batchSignature"], validate=True)
        if not openssl_verifies(message, canonical(keys), self.signer):
            return 400, {}, b""
        if any(key.key_data in self.bad or key.origin != "FR" for key in keys):
            return 400, {}, b""
        there = [place for place, key in enumerate(keys) if key.key_data in self.had]
        if there:
            # The reference keeps nothing of a batch of which it has a key.
            return 207, {}, json.dumps({"201": [], "409": there, "500": []}).encode()
        self.taken[tag] = keys
        return 201, {"batchTag": tag}, b""

    def _interop_download(self, tag: str) -> tuple[int, dict[str, str], bytes]:
        tags = [one for one, _ in self.exposures]
        place = tags.index(tag) + 1 if tag in tags else 0
        if place == len(tags):
            return 204, {}, b""
        body = {"batchTag": tags[place], "exposures": self.exposures[place][1]}
        return 200, {}, json.dumps(body).encode()

    def _interop_upload(self, body: Any) -> tuple[int, dict[str, str], bytes]:  # noqa: ANN401 - JSON
        key = ECKey.import_key(self.signer)
        verified = jws.deserialize_compact(body["payload"], key, algorithms=["ES256"])
        keys = json.loads(verified.payload)
        known = {one["keyData"] for some in self.payloads.values() for one in some}
        fresh = [one for one in keys if one["keyData"] not in known]
        self.payloads.setdefault(body["batchTag"], []).extend(fresh)
        return 200, {}, json.dumps({"insertedExposures": len(fresh)}).encode()


def openssl_verifies(message: bytes, content: bytes, certificate: str) -> bool:
    """Whether `openssl cms` verifies a detached message by a certificate that it trusts."""
    with TemporaryDirectory() as folder:
        said, trusted = Path(folder, "content"), Path(folder, "trusted.pem")
        said.write_bytes(content)
        trusted.write_text(certificate)
        done = subprocess.run(  # noqa: S603 - on files of this test
            [
                *("openssl", "cms", "-verify", "-binary", "-inform", "DER", "-purpose", "any"),
                *("-content", str(said), "-CAfile", str(trusted), "-partial_chain"),
                *("-no_check_time", "-out", str(Path(folder, "verified"))),
            ],
            input=message,
            capture_output=True,
            check=False,
        )
        return done.returncode == 0


@contextmanager
def served(double: GatewayDouble) -> Iterator[None]:
    """Serve both gateways on a port of this machine."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _do(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            double.asked.append(f"{self.command} {self.path}")
            status = double.statuses.pop(0) if double.statuses else None
            if status in {None, _LOST}:
                answer = double.answer(self.command, self.path, self.headers, body)
            else:
                answer = (status or 500, {}, b"")
            if status == _LOST:
                self.close_connection = True
                return
            self.send_response(answer[0])
            for name, value in answer[1].items():
                self.send_header(name, value)
            if answer[0] != 204:
                self.send_header("Content-Length", str(len(answer[2])))
            self.end_headers()
            self.wfile.write(answer[2])

        do_GET = do_POST = _do  # noqa: N815 - as http.server calls them

        def log_message(self, *_: object) -> None:
            """Nothing: what is asked is in `asked`."""

    with TemporaryDirectory() as folder:
        server, ca = issued("Gateway"), authority()
        for name, content in (("c", server.pem), ("k", server.key_pem), ("a", ca.pem)):
            Path(folder, name).write_text(content)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(Path(folder, "c"), Path(folder, "k"))
        context.load_verify_locations(Path(folder, "a"))
        context.verify_mode = ssl.CERT_REQUIRED
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        http.socket = context.wrap_socket(http.socket, server_side=True)
        double.url = f"https://127.0.0.1:{http.server_port}"
        thread = threading.Thread(target=http.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield
        finally:
            http.shutdown()
            thread.join()


@cache
def kept_served() -> GatewayDouble:
    """Both gateways, served until the process ends: for whatever has no fixtures."""
    double = GatewayDouble()
    serving = ExitStack()
    serving.enter_context(served(double))
    atexit.register(serving.close)
    return double
