"""The tables of a publication: what their columns are called, hold and mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

from vigie.results.codes import Language

_FRENCH, _ENGLISH = Language.FRENCH, Language.ENGLISH
# The types of Frictionless Table Schema.
Type: TypeAlias = Literal["string", "date", "integer", "number"]


class Column(NamedTuple):
    """A column.

    Attributes:
        name: in the header.
        type: of its values.
        meaning: by language.
    """

    name: str
    type: Type
    meaning: dict[Language, str]


@dataclass(frozen=True, slots=True)
class Table:
    """A table.

    Attributes:
        name: of its files, without an extension.
        columns: in order.
        title: by language.
    """

    name: str
    columns: tuple[Column, ...]
    title: dict[Language, str]


def _column(name: str, kind: Type, english: str, french: str) -> Column:
    return Column(name, kind, {_ENGLISH: english, _FRENCH: french})


_CODES = {
    "dep": _column(
        "dep",
        "string",
        "Code of the département where the person lives (INSEE).",
        "Code du département de résidence (INSEE).",
    ),
    "reg": _column(
        "reg", "string", "Code of the region (INSEE).", "Code de la région de résidence (INSEE)."
    ),
    "fra": _column("fra", "string", "FR: the country.", "FR : la France."),
}
_DAY = _column("jour", "date", "Day of sampling.", "Jour du prélèvement.")
_AGE = _column(
    "cl_age90",
    "string",
    "Age class: 0 all ages, 09 from 0 to 9 years, 19 from 10 to 19, … 90 from 90 on.",
    "Classe d'âge : 0 tous âges, 09 de 0 à 9 ans, 19 de 10 à 19 ans, … 90 pour 90 ans et plus.",
)
_POP = _column("pop", "integer", "Inhabitants.", "Population.")
_P = _column(
    "P",
    "integer",
    "People who tested positive for the first time in more than 60 days.",
    "Personnes testées positives pour la première fois depuis plus de 60 jours.",
)
_T = _column(
    "T",
    "integer",
    "Tests of people without a positive test in the 60 days before, and of those in P.",
    "Tests des personnes jamais positives dans les 60 jours précédents, et de celles de P.",
)
_BY_SEX = tuple(
    _column(
        f"{measure.name}_{sex}",
        "integer",
        f"{measure.name} of {english}.",
        f"{measure.name} pour les {french}.",
    )
    for measure in (_P, _T)
    for sex, english, french in (("f", "women", "femmes"), ("h", "men", "hommes"))
)
_RATES = (
    _column(
        "Ti",
        "number",
        "Incidence: P of seven days up to this one for 100,000 inhabitants.",
        "Taux d'incidence : P des sept jours jusqu'à celui-ci pour 100 000 habitants.",
    ),
    _column(
        "Tp",
        "number",
        "Positivity: P of these seven days in percent of T.",
        "Taux de positivité : P de ces sept jours en pour cent de T.",
    ),
    _column(
        "Td",
        "number",
        "Screening: T of these seven days for 100,000 inhabitants.",
        "Taux de dépistage : T de ces sept jours pour 100 000 habitants.",
    ),
)
_LEVELS = {
    "dep": ("by département", "par département"),
    "reg": ("by region", "par région"),
    "fra": ("for the country", "pour la France"),
}


def counts_table(level: str) -> Table:
    """People and tests of each day, as published since May 2020 (`sp-pos-quot-…`)."""
    counts = (_P, _T) if level == "dep" else (*_BY_SEX[:2], _P, *_BY_SEX[2:], _T)
    english, french = _LEVELS[level]
    return Table(
        f"sp-pos-quot-{level}",
        (_CODES[level], _DAY, *counts, _AGE, _POP),
        {
            _ENGLISH: f"People positive and tests, day by day, {english}",
            _FRENCH: f"Personnes positives et tests, jour par jour, {french}",
        },
    )


def rates_table(level: str) -> Table:
    """The same with rates over seven days, as published since May 2022 (`sp-…-day`)."""
    english, french = _LEVELS[level]
    return Table(
        f"sp-{level}-day",
        (_CODES[level], _DAY, _POP, _P, _T, *_RATES, _AGE),
        {
            _ENGLISH: f"Rates over seven days, day by day, {english}",
            _FRENCH: f"Taux sur sept jours glissants, jour par jour, {french}",
        },
    )


def variants_table(level: str) -> Table:
    """Variants among positive tests, week by week."""
    english, french = _LEVELS[level]
    return Table(
        f"sp-variants-{level}",
        (
            _CODES[level],
            _column("semaine", "date", "Monday of the week of sampling.", "Lundi de la semaine."),
            _column(
                "type",
                "string",
                "mutation (of a screening) or lineage (of sequencing).",
                "mutation (criblage) ou lineage (séquençage).",
            ),
            _column("nom", "string", "The mutation's letter, or the lineage.", "Lettre ou lignée."),
            _column("nb", "integer", "Tests in which it was found.", "Tests où elle est trouvée."),
            _column(
                "nb_total",
                "integer",
                "Tests in which it was looked for and the outcome could be read.",
                "Tests où elle est recherchée et interprétable.",
            ),
        ),
        {
            _ENGLISH: f"Variants among positive tests, week by week, {english}",
            _FRENCH: f"Variants parmi les tests positifs, par semaine, {french}",
        },
    )
