"""Telling laboratories which parts of a file died: no file is left without an answer.

A file is open from its arrival to its full acknowledgement. One that is open for longer than
the retries of the intake take has lost a message to the dead-letter queue.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from inbox_sweep.log_codes import LogCode
from vigie.errors import Rejected, Unavailable
from vigie.inbox import FileState
from vigie.unforeseen import told_by_type

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from aws_lambda_powertools import Logger

    from vigie.acknowledgement import Acknowledger
    from vigie.inbox import FileStore

# Of each shard of the index in one run; the next run finds the others.
FILES_PER_SHARD = 50


class Swept(NamedTuple):
    """What a run did.

    Attributes:
        told: files whose laboratory was told what is missing.
        failed: files that could not be told of; the next run tries again.
    """

    told: int
    failed: int


class InboxSweep:
    """Answers for files that nobody will finish.

    Args:
        files: how far each file has come.
        acknowledger: answers laboratories.
        open_for: how long a file may be open.
        logger: told of each file, by its id.
    """

    def __init__(
        self, files: FileStore, acknowledger: Acknowledger, open_for: timedelta, logger: Logger
    ) -> None:
        self._files = files
        self._acknowledger = acknowledger
        self._open_for = open_for
        self._logger = logger

    def run(self, now: datetime) -> Swept:
        """Tell of every file that has been open for too long; one cannot cost the others.

        Args:
            now: the present, aware, UTC.

        Raises:
            Unavailable: the files cannot be listed.
        """
        told = failed = 0
        for file_id in self._files.open_since(now - self._open_for, limit=FILES_PER_SHARD):
            try:
                with told_by_type(LogCode.SWEEP_FAILED.value, self._logger):
                    told += self._tell(file_id)
            except (Rejected, Unavailable) as error:
                failed += 1
                self._logger.error(LogCode.SWEEP_FAILED.value, file_id=file_id, reason=error.code)  # noqa: TRY400 - a trace adds nothing
        return Swept(told, failed)

    def _tell(self, file_id: str) -> bool:
        record = self._files.get(file_id)
        if record.state is not FileState.RECEIVED:
            return False
        if record.complete:
            # Its last part died between its fragment and the join.
            summary = self._acknowledger.join(record)
            self._files.note_acknowledged(file_id, record.format, summary)
            return False
        # The answer first: a crash in between leaves the file open for the next run.
        summary = self._acknowledger.tell_missing(record)
        noted = self._files.note_incomplete(file_id, summary)
        if noted:
            missing = [number for number, _ in record.missing]
            self._logger.warning(LogCode.MISSING_TOLD.value, file_id=file_id, parts=missing)
        return noted
