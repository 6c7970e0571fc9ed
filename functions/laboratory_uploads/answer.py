"""What the API takes and gives: the models that its OpenAPI description is made from."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from vigie.inbox.entry_outcome import EntryOutcome
from vigie.model import Frozen

MOST_BYTES = 1024 * 1024 * 1024

UploadId = Annotated[str, StringConstraints(pattern=r"^[a-z2-7]{26}$")]
IdempotencyKey = Annotated[str, StringConstraints(pattern=r"^[\x21-\x7e]{1,128}$")]
Before = Annotated[str, StringConstraints(pattern=r"^[0-9T:.+\-]{29}#[a-z2-7]{26}$")]


class ContentType(StrEnum):
    """The types that files may have; what a file is, its content decides."""

    CSV = "text/csv"
    TEXT = "text/plain"
    HL7 = "x-application/hl7-v2+er7"
    FHIR = "application/fhir+json"
    JSON = "application/json"
    NDJSON = "application/x-ndjson"
    GZIP = "application/gzip"
    ZIP = "application/zip"


class UploadRequest(Frozen):
    """The file that is to come."""

    content_type: ContentType = Field(description="Its media type.")
    size: int = Field(description="Its size in bytes.", ge=1, le=MOST_BYTES, strict=True)
    trial: bool = Field(
        default=False,
        description="Only judge it, with a score, and store nothing of it.",
        strict=True,
    )


class UploadForm(Frozen):
    """Where the file goes: an HTML form (multipart/form-data) that Amazon S3 takes."""

    url: str = Field(description="Where to POST the form.")
    fields: dict[str, str] = Field(
        description="The form's fields, before the last one, `file`, which is the content."
    )
    expires_at: datetime = Field(description="Until when the form is taken.")


class UploadState(StrEnum):
    """How far a file has come.

    `waiting`: it is not uploaded. `received`: it is there. `reading`: it is being read. `done`:
    it is acknowledged, perhaps with parts missing. `refused`: the laboratory was not let in when
    it came, and it waits to be read.
    """

    WAITING = "waiting"
    RECEIVED = "received"
    READING = "reading"
    DONE = "done"
    REFUSED = "refused"


class OpenedUpload(Frozen):
    """An upload that waits for its file."""

    id: str
    path: str = Field(description="Of the file, below which its acknowledgement will be.")
    form: UploadForm


class UploadSummary(Frozen):
    """A file of the laboratory, however it came."""

    id: str
    path: str
    state: UploadState
    size: int = Field(description="In bytes; while it waits, as it was announced.")
    received_at: datetime | None = Field(None, description="When it came.")
    format: str | None = Field(None, description="The format that was recognised.")
    counts: dict[EntryOutcome, int] | None = Field(
        None, description="How many items had each outcome, once they are acknowledged."
    )


class AcknowledgementLinks(Frozen):
    """Where the acknowledgement can be fetched, for a quarter of an hour."""

    json_url: str
    csv_url: str
    message_url: str | None = Field(
        None, description="For a file in HL7 or FHIR, that in the same format."
    )


class UploadView(UploadSummary):
    """A file of the laboratory with its acknowledgement."""

    acknowledgement: dict[str, Any] | None = Field(
        None, description="As in the outbox; absent before there is one, and over 512 KiB."
    )
    links: AcknowledgementLinks | None = Field(
        None, description="The acknowledgement's documents, once there is one."
    )


class UploadPage(Frozen):
    """Files of the laboratory, the last that came first."""

    uploads: tuple[UploadSummary, ...]
    before: str | None = Field(
        description="Give it as `before` for the page of earlier ones; absent at the end."
    )
