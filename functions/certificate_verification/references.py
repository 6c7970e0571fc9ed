"""What certificates are held against: the lists as they are published."""

from __future__ import annotations

import base64
import logging
from typing import TYPE_CHECKING

from pydantic import ValidationError

from vigie.business_rules.rule import RuleError
from vigie.business_rules.rule_list import RULES, RULES_FILE, read_rules
from vigie.business_rules.shipped import french
from vigie.dcc import signer
from vigie.dcc.errors import SignerError
from vigie.dcc.verification import References
from vigie.errors import Rejected, Unavailable
from vigie.trust.signer_list import SIGNERS_FILE, TRUST, SignerList
from vigie.twoddoc.code_trust import TRUST_FILE, TWODDOC, CodeTrust

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from vigie.business_rules.rule import Rule
    from vigie.certificates.value_set_releases import CurrentValueSets
    from vigie.dcc.acceptance import Destination
    from vigie.dcc.signer import Signer
    from vigie.lists.published_lists import PublishedLists
    from vigie.revocation.published_revocations import PublishedRevocations
    from vigie.twoddoc.code_trust import CertifiedSigner
    from vigie.twoddoc.revoked_codes import RevokedCodes

_LOGGER = logging.getLogger(__name__)


class PublishedReferences:
    """Signers and rules, parsed once for each version of their lists, and what comes with them.

    Args:
        lists: as they are published.
        revocations: as they are published.
        value_sets: those in force.
        revoked_codes: 2D-DOC that are revoked.
    """

    def __init__(
        self,
        lists: PublishedLists,
        revocations: PublishedRevocations,
        value_sets: CurrentValueSets,
        revoked_codes: RevokedCodes,
    ) -> None:
        self._lists = lists
        self._revoked_codes = revoked_codes
        self._revocations = revocations
        self._value_sets = value_sets

    def signers(self) -> Mapping[bytes, tuple[Signer, ...]]:
        """The trust list, by kid.

        Raises:
            Rejected: `list-unpublished`.
            Unavailable: the bucket did not answer, or the list is malformed.
        """
        try:
            return self._lists.file(TRUST, SIGNERS_FILE, _signers_by_kid)
        except ValidationError:
            raise Unavailable("trust-list-malformed") from None

    def references(self, destination: Destination | None) -> References:
        """What a certificate is held against beside its signer.

        Raises:
            Unavailable: a bucket did not answer.
        """
        return References(self._value_sets.get(), self._revocations.is_revoked, destination)

    def code_signers(self) -> tuple[CertifiedSigner, ...]:
        """Whose 2D-DOC are trusted.

        Raises:
            Rejected: `list-unpublished`.
            Unavailable: the bucket did not answer, or the list is malformed.
        """
        try:
            return self._lists.file(TWODDOC, TRUST_FILE, _certified)
        except (ValidationError, SignerError, ValueError):
            raise Unavailable("twoddoc-trust-malformed") from None

    def is_code_revoked(self, text: str) -> bool:
        """Whether a 2D-DOC is revoked.

        Raises:
            Unavailable: the bucket did not answer, or the list is malformed.
        """
        return self._revoked_codes.is_revoked(text)

    def rules(self) -> tuple[Rule, ...]:
        """The rules of all countries; those of France that come with the layer before any.

        Raises:
            Unavailable: the bucket did not answer, or the list is malformed.
        """
        try:
            return self._lists.file(RULES, RULES_FILE, read_rules)
        except (ValidationError, RuleError):
            raise Unavailable("rule-list-malformed") from None
        except Rejected as error:
            if error.code != "list-unpublished":
                raise
            return tuple(document.rule for document in french())


def _certified(content: bytes) -> tuple[CertifiedSigner, ...]:
    return tuple(CodeTrust.model_validate_json(content).certified())


def _signers_by_kid(content: bytes) -> Mapping[bytes, tuple[Signer, ...]]:
    return signer.by_kid(_signers(SignerList.model_validate_json(content)))


def _signers(listed: SignerList) -> Iterator[Signer]:
    for one in listed.signers:
        try:
            yield signer.read(base64.b64decode(one.certificate))
        except (SignerError, ValueError):
            # One certificate that cannot be read must not close the border to all others.
            _LOGGER.warning("signer-unreadable")
