"""What counts as exposure and as a cluster, by type and categories of venue: data with dates.

A rule names a type and two categories, each a number or `*` for any. The one that names most
decides, and of two that name as much the one that names the type, then the first category. What
is in force on a day is the release with the latest `from` until then.

Source: the scoring configuration of Cléa's server, whose lines these are.
"""

import json
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Annotated

from pydantic import BaseModel, Field, model_validator

from vigie.errors import Rejected
from vigie.model import Frozen

_ANY = "*"
# A visit touches three days at the most, each an item.
MOST_SLOTS = 48

_Slots = Annotated[int, Field(ge=0, le=MOST_SLOTS)]
_Threshold = Annotated[int, Field(ge=1)]
_Risk = Annotated[float, Field(ge=0)]


class Venue(Frozen):
    """What kind of place a venue is.

    Attributes:
        type: 0 to 31.
        category1: 0 to 15.
        category2: 0 to 15.
    """

    type: Annotated[int, Field(ge=0, le=31)]
    category1: Annotated[int, Field(ge=0, le=15)]
    category2: Annotated[int, Field(ge=0, le=15)]


class _Rule(Frozen):
    """For whom a rule is; written as a line of values between commas, in the order of its fields.

    Attributes:
        type: of venue, or None for any.
        category1: or None for any.
        category2: or None for any.
    """

    type: Annotated[int, Field(ge=0, le=31)] | None
    category1: Annotated[int, Field(ge=0, le=15)] | None
    category2: Annotated[int, Field(ge=0, le=15)] | None

    @model_validator(mode="before")
    @classmethod
    def _line(cls, line: object) -> object:
        if not isinstance(line, str):
            return line
        parts = [None if part.strip() == _ANY else part.strip() for part in line.split(",")]
        if len(parts) != len(cls.model_fields):
            raise ValueError("wrong number of values")
        return dict(zip(cls.model_fields, parts, strict=True))

    def is_for(self, venue: Venue) -> bool:
        """Whether it names this kind of venue."""
        return all(
            wanted in (None, is_there)
            for wanted, is_there in (
                (self.type, venue.type),
                (self.category1, venue.category1),
                (self.category2, venue.category2),
            )
        )

    @property
    def specificity(self) -> tuple[int, bool, bool, bool]:
        """Greater for a rule that comes first."""
        is_typed, *categories = (
            one is not None for one in (self.type, self.category1, self.category2)
        )
        return is_typed + sum(categories), is_typed, categories[0], categories[1]


class ExposureRule(_Rule):
    """How far around a scan others were exposed, in slots before it and after it alike.

    Attributes:
        backward: by a person who was infected there perhaps, before they were infectious.
        forward: by a person who was infectious.
        staff_backward: the same of who works there.
        staff_forward: the same of who works there.
    """

    backward: _Slots
    forward: _Slots
    staff_backward: _Slots
    staff_forward: _Slots

    def slots(self, *, backward: bool, staff: bool) -> int:
        """How many slots before a scan and after it."""
        if staff:
            return self.staff_backward if backward else self.staff_forward
        return self.backward if backward else self.forward


class ClusterRule(_Rule):
    """How many visits of positive people in one slot make a cluster, and of what risk.

    Attributes:
        backward: visits before the person was infectious.
        forward: visits while the person was.
        backward_risk: what phones are told.
        forward_risk: what phones are told.
    """

    backward: _Threshold
    forward: _Threshold
    backward_risk: _Risk
    forward_risk: _Risk


class VenueRules(Frozen):
    """A release of the rules.

    Attributes:
        valid_from: the day (UTC) that it is in force from.
        exposure: with one for every venue among them.
        clusters: with one for every venue among them.
    """

    valid_from: date = Field(alias="from")
    exposure: tuple[ExposureRule, ...]
    clusters: tuple[ClusterRule, ...]

    @model_validator(mode="after")
    def _complete(self) -> "VenueRules":
        for rules in (self.exposure, self.clusters):
            if not any(rule.specificity[0] == 0 for rule in rules):
                raise ValueError("no rule is for every venue")
        return self

    def exposure_of(self, venue: Venue) -> ExposureRule:
        """The rule that decides for a venue."""
        rules = (rule for rule in self.exposure if rule.is_for(venue))
        return max(rules, key=lambda rule: rule.specificity)

    def cluster_of(self, venue: Venue) -> ClusterRule:
        """The rule that decides for a venue."""
        rules = (rule for rule in self.clusters if rule.is_for(venue))
        return max(rules, key=lambda rule: rule.specificity)


class _Releases(BaseModel):
    releases: tuple[VenueRules, ...]


@cache
def releases() -> tuple[VenueRules, ...]:
    """Every release that Vigie comes with."""
    content = json.loads((files(__package__) / "rules.json").read_text(encoding="utf-8"))
    return _Releases.model_validate(content).releases


def in_force(all_releases: tuple[VenueRules, ...], day: date) -> VenueRules:
    """The release that is in force on a day.

    Raises:
        Rejected: `venue-rules`, none is yet.
    """
    begun = [one for one in all_releases if one.valid_from <= day]
    if not begun:
        raise Rejected("venue-rules", "no release of the rules is in force")
    return max(begun, key=lambda one: one.valid_from)
