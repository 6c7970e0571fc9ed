"""What a format finds in a file for one test, before the rules speak."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple

from result_intake.moment import Moment
from vigie.identifiers.ins import InsKind
from vigie.results.codes import Sex, Status

_NO_SUFFIXES: Mapping[str, str] = MappingProxyType({})


class Coded(NamedTuple):
    """A code as a sender gives it.

    Attributes:
        code: never empty.
        system: as the sender names it: `SCT`, `http://snomed.info/sct`, an OID; empty if it
            does not say.
    """

    code: str
    system: str = ""


class Fault(NamedTuple):
    """A rule that the format itself found broken while reading.

    Attributes:
        code: of a rule in `result_intake.rule_table.RULES`.
        field: name of the draft's field that it is about; empty if about none.
        place: where, in the notation of the format.
    """

    code: str
    field: str
    place: str


@dataclass(slots=True)
class Draft:
    """One test, as far as its format could read it.

    A format parses what its own syntax governs (status, outcome codes, sex, times, birth date)
    to typed values, and leaves as stripped text what is written alike in every format (INS, RPPS,
    commune, postcode, phone, e-mail, Ct, language, device, LOINC): the rules parse and normalise
    those.
    What the sender did not give is None or empty. What it gave and the format cannot parse is
    None with a fault (`draft.fault("birth-date-malformed", "birth_date")`), and then the rule
    that requires the field is silent.

    Attributes:
        ordinal: of the item, as in `vigie.results.reading.Item`.
        place: of the item, as in `vigie.results.reading.Item`.
        test_mode: the sender marked it as a trial.
        accession: see `vigie.results.test_result.LocalId`.
        loinc: code of the test.
        sub_id: see `LocalId`; `1` and empty mean the same.
        status: how settled the report is.
        outcomes: every code given for the outcome, the main one first; the first code that the
            catalogue knows is taken.
        sampled_at: when the specimen was taken.
        reported_at: when this version of the report was validated.
        family_name: the birth name where the sender tells the two apart.
        other_names: further family names, such as the one that is used since a marriage.
        given_names: in the sender's order.
        birth_date: `YYYY`, `YYYY-MM` or `YYYY-MM-DD`, of a day that exists.
        sex: None if the sender does not say.
        ins: matricule INS with its key, spaces allowed.
        ins_kind: what the INS is, if the sender tells; where it is one for trials only, `ins` is
            None.
        email: as given.
        phone: as given.
        language: ISO 639 code or BCP 47 tag.
        device: id in the EU common list.
        cycle_threshold: decimal number, point or comma.
        variant: pairs of letter and figure.
        lineage: that sequencing found, as text or answer code.
        prescriber: RPPS.
        establishment: FINESS of where the test was done, as the report says.
        commune: INSEE code.
        postcode: of where the person lives, in France.
        testing_centre: name of the place that tested.
        order_token: of the app that ordered the test.
        places: where each field was read (or was looked for), by field name.
        suffixes: the same, as what is added to the place of the item.
        faults: rules found broken while reading.
    """

    ordinal: str
    place: str
    test_mode: bool = False
    accession: str | None = None
    loinc: str | None = None
    sub_id: str = ""
    status: Status | None = None
    outcomes: tuple[Coded, ...] = ()
    sampled_at: Moment | None = None
    reported_at: Moment | None = None
    family_name: str | None = None
    other_names: tuple[str, ...] = ()
    given_names: tuple[str, ...] = ()
    birth_date: str | None = None
    sex: Sex | None = None
    ins: str | None = None
    ins_kind: InsKind | None = None
    email: str | None = None
    phone: str | None = None
    language: str | None = None
    device: str | None = None
    cycle_threshold: str | None = None
    variant: tuple[tuple[str, str], ...] = ()
    lineage: str | None = None
    prescriber: str | None = None
    establishment: str | None = None
    commune: str | None = None
    postcode: str | None = None
    testing_centre: str | None = None
    order_token: str | None = None
    places: dict[str, str] = field(default_factory=dict)
    suffixes: Mapping[str, str] = field(default_factory=lambda: _NO_SUFFIXES)
    faults: list[Fault] = field(default_factory=list)

    def fault(self, code: str, about: str = "", *, place: str = "") -> None:
        """Note a rule that reading found broken, at the field's place unless another is given."""
        self.faults.append(Fault(code, about, place or self.place_of(about)))

    def place_of(self, name: str) -> str:
        """Where a field was read or looked for; the item's place if the format did not say."""
        return self.places.get(name) or self.place + self.suffixes.get(name, "")
