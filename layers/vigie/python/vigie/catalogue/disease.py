"""The shape of a disease in the catalogue: a new epidemic is a new entry, not new code."""

from datetime import date

from pydantic import Field

from vigie.catalogue.screening import Lineages, Screening
from vigie.model import Frozen
from vigie.results.codes import Language, Method


class Device(Frozen):
    """An antigen test of the EU common list.

    Attributes:
        name: manufacturer and trade name, as the list gives them.
    """

    name: str


class TestCertificateRule(Frozen):
    """When a test that does not detect the agent gives a test certificate."""

    __test__ = False  # it is no test of pytest's

    methods: tuple[Method, ...]


class RecoveryRule(Frozen):
    """When a test that detects the agent gives a recovery certificate.

    Attributes:
        methods: the methods that count.
        first_day: days after sampling on which the certificate becomes valid and is issued.
        last_day: days after sampling after which it is no longer valid.
        antigen_sampled_from: earliest sampling date, of the issuer's calendar, of an antigen test
            that counts.
        antigen_sampled_until: the latest, if there is one.
    """

    methods: tuple[Method, ...]
    first_day: int
    last_day: int
    antigen_sampled_from: date | None = None
    antigen_sampled_until: date | None = None


class Disease(Frozen):
    """A disease that tests are collected for.

    Attributes:
        key: the name that records carry, such as `covid-19`.
        names: what to call it, by language.
        first_day: of sampling that numbers are published of; an earlier one is a wrong date.
        target: SNOMED CT code of the agent, as certificates carry it (`tg`).
        loinc: method of each LOINC code that tests for it.
        cycle_threshold: LOINC codes of observations that tell the Ct of a test.
        variant: LOINC codes of observations that tell a variant screening.
        screening: what such a screening is asked for; None where nothing is.
        lineage: how sequencing tells a lineage; None where it is not taken.
        devices: antigen tests that certificates are given for, by EU common list id.
        test_certificate: the rule for test certificates; None where there are none.
        recovery: the rule for recovery certificates; None where there are none.
        upload_methods: methods by which a test that detects the agent lets a person alert
            their contacts; none where phones do not trace the disease.
    """

    key: str
    names: dict[Language, str]
    first_day: date
    target: str
    loinc: dict[str, Method]
    cycle_threshold: tuple[str, ...] = ()
    variant: tuple[str, ...] = ()
    screening: Screening | None = None
    lineage: Lineages | None = None
    devices: dict[str, Device] = Field(default_factory=dict)
    test_certificate: TestCertificateRule | None = None
    recovery: RecoveryRule | None = None
    upload_methods: tuple[Method, ...] = ()

    @property
    def additions(self) -> tuple[str, ...]:
        """LOINC codes of observations that add to a test and are none themselves."""
        lineage = self.lineage.loinc if self.lineage else ()
        return (*self.cycle_threshold, *self.variant, *lineage)
