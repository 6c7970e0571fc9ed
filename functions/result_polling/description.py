"""The OpenAPI description of the API."""

from result_polling import problem
from result_polling.message import ExchangeRequest, OrderAnswer, PollRequest, ResultAnswer
from vigie.http.openapi import Answer, Operation, describe, problem_answers
from vigie.http.problem import FAILED, UNAVAILABLE

ORDER = "/virology-test/v2/order"
RESULTS = "/virology-test/v2/results"
EXCHANGE = "/virology-test/v2/cta-exchange"
DESCRIPTION = "/virology-test/v2/openapi.json"

_TITLE = "Vigie: results for the app that ordered the test"
_ABOUT = (
    "An app orders a test and asks for its result with a token that it got with the order. Routes "
    "and fields are those of the NHS COVID-19 app, version 2. Problems are described as RFC 9457 "
    "says, and never repeat what was sent."
)
_RESULT = {
    200: Answer("The result.", ResultAnswer),
    204: Answer("There is no result yet."),
    **problem_answers(problem.NO_ORDER, problem.BODY_INVALID, FAILED, UNAVAILABLE),
}
OPERATIONS = (
    Operation(
        "post",
        ORDER,
        "orderTest",
        "Order a test",
        {200: Answer("The order.", OrderAnswer), **problem_answers(FAILED, UNAVAILABLE)},
    ),
    Operation(
        "post", RESULTS, "pollResult", "Ask for the result of an order", _RESULT, body=PollRequest
    ),
    Operation(
        "post",
        EXCHANGE,
        "exchangeToken",
        "Ask for a result with the token that the laboratory has; twice at most",
        _RESULT,
        body=ExchangeRequest,
    ),
)


def description() -> str:
    """The description, as JSON."""
    return describe(_TITLE, _ABOUT, OPERATIONS)
