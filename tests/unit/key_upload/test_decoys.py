"""Whoever sees status, size and time of answers cannot tell decoys from uploads."""

from __future__ import annotations

import base64
import json
import math
from collections import Counter
from datetime import UTC, datetime
from random import Random
from typing import TYPE_CHECKING, cast

from key_upload.answer import Published
from key_upload.api import Api
from key_upload.refusal import ErrorCode
from vigie.http.answer_slots import AnswerSlots

if TYPE_CHECKING:
    from collections.abc import Sequence

    from key_upload.publish_request import PublishRequest
    from key_upload.publishing import KeyPublishing

NOW = datetime(2026, 11, 24, 6, 45, tzinfo=UTC)
REQUESTS = 2000
# Where the two are alike, one run in a million says that they are not.
SIGNIFICANCE = 1e-6
OBSERVED = ("status", "bytes", "seconds")


class Service:
    """The API with uploads that take their time on a clock of the test's own."""

    def __init__(self, random: Random) -> None:
        self.now = 0.0
        self._random = random
        slots = AnswerSlots(lambda: self.now, self._pass)
        self._api = Api(cast("KeyPublishing", self), slots, lambda: NOW, lambda _code, _why: None)

    def _pass(self, seconds: float) -> None:
        self.now += seconds

    def publish(self, request: PublishRequest, _now: datetime) -> tuple[Published, str]:
        """An upload of some keys: three in ten take the tables a second longer."""
        slow = 1.0 if self._random.random() < 0.3 else 0.0
        self.now += slow + self._random.lognormvariate(-2.5, 0.5)
        faults = self._random.randrange(10)
        return (
            Published(
                inserted=len(request.keys),
                code=ErrorCode.PARTIAL_FAILURE if faults else None,
                error="; ".join(["rollingPeriod is not 1 to 144"] * faults) or None,
            ),
            base64.b64encode(bytes(self._random.choice((640, 900, 1260)))).decode(),
        )

    def observed(self, *, decoy: bool) -> tuple[int, int, float]:
        """Status, size and time of an answer."""
        began = self.now
        headers = {"content-type": "application/json"} | ({"x-chaff": "1"} if decoy else {})
        keys = [{"key": "AAAA"}] * self._random.randrange(1, 30)
        answer = self._api(
            {
                "routeKey": "POST /v1/publish",
                "headers": headers,
                "body": json.dumps({"temporaryExposureKeys": keys}),
            }
        )
        return answer["statusCode"], len(answer["body"]), round(self.now - began, 6)


def p_value(one: list[float], other: list[float]) -> float:
    """How likely two samples of one distribution differ as these: Kolmogorov and Smirnov's test.

    Its distribution is that of continuous values; of others it is too careful.
    """
    ones, others = Counter(one), Counter(other)
    distance, below, below_other = 0.0, 0, 0
    for value in sorted(ones | others):
        below += ones[value]
        below_other += others[value]
        distance = max(distance, abs(below / len(one) - below_other / len(other)))
    effective = math.sqrt(len(one) * len(other) / (len(one) + len(other)))
    x = (effective + 0.12 + 0.11 / effective) * distance
    terms = (2 * (-1) ** (term - 1) * math.exp(-2 * (term * x) ** 2) for term in range(1, 101))
    return min(1.0, sum(terms)) if x > 0.2 else 1.0


def differences(real: Sequence[tuple[float, ...]], decoys: Sequence[tuple[float, ...]]) -> set[str]:
    """What tells the two apart."""
    columns = zip(OBSERVED, zip(*real, strict=True), zip(*decoys, strict=True), strict=True)
    return {name for name, one, other in columns if p_value(list(one), list(other)) < SIGNIFICANCE}


def test_decoys_have_the_status_the_sizes_and_the_times_of_uploads() -> None:
    random = Random(1)  # noqa: S311 - the same uploads in every run
    service = Service(random)
    for _ in range(100):
        service.observed(decoy=False)
    observed: dict[bool, list[tuple[float, ...]]] = {False: [], True: []}
    for _ in range(REQUESTS):
        decoy = random.random() < 0.5
        observed[decoy].append(service.observed(decoy=decoy))
    assert differences(observed[False], observed[True]) == set()
    # Uploads do take one slot and two, and answers are of many sizes: there was something to see.
    assert {seconds for *_, seconds in observed[False]} >= {1.0, 2.0}
    assert len({size for _, size, _ in observed[False]}) > 500


def test_the_comparison_sees_what_one_answer_in_ten_would_tell() -> None:
    random = Random(2)  # noqa: S311 - the same in every run

    def answers(late: int) -> list[tuple[float, ...]]:
        sizes = (random.randrange(5120, 6144) for _ in range(REQUESTS))
        return [(200, size, 2.0 if n % 10 == late else 1.0) for n, size in enumerate(sizes)]

    real = answers(0)
    assert differences(real, answers(3)) == set()
    told: dict[str, list[tuple[float, ...]]] = {
        "status": [(401 if n % 10 == 0 else 200, *rest) for n, (_, *rest) in enumerate(real)],
        "bytes": [(status, size + 120, seconds) for status, size, seconds in real],
        "seconds": [(status, size, 1.0) for status, size, _ in real],
    }
    for name, changed in told.items():
        assert differences(real, changed) == {name}
