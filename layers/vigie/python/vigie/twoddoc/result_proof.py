"""What the 2D-DOC of a test result says: a document of type B2."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vigie.results.shown_outcome import shown_outcome
from vigie.twoddoc import proofs

if TYPE_CHECKING:
    from datetime import tzinfo

    from vigie.person.identity import Identity
    from vigie.results.stored_result import ResultDocument


def result_body(result: ResultDocument, identity: Identity, zone: tzinfo) -> str | None:
    """What the document of a result says; None while, or once, nothing is to be relied on.

    It says every settled outcome: a positive one and one that could not be had, too.

    Args:
        result: the current version.
        identity: of the person.
        zone: of the issuer, in whose time the document tells when the sample was taken.

    Raises:
        EncodingError: the document cannot hold it: `name-script`, `birth-date-partial` or
            `2d-doc-field`.
    """
    outcome = shown_outcome(result)
    if outcome is None:
        return None
    return proofs.test_body(
        identity,
        loinc=result.loinc,
        outcome=outcome,
        sampled_at=result.sampled_at.astimezone(zone),
    )
