"""What people are told of a laboratory."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from laboratory_watch.rules import Reason

if TYPE_CHECKING:
    from laboratory_watch.episode import Episode
    from laboratory_watch.rules import Finding

_BEGUN = {
    Reason.SILENT: (
        "fell silent",
        "No file has arrived although, by its own rhythm or since it was let in, some should have.",
    ),
    Reason.REJECTS: (
        "sends mostly what is rejected",
        "Most of what it sent in the last day was rejected or could not be read.",
    ),
    Reason.REPEATS: (
        "sends the same data again and again",
        "Files with nothing new in them keep arriving.",
    ),
    Reason.SURGE: (
        "sends far more than usual",
        "It has sent several times as much as on the same weekday of the last weeks.",
    ),
}
_OVER = {
    Reason.SILENT: "sends again",
    Reason.REJECTS: "sends mostly what is accepted again",
    Reason.REPEATS: "repeats itself no more",
    Reason.SURGE: "sends as much as usual again",
}
_WHAT_TO_DO = 'What to do: docs/operator.md, "A laboratory that needs a call"; vigie lab show'


class Notice(NamedTuple):
    """A message to people.

    Attributes:
        subject: up to 100 characters of ASCII, as Amazon SNS asks.
        text: of the message: a sentence, then `name: value` lines.
    """

    subject: str
    text: str


def notice(environment: str, laboratory: str, episode: Episode, finding: Finding) -> Notice:
    """What to tell of the last change of an episode.

    Args:
        environment: such as `vigie-dev`.
        laboratory: FINESS.
        episode: that began or is over.
        finding: the figures of the rule.
    """
    happened, explained = _BEGUN[episode.reason]
    if not episode.stands:
        happened, explained = _OVER[episode.reason], "Nothing needs to be done."
    changed_at = episode.over_at or episode.begun_at
    lines = {
        "laboratory": laboratory,
        "reason": episode.reason.value,
        "state": "begun" if episode.stands else "over",
        "at": changed_at.isoformat(sep=" ", timespec="minutes"),
        **finding.told,
    }
    told = "\n".join(f"{name}: {value}" for name, value in lines.items())
    subject = f"{environment}: laboratory {laboratory} {happened}"
    text = f"Laboratory {laboratory} {happened}. {explained}\n\n{told}\n"
    if episode.stands:
        text += f"\n{_WHAT_TO_DO} {laboratory}\n"
    return Notice(subject, text)
