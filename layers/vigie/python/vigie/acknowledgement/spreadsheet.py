"""The acknowledgement as CSV, for a person who opens it in a spreadsheet.

`;` separates, because French spreadsheets expect it; one row for each rule, or for the
entry if no rule speaks of it. The first row below the titles is about the file.
"""

from __future__ import annotations

import csv
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vigie.acknowledgement.fragment import Entry

COLUMNS = ("item", "place", "outcome", "result_id", "level", "rule", "rule_place", "message")
# What a spreadsheet takes for a formula (OWASP, "CSV Injection").
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


class Spreadsheet:
    """Writes rows.

    Args:
        out: text without translation of line ends.
    """

    def __init__(self, out: IO[str]) -> None:
        self._writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
        self._writer.writerow(COLUMNS)

    def head(self, head: dict[str, Any]) -> None:
        """Write what is said of the file as a whole."""
        summary = ", ".join(f"{name} {count}" for name, count in head["summary"].items() if count)
        self._row("", "file", head["state"], "", "", "", "", summary or "items 0")
        if score := head.get("score"):
            message = "percent of the items would be taken: nothing is stored"
            self._row("", "file", head["state"], "", "", "", "", f"{score['percent']} {message}")
        for rule in head["rules"]:
            self._row("", "file", head["state"], "", *_rule(rule))
        if omitted := head["omitted"]:
            message = f"{omitted} more are counted above: correct these and send the file again."
            self._row("", "file", head["state"], "", "warning", "entries-omitted", "", message)
        for gap in head["missing"]:
            place = f"bytes {gap['first_byte']}-{gap['last_byte']}"
            message = "This part could not be read: send it again."
            self._row("", place, "missing", "", "error", "part-missing", place, message)

    def entry(self, entry: Entry) -> None:
        """Write an item that was not plainly accepted."""
        start = (entry.ordinal, entry.place, entry.outcome.value, entry.result_id or "")
        for rule in entry.rules:
            self._row(*start, *_rule(rule.model_dump(mode="json")))
        if not entry.rules:
            self._row(*start, "", "", "", "")

    def _row(self, *cells: str) -> None:
        self._writer.writerow([_harmless(cell) for cell in cells])


def _rule(rule: dict[str, str]) -> tuple[str, str, str, str]:
    return rule["level"], rule["code"], rule["place"], rule["message"]


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA_STARTS) else cell
