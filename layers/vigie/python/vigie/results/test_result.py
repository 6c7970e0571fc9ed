"""A test result as a laboratory reports it, whatever the format."""

from datetime import datetime
from typing import Annotated

from pydantic import StringConstraints

from vigie.model import Frozen
from vigie.person.identity import Contact, Identity
from vigie.results.codes import Language, Method, Outcome, Status

Code = Annotated[str, StringConstraints(min_length=1, max_length=64)]


class LocalId(Frozen):
    """The laboratory's own name for one test, the same in every format and file.

    Attributes:
        accession: HL7 filler order number (OBR-3, else ORC-3), FHIR
            `DiagnosticReport.identifier`, CSV `result_id`.
        loinc: HL7 OBX-3, FHIR `Observation.code`, CSV `loinc`.
        sub_id: HL7 OBX-4 and its like where one LOINC stands more than once; empty when absent
            or `1`.
    """

    accession: Code
    loinc: Code
    sub_id: str = ""


class VariantScreening(Frozen):
    """Mutation screening in the French notation, one figure for each letter.

    Attributes:
        findings: pairs of letter (A, B, C, D, E) and figure: 0 absent, 1 present,
            8 not interpretable, 9 not looked for.
    """

    findings: tuple[tuple[str, str], ...] = ()


class TestResult(Frozen):
    """One test of one person.

    Times are aware; `sampled_at` and `reported_at` are what the laboratory says, to its
    precision.

    Attributes:
        local_id: the laboratory's own name for the test.
        status: how settled the report is.
        outcome: what the test says, `NOT_OBTAINABLE` where no result could be had.
        disease: key of the disease catalogue, such as `covid-19`.
        method: how the agent was looked for.
        device: catalogue id of an antigen test (EU common list), if it was given and is known.
        sampled_at: when the specimen was taken.
        reported_at: when the laboratory validated this version of the report; midday in France
            where it told the day only.
        reported_day_only: whether it told the day only.
        identity: whom the test is about.
        contact: where to reach the person.
        language: the language to write to the person in, if the laboratory knows.
        cycle_threshold: Ct of a NAAT.
        variant: mutation screening, if it was done.
        lineage: what sequencing found, such as the Pango lineage `BA.2.86`.
        prescriber: RPPS of the prescriber, 11 digits.
        commune: INSEE code of where the person lives, 5 characters.
        postcode: of where the person lives, 5 digits.
        testing_centre: name of the place that tested, for the certificate; max 80.
        order_token: of the app that ordered the test, 8 characters; a secret.
    """

    __test__ = False  # it is no test of pytest's

    local_id: LocalId
    status: Status
    outcome: Outcome
    disease: str
    method: Method
    device: str | None = None
    sampled_at: datetime
    reported_at: datetime
    reported_day_only: bool = False
    identity: Identity
    contact: Contact = Contact()
    language: Language | None = None
    cycle_threshold: float | None = None
    variant: VariantScreening | None = None
    lineage: str | None = None
    prescriber: str | None = None
    commune: str | None = None
    postcode: str | None = None
    testing_centre: str | None = None
    order_token: str | None = None
