"""The codes of what this function logs, and counts under the same names."""

from enum import StrEnum


class LogCode(StrEnum):
    """One stable code for each thing that an operator may look for; see also `LinkCode`.

    `CERTIFICATE_DRAWN` is told with the media type, `CERTIFICATE_REFUSED` with the reason,
    `WALLET_CERTIFICATE_ENDING` with the wallet whose certificate ends within 30 days.
    """

    CERTIFICATE_DRAWN = "certificate-drawn"
    CERTIFICATE_REFUSED = "certificate-refused"
    WALLET_CERTIFICATE_ENDING = "wallet-certificate-ending"
    REQUEST_REFUSED = "request-refused"
    REQUEST_FAILED = "request-failed"
