"""The schedule that releases certificates whose day has come."""

from __future__ import annotations

import io
import uuid
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from unittest import mock
from zoneinfo import ZoneInfo

from aws_lambda_powertools import Logger

from certificate_release.handler import build
from certificate_release.settings import Settings
from certificate_signing.certificate_store import CertificateStore
from tests.faults.account import messages
from tests.faults.scenario import Scenario
from tests.functions.certificate_signing.world import create_certificates_table
from tests.functions.resources import create_queue, items
from vigie import aws
from vigie.certificates.certificate_due import RECOVERY_DUE, RENEWAL_DUE
from vigie.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Sequence

_NOW = datetime(2026, 12, 4, 9, tzinfo=UTC)
_TICK = "{}"
# Most partitions would have nothing.
_FEW_PARTITIONS = mock.patch("vigie.certificates.certificate_due._SHARDS", 2)


class Release(Scenario):
    """Four reminders of a day, among its partitions."""

    def __init__(self) -> None:
        create_certificates_table()
        settings = Settings(
            certificates_table="certificates",
            signing_queue_url=create_queue("signing"),
            dead_letters_url=create_queue("dead"),
            issuer_time_zone=ZoneInfo("Europe/Paris"),
            days_back=0,
        )
        self._door = build(
            settings,
            logger=Logger(service=str(uuid.uuid4()), stream=io.StringIO()),
            now=lambda: _NOW,
        )

    def prepare(self) -> list[str]:
        store = CertificateStore(aws.dynamodb(), "certificates")
        with _FEW_PARTITIONS:
            for number in range(3):
                store.remind(f"r{number}", RECOVERY_DUE, _NOW.date())
            store.remind("v", RENEWAL_DUE, _NOW.date())
        return [_TICK]

    def deliver(self, bodies: Sequence[str]) -> list[str]:
        context: Any = SimpleNamespace(get_remaining_time_in_millis=lambda: 60_000)
        with _FEW_PARTITIONS, mock.patch("certificate_release.release._PARALLEL", 1):
            try:
                for _ in bodies:
                    self._door(context)
            except Unavailable:
                return list(bodies)
        return []

    def everything(self) -> dict[str, object]:
        # Asked for twice, a result is signed once.
        return {"asked": set(messages("signing")), "reminders": items("certificates")}
