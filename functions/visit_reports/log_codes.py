"""The codes of what this function logs, and counts under the same names."""

from enum import StrEnum


class LogCode(StrEnum):
    """One stable code for each thing that an operator may look for.

    `REPORT_REPEATED`: the same report again, after an answer that was lost.
    """

    VISITS_REPORTED = "visits-reported"
    REPORT_REPEATED = "report-repeated"
    REPORT_REFUSED = "report-refused"
    REPORT_FAILED = "report-failed"
    ATTESTED_BODY_DIFFERS = "attested-body-differs"
    DECOY_ANSWERED = "decoy-answered"
