"""What a foreign trust list holds, before anything of it is believed."""

import base64
import json
from dataclasses import dataclass, field
from typing import Any

from vigie.dcc.errors import DecodingError, SignerError
from vigie.trust import foreign_certificate
from vigie.trust.foreign_certificate import ForeignCertificate

MAX_BYTES = 20 * 1024 * 1024
MAX_ENTRIES = 5000


@dataclass(frozen=True, slots=True)
class Refusal:
    """An entry that is not trusted.

    Attributes:
        place: of the entry in the list, such as `entry 12`.
        kid: of its certificate, in hexadecimal; empty where it cannot be read.
        country: of its certificate; empty where it says none.
        rule: that it breaks.
        reason: in words, without content.
    """

    place: str
    kid: str
    country: str
    rule: str
    reason: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A certificate that a list brings.

    Attributes:
        place: of its entry.
        certificate: as it was read.
        country: of which the list says that it is; empty where it says nothing.
        signature: CMS in base64 of who put it into the list; empty where there is none.
    """

    place: str
    certificate: ForeignCertificate
    country: str = ""
    signature: str = ""

    def refused(self, rule: str, reason: str) -> Refusal:
        """Why it is not trusted."""
        found = self.certificate
        return Refusal(self.place, found.kid.hex(), found.country or self.country, rule, reason)


@dataclass(slots=True)
class Candidates:
    """What a list brings, in its order.

    Attributes:
        signers: document signers.
        authorities: country signing authorities.
        uploaders: certificates that countries sign their uploads with.
        refusals: entries that cannot be read.
        others: how many entries are none of these.
    """

    signers: list[Candidate] = field(default_factory=list)
    authorities: list[Candidate] = field(default_factory=list)
    uploaders: list[Candidate] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    others: int = 0

    def unreadable(self, place: str, error: DecodingError | SignerError) -> None:
        """Note an entry that cannot be read."""
        self.refusals.append(Refusal(place, "", "", error.rule, str(error)))


def certificate_in(text: object) -> ForeignCertificate:
    """Read a certificate from base64 of its DER.

    Raises:
        DecodingError: `entry-base64`.
        SignerError: it is no certificate.
    """
    if not isinstance(text, str):
        raise DecodingError("entry-base64", "a certificate is not base64")
    try:
        return foreign_certificate.read(base64.b64decode("".join(text.split()), validate=True))
    except ValueError:
        raise DecodingError("entry-base64", "a certificate is not base64") from None


def json_in(content: bytes) -> Any:  # noqa: ANN401 - whatever JSON may be
    """Read a list from JSON in UTF-8.

    Raises:
        DecodingError: `list-size` or `list-json`.
    """
    if len(content) > MAX_BYTES:
        raise DecodingError("list-size", "the list is larger than 20 MiB")
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        raise DecodingError("list-json", "the list is not JSON") from None


def check_count(entries: list[object]) -> None:
    """Check that a list has not too many entries.

    Raises:
        DecodingError: `list-count`.
    """
    if len(entries) > MAX_ENTRIES:
        raise DecodingError("list-count", "the list has more than 5,000 entries")
