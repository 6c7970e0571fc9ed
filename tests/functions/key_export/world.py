"""The export wired to AWS in process, with keys that were released before."""

from __future__ import annotations

import hashlib
import io
import json
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_der_public_key

from key_export.handler import build
from key_export.settings import Settings
from tests.functions.resources import create_bucket, create_table, empty_bucket, items, objects
from vigie import aws
from vigie.tracing.diagnosis_key import DiagnosisKey, ReportType
from vigie.tracing.export_reader import KeyExport, read_verified
from vigie.tracing.interval import interval_number
from vigie.tracing.release import Section
from vigie.tracing.stored_key import (
    Provenance,
    known_item,
    known_key,
    released_item,
    revised_item,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from vigie.tracing.export_format import ExportFrame

MIDNIGHT = datetime(2026, 11, 24, tzinfo=UTC)
HOUR = timedelta(hours=1)
# Batches of four hours, exported two hours after their end.
FIRST_DUE = MIDNIGHT + 6 * HOUR
HOME = Provenance(origin="FR")
SCHEDULE = Path(__file__).parents[3] / "events" / "key_export" / "schedule.json"


class Context(LambdaContext):
    """The function's time: ample at so many questions, then none."""

    def __init__(self, questions: int = 1_000_000) -> None:
        super().__init__()
        self._questions = questions

    def get_remaining_time_in_millis(self) -> int:  # type: ignore[override]
        self._questions -= 1
        return 800_000 if self._questions >= 0 else 0


def key(number: int, hour: datetime = MIDNIGHT) -> DiagnosisKey:
    """A key that was used on the day before an hour."""
    return DiagnosisKey(
        # The order of numbers is not that of bytes.
        key_data=(number * 7919 % 65_521).to_bytes(2, "little") + number.to_bytes(14, "big"),
        rolling_start_interval_number=interval_number(hour) - 144,
        rolling_period=144,
        transmission_risk=number % 9,
        report_type=ReportType.CONFIRMED_TEST,
        days_since_onset_of_symptoms=number % 29 - 14,
    )


class Left(NamedTuple):
    """What runs left.

    Attributes:
        entries: of the exports table.
        listed: names in the index.
        files: the numbers of the real keys of each file, verified.
        revised: those of the revised keys of each.
        frames: what the files say of themselves.
    """

    entries: list[dict[str, Any]]
    listed: list[str]
    files: dict[str, list[int]]
    revised: dict[str, list[int]]
    frames: list[ExportFrame]

    def numbers(self) -> list[int]:
        """The numbers of all real keys."""
        return sorted(number for numbers in self.files.values() for number in numbers)


class World:
    """Tables, the bucket and the key of one test, and the function that uses them."""

    def __init__(self, **changes: object) -> None:
        create_table("keys", "shard", "key")
        create_table("exports", "list", "entry")
        create_bucket("exports")
        created = aws.kms().create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")
        arn = created["KeyMetadata"]["Arn"]
        public_key = load_der_public_key(aws.kms().get_public_key(KeyId=arn)["PublicKey"])
        assert isinstance(public_key, ec.EllipticCurvePublicKey)
        self.public_key = public_key
        self.log = io.StringIO()
        self.seeds: list[bytes] = []
        self._logger = Logger(service=str(uuid.uuid4()), stream=self.log)
        small = {"min_records": 6, "padding_range": 3, "max_records": 20}
        self.settings = Settings.model_validate(
            {
                "keys_table": "keys",
                "exports_table": "exports",
                "exports_bucket": "exports",
                "signing_key_arn": arn,
                "region": "FR",
                "verification_key_id": "208",
                "lookback_seconds": 12 * 3600,
                **small,
                **changes,
            }
        )

    def release(
        self,
        numbers: Iterable[int],
        hour: datetime = MIDNIGHT,
        *,
        start: int | None = None,
        provenance: Provenance = HOME,
    ) -> list[DiagnosisKey]:
        """Have keys released in an hour; `start`: the first interval of each, if another."""
        section = Section.HOME if provenance.origin == HOME.origin else Section.ABROAD
        changes = {} if start is None else {"rolling_start_interval_number": start}
        released = [key(number, hour).model_copy(update=changes) for number in numbers]
        for each in released:
            aws.dynamodb().put_item(
                TableName="keys", Item=released_item(each, hour, provenance, section)
            )
        return released

    def revise(
        self,
        number: int,
        hour: datetime,
        *,
        released: datetime = MIDNIGHT,
        provenance: Provenance = HOME,
    ) -> DiagnosisKey:
        """Have a key that is released in an hour revoked in another hour."""
        given = key(number, released)
        known = known_key(known_item(given, released, provenance), HOME.origin)
        changes = {"report_type": ReportType.REVOKED, "transmission_risk": 8}
        revised = given.model_copy(update=changes)
        aws.dynamodb().put_item(TableName="keys", Item=revised_item(revised, known, hour))
        return revised

    def run(self, now: datetime = FIRST_DUE, context: LambdaContext | None = None) -> None:
        """Run a new instance of the function once."""
        door = build(self.settings, logger=self._logger, now=lambda: now, new_seed=self._new_seed)
        door(context or Context())

    def _new_seed(self) -> bytes:
        self.seeds.append(bytes([len(self.seeds)] * 32))
        return self.seeds[-1]

    def index(self, root: str = "exports") -> str:
        """What `index.txt` says."""
        return objects("exports")[f"{root}/index.txt"].decode("ascii")

    def manifest(self, root: str = "exports") -> list[dict[str, Any]]:
        """The files of `manifest.json`; each is as it says."""
        kept = objects("exports")
        files: list[dict[str, Any]] = json.loads(kept[f"{root}/manifest.json"])["files"]
        for file in files:
            content = kept[file["name"]]
            assert (file["bytes"], file["sha256"]) == (
                len(content),
                hashlib.sha256(content).hexdigest(),
            )
        return files

    def files(self, root: str = "exports") -> dict[str, KeyExport]:
        """Every file of a region in the bucket, verified."""
        return {
            name: read_verified(content, self.public_key)
            for name, content in objects("exports").items()
            if name.startswith(f"{root}/1") and name.endswith(".zip")
        }

    def keys_out(self, root: str = "exports") -> list[DiagnosisKey]:
        """Every key of every file that the index lists, real or not."""
        files = self.files(root)
        return [key for name in self.index(root).split("\n") if name for key in files[name].keys]

    def revised_out(self, root: str = "exports") -> list[DiagnosisKey]:
        """Every revised key of every file."""
        return [key for export in self.files(root).values() for key in export.revised_keys]

    def left(self) -> Left:
        """What the runs left, but for signatures and padding, which are never twice the same."""
        files = self.files()
        return Left(
            entries=sorted(map(_public, items("exports")), key=lambda item: str(item["entry"])),
            listed=self.index().split("\n"),
            files={name: numbers_of(export.keys) for name, export in files.items()},
            revised={name: numbers_of(export.revised_keys) for name, export in files.items()},
            frames=[export.frame for export in files.values()],
        )

    def start_again(self) -> None:
        """Forget what was exported; the keys stay."""
        empty_bucket("exports")
        for item in items("exports"):
            aws.dynamodb().delete_item(
                TableName="exports", Key={"list": item["list"], "entry": item["entry"]}
            )

    def logged(self) -> list[dict[str, Any]]:
        """The lines of the log."""
        return [json.loads(line) for line in self.log.getvalue().splitlines()]


def _public(item: dict[str, Any]) -> dict[str, Any]:
    """An item of the exports table without what follows from signatures."""
    return {name: value for name, value in item.items() if name != "facts"}


def numbers_of(keys: Iterable[DiagnosisKey]) -> list[int]:
    """The numbers that keys were made from, in order; padding has none."""
    made: dict[int, int] = {}
    for each in keys:
        number = int.from_bytes(each.key_data[2:], "big")
        if number < 65_521 and key(number).key_data == each.key_data:
            made[number] = made.get(number, 0) + 1
    assert set(made.values()) <= {1}, "a key is exported twice"
    return sorted(made)
