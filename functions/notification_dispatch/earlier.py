"""The sendings that may have told of a result before its current version."""

from collections.abc import Iterator

from notification_dispatch.channel import Channel
from notification_dispatch.sending import Template, sending_id
from vigie.events.event import event_id

_OF_RESULTS = ("ResultRecorded", "ResultCorrected", "ResultWithdrawn")


def causes(result_id: str, version: int) -> Iterator[str]:
    """The ids of the events about a version of a result that may be told."""
    for type_ in _OF_RESULTS:
        yield event_id(type_, result_id, version)
    yield event_id("CertificateIssued", f"{result_id}/recovery#{version}", version)


def earlier_sendings(result_id: str, version: int) -> Iterator[str]:
    """The ids of all sendings about versions before one, of the latest version first.

    Each may be there or not. There are eight for each version.
    """
    for earlier in range(version - 1, 0, -1):
        for cause in causes(result_id, earlier):
            for template in Template:
                for channel in Channel:
                    yield sending_id(cause, template, channel)
