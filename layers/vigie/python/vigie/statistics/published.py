"""What is published: the list of all publications, and the summary that a page is drawn from.

Both are JSON, below `/data/` of the open-data site. A field is only ever added, with a default.
"""

from datetime import date

from pydantic import Field

from vigie.model import Frozen
from vigie.results.codes import Language

INDEX = "data/index.json"
SUMMARY = "summary.json"


class PublishedFile(Frozen):
    """A file of a publication.

    Attributes:
        name: below the publication's path.
        bytes: its length.
        sha256: of its bytes, hexadecimal.
        rows: records in it, without a header; None where it is no table.
    """

    name: str
    bytes: int
    sha256: str
    rows: int | None


class Publication(Frozen):
    """What was published of a disease on a day; another version of it stands beside this one.

    Attributes:
        disease: key of the disease catalogue.
        date: of publication, in the authority's calendar.
        version: from 1.
        path: of its folder, from the root of the site: `/data/covid-19/2026-11-24/v1`.
        files: in it; none in the index of an old one, whose `datapackage.json` lists them.
        names: what to call the disease, by language.
    """

    disease: str
    date: date
    version: int
    path: str
    files: tuple[PublishedFile, ...]
    names: dict[Language, str] = Field(default_factory=dict)


class PublicationIndex(Frozen):
    """`/data/index.json`.

    Attributes:
        publications: the newest first: by date, then by version.
    """

    schema_version: int = 1
    publications: tuple[Publication, ...] = ()


class Window(Frozen):
    """Days, both inclusive."""

    first: date
    last: date


class Rates(Frozen):
    """Numbers of a place or an age class over a window of seven days.

    Attributes:
        pop: inhabitants; None where they are not known.
        tests: tests done.
        positives: tests that detected the agent.
        P: people that tested positive for the first time in more than 60 days.
        T: tests of people who had not tested positive in the 60 days before.
        Ti: incidence: P for 100,000 inhabitants.
        Tp: positivity: P in percent of T.
        Td: screening: T for 100,000 inhabitants.
    """

    pop: int | None
    tests: int | None = None
    positives: int | None = None
    P: int | None
    T: int | None
    Ti: float | None
    Tp: float | None
    Td: float | None


class NamedRates(Rates):
    """Numbers of a place, with its name."""

    name: str


class Days(Frozen):
    """Numbers of the whole country, day by day of sampling; each list is as long as `days`.

    Attributes:
        days: without a gap, the oldest first.
        tests: see `Rates`, as all below; of the day alone.
        Ti: over the seven days that end with the day; None before the seventh, as Tp and Td.
    """

    days: tuple[date, ...]
    tests: tuple[int, ...]
    positives: tuple[int, ...]
    P: tuple[int, ...]
    T: tuple[int, ...]
    Ti: tuple[float | None, ...]
    Tp: tuple[float | None, ...]
    Td: tuple[float | None, ...]


class Variants(Frozen):
    """Shares of variants among positive tests, week by week of sampling.

    Attributes:
        weeks: the Monday of each, the oldest first, without a gap.
        screened: how many positive tests were screened for mutations, for each week.
        sequenced: how many have a lineage.
        letters: by mutation letter (A, B, C, D, E): its share, from 0 to 1, of the tests in which
            it was looked for and the screening could be read; None in a week without any.
        lineages: by lineage: its share of the sequenced tests; None in a week without any.
        meanings: by letter: the mutations that it stands for.
    """

    weeks: tuple[date, ...] = ()
    screened: tuple[int, ...] = ()
    sequenced: tuple[int, ...] = ()
    letters: dict[str, tuple[float | None, ...]] = Field(default_factory=dict)
    lineages: dict[str, tuple[float | None, ...]] = Field(default_factory=dict)
    meanings: dict[str, str] = Field(default_factory=dict)


class Download(Frozen):
    """A file that people may want, below the publication's path.

    Attributes:
        name: of the file.
        format: `csv`, `parquet` or `json`.
        rows: records in it, without a header.
    """

    name: str
    format: str
    rows: int | None


class Summary(Frozen):
    """`summary.json` of a publication.

    Attributes:
        disease: key of the disease catalogue.
        names: what to call it, by language.
        published_on: the date of publication.
        version: of the publication.
        window: the seven days that `departements`, `regions` and `ages` are about: from nine to
            three days before the date of publication.
        completeness: by day of sampling, for the last days: the share, from 0 to 1, of results
            that have usually come by the date of publication; None where it cannot be said yet.
        france: the country, day by day.
        departements: by code.
        regions: by code.
        ages: by class (`09`, `19`, … `90`).
        variants: shares of variants.
        downloads: the files that people may want.
    """

    schema_version: int = 1
    disease: str
    names: dict[Language, str]
    published_on: date
    version: int
    window: Window
    completeness: dict[date, float | None]
    france: Days
    departements: dict[str, NamedRates]
    regions: dict[str, NamedRates]
    ages: dict[str, Rates]
    variants: Variants
    downloads: tuple[Download, ...]
