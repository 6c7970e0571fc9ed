"""`vigie lab check` and `vigie lab template`: for a laboratory's own machine, without AWS.

Files are read by the code of the function `result_intake`, which is installed with the command.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cli.laboratory_template import csv_template, fhir_template, hl7_template
from result_intake.file_reading import items_of
from vigie.acknowledgement.score import Score
from vigie.errors import Rejected
from vigie.inbox import ByteSpan
from vigie.results.reading import Breach, Item, Level

_CHUNK = 1024 * 1024


class _Format(StrEnum):
    CSV = "csv"
    HL7 = "hl7"
    FHIR = "fhir"


_TEMPLATES = {
    _Format.CSV: csv_template,
    _Format.HL7: hl7_template,
    _Format.FHIR: fhir_template,
}


class _Finding(NamedTuple):
    """A rule that an item breaks."""

    item: Item
    breach: Breach


class _Checked(NamedTuple):
    """What is found in a file.

    Attributes:
        path: of the file.
        format: that was recognised; None where none was.
        refused: the rule by which the whole file is refused, if it is.
        score: of its items.
        findings: the first ones.
        rules: how many items break each rule.
    """

    path: Path
    format: str | None
    refused: Rejected | None
    score: Score
    findings: list[_Finding]
    rules: Counter[str]

    @property
    def sound(self) -> bool:
        """Whether nothing of it would be rejected."""
        return self.refused is None and not self.score.rejected


def check(
    files: Annotated[
        list[Path], typer.Argument(help="Files in any format of the inbox.", exists=True)
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    limit: Annotated[int, typer.Option(help="Findings to list of each file.", min=0)] = 50,
) -> None:
    """Judge files by the rules of the inbox, and send nothing.

    The score is the percent of the items that would be taken. The exit status is 1 if anything
    would be rejected.
    """
    now = datetime.now(UTC)
    checked = [_check(path, limit, now) for path in _files(files)]
    if as_json:
        typer.echo(json.dumps([_as_json(each) for each in checked], indent=1, ensure_ascii=False))
    else:
        console = Console()
        for each in checked:
            _show(each, console)
    if not all(each.sound for each in checked):
        raise typer.Exit(1)


def template(
    file: Annotated[
        Path | None, typer.Argument(help="Where to write it; to the output if it is left out.")
    ] = None,
    in_format: Annotated[_Format, typer.Option("--format", help="In which format.")] = _Format.CSV,
) -> None:
    """Write a file that passes, to begin from: invented tests of yesterday."""
    content = _TEMPLATES[in_format](datetime.now(UTC))
    if file is None:
        sys.stdout.buffer.write(content)
        return
    try:
        file.write_bytes(content)
    except OSError as error:
        typer.echo(f"{file}: {error.strerror}", err=True)
        raise typer.Exit(1) from None


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    """The files, and those of folders."""
    for path in paths:
        if path.is_dir():
            yield from sorted(each for each in path.rglob("*") if each.is_file())
        else:
            yield path


def _check(path: Path, limit: int, now: datetime) -> _Checked:
    rules: Counter[str] = Counter()
    findings: list[_Finding] = []
    counts: Counter[Level | None] = Counter()
    file_format, refused = None, None
    try:
        file_format, items = items_of(lambda span: _bytes(path, span), path.stat().st_size, now=now)
        for item in items:
            counts[_worst(item)] += 1
            rules.update({breach.code for breach in item.breaches})
            room = limit - len(findings)
            findings += [_Finding(item, breach) for breach in item.breaches[:room]]
    except Rejected as error:
        refused = error
    score = Score(counts[None], counts[Level.WARNING], counts[Level.ERROR])
    return _Checked(path, file_format, refused, score, findings, rules)


def _bytes(path: Path, span: ByteSpan) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(span.first)
        left = span.end - span.first
        while left and (chunk := file.read(min(_CHUNK, left))):
            left -= len(chunk)
            yield chunk


def _worst(item: Item) -> Level | None:
    if item.result is None:
        return Level.ERROR
    return Level.WARNING if item.breaches else None


def _as_json(checked: _Checked) -> dict[str, Any]:
    refused = checked.refused
    return {
        "file": str(checked.path),
        "format": checked.format,
        "state": "rejected" if refused else "complete",
        "rules": [{"code": refused.code, "message": str(refused)}] if refused else [],
        "score": checked.score.as_json(),
        "by_rule": dict(checked.rules.most_common()),
        "findings": [
            {
                "ordinal": item.ordinal,
                "place": item.place,
                "rejected": item.result is None,
                "rule": breach.model_dump(mode="json"),
            }
            for item, breach in checked.findings
        ],
    }


def _show(checked: _Checked, console: Console) -> None:
    score = checked.score
    console.print(Text(f"{checked.path}", style="bold"))
    if checked.refused:
        console.print(Text(f"refused: {checked.refused.code}: {checked.refused}\n", style="red"))
        return
    console.print(
        f"score {score.percent} %: of {score.items} items ({checked.format}) "
        f"{score.accepted} accepted, {score.accepted_with_warnings} accepted with warnings, "
        f"{score.rejected} rejected"
    )
    if checked.findings:
        console.print(_table(checked.findings))
    if checked.rules:
        told = ", ".join(f"{code} {count}" for code, count in checked.rules.most_common())
        console.print(Text(f"items by rule: {told}"))
    console.print()


def _table(findings: list[_Finding]) -> Table:
    table = Table("item", "level")
    table.add_column("rule", no_wrap=True)
    table.add_column("place", overflow="fold")
    table.add_column("what is asked for")
    for item, breach in findings:
        style = "red" if breach.level is Level.ERROR else "yellow"
        cells = (item.place, breach.level, breach.code, breach.place, breach.message)
        table.add_row(*(Text(cell) for cell in cells), style=style)
    return table
