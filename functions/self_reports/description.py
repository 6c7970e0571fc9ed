"""The OpenAPI description of the API."""

from self_reports.messages import RefusalAnswer, ReportAnswer, ReportRequest
from vigie.http.openapi import Answer, Operation, describe

USER_REPORT = "/api/user-report"
DESCRIPTION = "/api/user-report/openapi.json"

_TITLE = "Vigie: codes for people who tested themselves"
_ABOUT = (
    "An app asks for an upload code, which comes by SMS. The route and its fields are those of the "
    "Exposure Notification verification server. What was sent is never repeated."
)
OPERATIONS = (
    Operation(
        "post",
        USER_REPORT,
        "reportOwnTest",
        "Ask for an upload code by SMS",
        {
            200: Answer("A code was sent, or the number gets none.", ReportAnswer),
            400: Answer("The request breaks a rule: see `errorCode`.", RefusalAnswer),
            429: Answer("The day had as many requests as it may have.", RefusalAnswer),
            500: Answer("Something went wrong: send the same again.", RefusalAnswer),
        },
        headers={
            "X-Chaff": "Any value makes the request a decoy, which is answered unread.",
            "Accept-Language": "Language of the SMS: French or English.",
        },
        body=ReportRequest,
    ),
)


def description() -> str:
    """The description, as JSON."""
    return describe(_TITLE, _ABOUT, OPERATIONS)
