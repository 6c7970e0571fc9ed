"""Laboratories as the tests have them in the register."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from vigie import aws
from vigie.laboratories import Change, Laboratory, LaboratoryState, LaboratoryStore

_ADDED = Change(
    at=datetime(2026, 11, 1, tzinfo=UTC),
    by="arn:aws:sts::123456789012:assumed-role/vigie-test-laboratory-operator/me",
    what="added",
    reason="registered",
)


def laboratory(finess: str, **changes: Any) -> Laboratory:  # noqa: ANN401 - any field
    """A laboratory that may report everything, but for some fields."""
    fields = {
        "finess": finess,
        "name": "Laboratoire des Lilas",
        "subject": f"CN=lis.lilas.example,OU={finess},O=Lilas,C=FR",
        "email": "astreinte@lilas.example",
        "allowed": ("all",),
        "changes": (_ADDED,),
    }
    return Laboratory.model_validate({**fields, **changes})


def register(
    finess: str,
    table: str = "laboratories",
    **changes: Any,  # noqa: ANN401 - any field
) -> Laboratory:
    """Have a laboratory registered, in place of what was there."""
    entry = laboratory(finess, **changes)
    store = LaboratoryStore(aws.dynamodb(), table)
    present = store.get(finess)
    if present is not None:
        entry = entry.model_copy(update={"revision": present.revision + 1})
    store.put(entry)
    return entry


def suspend(finess: str, table: str = "laboratories") -> Laboratory:
    """Have a laboratory suspended."""
    return register(finess, table, state=LaboratoryState.SUSPENDED)
