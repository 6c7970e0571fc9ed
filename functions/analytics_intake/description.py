"""What the API takes and answers, for its OpenAPI description."""

from analytics_intake import problem
from analytics_intake.report import Report
from vigie.http.openapi import Answer, Operation, problem_answers
from vigie.http.problem import BODY_NOT_JSON, BODY_UNREADABLE, UNAVAILABLE

OPERATIONS = (
    Operation(
        method="post",
        path="/v1/analytics",
        name="reportAnalytics",
        summary="Count the answer to one question, after randomised response",
        headers={"X-Chaff": "A decoy, which is answered and not counted"},
        body=Report,
        answers={204: Answer("Counted, or counted before.")}
        | problem_answers(
            problem.REPORT_INVALID,
            BODY_UNREADABLE,
            problem.TOO_LARGE,
            BODY_NOT_JSON,
            UNAVAILABLE,
        ),
    ),
)
