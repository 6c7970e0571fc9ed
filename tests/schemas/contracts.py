"""The contracts between functions: every event, and every message that one function sends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

from laboratory_watch.messages import LaboratoryWatch
from result_intake.messages import RangeMessage
from vigie.certificates.certificate_due import RecoveryDue, RenewalDue
from vigie.certificates.reissue_due import ReissueDue
from vigie.events.bundle import EventBundle
from vigie.events.event import AnyEvent, PersonsLinked, PersonsUnlinked
from vigie.inbox import LaboratoryCheck, S3Notification
from vigie.person.unlinking import UnlinkRequested
from vigie.venues.visit_to_count import VisitToCount

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vigie.model import Frozen

_MESSAGES: tuple[type[Frozen], ...] = (
    EventBundle,
    RangeMessage,
    RecoveryDue,
    ReissueDue,
    RenewalDue,
    S3Notification,
    LaboratoryCheck,
    LaboratoryWatch,
    UnlinkRequested,
    VisitToCount,
)


# What a value that readers do not know does to them: they put the message aside with its reason,
# and it is sent to them again once they are deployed. None overlooks a certificate.
TOLERATED: Mapping[str, frozenset[str]] = {
    "CertificateExpiring": frozenset({"$.kind"}),
    "CertificateIssued": frozenset({"$.kind"}),
    "CertificateRevoked": frozenset({"$.kind"}),
}


def contracts() -> dict[str, type[Frozen]]:
    """The models by the `type` that their messages say, or by their own name."""
    events: tuple[type[Frozen], ...] = get_args(get_args(AnyEvent)[0])
    persons: tuple[type[Frozen], ...] = (PersonsLinked, PersonsUnlinked)
    return {_name(model): model for model in (*events, *persons, *_MESSAGES)}


def schema_of(model: type[Frozen]) -> dict[str, Any]:
    """The JSON Schema of a model, without what only explains it."""
    schema: dict[str, Any] = _bare(model.model_json_schema(by_alias=True))
    return schema


def _name(model: type[Frozen]) -> str:
    field = model.model_fields.get("type")
    return str(field.default) if field is not None else model.__name__


def _bare(schema: Any, *, names: bool = False) -> Any:  # noqa: ANN401 - JSON
    """A schema without titles and descriptions, but for fields that are called so."""
    if isinstance(schema, list):
        return [_bare(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: _bare(value, names=key in {"properties", "$defs"} and not names)
        for key, value in schema.items()
        if names or key not in {"title", "description"}
    }
