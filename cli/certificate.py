"""`vigie certificate`: show a health certificate, and verify it."""

import json
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cli.deployed import Deployed
from cli.printing import printable
from cli.reading import ReadingError, find_text
from cli.rule_files import load_rules
from cli.signer_parameters import SignerParameters
from cli.trust_list import load_signers
from cli.twoddoc_printing import print_code, print_verification
from cli.twoddoc_trust import published_code_trust
from vigie import aws
from vigie.business_rules.judgement import RuleOutcome, Verdict
from vigie.business_rules.shipped import french
from vigie.certificates.value_set_releases import CurrentValueSets, ValueSetReleases
from vigie.dcc import hcert, uvci, value_sets, verification_answer
from vigie.dcc.acceptance import Destination
from vigie.dcc.cwt import Claims, Container, Plain
from vigie.dcc.errors import DccError, SignerError
from vigie.dcc.hcert import Contents
from vigie.dcc.signer import Signer, by_kid
from vigie.dcc.value_sets import ValueSets
from vigie.dcc.verification import References, State, Verification, verify
from vigie.errors import Rejected, Unavailable
from vigie.lists.list_bucket import ListBucket
from vigie.revocation.published_revocations import PublishedRevocations
from vigie.revocation.revocation_bucket import RevocationBucket
from vigie.twoddoc import code
from vigie.twoddoc import verification as twoddoc_verification
from vigie.twoddoc import verification_answer as twoddoc_answer
from vigie.twoddoc.revoked_codes import RevokedCodes

app = typer.Typer(
    help="Show and verify health certificates (EU DCC, WHO, 2D-DOC).", no_args_is_help=True
)

_COLOURS = {
    State.PASSED: "green",
    State.FAILED: "red",
    State.NOT_REACHED: "yellow",
    State.NOT_ASKED: "dim",
    State.OPEN: "yellow",
}
_VERDICT_COLOURS = {Verdict.PASSED: "green", Verdict.FAILED: "red", Verdict.OPEN: "yellow"}
_LABELS = {
    "ver": "schema version",
    "nam": "name",
    "dob": "date of birth",
    "fn": "family name",
    "fnt": "family name, transliterated",
    "gn": "given names",
    "gnt": "given names, transliterated",
    "v": "vaccination",
    "t": "test",
    "r": "recovery",
    "tg": "disease",
    "vp": "vaccine or prophylaxis",
    "mp": "product",
    "ma": "maker or device",
    "dn": "dose number",
    "sd": "doses in the series",
    "dt": "vaccinated on",
    "tt": "kind of test",
    "nm": "test name",
    "sc": "sampled at",
    "tr": "result",
    "tc": "testing centre",
    "fr": "first positive on",
    "df": "valid from",
    "du": "valid until",
    "co": "country",
    "is": "issuer",
    "ci": "identifier (UVCI)",
}

