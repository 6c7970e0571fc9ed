"""A published version of a list, and its files."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from vigie.model import Frozen

_HASH_CHARACTERS = 12


@dataclass(frozen=True, slots=True)
class ListFile:
    """A file to publish.

    Attributes:
        body: its content.
        content_type: its media type.
        signature: what is sent beside it as `X-SIGNATURE`; None for nothing.
        public_path: where CloudFront serves the latest one, below `lists/` or `trustlist/`; None
            for nowhere.
        immutable: whether that path is of this version alone, so that caches may keep it for good.
    """

    body: bytes
    content_type: str = "application/json"
    signature: str | None = None
    public_path: str | None = None
    immutable: bool = False


class PublishedFile(Frozen):
    """A file as the pointer tells of it.

    Attributes:
        sha256: of its content, in hexadecimal.
        content_type: its media type.
        signature: what is sent beside it as `X-SIGNATURE`; None for nothing.
        public_path: where CloudFront serves a copy of it; None for nowhere.
        immutable: whether caches may keep that copy for good.
    """

    sha256: str
    content_type: str
    signature: str | None = None
    public_path: str | None = None
    immutable: bool = False


class Publication(Frozen):
    """The pointer to the current version of a list.

    Attributes:
        version: such as `20261124T090000Z-8c1f02d3a4b5`: when, and a hash of what.
        published_at: when, in UTC.
        previous: the version before; None for the first.
        files: by name.
    """

    version: str
    published_at: datetime
    previous: str | None
    files: dict[str, PublishedFile]


def next_publication(
    files: dict[str, ListFile], now: datetime, present: Publication | None
) -> Publication:
    """The pointer to a new version.

    Args:
        files: by name.
        now: aware, in UTC.
        present: the current version; None if there is none.
    """
    told = {
        name: PublishedFile(
            sha256=hashlib.sha256(file.body).hexdigest(),
            content_type=file.content_type,
            signature=file.signature,
            public_path=file.public_path,
            immutable=file.immutable,
        )
        for name, file in sorted(files.items())
    }
    content = "\n".join(f"{file.sha256} {name}" for name, file in told.items())
    digest = hashlib.sha256(content.encode()).hexdigest()[:_HASH_CHARACTERS]
    return Publication(
        version=f"{now:%Y%m%dT%H%M%SZ}-{digest}",
        published_at=now,
        previous=None if present is None else present.version,
        files=told,
    )
