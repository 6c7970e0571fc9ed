"""The columns of Vigie's CSV, version 1."""

from typing import NamedTuple

VERSION_COLUMN = "vigie_csv_1"
VERSION_PREFIX = "vigie_csv_"


class Column(NamedTuple):
    """One column.

    Attributes:
        name: exactly as in the header.
        field: of the draft that its cells fill; empty if none.
        meaning: for the documentation.
        sample: a value, invented.
        required: whether the header must have it. Whether a cell may be empty is for the rules.
    """

    name: str
    field: str
    meaning: str
    sample: str
    required: bool = False


COLUMNS = (
    Column(
        VERSION_COLUMN,
        "",
        "Names the format and its version. Cells are not read.",
        "",
        required=True,
    ),
    Column(
        "result_id",
        "accession",
        "The laboratory's number of the test.",
        "26A0147-1",
        required=True,
    ),
    Column(
        "sub_id",
        "sub_id",
        "Tells apart tests of one number and one LOINC code. Empty is the same as `1`.",
        "",
    ),
    Column(
        "status",
        "status",
        "`P` preliminary, `F` final, `C` corrected, `A` amended, `W` wrong or `D` deleted "
        "(both withdraw the result), `X` no result could be obtained.",
        "F",
        required=True,
    ),
    Column("loinc", "loinc", "LOINC code of the test.", "94500-6", required=True),
    Column(
        "result",
        "outcomes",
        "SNOMED CT code, or `P` positive, `N` negative, `I` inconclusive, `X` specimen not "
        "usable. Empty only with status `W`, `D` or `X`.",
        "260415000",
        required=True,
    ),
    Column("device", "device", "For antigen tests: the device's id, EU common list.", ""),
    Column(
        "sampled_at",
        "sampled_at",
        "Sampling time: ISO 8601, or `dd/mm/yyyy hh:mm` in French time.",
        "2026-11-23T08:15:00+01:00",
        required=True,
    ),
    Column(
        "reported_at",
        "reported_at",
        "Time at which this version of the result was validated, written like `sampled_at`.",
        "23/11/2026 14:02",
        required=True,
    ),
    Column("ins", "ins", "Matricule INS with its key, of a qualified identity.", "269054958815780"),
    Column("family_name", "family_name", "Birth name.", "LEFÈVRE", required=True),
    Column(
        "given_names",
        "given_names",
        "Given names in their order, separated by spaces; a compound name has a hyphen.",
        "Anne-Marie Odile",
        required=True,
    ),
    Column(
        "birth_date",
        "birth_date",
        "`yyyy-mm-dd` or `dd/mm/yyyy`; `yyyy-mm` or `yyyy` where the rest is unknown.",
        "1969-05-14",
        required=True,
    ),
    Column("sex", "sex", "`F`, `M`, `O` other, `U` or `I` unknown.", "F"),
    Column("email", "email", "E-mail address of the person.", "a.lefevre@example.fr"),
    Column(
        "phone",
        "phone",
        "Phone number; without a country code it is French.",
        "06 39 98 12 34",
    ),
    Column("language", "language", "Language to write in: `fr` or `en`.", "fr"),
    Column(
        "variant",
        "variant",
        "Mutation screening: letters A to E, each with 0 absent, 1 present, 8 not "
        "interpretable or 9 not looked for.",
        "A0C1D9",
    ),
    Column("ct", "cycle_threshold", "Ct of a NAAT, from 1 to 50.", "24,5"),
    Column("prescriber", "prescriber", "RPPS number of the prescriber.", "10001234565"),
    Column("commune", "commune", "INSEE code of where the person lives.", "2A004"),
    Column(
        "postcode",
        "postcode",
        "French postcode of where the person lives: it tells the commune where that is empty.",
        "20000",
    ),
    Column(
        "testing_centre",
        "testing_centre",
        "Name of the place that tested.",
        "Laboratoire du Port",
    ),
    Column(
        "mode",
        "test_mode",
        "`P` production (so is empty), `T` trial or `D` debugging: checked and "
        "acknowledged, never stored.",
        "P",
    ),
)


BY_NAME = {column.name: column for column in COLUMNS}
