"""What the OpenAPI description of tracing says of posters."""

from venue_posters import problem
from venue_posters.poster_request import PosterRequest
from vigie.http.openapi import Answer, Operation, problem_answers
from vigie.http.problem import BODY_NOT_JSON, BODY_UNREADABLE, FAILED, UNAVAILABLE

OPERATIONS = (
    Operation(
        method="post",
        path="/v1/venues/poster",
        name="drawPoster",
        summary="Draw the poster of a venue",
        body=PosterRequest,
        answers={
            200: Answer("The page, whose code is like no other.", drawn=("application/pdf",)),
            **problem_answers(
                BODY_UNREADABLE,
                problem.BODY_TOO_LARGE,
                BODY_NOT_JSON,
                problem.BODY_INVALID,
                FAILED,
                problem.NO_KEY,
                UNAVAILABLE,
            ),
        },
    ),
)
