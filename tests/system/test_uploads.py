"""The life of a laboratory without an AWS client, by the operator's and its own commands."""

from __future__ import annotations

import os
import re
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import requests

from demo.morning import LABORATORIES
from tests.flows.laboratory import file_of, invented
from tests.system.test_nothing_lost import vigie
from tests.system.waiting import until

if TYPE_CHECKING:
    from demo.deployed import Deployed

FINESS = "339990018"
OTHER = LABORATORIES[0].finess
_PAGE = Path(__file__).resolve().parents[2] / "docs" / "laboratories.md"


class Client:
    """A laboratory with a token of its own.

    Attributes:
        given: what the operator gave it, by name.
    """

    def __init__(self, deployed: Deployed, finess: str) -> None:
        lines = vigie("lab", "client", finess, "--reason", "no AWS client").splitlines()
        self.given = dict(line.split(": ", 1) for line in lines)
        self.address = deployed.outputs["ApiUrl"]
        credentials = (self.given["client id"], self.given["client secret"])
        asked = {"grant_type": "client_credentials", "scope": self.given["scope"]}
        told = requests.post(self.given["token URL"], data=asked, auth=credentials, timeout=10)
        self.headers = {"Authorization": f"Bearer {told.json()['access_token']}"}

    def ask(self, path: str = "", body: dict[str, Any] | None = None) -> requests.Response:
        """What the API answers."""
        url = f"{self.address}/v1/lab/uploads{path}"
        method = "GET" if body is None else "POST"
        return requests.request(method, url, json=body, headers=self.headers, timeout=20)


@pytest.fixture(scope="module")
def client(deployed: Deployed) -> Client:
    """A laboratory that is registered for the test."""
    vigie(
        *("lab", "add", FINESS, "--name", "Laboratoire de la Dune"),
        *("--subject", f"CN=dune,OU={FINESS},C=FR", "--email", "dune@example.fr"),
        *("--allow", "covid-19"),
    )
    return Client(deployed, FINESS)


def morning(first: int) -> bytes:
    """A file with three results."""
    now = datetime.now(UTC)
    times = {"sampled_at": now - timedelta(hours=6), "reported_at": now - timedelta(hours=2)}
    return file_of([invented(number, **times) for number in range(first, first + 3)], "csv")


def test_a_file_that_came_while_the_laboratory_was_suspended_is_read_afterwards(
    client: Client,
) -> None:
    body = morning(800)
    opened = client.ask(body={"content_type": "text/csv", "size": len(body)}).json()
    vigie("lab", "suspend", FINESS, "--reason", "tried")
    assert client.ask(f"/{opened['id']}").status_code == 403
    form = opened["form"]
    sent = requests.post(form["url"], data=form["fields"], files={"file": body}, timeout=20)
    assert sent.status_code == 204
    # Let in only to look: the intake does not remember who it refused.
    vigie("lab", "resume", FINESS, "--reason", "tried")
    until(lambda: client.ask(f"/{opened['id']}").json()["state"] == "done")
    told = client.ask(f"/{opened['id']}").json()
    assert told["acknowledgement"]["state"] == "complete"
    assert told["counts"] == {"accepted": 3}


def test_the_form_takes_nothing_else(client: Client) -> None:
    form = client.ask(body={"content_type": "text/csv", "size": 3}).json()["form"]
    for changed, content in (
        ({}, b"four"),
        ({"key": f"{FINESS}/uploads/other"}, b"a;b"),
        ({"key": f"{OTHER}/uploads/x"}, b"a;b"),
        ({"Content-Type": "text/html"}, b"a;b"),
    ):
        fields = {**form["fields"], **changed}
        sent = requests.post(form["url"], data=fields, files={"file": content}, timeout=20)
        assert 400 <= sent.status_code < 500, (changed, content)


def test_the_example_of_the_page_works(client: Client, tmp_path: Path) -> None:
    found = re.search(r"```sh\n(.*?)```", _PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    (tmp_path / "morning.csv").write_bytes(morning(810))
    given = client.given
    done = subprocess.run(  # noqa: S603 - our own example
        ["/bin/sh", "-euc", found[1]],
        cwd=tmp_path,
        env={
            "PATH": os.environ["PATH"],
            "CLIENT_ID": given["client id"],
            "CLIENT_SECRET": given["client secret"],
            "TOKEN_URL": given["token URL"],
            "API": client.address,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert re.search(r'"state":"(received|reading|done)"', done.stdout), done.stdout


def test_a_laboratory_never_sees_anothers_upload(client: Client, deployed: Deployed) -> None:
    opened = client.ask(body={"content_type": "text/csv", "size": 3}).json()
    other = Client(deployed, OTHER)
    assert other.ask(f"/{opened['id']}").status_code == 404
    listed = other.ask().json()["uploads"]
    assert all(one["path"].startswith(f"{OTHER}/") for one in listed)
