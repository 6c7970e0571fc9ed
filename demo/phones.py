"""Phones of people who tested positive: they give their keys, each with a code of its own."""

from __future__ import annotations

import base64
import json
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from demo import mailbox
from demo.opening import ask_api, open_link
from infra.environments import chosen
from vigie.model import Frozen
from vigie.tracing.interval import interval_number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from demo.deployed import Deployed

PHONES = 50
_DAYS = 14
_WHOLE_DAY = 144
_AT_ONCE = 6
_DETECTED = "detected"


class Phone(Frozen):
    """What a phone has of the last two weeks, a key for each day.

    Attributes:
        ended: keys that are not used any more.
        in_use: today's key.
        first_start: the first interval of the oldest.
    """

    ended: tuple[bytes, ...]
    in_use: bytes
    first_start: int


class Given(Frozen):
    """What the phones gave.

    Attributes:
        ended: keys that may leave.
        in_use: keys that must not leave yet.
        inserted: how many the system says that it took.
    """

    ended: frozenset[bytes]
    in_use: frozenset[bytes]
    inserted: int


def invent_phones(seed: int, now: datetime) -> list[Phone]:
    """The phones of a seed; their keys change at midnight (UTC)."""
    random = Random(seed)  # noqa: S311 - the same phones for the same seed
    midnight = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    first = interval_number(midnight - timedelta(days=_DAYS - 1))
    return [
        Phone(
            ended=tuple(random.randbytes(16) for _ in range(_DAYS - 1)),
            in_use=random.randbytes(16),
            first_start=first,
        )
        for _ in range(PHONES)
    ]


def give_keys(deployed: Deployed, positives: Mapping[str, str], now: datetime) -> Given:
    """Have as many positive people as there are phones ask for a code and give their keys.

    Args:
        deployed: the system.
        positives: birth date by address or number.
        now: the present.
    """
    tokens = {
        message.recipient: message.token
        for message in (
            *mailbox.emails(deployed.endpoint),
            *mailbox.text_messages(deployed.endpoint),
        )
        if message.token is not None
    }
    # An address is one person's; of the numbers that are kept for fiction some come twice.
    addressed = sorted(positives, key=lambda who: "@" not in who)
    people = [(tokens[who], positives[who]) for who in addressed if who in tokens]
    # Seeded by the time: a second morning on the same system has keys of its own.
    phones = invent_phones(int(now.timestamp()), now)
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        inserted = list(
            pool.map(
                lambda pair: _publish(deployed, _code(deployed, *pair[0]), pair[1]),
                zip(people, phones, strict=False),
            )
        )
    return Given(
        ended=frozenset(key for phone in phones for key in phone.ended),
        in_use=frozenset(phone.in_use for phone in phones),
        inserted=sum(inserted),
    )


def ask_edge(deployed: Deployed, path: str, body: Mapping[str, Any] | None = None) -> bytes:
    """What CloudFront answers in front of tracing.

    Its name is in no name service here: the emulator knows it by the Host header.
    """
    request = urllib.request.Request(  # noqa: S310 - the local emulator
        f"{deployed.endpoint}{path}",
        data=None if body is None else json.dumps(body).encode(),
        headers={
            "Host": urlsplit(deployed.outputs["TracingUrl"]).netloc,
            "Content-Type": "application/json",
        },
    )
    with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - as above
        content: bytes = answer.read()
    return content


def _code(deployed: Deployed, token: str, birth_date: str) -> str:
    """The upload code behind a link."""
    api_url = deployed.outputs["ApiUrl"]
    opened = open_link(api_url, token, birth_date)
    result = next(
        result
        for result in opened["results"]
        if result["outcome"] and result["outcome"]["code"] == _DETECTED
    )
    asked = {"token": token, "birth_date": birth_date, "result_id": result["id"]}
    code: str = ask_api(api_url, "/v1/results/upload-code", asked)["code"]
    return code


def _publish(deployed: Deployed, code: str, phone: Phone) -> int:
    keys = (*phone.ended, phone.in_use)
    sent = {
        "temporaryExposureKeys": [
            {
                "key": base64.b64encode(key).decode(),
                "rollingStartNumber": phone.first_start + day * _WHOLE_DAY,
                "rollingPeriod": _WHOLE_DAY,
            }
            for day, key in enumerate(keys)
        ],
        "healthAuthorityID": chosen().health_authority_id,
        "verificationPayload": code,
    }
    answer: dict[str, Any] = json.loads(ask_edge(deployed, "/v1/publish", sent))
    inserted: int = answer.get("insertedExposures", 0)
    return inserted
