"""The sendings that may have told of a result or a vaccination before its current version."""

from collections.abc import Iterator

from notification_dispatch.channel import Channel
from notification_dispatch.sending import Template, sending_id
from vigie.events.event import event_id
from vigie.vaccinations.stored_vaccination import is_vaccination

_OF_RESULTS = ("ResultRecorded", "ResultCorrected", "ResultWithdrawn")
_OF_VACCINATIONS = ("VaccinationWithdrawn",)


def causes(source_id: str, version: int) -> Iterator[str]:
    """The ids of the events about a version of a source that may be told."""
    dose = is_vaccination(source_id)
    kind, types = ("vaccination", _OF_VACCINATIONS) if dose else ("recovery", _OF_RESULTS)
    for type_ in types:
        yield event_id(type_, source_id, version)
    yield event_id("CertificateIssued", f"{source_id}/{kind}#{version}", version)


def earlier_sendings(source_id: str, version: int) -> Iterator[str]:
    """The ids of all sendings about versions before one, of the latest version first.

    Each may be there or not. There are eight for each version of a
    result, four of a vaccination.
    """
    for earlier in range(version - 1, 0, -1):
        for cause in causes(source_id, earlier):
            for template in Template:
                for channel in Channel:
                    yield sending_id(cause, template, channel)
