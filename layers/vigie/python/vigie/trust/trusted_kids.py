"""Which signers the published trust list has, by country."""

from __future__ import annotations

import base64
from collections import defaultdict
from typing import TYPE_CHECKING

from pydantic import ValidationError

from vigie.errors import Rejected, Unavailable
from vigie.trust.signer_list import SIGNERS_FILE, TRUST, SignerList

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vigie.lists.published_lists import PublishedLists


class TrustedKids:
    """The kids of the signers that verifiers trust.

    Args:
        lists: as they are published.
    """

    def __init__(self, lists: PublishedLists) -> None:
        self._lists = lists

    def of_country(self, country: str) -> frozenset[bytes]:
        """The kids of a country's signers; none while no trust list is published.

        Args:
            country: ISO 3166-1 alpha-2, of their CSCA.

        Raises:
            Unavailable: the bucket did not answer, or the list is malformed.
        """
        try:
            return self._lists.file(TRUST, SIGNERS_FILE, _by_country).get(country, frozenset())
        except ValidationError:
            raise Unavailable("trust-list-malformed") from None
        except Rejected as error:
            if error.code != "list-unpublished":
                raise
            return frozenset()


def _by_country(content: bytes) -> Mapping[str, frozenset[bytes]]:
    found: dict[str, set[bytes]] = defaultdict(set)
    for signer in SignerList.model_validate_json(content).signers:
        found[signer.country].add(base64.b64decode(signer.kid))
    return {country: frozenset(kids) for country, kids in found.items()}
