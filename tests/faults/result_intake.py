"""Files of a laboratory, whole and in parts."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Any

from tests.faults.account import events, messages, objects, taken
from tests.faults.scenario import Scenario
from tests.functions.laboratories import suspend
from tests.functions.resources import items
from tests.functions.result_intake.samples import Sample, csv_of
from tests.functions.result_intake.world import LABORATORY, World, notification
from vigie import aws
from vigie.inbox.file_record import from_item

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vigie.results.stored_result import StoredResult

MORNING = csv_of(
    Sample(),
    Sample().at(13).but(status="C", outcome="260415000"),
    Sample(),
    Sample(birth_date="1969-14-14"),
    Sample(accession="A2").but(status="W"),
    Sample(accession="A3", email="no address"),
)
AFTERNOON = csv_of(Sample(accession="B1"), Sample(accession="B1").at(14).but(status="W"))
# What it says of one result is in one part: parts come in any order.
EVENING = csv_of(Sample(accession="C1"), Sample(accession="C2", email="no address"))


def _packed(*contents: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for number, content in enumerate(contents):
            archive.writestr(zipfile.ZipInfo(str(number)), content)
    return held.getvalue()


class _Intake(Scenario):
    """Files that S3 tells of in one message."""

    files: tuple[bytes, ...]

    def __init__(self) -> None:
        self._world = World()

    def prepare(self) -> list[str]:
        return [notification(*(self._put(place) for place in range(len(self.files))))]

    def deliver(self, bodies: Sequence[str]) -> list[str]:
        return [bodies[int(place)] for place in self._world.deliver(*bodies)]

    def waiting(self) -> list[str]:
        return taken("intake")

    def everything(self) -> dict[str, object]:
        files = items("files")
        return {
            "results": [self._opened(result) for result in self._world.results()],
            "files": [(from_item(item), "open_shard" in item) for item in files],
            "outbox": objects("outbox"),
            "workspace": objects("workspace"),
            "events": set(events("events-seen")),
            "dead": messages("dead"),
        }

    def _opened(self, result: StoredResult) -> dict[str, Any]:
        """A result without the nonces of what is sealed."""
        identity, contact = self._world.identity_of(result), self._world.contact_of(result)
        return result.model_dump() | {"identity": identity, "contact": contact}

    def _put(self, place: int) -> tuple[str, str, int]:
        key, body = f"{LABORATORY}/{place}.csv", self.files[place]
        stored = aws.s3().put_object(Bucket="inbox", Key=key, Body=body)
        return key, stored["VersionId"], len(body)


class SmallFile(_Intake):
    """A file with a correction, a duplicate, a withdrawal, a fault and a warning."""

    files = (MORNING,)


class NotLetIn(_Intake):
    """A file of a laboratory that is suspended."""

    files = (MORNING,)

    def prepare(self) -> list[str]:
        suspend(LABORATORY)
        return super().prepare()


class TwoFiles(_Intake):
    """Two files in one message, which becomes a message for each."""

    files = (csv_of(Sample(accession="A1")), AFTERNOON)


class LargeFile(_Intake):
    """A file that is cut in two."""

    files = (EVENING,)

    def __init__(self) -> None:
        super().__init__()
        self._world.part_bytes = len(EVENING) // 4


class LargeArchive(_Intake):
    """An archive of a file, and of another that is not read."""

    files = (_packed(csv_of(Sample(accession="D1")), b"a note to whom it may concern"),)

    def __init__(self) -> None:
        super().__init__()
        self._world.part_bytes = 100
