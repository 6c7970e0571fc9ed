"""What tracing did on its last days: counts of functions, and estimates from reports.

Functions count by name what they do anyway (CloudWatch metrics); nothing of it is about one person.
Counts below ten are not shown: of few people they would tell too much.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, NamedTuple

from vigie.aws import aws_errors
from vigie.tracing.randomised_response import Estimate, estimated
from vigie.tracing.survey import QUESTIONS
from vigie.tracing.upload_delay import UploadDelay

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from mypy_boto3_cloudwatch.client import CloudWatchClient
    from mypy_boto3_cloudwatch.type_defs import MetricDataQueryTypeDef

    from vigie.tracing.analytics_sums import AnalyticsSums
    from vigie.tracing.survey import Question

LEAST_SHOWN = 10
_NAMESPACE = "Vigie"
_DAY_SECONDS = 86_400


class Measure(NamedTuple):
    """Something that a function counts.

    Attributes:
        title: what it is.
        service: the function.
        metric: its name.
    """

    title: str
    service: str
    metric: str


ISSUED = Measure("codes issued", "verification_codes", "code-issued")
CLAIMED = Measure("codes claimed", "verification_codes", "code-claimed")
CERTIFIED = Measure("certificates issued", "verification_codes", "certificate-issued")
# A code that is given again, for the link was opened or the app asked once more, counts again.
GIVEN = (
    Measure("upload codes given by link", "result_access", "upload-code-given"),
    Measure("upload codes given to apps", "result_polling", "upload-code-given"),
)
UPLOADS = Measure("uploads", "key_upload", "keys-published")
DELAYS = tuple(
    Measure(f"{delay.removeprefix('upload-after-').replace('-days', '')} days", "key_upload", delay)
    for delay in UploadDelay
)
MEASURES = (
    ISSUED,
    CLAIMED,
    CERTIFIED,
    *GIVEN,
    UPLOADS,
    *DELAYS,
    Measure("visits reported", "visit_reports", "visits-reported"),
    Measure("reports", "analytics_intake", "report-counted"),
)


class Figures(NamedTuple):
    """The figures of some days.

    Attributes:
        days: from the first on.
        counts: by measure, one for each of the days.
        answers: by question, how many reports there were and the estimate of each option.
    """

    days: tuple[date, ...]
    counts: dict[Measure, list[int]]
    answers: dict[Question, tuple[int, tuple[Estimate, ...]]]

    def share(self, part: Iterable[Measure], whole: Iterable[Measure]) -> str:
        """What share some sums are of others, in percent; `few` where either are small."""
        some, all_of = (sum(sum(self.counts[one]) for one in each) for each in (part, whole))
        if min(some, all_of) < LEAST_SHOWN:
            return "few"
        return f"{100 * some / all_of:.0f} %"


def figures_of(
    cloudwatch: CloudWatchClient, sums: AnalyticsSums, days: int, now: datetime
) -> Figures:
    """The figures of the last days, today (UTC) included.

    Raises:
        Unavailable: AWS did not answer.
    """
    today = now.astimezone(UTC).date()
    wanted = tuple(today - timedelta(days=ago) for ago in reversed(range(days)))
    found = sums.of(wanted)
    return Figures(
        days=wanted,
        counts=_counts(cloudwatch, wanted),
        answers={
            question: (sum(one.reports for one in found[question]), estimated(found[question]))
            for question in QUESTIONS
        },
    )


def shown(count: int) -> str:
    """A count, unless it is of few."""
    return f"{count:,}" if count >= LEAST_SHOWN or count == 0 else f"< {LEAST_SHOWN}"


def shown_total(counts: Sequence[int]) -> str:
    """The sum of counts; to the ten below where one of them is not shown, for it would tell it."""
    total = sum(counts)
    if total < LEAST_SHOWN or not any(0 < count < LEAST_SHOWN for count in counts):
        return shown(total)
    return f"\N{GREATER-THAN OR EQUAL TO} {total - total % LEAST_SHOWN:,}"


def _counts(cloudwatch: CloudWatchClient, days: Sequence[date]) -> dict[Measure, list[int]]:
    begin = datetime.combine(days[0], time(), UTC)
    with aws_errors("metrics"):
        results = [
            result
            for page in cloudwatch.get_paginator("get_metric_data").paginate(
                MetricDataQueries=[_query(place, one) for place, one in enumerate(MEASURES)],
                StartTime=begin,
                EndTime=begin + timedelta(days=len(days)),
            )
            for result in page["MetricDataResults"]
        ]
    counts = {measure: [0] * len(days) for measure in MEASURES}
    for result in results:
        daily = counts[MEASURES[int(result["Id"].removeprefix("m"))]]
        for at, value in zip(result["Timestamps"], result["Values"], strict=True):
            daily[(at.astimezone(UTC).date() - days[0]).days] += round(value)
    return counts


def _query(place: int, measure: Measure) -> MetricDataQueryTypeDef:
    return {
        "Id": f"m{place}",
        "MetricStat": {
            "Metric": {
                "Namespace": _NAMESPACE,
                "MetricName": measure.metric,
                "Dimensions": [{"Name": "service", "Value": measure.service}],
            },
            "Period": _DAY_SECONDS,
            "Stat": "Sum",
        },
    }
