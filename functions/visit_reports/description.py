"""What the OpenAPI description of tracing says of visits."""

from vigie.http.openapi import Answer, Operation
from visit_reports.report_request import ReportAnswer, ReportRefusal, ReportRequest

_DECOY = "Any value: the request is a decoy, and is answered before anything of it is read."

OPERATIONS = (
    Operation(
        method="post",
        path="/v1/visits/report",
        name="reportVisits",
        summary="Report where a person with a positive result was",
        headers={
            "X-Chaff": _DECOY,
            "X-Attestation": "What the device vouches with.",
            "X-Attested-Body": "SHA-256 of the body that the device vouches for.",
        },
        body=ReportRequest,
        answers={
            200: Answer("The visits that can be counted will be.", ReportAnswer),
            400: Answer("The body is not as described.", ReportRefusal),
            401: Answer("The upload code is not accepted.", ReportRefusal),
            403: Answer("The device vouched for another body.", ReportRefusal),
            413: Answer("The body is larger than 64,000 bytes.", ReportRefusal),
            415: Answer("The body is not JSON.", ReportRefusal),
            500: Answer("Something went wrong: send it again.", ReportRefusal),
        },
    ),
)
