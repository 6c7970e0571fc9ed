"""What a person is shown by the links that they got."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vigie.dcc.verification import verify

if TYPE_CHECKING:
    from tests.flows.wired import Wired
    from vigie.results.test_result import TestResult


def opened(wired: Wired, test: TestResult) -> list[dict[str, Any]]:
    """What each link that the person got shows of the test, in the order of messages."""
    address = test.contact.email or test.contact.phone
    shown = []
    for message in wired.messages():
        if message.recipient == address:
            (result,) = wired.open(message.token, test.identity.birth_date)["results"]
            shown.append(result)
    return shown


def valid_kinds(wired: Wired, result: dict[str, Any]) -> list[str]:
    """The kinds of the certificates that a verifier trusts."""
    trusted = wired.signers.trusted()
    shown = [one for one in result["certificates"] if one["hcert"]]
    assert all(verify(one["hcert"], trusted, wired.now).trusted for one in shown)
    return [one["kind"] for one in shown]
