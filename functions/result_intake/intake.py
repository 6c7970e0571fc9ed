"""The way of a file through the intake: recognised, read as a whole or in parts, answered.

A file of up to 5 MiB, and one that cannot be cut, is read at once. A larger one is cut into
parts on record boundaries, each of which becomes a message to this same function and leaves a
fragment of the acknowledgement; whichever part is finished last joins them. What is compressed
is unpacked first, to its end, so that nothing is taken from a damaged file; above 5 MiB it is
unpacked into the workspace, and cut there. The entries of a zip archive are read each by its own
format. Everything may happen again at any point, and ends the same.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from result_intake.archive import FORMAT, Archive, in_entry, refused_entry
from result_intake.cutting import RANGE, cut
from result_intake.decompression import decompressed
from result_intake.fhir.document import MAX_DOCUMENT
from result_intake.file_reading import MAX_FILE_BYTES
from result_intake.log_codes import LogCode
from result_intake.messages import RangeMessage, S3TestEvent, parse_message
from result_intake.reading import read_items
from result_intake.recognition import HEAD, Dialect, recognise
from result_intake.zip_archive import is_zip
from vigie.acknowledgement import Fragment
from vigie.errors import Rejected
from vigie.inbox import ByteSpan, FileState, S3Notification
from vigie.results.reading import Breach, Level

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime, timedelta

    from result_intake.intake_reporter import IntakeReporter
    from result_intake.item_recorder import ItemRecorder
    from result_intake.object_reader import ObjectReader
    from result_intake.unpacked_files import UnpackedFiles
    from vigie.acknowledgement import Acknowledger, FragmentStore
    from vigie.inbox import FilePart, FileRecord, FileStore, InboxFile
    from vigie.laboratories import LaboratoryRegister
    from vigie.message_queue import MessageQueue
    from vigie.results.reading import Item


class IntakeLimits(NamedTuple):
    """How files are treated.

    Attributes:
        inbox_bucket: the only bucket that notifications may speak of.
        retention: how long the record of a file is kept.
        part_bytes: above this a file, unpacked, is cut into parts of about this size.
    """

    inbox_bucket: str
    retention: timedelta
    part_bytes: int = RANGE


class IntakeStores(NamedTuple):
    """What the intake keeps things in.

    Attributes:
        inbox: laboratories' files.
        unpacked: what large compressed ones hold.
        files: how far each file has come.
        fragments: of acknowledgements.
        queue: the function's own.
        register: who may send.
    """

    inbox: ObjectReader
    unpacked: UnpackedFiles
    files: FileStore
    fragments: FragmentStore
    queue: MessageQueue
    register: LaboratoryRegister


class Intake:
    """Handles the messages of the intake queue.

    Args:
        stores: what it keeps things in.
        recorder: stores results and publishes events.
        acknowledger: answers laboratories.
        reporter: told of each step.
        limits: how files are treated.
        clock: the present, aware, UTC.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - the one place where its collaborators meet
        self,
        stores: IntakeStores,
        recorder: ItemRecorder,
        acknowledger: Acknowledger,
        reporter: IntakeReporter,
        limits: IntakeLimits,
        clock: Callable[[], datetime],
    ) -> None:
        self._inbox, self._unpacked, self._files, self._fragments, self._queue, self._register = (
            stores
        )
        self._recorder = recorder
        self._acknowledger = acknowledger
        self._reporter = reporter
        self._limits = limits
        self._clock = clock

    def handle(self, body: str) -> None:
        """Handle one message.

        Raises:
            Rejected: nobody can be answered: the message or its file is not of this system.
            Unavailable: AWS did not answer.
        """
        message = parse_message(body)
        if isinstance(message, RangeMessage):
            self._read_part(message)
        elif isinstance(message, S3TestEvent):
            self._reporter.tell(LogCode.NOTIFICATION_TESTED)
        elif len(message.records) > 1:
            self._fan_out(message)
        else:
            self._receive(message.records[0].file)

    def _fan_out(self, notification: S3Notification) -> None:
        """Make one message of each record, so that one cannot cost the others."""
        alone = (S3Notification(Records=(each,)) for each in notification.records)
        self._queue.send(each.model_dump_json(by_alias=True) for each in alone)
        self._reporter.tell(LogCode.NOTIFICATION_FANNED_OUT, records=len(notification.records))

    def _receive(self, file: InboxFile | None) -> None:
        if file is None:
            self._reporter.tell(LogCode.HAPPENING_IGNORED)
            return
        if file.bucket != self._limits.inbox_bucket:
            raise Rejected("inbox-bucket-unknown", "the notification is not of this inbox")
        record = self._files.open(file, now=self._clock(), retention=self._limits.retention)
        if record.state is FileState.ACKNOWLEDGED:
            self._reporter.tell(LogCode.FILE_ANSWERED_BEFORE, file_id=file.file_id)
            return
        if self._let_in(record):
            self._read_file(record)

    def _let_in(self, record: FileRecord) -> bool:
        """Whether the register lets the laboratory of a file in; if not, it is told.

        Whoever lets it in looks for refused files afterwards: so the register is asked again
        after the refusal is noted, and one of the two sees the other.
        """
        file, refused = record.file, record.state is FileState.REFUSED
        try:
            self._register.active(file.laboratory)
        except Rejected as told:
            fragment, refused = Fragment(counts={}, rules=(_rule(told),)), True
            summary = self._acknowledger.refuse(record, fragment)
            self._files.note_refused(file.file_id, summary)
            try:
                self._register.active(file.laboratory)
            except Rejected:
                self._reporter.tell_read(LogCode.FILE_NOT_LET_IN, file, fragment)
                return False
        if refused:
            self._files.reopen(file.file_id, now=self._clock())
        return True

    def _read_file(self, record: FileRecord) -> None:
        file = record.file
        if file.size > MAX_FILE_BYTES:
            self._refuse(record, Rejected("file-too-large", "a file has at most 1 GiB"))
            return
        content = self._chunks(file, ByteSpan(0, file.size))
        head = next(content, b"")
        if is_zip(head):
            self._read_archive(record)
            return
        file_format = None
        try:
            dialect = recognise(head[:HEAD])
            file_format = dialect.source_format
            begin, parts = self._cut(record, dialect, chain((head,), content))
        except Rejected as refused:
            self._refuse(record, refused, file_format)
            return
        if parts:
            self._hand_out(record, dialect.source_format, parts, lambda _: dialect)
        else:
            self._read_whole(record, dialect, begin)

    def _read_archive(self, record: FileRecord) -> None:
        file = record.file
        try:
            archive = Archive(lambda span: self._chunks(file, span), file.size)
            # Unpacked to its end before anything is taken from it.
            if archive.size <= self._limits.part_bytes:
                items = archive.items(now=file.received_at)
                self._answer(record, FORMAT, self._record(items, file))
                return
            dialects = archive.dialects()
            parts = record.parts or self._cut_archive(record, archive, dialects)
        except Rejected as refused:
            self._refuse(record, refused, FORMAT)
            return
        if parts:
            self._hand_out_archive(record, parts, dialects)
        else:
            self._answer(record, FORMAT, Fragment(counts={}))

    def _cut_archive(
        self, record: FileRecord, archive: Archive, dialects: dict[int, Dialect | str]
    ) -> tuple[FilePart, ...]:
        kept = self._unpacked.kept(record.file.file_id, archive.content())
        return tuple(archive.parts(kept, dialects, size=self._limits.part_bytes))

    def _hand_out_archive(
        self,
        record: FileRecord,
        parts: tuple[FilePart, ...],
        dialects: dict[int, Dialect | str],
    ) -> None:
        readable = {entry: each for entry, each in dialects.items() if isinstance(each, Dialect)}
        noted = self._hand_out(record, FORMAT, parts, lambda part: readable.get(part.entry))
        for number, part in enumerate(noted, start=1):
            rule = dialects[part.entry]
            if isinstance(rule, str):
                refused = [refused_entry(rule, part.entry)]
                fragment = self._record(refused, record.file)
                record = self._note_part(record, number, fragment)
        if record.complete:
            self._join(record)

    def _chunks(self, file: InboxFile, span: ByteSpan) -> Iterator[bytes]:
        return self._inbox.chunks(file.key, span, version_id=file.version_id)

    def _cut(
        self, record: FileRecord, dialect: Dialect, content: Iterator[bytes]
    ) -> tuple[bytes, tuple[FilePart, ...]]:
        """What a file holds, and its parts if that is not all.

        Raises:
            Rejected: it cannot be unpacked, or holds too much.
        """
        if dialect.compressed:
            content = decompressed(content)
        most = self._limits.part_bytes if dialect.cuttable else MAX_DOCUMENT
        begin = _beginning(content, more_than=most)
        if len(begin) <= most or not dialect.cuttable:
            return begin, ()
        if record.parts:
            return begin, record.parts
        content = chain((begin,), content)
        if dialect.compressed:
            content = self._unpacked.kept(record.file.file_id, content)
        return begin, tuple(cut(content, dialect, size=self._limits.part_bytes))

    def _refuse(
        self, record: FileRecord, refused: Rejected, file_format: str | None = None
    ) -> None:
        self._answer(record, file_format, Fragment(counts={}, rules=(_rule(refused),)))

    def _read_whole(self, record: FileRecord, dialect: Dialect, content: bytes) -> None:
        # Rules judge by the time of arrival, so that a retry judges alike.
        items = read_items([content], dialect, now=record.file.received_at)
        fragment = self._record(items, record.file)
        self._answer(record, dialect.source_format, fragment)

    def _record(self, items: Iterable[Item], file: InboxFile) -> Fragment:
        # What is begun is finished, whatever has become of the laboratory meanwhile.
        return self._recorder.record(items, file, self._register.known(file.laboratory))

    def _answer(self, record: FileRecord, file_format: str | None, fragment: Fragment) -> None:
        summary = self._acknowledger.answer(record, file_format, fragment)
        self._files.note_acknowledged(record.file.file_id, file_format, summary)
        self._reporter.tell_read(LogCode.FILE_READ, record.file, fragment)

    def _hand_out(
        self,
        record: FileRecord,
        file_format: str,
        parts: tuple[FilePart, ...],
        dialect_of: Callable[[FilePart], Dialect | None],
    ) -> tuple[FilePart, ...]:
        """Note the parts and send a message for each that has a dialect; those that are noted."""
        file_id = record.file.file_id
        parts = self._files.note_parts(file_id, file_format, parts, now=self._clock())
        readable = (
            (number, part, dialect)
            for number, part in enumerate(parts, start=1)
            if (dialect := dialect_of(part)) is not None
        )
        self._queue.send(
            RangeMessage(
                file_id=file_id,
                part=number,
                span=part.span,
                first_record=part.first_record,
                first_line=part.first_line,
                dialect=dialect,
                entry=part.entry,
            ).model_dump_json()
            for number, part, dialect in readable
        )
        self._reporter.tell(LogCode.FILE_CUT, file_id=file_id, parts=len(parts))
        return parts

    def _read_part(self, message: RangeMessage) -> None:
        record = self._files.get(message.file_id)
        if record.state is FileState.ACKNOWLEDGED:
            self._reporter.tell(LogCode.FILE_ANSWERED_BEFORE, file_id=message.file_id)
            return
        if [part.span for part in record.parts[message.part - 1 : message.part]] != [message.span]:
            raise Rejected("part-unknown", "the file has no such part")
        if message.part not in record.done:
            record = self._record_part(record, message)
        if record.complete:
            self._join(record)

    def _join(self, record: FileRecord) -> None:
        file_id = record.file.file_id
        summary = self._acknowledger.join(record)
        self._files.note_acknowledged(file_id, record.format, summary)
        self._reporter.tell(LogCode.FILE_JOINED, file_id=file_id)

    def _record_part(self, record: FileRecord, message: RangeMessage) -> FileRecord:
        if message.dialect.compressed or message.entry:
            chunks = self._unpacked.chunks(message.file_id, message.span)
        else:
            chunks = self._chunks(record.file, message.span)
        items = read_items(
            chunks,
            message.dialect,
            now=record.file.received_at,
            first_record=message.first_record,
            first_line=message.first_line,
        )
        if message.entry:
            items = in_entry(items, message.entry)
        return self._note_part(record, message.part, self._record(items, record.file))

    def _note_part(self, record: FileRecord, part: int, fragment: Fragment) -> FileRecord:
        file_id = record.file.file_id
        self._fragments.put(file_id, part, fragment)
        after = self._files.note_done(file_id, part)
        self._reporter.tell_read(LogCode.PART_READ, record.file, fragment, part=part)
        return after


def _rule(refused: Rejected) -> Breach:
    """Why a whole file is refused."""
    return Breach(code=refused.code, level=Level.ERROR, place=refused.place, message=str(refused))


def _beginning(chunks: Iterable[bytes], *, more_than: int) -> bytes:
    """The first bytes, until they are more than asked for or all."""
    held = bytearray()
    for chunk in chunks:
        held += chunk
        if len(held) > more_than:
            break
    return bytes(held)
