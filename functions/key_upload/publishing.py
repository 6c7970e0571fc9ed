"""Publishing keys: permission, rules, and one write."""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING, NamedTuple

from key_upload.answer import Published
from key_upload.key_rules import key_data
from key_upload.log_codes import LogCode
from key_upload.refusal import ErrorCode, bad_request, permission_refused
from key_upload.republishing import changes_by
from key_upload.transformation import transform
from key_upload.upload_store import Upload, Written
from vigie.errors import Unavailable
from vigie.tracing.stored_key import Provenance
from vigie.tracing.upload_delay import upload_delay
from vigie.tracing.verification_certificate import Diagnosis

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime
    from enum import StrEnum

    from key_upload.health_authorities import HealthAuthorities
    from key_upload.permission import Permission, Permissions
    from key_upload.publish_request import PublishRequest, SentKey
    from key_upload.republishing import Changes
    from key_upload.revision_token import RevisionTokens
    from key_upload.transformation import Transformed
    from key_upload.upload_store import UploadStore
    from vigie.sealing import DerivedKey
    from vigie.tracing.diagnosis_key import DiagnosisKey
    from vigie.tracing.publish_rules import PublishRules
    from vigie.tracing.stored_key import KnownKey

# Whoever finds keys changed, or the permission used, looks again; a third time is a race without
# end.
_ATTEMPTS = 3


class _Wanted(NamedTuple):
    """An upload that is permitted and judged.

    Attributes:
        request: what was sent.
        permission: what permits it.
        digest: keyed digest of it.
        transformed: its keys.
        provenance: where they come from.
    """

    request: PublishRequest
    permission: Permission
    digest: str
    transformed: Transformed
    provenance: Provenance


