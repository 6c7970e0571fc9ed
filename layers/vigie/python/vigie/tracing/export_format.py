"""The files that apps download: names, numbers and what an export says of itself.

Source: `export.proto` of the Exposure Notification key server (docs/export.proto), and
"Exposure Key Export File Format" of Google and Apple.
"""

from datetime import datetime
from enum import IntEnum
from typing import Annotated

from pydantic import Field

from vigie.model import Frozen

HEADER = b"EK Export v1    "
BINARY_NAME = "export.bin"
SIGNATURE_NAME = "export.sig"
ECDSA_P256_SHA256 = "1.2.840.10045.4.3.2"
MOST_SIGNATURES = 10
# The one field of TEKSignatureList.
SIGNATURES = 1
DEFAULT_ROLLING_PERIOD = 144


class SignatureInfo(Frozen):
    """Which key signed.

    Attributes:
        verification_key_id: the mobile country code, such as `208`.
        verification_key_version: such as `v1`.
        signature_algorithm: OID.
    """

    verification_key_id: Annotated[str, Field(pattern=r"^[A-Za-z0-9_]{1,64}$")]
    verification_key_version: Annotated[str, Field(max_length=64)]
    signature_algorithm: Annotated[str, Field(max_length=64)] = ECDSA_P256_SHA256


class ExportFrame(Frozen):
    """What an export says besides its keys.

    Attributes:
        start: of the release of its keys, inclusive; aware, whole seconds.
        end: exclusive; of a period that is split over files, later by the file's number of
            seconds, for phones tell files apart by it.
        region: ISO 3166-1 alpha-2.
        signature_infos: who signs, the newest key first.
    """

    start: datetime
    end: datetime
    region: Annotated[str, Field(max_length=64)]
    signature_infos: Annotated[tuple[SignatureInfo, ...], Field(max_length=MOST_SIGNATURES)]


class ExportNumber(IntEnum):
    """Field numbers of TemporaryExposureKeyExport."""

    START_TIMESTAMP = 1
    END_TIMESTAMP = 2
    REGION = 3
    BATCH_NUM = 4
    BATCH_SIZE = 5
    SIGNATURE_INFOS = 6
    KEYS = 7
    REVISED_KEYS = 8


class InfoNumber(IntEnum):
    """Field numbers of SignatureInfo."""

    VERIFICATION_KEY_VERSION = 3
    VERIFICATION_KEY_ID = 4
    SIGNATURE_ALGORITHM = 5


class KeyNumber(IntEnum):
    """Field numbers of TemporaryExposureKey."""

    KEY_DATA = 1
    TRANSMISSION_RISK_LEVEL = 2
    ROLLING_START_INTERVAL_NUMBER = 3
    ROLLING_PERIOD = 4
    REPORT_TYPE = 5
    DAYS_SINCE_ONSET_OF_SYMPTOMS = 6


class SignatureNumber(IntEnum):
    """Field numbers of TEKSignature."""

    SIGNATURE_INFO = 1
    BATCH_NUM = 2
    BATCH_SIZE = 3
    SIGNATURE = 4
