"""What the current version of a result gives, with the claims if it gives a certificate."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from certificate_signing.claims import IssuingBody, certificate_content, content_hash
from certificate_signing.entitlement import Nothing, Refusal, entitled
from certificate_signing.identifier import certificate_uvci
from certificate_signing.issuing import Draft
from certificate_signing.standing import Wanted
from certificate_signing.succession import Succession
from vigie.dcc.errors import EncodingError
from vigie.dcc.value_sets import SetId
from vigie.person.identity import Identity
from vigie.results.codes import Method

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from certificate_signing.entitlement import Entitlement, Kind
    from vigie.catalogue.disease import Disease
    from vigie.certificates.value_set_releases import CurrentValueSets
    from vigie.dcc.certificate import DigitalCovidCertificate
    from vigie.results.stored_result import StoredResult
    from vigie.sealing import DerivedKey, FieldCipher


@dataclass(frozen=True, slots=True)
class Drafted:
    """What a result gives.

    Attributes:
        entitlement: whether a certificate is to be had, and when.
        draft: the certificate, now, later or late, or one that would stay if it was issued
            before; None if the result gives none.
    """

    entitlement: Entitlement
    draft: Draft | None

    @property
    def wanted(self) -> Wanted | None:
        """The kind and claims to compare stored certificates with."""
        if self.draft is None:
            return None
        return Wanted(self.draft.kind, content_hash(self.draft.content))


class Drafter:
    """Drafts the certificate of a result.

    Args:
        diseases: the catalogue, by key.
        identity_cipher: opens identities.
        uvci_key: what identifiers are derived from.
        issuing_body: whom certificates name.
        value_sets: which antigen tests new certificates may name.
    """

    def __init__(
        self,
        diseases: Mapping[str, Disease],
        identity_cipher: FieldCipher,
        uvci_key: DerivedKey,
        issuing_body: IssuingBody,
        value_sets: CurrentValueSets,
    ) -> None:
        self._diseases = diseases
        self._identity_cipher = identity_cipher
        self._uvci_key = uvci_key
        self._issuing_body = issuing_body
        self._value_sets = value_sets

    def draft(self, result: StoredResult, now: datetime) -> Drafted:
        """Say what a result gives on the day that it is where the issuer is.

        A name or birth date that a certificate cannot hold refuses it, like any other
        rule: certificates of an older version must be revoked all the same.

        Raises:
            SealBrokenError: the identity does not open.
            Unavailable: KMS did not answer, or the value sets cannot be read.
        """
        disease = self._diseases.get(result.disease)
        entitlement = entitled(result, disease, now, self._issuing_body.time_zone)
        if disease is None or isinstance(entitlement, Nothing):
            return Drafted(entitlement, None)
        try:
            content = self._content(entitlement.kind, result, disease)
        except EncodingError as error:
            return Drafted(Nothing(error.code), None)
        draft = Draft(entitlement.kind, result, content, Succession(result.version))
        if self._is_off_the_list(result):
            # What was issued while it was on the list, and says the same, stays as it is.
            return Drafted(Nothing(Refusal.DEVICE_NOT_LISTED), draft)
        return Drafted(entitlement, draft)

    def placed(self, draft: Draft, succession: Succession) -> Draft:
        """A draft at its place, with the identifier (UVCI) of the version of that place."""
        entry = draft.content.entry
        uvci = self._uvci(draft.result.result_id, draft.kind, succession.version)
        content = draft.content.model_copy(
            update={"entry": entry.model_copy(update={"uvci": uvci})}
        )
        return replace(draft, content=content, succession=succession)

    def _is_off_the_list(self, result: StoredResult) -> bool:
        """Whether it is an antigen test of a device that was listed: without a deployment."""
        if result.method is not Method.ANTIGEN or result.device is None:
            return False
        return not self._value_sets.get()[SetId.DEVICE].active(result.device)

    def _content(
        self, kind: Kind, result: StoredResult, disease: Disease
    ) -> DigitalCovidCertificate:
        opened = self._identity_cipher.open(
            result.identity, record_id=result.result_id, field="identity"
        )
        return certificate_content(
            kind,
            result,
            Identity.model_validate_json(opened),
            disease,
            issuing_body=self._issuing_body,
            uvci=self._uvci(result.result_id, kind, result.version),
        )

    def _uvci(self, result_id: str, kind: Kind, version: int) -> str:
        key = self._uvci_key.bytes()
        return certificate_uvci(key, self._issuing_body.country, result_id, kind, version)
