"""From a laboratory's file to what a person sees."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.flows.laboratory import LABORATORY, WRITERS, file_of, four, invented
from tests.flows.shown import opened, valid_kinds
from tests.flows.wired import NOW
from vigie.results.codes import Outcome

if TYPE_CHECKING:
    from tests.flows.wired import Wired


@pytest.mark.parametrize("extension", WRITERS)
def test_a_file_becomes_results_certificates_and_one_message_each(
    wired: Wired, extension: str
) -> None:
    negative, positive, recovered, unlisted = four(10)
    wired.send(f"{LABORATORY}/matin.{extension}", file_of(four(10), extension))

    sent = Counter(message.recipient for message in wired.messages())
    assert sent == {
        negative.contact.email: 1,
        positive.contact.phone: 1,
        # The recovery certificate comes with a message of its own.
        recovered.contact.email: 2,
        unlisted.contact.phone: 1,
    }
    (shown,) = opened(wired, negative)
    assert shown["outcome"]["code"] == "not_detected"
    assert valid_kinds(wired, shown) == ["test"]
    (shown,) = opened(wired, positive)
    assert valid_kinds(wired, shown) == []
    assert shown["recovery_certificate_from"] == (NOW + timedelta(days=11)).date().isoformat()
    for shown in opened(wired, recovered):
        assert valid_kinds(wired, shown) == ["recovery"]
    (shown,) = opened(wired, unlisted)
    assert shown["certificates"] == []


def test_a_link_opens_for_nobody_with_another_birth_date(wired: Wired) -> None:
    wired.send(f"{LABORATORY}/un.csv", file_of([invented(10)], "csv"))
    (message,) = wired.messages()
    assert wired.attempt(message.token, "1901-01-01")["statusCode"] == 403


def test_a_recovery_certificate_comes_on_its_day(wired: Wired) -> None:
    test = invented(11, outcome=Outcome.DETECTED)
    wired.send(f"{LABORATORY}/un.hl7", file_of([test], "hl7"))
    wired.now = NOW + timedelta(days=10)
    wired.release()
    assert len(wired.messages()) == 1

    wired.now = NOW + timedelta(days=11)
    wired.release()
    wired.release()
    assert len(wired.messages()) == 2
    for shown in opened(wired, test):
        assert valid_kinds(wired, shown) == ["recovery"]
        assert shown["recovery_certificate_from"] is None
