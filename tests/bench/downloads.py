"""`python -m tests.bench.downloads`: what phones download in a day, and what reaches the origin.

The size of a key in a file is measured on a file that the function's own writer makes. Phones and
the settings of the cache are France's; what a cache asks the bucket follows from the lifetime of
each object and the number of caches, however many phones there are.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from rich.console import Console
from rich.table import Table

from vigie.tracing.diagnosis_key import DiagnosisKey, ReportType
from vigie.tracing.export_format import ExportFrame, SignatureInfo
from vigie.tracing.export_writer import write_binary, write_signatures, write_zip
from vigie.tracing.interval import interval_number

_PHONES = 60_000_000
_FILES_A_DAY = 6
# A phone looks for new files as often as there are some.
_LOOKS_A_DAY = 6
_INDEX_SECONDS = 300
_DAY_SECONDS = 86_400
# Edge locations that serve France, and the regional caches between them and the bucket; each may
# ask by itself, which is more than they do.
_CACHES = 20
_HEADERS_BYTES = 600
_DAYS_LISTED = 14
_NAME_BYTES = len("exports/1795478400-1795492800-00001.zip\n")
_MEASURED_KEYS = 20_000
_KEYS_OF_AN_UPLOAD = 14
_UPLOADS = (1_000, 10_000, 300_000)
_GIGABYTE = 1e9
# Europe, the first 10 TB of a month; the price falls with what is used.
_DOLLARS_A_GIGABYTE = 0.085
_DOLLARS_A_MILLION_REQUESTS = 1.2
_MIDNIGHT = datetime(2026, 11, 24, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Day:
    """Downloads of a day.

    Attributes:
        requests: that phones make.
        gigabytes: that caches send them.
        origin_requests: that caches make to the bucket, at most.
        dollars: of CloudFront at the list price, before any discount for quantity.
    """

    requests: int
    gigabytes: float
    origin_requests: int
    dollars: float


def bytes_of_a_key() -> float:
    """Of a key in a zipped file of many."""
    chosen = random.Random(1)  # noqa: S311 - the same keys in every run
    keys = [
        DiagnosisKey(
            key_data=chosen.randbytes(16),
            rolling_start_interval_number=interval_number(_MIDNIGHT) - 144 * chosen.randint(2, 14),
            rolling_period=144,
            transmission_risk=2,
            report_type=ReportType.CONFIRMED_TEST,
            days_since_onset_of_symptoms=chosen.randint(-3, 10),
        )
        for _ in range(_MEASURED_KEYS)
    ]
    info = SignatureInfo(verification_key_id="208", verification_key_version="v1")
    frame = ExportFrame(
        start=_MIDNIGHT,
        end=_MIDNIGHT + timedelta(hours=4),
        region="FR",
        signature_infos=(info,),
    )
    archive = write_zip(write_binary(frame, keys), write_signatures([(info, bytes(71))]))
    return len(archive) / _MEASURED_KEYS


def day(uploads: int, key_bytes: float, phones: int = _PHONES) -> Day:
    """The downloads of a day.

    Args:
        uploads: of fourteen keys each.
        key_bytes: of a key in a file.
        phones: that download everything once.
    """
    files = uploads * _KEYS_OF_AN_UPLOAD * key_bytes + _FILES_A_DAY * _HEADERS_BYTES
    index = _FILES_A_DAY * _DAYS_LISTED * _NAME_BYTES + _HEADERS_BYTES
    requests = phones * (_LOOKS_A_DAY + _FILES_A_DAY)
    gigabytes = phones * (files + _LOOKS_A_DAY * index) / _GIGABYTE
    return Day(
        requests=requests,
        gigabytes=gigabytes,
        origin_requests=_CACHES * (_DAY_SECONDS // _INDEX_SECONDS + _FILES_A_DAY),
        dollars=gigabytes * _DOLLARS_A_GIGABYTE + requests / 1e6 * _DOLLARS_A_MILLION_REQUESTS,
    )


def show() -> None:
    """Print a day of few, many and very many uploads."""
    key_bytes = bytes_of_a_key()
    table = Table(
        "uploads",
        "requests of phones",
        "GB to phones",
        "MB a phone",
        "requests to the bucket",
        "dollars at list price",
        title=f"a day of {_PHONES:,} phones, {key_bytes:.1f} bytes a key",
    )
    for uploads in _UPLOADS:
        told = day(uploads, key_bytes)
        table.add_row(
            f"{uploads:,}",
            f"{told.requests:,}",
            f"{told.gigabytes:,.0f}",
            f"{told.gigabytes * _GIGABYTE / _PHONES / 1e6:.2f}",
            f"{told.origin_requests:,}",
            f"{told.dollars:,.0f}",
        )
    Console().print(table)


if __name__ == "__main__":
    show()
