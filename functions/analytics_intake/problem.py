"""What is said of reports that are not taken."""

from http import HTTPStatus

from vigie.http.problem import kind

REPORT_INVALID = kind(
    "report-invalid",
    HTTPStatus.BAD_REQUEST,
    "The report breaks a rule",
    "Send one bit for each option of a question that there is.",
)
TOO_LARGE = kind(
    "report-too-large",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "The report is too large",
    "Send at most 2,048 characters.",
)
