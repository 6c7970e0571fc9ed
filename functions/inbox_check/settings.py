"""What the check of the inbox is told by its environment."""

from pydantic import Field

from vigie.model import Frozen


class Settings(Frozen):
    """Each field is the environment variable of that name in upper case.

    Attributes:
        files_table: name of the files table.
        inbox_bucket: name of the inbox.
        intake_queue_url: URL of the queue that S3 tells of new files.
        check_queue_url: URL of the function's own queue.
        dead_letters_url: URL of its dead-letter queue.
        retry_minutes: how long the intake may still be trying a file.
        days_back: how old files are looked at. S3 dates a file that came in pieces by its
            first piece, and pieces are given two days.
        apart_seconds: how far apart a laboratory's files are told of, so that they are read in
            the order of their arrival.
    """

    files_table: str
    inbox_bucket: str
    intake_queue_url: str
    check_queue_url: str
    dead_letters_url: str
    retry_minutes: int
    days_back: int = Field(default=3, ge=3, le=90)
    apart_seconds: int = Field(default=10, ge=0, le=900)
