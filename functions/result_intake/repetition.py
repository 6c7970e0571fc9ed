"""Tests of one record under one name."""

from collections import Counter
from collections.abc import Iterable

from result_intake.draft import Draft


def refuse_repeated(drafts: Iterable[Draft]) -> None:
    """Note `test-repeated` at each of several tests under one name.

    Neither is told to be the right one, so that none may be kept.

    Args:
        drafts: of one record: an HL7 message or a Bundle.
    """
    named = [(_name(draft), draft) for draft in drafts if draft.accession]
    times = Counter(name for name, _ in named)
    for name, draft in named:
        if times[name] > 1:
            draft.fault("test-repeated", "sub_id")


def _name(draft: Draft) -> tuple[str | None, str | None, str]:
    return draft.accession, draft.loinc, "" if draft.sub_id == "1" else draft.sub_id
