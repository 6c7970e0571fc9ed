"""One case of dgc-testdata: a certificate in all its intermediate forms."""

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from vigie.dcc import base45, cbor, cose, cwt, hcert, signer
from vigie.dcc.cose import Signed
from vigie.dcc.cwt import Claims, Plain
from vigie.dcc.signer import Signer
from vigie.dcc.verification import who_signed

_HCERT = -260
_DCC = 1
_PEM_MARK = re.compile("-----[A-Z ]+-----")


class AbsentError(Exception):
    """The case lacks what a check needs."""


@dataclass(frozen=True)
class DccCase:
    """The fields of a case file, and what follows from them.

    Attributes:
        name: country, version if any, and file, such as `PL/1.3.0/6`.
        fields: the file's own keys.
    """

    name: str
    fields: Mapping[str, Any]

    @property
    def expected(self) -> Mapping[str, bool]:
        """What the case expects, by the corpus's own names; what is absent is not tested."""
        results: Mapping[str, Any] = self.fields["EXPECTEDRESULTS"]
        return {name: value for name, value in results.items() if isinstance(value, bool)}

    def text(self, key: str) -> str:
        """A text field.

        Raises:
            AbsentError: if the case lacks it.
        """
        value = self.fields.get(key)
        if not value:
            raise AbsentError(key)
        return str(value)

    def data(self, key: str) -> bytes:
        """A field in hexadecimal.

        Raises:
            AbsentError: if the case lacks it.
        """
        return bytes.fromhex(self.text(key))

    @property
    def certificate(self) -> Plain:
        """The certificate as the case tells it in JSON.

        Raises:
            AbsentError: if the case does not.
        """
        if not self.fields.get("JSON"):
            raise AbsentError("JSON")
        content: Plain = self.fields["JSON"]
        return content

    @cached_property
    def cose(self) -> bytes:
        """The COSE message; where the case does not give it, from its text."""
        if self.fields.get("COSE"):
            return self.data("COSE")
        return hcert.inflate(base45.decode(hcert.unprefix(self.text("PREFIX"))))

    @cached_property
    def message(self) -> Signed:
        """The COSE message, read."""
        return cose.read(self.cose)

    @cached_property
    def claims(self) -> Claims:
        """The claims of the message, read."""
        return cwt.read(self.message.payload)

    @cached_property
    def signer(self) -> Signer:
        """The signer whose certificate the case gives, as PEM or in base64 alone."""
        return signer.read(base64.b64decode(_PEM_MARK.sub("", self.context("CERTIFICATE"))))

    @property
    def clock(self) -> datetime:
        """The time at which the case is verified."""
        instant = datetime.fromisoformat(self.context("VALIDATIONCLOCK"))
        return instant if instant.tzinfo else instant.replace(tzinfo=UTC)

    def context(self, key: str) -> str:
        """A text of the test context.

        Raises:
            AbsentError: if the case lacks it.
        """
        context = self.fields.get("TESTCTX")
        value = context.get(key) if isinstance(context, dict) else None
        if not value:
            raise AbsentError(key)
        return str(value)

    def verified(self) -> bool:
        """Whether the case's signer has the kid named, and signed claims that can be read."""
        if self.message.kid != self.signer.kid:
            return False
        who_signed(self.message, (self.signer,))
        return bool(self.claims.certificate)

    def certificate_in_cbor(self) -> Plain:
        """The certificate in the field CBOR, which holds the claims, or it alone."""
        content = cbor.loads(self.data("CBOR"))
        for key in (_HCERT, _DCC):
            if isinstance(content, dict) and key in content:
                content = content[key]
        return cwt.plain(content)


def read_cases(folder: Path) -> tuple[list[DccCase], list[str]]:
    """Read each case file below a folder, in order; JSON that is no case is passed over.

    Returns:
        The cases, and the names of the files that are not JSON.
    """
    cases, unreadable = [], []
    for path in sorted(folder.glob("**/*.json")):
        name = _name(path.relative_to(folder))
        try:
            # Some files begin with a byte order mark.
            fields = json.loads(path.read_text(encoding="utf-8-sig"))
        except (ValueError, RecursionError):
            unreadable.append(name)
            continue
        if isinstance(fields, dict) and isinstance(fields.get("EXPECTEDRESULTS"), dict):
            cases.append(DccCase(name, fields))
    return cases, unreadable


def _name(path: Path) -> str:
    parts = [part for part in path.with_suffix("").parts if part.lower() not in {"2dcode", "raw"}]
    return "/".join(parts)