class KeyPublishing:
    """Takes uploads.

    Args:
        authorities: whose apps are served.
        permissions: judges what is to permit an upload.
        tokens: seals and opens revision tokens.
        digest_key: keys the digests of uploads, so that nobody who reads the table can try
            which keys an upload had.
        store: the tables.
        rules: the bounds.
        tell: told the code of each end, and a number where there is one.
    """

    def __init__(  # noqa: PLR0913 - its collaborators
        self,
        *,
        authorities: HealthAuthorities,
        permissions: Permissions,
        tokens: RevisionTokens,
        digest_key: DerivedKey,
        store: UploadStore,
        rules: PublishRules,
        tell: Callable[[StrEnum, str], None],
    ) -> None:
        self._authorities = authorities
        self._permissions = permissions
        self._tokens = tokens
        self._digest_key = digest_key
        self._store = store
        self._rules = rules
        self._tell = tell

    def publish(self, request: PublishRequest, now: datetime) -> tuple[Published, str | None]:
        """What became of an upload, and its revision token.

        Raises:
            PublishRefusedError: it is not taken; nothing changed.
            Rejected: something was written by a newer version of the system.
            Unavailable: something did not answer; the same request may come again.
        """
        authority = self._authorities.named(request.health_authority_id)
        permission = self._permissions.of(request, authority, now)
        rules = self._rules_for(permission)
        digest = self._digest(request, permission)
        earlier = self._store.upload(permission.used_as(digest))
        if earlier is not None:
            return self._again(earlier, digest, request, now)
        transformed = transform(request, permission, now, rules)
        if transformed.keys:
            provenance = Provenance(
                origin=authority.region,
                traveller=request.traveler,
                shareable=request.consent_to_federation,
            )
            return self._write(_Wanted(request, permission, digest, transformed, provenance), now)
        if transformed.faults:
            raise bad_request("; ".join(transformed.faults), warnings=transformed.warnings)
        # Nothing is stored, so the permission stays for another try.
        return Published(inserted=0, warnings=transformed.warnings), None

    def _rules_for(self, permission: Permission) -> PublishRules:
        if permission.diagnosis is not Diagnosis.USER_REPORT:
            return self._rules
        if not self._rules.self_reports_accepted:
            raise permission_refused()
        return self._rules.of_self_reports()

    def _again(
        self, earlier: Upload, digest: str, request: PublishRequest, now: datetime
    ) -> tuple[Published, str | None]:
        """The same answer for the same upload: whoever lost the first one lost nothing."""
        if not hmac.compare_digest(earlier.digest, digest):
            raise permission_refused()
        self._tell(LogCode.PUBLISH_REPEATED, "")
        sent = _in_order(request)
        # What was stored then, whatever the rules would say of the same keys by now, and nothing
        # that others gave since.
        stored = self._store.known({key_data(sent[place]) for place in earlier.stored})
        return earlier.published, self._token(request, stored.values(), now)

    def _write(self, wanted: _Wanted, now: datetime) -> tuple[Published, str | None]:
        request, name = wanted.request, wanted.permission.used_as(wanted.digest)
        revisable = self._tokens.open(request.revision_token, now)
        keys = tuple(wanted.transformed.keys.values())
        known: dict[bytes, KnownKey] = {}
        # Most uploads have new keys, and what is written finds out if not.
        if revisable is not None or wanted.permission.diagnosis is Diagnosis.NEGATIVE:
            known = self._store.known({key.key_data for key in keys})
        for _ in range(_ATTEMPTS):
            partial = self._rules.allow_partial_revisions
            changes = changes_by(keys, known, revisable, now, partial=partial)
            upload = _upload(wanted, name, changes)
            match self._store.write(upload, changes, wanted.provenance, now):
                case Written.DONE:
                    self._tell(LogCode.KEYS_PUBLISHED, "")
                    if wanted.permission.given_at is not None:
                        self._tell(upload_delay(wanted.permission.given_at, now), "")
                    if changes.revised:
                        self._tell(LogCode.KEYS_REVISED, "")
                    return upload.published, self._token(request, changes.new, now)
                case Written.PERMISSION_USED:
                    earlier = self._store.upload(name)
                    if earlier is not None:
                        return self._again(earlier, wanted.digest, request, now)
                case Written.KEYS_CHANGED:
                    known = self._store.known({key.key_data for key in keys})
        raise Unavailable("keys-table:too-many-attempts")

    def _token(
        self, request: PublishRequest, keys: Iterable[DiagnosisKey | KnownKey], now: datetime
    ) -> str | None:
        """What names the keys of earlier uploads and this one; None without any."""
        named = [*(self._tokens.open(request.revision_token, now) or ()), *keys]
        return self._tokens.seal(named, now) if named else None

    def _digest(self, request: PublishRequest, permission: Permission) -> str:
        """What tells one upload from another: its keys, in whatever order, and what is said."""
        said = [
            permission.name,
            str(request.symptom_onset_interval),
            str(request.traveler),
            str(request.consent_to_federation),
            # Whoever has a token had an answer: this is no repetition of the upload that it names.
            str(not permission.once and bool(request.revision_token)),
        ]
        content = "\n".join([*said, *map(_written, _in_order(request))])
        return hmac.digest(self._digest_key.bytes(), content.encode(), hashlib.sha256).hex()


def _in_order(request: PublishRequest) -> list[SentKey]:
    """The keys of a request in an order that does not depend on theirs."""
    return sorted(request.keys, key=_written)


def _written(sent: SentKey) -> str:
    return (
        f"{key_data(sent).hex()}.{sent.rolling_start_number}"
        f".{sent.rolling_period}.{sent.transmission_risk}"
    )


def _upload(wanted: _Wanted, name: str, changes: Changes) -> Upload:
    changed = {key.key_data for key in (*changes.new, *(one.key for one in changes.revised))}
    places = enumerate(map(key_data, _in_order(wanted.request)))
    return Upload(
        name=name,
        digest=wanted.digest,
        published=_published(wanted.transformed, changes),
        stored=tuple(place for place, data in places if data in changed),
        kept_until=wanted.permission.kept_until,
    )


def _published(transformed: Transformed, changes: Changes) -> Published:
    """What to answer: a request of which some keys were left out is taken, and says so."""
    dropped = tuple(
        f"key {place} is not in the revision token - saving without this key"
        for place, key in transformed.keys.items()
        if key.key_data in changes.dropped
    )
    return Published(
        inserted=len(changes.new),
        code=ErrorCode.PARTIAL_FAILURE if transformed.faults else None,
        error="; ".join(transformed.faults) or None,
        warnings=transformed.warnings + dropped,
    )
