"""A 2D-DOC as the command shows it."""

from datetime import date

from rich.console import Console
from rich.table import Table
from rich.text import Text

from cli.printing import printable
from vigie.dcc.errors import DecodingError
from vigie.twoddoc import fields
from vigie.twoddoc.code import Code
from vigie.twoddoc.verification import CHECKS, Verification

_COLOURS = {"passed": "green", "failed": "red", "not reached": "yellow", "not asked": "dim"}


def print_code(console: Console, code: Code) -> None:
    """Print what a document says, without verifying anything."""
    _print_header(console, code)
    try:
        _print_values(console, code.header.document_type, fields.read(_type(code), code.body))
    except DecodingError as error:
        console.print(printable(f"its content is not shown: {error.rule}: {error}"))
    console.print("the signature is not verified")


def print_verification(console: Console, verification: Verification) -> None:
    """Print each check, and what is certified where the signature is right."""
    code = verification.code
    if code is not None and verification.signer is not None:
        _print_header(console, code)
        if verification.values is not None:
            _print_values(console, _type(code), verification.values)
        console.print(printable(f"signed by {verification.signer.subject}"))
    table = Table("check", "state", "reason", title="Checks", title_justify="left")
    for name in CHECKS:
        error = verification.failures.get(name)
        reason = "" if error is None else printable(f"{error.rule}: {error}")
        state = verification.state(name)
        table.add_row(name, Text(state, _COLOURS[state]), reason)
    console.print(table)
    console.print(f"The document is {'trusted' if verification.trusted else 'not trusted'}.")


def _type(code: Code) -> str:
    return code.header.document_type


def _print_header(console: Console, code: Code) -> None:
    header = code.header
    table = Table("header", "value", title="2D-DOC", title_justify="left")
    table.add_row("version", f"{header.version:02}")
    table.add_row("authority and certificate", f"{header.authority} {header.certificate}")
    table.add_row("issued on", _day(header.issued_on))
    table.add_row("signed on", _day(header.signed_on))
    table.add_row("type of document", header.document_type)
    table.add_row("perimeter", header.perimeter or "not given")
    table.add_row("country", header.country or "not given")
    console.print(table)


def _print_values(console: Console, document_type: str, values: dict[str, str]) -> None:
    table = Table("field", "value", title="Content", title_justify="left")
    for key, value in values.items():
        table.add_row(fields.FIELDS[document_type][key].name, printable(value))
    console.print(table)


def _day(day: date | None) -> str:
    return day.isoformat() if day else "not given"