Source = Annotated[
    str,
    typer.Argument(
        help="The HC1 text or a 2D-DOC's link, or a text file, PNG, JPEG or PDF with it."
    ),
]
SignerFiles = Annotated[
    list[Path] | None,
    typer.Option(
        "--dsc",
        help="A signer's certificate (PEM or DER), or a trust list: JSON {kid: base64 DER}.",
    ),
]
TrustedIn = Annotated[
    str | None,
    typer.Option(
        "--environment",
        help="Trust the signers of this environment, as Systems Manager lists them, too.",
    ),
]
Clock = Annotated[
    str | None,
    typer.Option("--at", help="Verify as of this time (ISO 8601, UTC if it says nothing); now."),
]
Country = Annotated[
    str | None,
    typer.Option(
        "--country", help="Hold it against the business rules of this country, such as FR."
    ),
]
Region = Annotated[str, typer.Option("--region", help="A region of the country.")]
RuleFiles = Annotated[
    list[Path] | None,
    typer.Option("--rules", help="Rules in JSON, files or folders; those of France if none."),
]
Language = Annotated[str, typer.Option("--language", help="Of the rules' descriptions.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command()
def show(source: Source) -> None:
    """Print what a certificate says, without verifying anything."""
    console = Console()
    try:
        text = find_text(source)
        if code.is_code(text):
            print_code(console, code.read(text))
            return
        contents = hcert.read(text)
    except (ReadingError, DccError) as error:
        raise _failed(error) from None
    _print_claims(console, contents.claims)
    kid = contents.message.kid
    console.print(f"signer: kid {kid.hex() if kid else 'absent'}; the signature is not verified")


@app.command("verify")
def verify_command(
    source: Source,
    dsc: SignerFiles = None,
    environment: TrustedIn = None,
    at: Clock = None,
    country: Country = None,
    region: Region = "",
    rules: RuleFiles = None,
    language: Language = "en",
    as_json: AsJson = False,
) -> None:
    """Verify a certificate: exit status 0 if every check passes, else 1."""
    if not dsc and environment is None:
        raise typer.BadParameter("name signers by --dsc or by --environment")
    try:
        text = find_text(source)
        if code.is_code(text):
            _verify_code(text, load_signers(dsc or []), environment, as_json=as_json)
            return
        references = References(
            _value_sets(environment),
            _revocations(environment),
            _destination(country, region, rules or []),
        )
        result = verify(text, _signers(dsc or [], environment), _instant(at), references)
    except Unavailable as error:
        typer.echo(f"what the environment publishes cannot be read: {error.code}", err=True)
        raise typer.Exit(1) from None
    except (ReadingError, SignerError) as error:
        raise _failed(error) from None
    if as_json:
        told = verification_answer.document(result, language)
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        _print(result, language)
    if not result.trusted:
        raise typer.Exit(1)


def _value_sets(environment: str | None) -> ValueSets:
    """Those in force in the environment; the shipped ones without one that keeps any."""
    bucket = _bucket(environment, "value-sets")
    if bucket is None:
        return value_sets.shipped()
    return CurrentValueSets(ValueSetReleases(aws.s3(), bucket)).get()


def _revocations(
    environment: str | None,
) -> Callable[[Contents, Collection[bytes], datetime], bool] | None:
    """What tells whether a certificate is revoked; None without an environment that does."""
    bucket = _bucket(environment, "revocation")
    if bucket is None:
        return None
    return PublishedRevocations(RevocationBucket(aws.s3(), bucket)).is_revoked


def _bucket(environment: str | None, name: str) -> str | None:
    """A bucket of the environment; None if it has no such one."""
    if environment is None:
        return None
    deployed = Deployed(environment, ssm=aws.ssm(), sqs=aws.sqs(), sns=aws.sns())
    try:
        return deployed.parameter(f"buckets/{name}")
    except Rejected:
        return None


def _verify_code(
    text: str,
    signers: Mapping[bytes, tuple[Signer, ...]],
    environment: str | None,
    *,
    as_json: bool,
) -> None:
    bucket = _bucket(environment, "verifier-lists")
    trust = None if bucket is None else published_code_trust(ListBucket(aws.s3(), bucket))
    verification = twoddoc_verification.verify(
        text,
        [each for of in signers.values() for each in of],
        certified=() if trust is None else trust.certified(),
        is_revoked=None if bucket is None else RevokedCodes(aws.s3(), bucket).is_revoked,
    )
    if as_json:
        told = twoddoc_answer.document(verification)
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        print_verification(Console(), verification)
    if not verification.trusted:
        raise typer.Exit(1)


def _destination(country: str | None, region: str, rules: Iterable[Path]) -> Destination | None:
    if country is None:
        return None
    documents = load_rules(rules) or french()
    return Destination(country, tuple(document.rule for document in documents), region)


def _print(result: Verification, language: str) -> None:
    console = Console()
    if result.claims:
        _print_claims(console, result.claims)
    if result.signer:
        _print_signer(console, result.signer)
    if result.rules:
        _print_rules(console, result.rules, language)
    _print_checks(console, result)


def _signers(files: Iterable[Path], environment: str | None) -> Mapping[bytes, tuple[Signer, ...]]:
    from_files = load_signers(files)
    if environment is None:
        return from_files
    published = SignerParameters(aws.ssm(), environment).trusted()
    listed = (*from_files.values(), *published.values())
    return by_kid(signer for signers in listed for signer in signers)


def _instant(at: str | None) -> datetime:
    if at is None:
        return datetime.now(UTC)
    try:
        instant = datetime.fromisoformat(at)
    except ValueError:
        raise typer.BadParameter("--at takes a time as ISO 8601") from None
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def _failed(error: ReadingError | DccError) -> typer.Exit:
    rule = f"{error.rule}: " if isinstance(error, DccError) else ""
    typer.echo(f"not a certificate: {rule}{error}", err=True)
    return typer.Exit(1)


def _print_claims(console: Console, claims: Claims) -> None:
    table = Table("claim", "value", title="Certificate", title_justify="left")
    table.add_row("issuing country", printable(claims.issuer or "not given"))
    table.add_row("issued at", _time(claims.issued_at))
    table.add_row("expires at", _time(claims.expires_at))
    table.add_row("container", claims.container.title)
    is_dcc = claims.container is Container.EU_DCC
    for label, value in (
        _rows(dict(claims.certificate), "") if is_dcc else _raw_rows(claims.other, "")
    ):
        table.add_row(printable(label), printable(value))
    console.print(table)


def _rows(value: Plain, label: str) -> list[tuple[str, str]]:
    if isinstance(value, dict):
        rows = []
        for key, item in value.items():
            name = f"{label}: {_LABELS.get(key, key)}" if label else _LABELS.get(key, key)
            rows += _rows(item, name)
            if key == "ci" and isinstance(item, str):
                rows.append((f"{name}, checksum", uvci.checksum(item).value))
        return rows
    if isinstance(value, list):
        return [row for item in value for row in _rows(item, label)]
    return [(label, str(value))]


def _raw_rows(value: Plain, label: str) -> list[tuple[str, str]]:
    """The rows of content that is not judged, by its own keys."""
    if isinstance(value, dict):
        return [
            row
            for key, item in value.items()
            for row in _raw_rows(item, f"{label}: {key}" if label else key)
        ]
    if isinstance(value, list):
        return [row for item in value for row in _raw_rows(item, label)]
    return [(label or "content", value.hex() if isinstance(value, bytes) else str(value))]


def _print_signer(console: Console, signer: Signer) -> None:
    table = Table("signer", "value", title="Signed by", title_justify="left")
    table.add_row("kid", signer.kid.hex())
    table.add_row("subject", printable(signer.subject))
    table.add_row("valid from", _time(signer.not_before))
    table.add_row("valid until", _time(signer.not_after))
    console.print(table)


def _print_checks(console: Console, verification: Verification) -> None:
    table = Table("check", "state", "reason", title="Checks", title_justify="left")
    for check in verification.checks:
        reason = f"{check.rule}: {check.reason}" if check.rule else ""
        state = Text(check.state.value, style=_COLOURS[check.state])
        table.add_row(check.name.value, state, printable(reason))
    console.print(table)
    verdict = "trusted" if verification.trusted else "not trusted"
    console.print(f"The certificate is {verdict}.")


def _print_rules(console: Console, outcomes: Iterable[RuleOutcome], language: str) -> None:
    table = Table("rule", "verdict", "what it says", title="Business rules", title_justify="left")
    for outcome in outcomes:
        verdict = Text(outcome.verdict.value, style=_VERDICT_COLOURS[outcome.verdict])
        told = outcome.rule.told(language)
        reason = f" ({outcome.reason})" if outcome.reason else ""
        table.add_row(outcome.rule.identifier, verdict, printable(told + reason))
    console.print(table)


def _time(instant: datetime | None) -> str:
    return instant.isoformat() if instant else "not given"
