"""Giving the 2D-DOC of a result or a vaccination: signed when asked for, the same ever after.

KMS signs another way each time, so the first document that is stored is the one that is given.
It is given only if the source is still at the version that it was made from once it stands in
the table. So whoever revokes it after a correction finds it there: no document that was given
escapes.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from twoddoc_issuing.log_codes import LogCode
from vigie.certificates.source import source_id
from vigie.dcc import cose
from vigie.dcc.errors import EncodingError, VerificationError
from vigie.errors import Unavailable
from vigie.kms_signature import ecdsa_over
from vigie.twoddoc import code, proofs
from vigie.twoddoc.proofs import CodeSigner
from vigie.twoddoc.stored_code import SEALED_FIELD, StoredCode

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from mypy_boto3_kms.client import KMSClient

    from twoddoc_issuing.code_store import CodeStore
    from twoddoc_issuing.current_signer import CodeSigners, CurrentSigner
    from vigie.certificates.source import Source, SourceReader
    from vigie.sealing import FieldCipher
    from vigie.twoddoc.code import Unsigned
    from vigie.twoddoc.code_reader import CodeReader
    from vigie.twoddoc.source_bodies import CodeBody, SourceBodies

# Nobody corrects a record more often while one request is answered.
_ROUNDS = 4


class NoDocumentError(Exception):
    """There is no 2D-DOC of this source; the code says why.

    Attributes:
        code: a stable name, safe to log and to tell.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.code = reason


class CodeKey:
    """Signs by KMS, with the key of the certificate that is installed.

    Args:
        kms: the KMS client.
        key_arn: of a key of type ECC_NIST_P256.
    """

    def __init__(self, kms: KMSClient, key_arn: str) -> None:
        self._kms = kms
        self._key_arn = key_arn

    def signed(self, unsigned: Unsigned, signer: CurrentSigner) -> str:
        """The text of a document with its signature.

        Raises:
            Unavailable: `twoddoc-key-mismatch`, nobody could verify it; or KMS did not sign.
        """
        digest = hashlib.sha256(unsigned.signature_input).digest()
        signature = cose.der_to_raw(ecdsa_over(digest, self._kms, self._key_arn))
        text = code.assemble(unsigned, signature)
        try:
            signer.signer.verify(code.read(text))
        except VerificationError:
            raise Unavailable("twoddoc-key-mismatch") from None
        return text


@dataclass(frozen=True, slots=True)
class CodeIssuing:
    """Gives documents.

    Attributes:
        sources: reads results and vaccinations.
        codes: reads documents.
        store: keeps new ones.
        bodies: writes what documents say.
        cipher: seals and opens documents.
        signers: who signs.
        key: signs.
        country: of the issuer.
        zone: of the issuer.
        tell: told the code of what happens.
    """

    sources: SourceReader
    codes: CodeReader
    store: CodeStore
    bodies: SourceBodies
    cipher: FieldCipher
    signers: CodeSigners
    key: CodeKey
    country: str
    zone: ZoneInfo
    tell: Callable[[LogCode], None]

    def document(self, source: Source, now: datetime) -> str:
        """The text of the document of a source.

        Args:
            source: as it was just read.
            now: aware; the time of the signature if there is none yet.

        Raises:
            NoDocumentError: the source gives none, or nobody is to sign.
            Rejected: what is stored does not open.
            Unavailable: something did not answer, or the source changes all the time.
        """
        current: Source | None = source
        for _ in range(_ROUNDS):
            if current is None:
                break
            given = self._standing(current, now)
            before, current = current, self.sources.get(source_id(source))
            if current is not None and current.version == before.version:
                self.tell(LogCode.DOCUMENT_GIVEN)
                opened = self.cipher.open(given.text, record_id=given.record_id, field=SEALED_FIELD)
                return opened.decode("ascii")
        if current is None:
            raise NoDocumentError("source-gone")
        raise Unavailable("source-changing")

    def _standing(self, source: Source, now: datetime) -> StoredCode:
        """The document that holds for a version, which is signed if there is none."""
        body = self._body(source, now)
        held = self._held(source_id(source), body.content_hash)
        if held is not None:
            return held
        made = self._signed(source, body, now)
        if self.store.add(made):
            self.tell(LogCode.DOCUMENT_SIGNED)
            return made
        held = self._held(made.source_id, made.content_hash)
        if held is None:
            raise Unavailable("twoddoc-gone")
        return held

    def _held(self, source_id: str, wanted: bytes) -> StoredCode | None:
        """The first document that was signed of those that say this; None if there is none.

        Raises:
            Unavailable: `source-changing`, it is revoked: the source says this again, or does not
                any more, and who revokes documents is about to see it.
        """
        saying = [one for one in self.codes.of_source(source_id) if one.content_hash == wanted]
        first = min(saying, key=lambda one: (one.signed_at, one.document), default=None)
        if first is not None and first.revoked_at is not None:
            raise Unavailable("source-changing")
        return first

    def _body(self, source: Source, now: datetime) -> CodeBody:
        try:
            body = self.bodies.body(source, now)
        except EncodingError as error:
            raise NoDocumentError(error.code) from None
        if body is None:
            raise NoDocumentError("source-not-settled")
        return body

    def _signed(self, source: Source, body: CodeBody, now: datetime) -> StoredCode:
        if not self.bodies.is_listed(source):
            raise NoDocumentError("vaccine-not-listed")
        signer = self.signers.current()
        if signer is None:
            raise NoDocumentError("not-configured")
        signer.check_valid(now)
        if signer.is_ending(now):
            self.tell(LogCode.SIGNER_ENDING)
        by = CodeSigner(
            authority=signer.installed.authority,
            certificate=signer.installed.certificate_id,
            country=self.country,
        )
        day = now.astimezone(self.zone).date()
        text = self.key.signed(proofs.document(body.document_type, body.text, by, day), signer)
        name = f"{body.document_type}#{source.version}"
        return StoredCode(
            source_id=source_id(source),
            document=name,
            person=source.person,
            content_hash=body.content_hash,
            fingerprint=code.fingerprint(text),
            signed_at=now.replace(microsecond=0),
            expires_at=source.expires_at,
            text=self.cipher.seal(
                text.encode("ascii"), record_id=f"{source_id(source)}/{name}", field=SEALED_FIELD
            ),
        )
