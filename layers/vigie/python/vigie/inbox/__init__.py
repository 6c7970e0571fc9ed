"""Laboratories' files in the inbox, and how far each has come."""

from vigie.inbox.entry_outcome import EntryOutcome
from vigie.inbox.file_record import ByteSpan, FilePart, FileRecord, FileState
from vigie.inbox.file_store import FilePage, FileStore
from vigie.inbox.file_summary import FileSummary
from vigie.inbox.inbox_file import InboxFile, is_laboratory_prefix
from vigie.inbox.laboratory_check import LaboratoryCheck
from vigie.inbox.laboratory_day import LaboratoryDay, days_of
from vigie.inbox.notification import S3Notification, is_folder, notification_of

__all__ = [
    "ByteSpan",
    "EntryOutcome",
    "FilePage",
    "FilePart",
    "FileRecord",
    "FileState",
    "FileStore",
    "FileSummary",
    "InboxFile",
    "LaboratoryCheck",
    "LaboratoryDay",
    "S3Notification",
    "days_of",
    "is_folder",
    "is_laboratory_prefix",
    "notification_of",
]
