"""`vigie venue`: the key of venues' QR codes, posters, and the codes that a screen shows."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from cryptography.hazmat.primitives.asymmetric import ec

from cli.deployed import Deployed
from cli.options import Environment, told
from cli.reading import ReadingError, read_file
from vigie import aws
from vigie.aws import aws_errors
from vigie.errors import Rejected
from vigie.venues.contact import VenueContact
from vigie.venues.ntp import from_ntp
from vigie.venues.public_key import read_public_key, written_public_key
from vigie.venues.temporary_key import SECRET_BYTES
from vigie.venues.venue_code import RENEWAL, CodeMaker, ContactDetails, new_secret
from vigie.venues.venue_keys import VenueKey
from vigie.venues.venue_rules import Venue

app = typer.Typer(help="The key, the posters and the codes of venues.", no_args_is_help=True)

_PUBLIC_KEY = "venues/public-key"
_MOST_CODES = 10_000

Type = Annotated[int, typer.Option("--type", min=0, max=31, help="Type of venue.")]
Category1 = Annotated[int, typer.Option(min=0, max=15, help="Its first category.")]
Category2 = Annotated[int, typer.Option(min=0, max=15, help="Its second category.")]
Staff = Annotated[bool, typer.Option("--staff", help="For who works there.")]
Secret = Annotated[
    Path | None,
    typer.Option(help="File of the venue's secret, made if it is not there. Keep it."),
]
CallersKey = Annotated[
    Path | None, typer.Option(help="Public key in PEM of those who call venues.")
]
Contact = Annotated[
    str | None, typer.Option(help="Whom they call: phone,region,pin such as 33139980147,11,012345.")
]


@app.command()
def key(environment: Environment = "dev") -> None:
    """Install the public key of the newest version, for posters, and print it in PEM."""
    with told():
        deployed = _deployed(environment)
        version = deployed.parameter("venues/key-versions").split()[0]
        made = VenueKey(aws.kms(), deployed.parameter("keys/venues"), version)
        pem = written_public_key(made.private_key().public_key())
        with aws_errors("parameters"):
            aws.ssm().put_parameter(
                Name=f"/vigie/{environment}/{_PUBLIC_KEY}", Value=pem, Type="String", Overwrite=True
            )
    typer.echo(pem, nl=False)


@app.command()
def poster(
    output: Annotated[Path, typer.Argument(help="The PDF to write.")],
    venue_type: Type,
    category1: Category1 = 0,
    category2: Category2 = 0,
    *,
    name: Annotated[str, typer.Option(help="Printed, and kept nowhere.")] = "",
    staff: Staff = False,
    secret: Secret = None,
    callers_key: CallersKey = None,
    contact: Contact = None,
    environment: Environment = "dev",
) -> None:
    """Write the poster of a venue."""
    # Only who prints waits for what draws to be loaded.
    from vigie.venues.venue_poster import poster as drawn  # noqa: PLC0415

    with told():
        deployed, now = _deployed(environment), datetime.now(UTC)
        venue = Venue(type=venue_type, category1=category1, category2=category2)
        maker = CodeMaker(
            _installed(deployed),
            venue,
            _secret(secret),
            staff=staff,
            contact=_contact(contact, callers_key),
        )
        link = deployed.parameter("venues/link")
        page = drawn(link, maker.poster(now), name=name, staff=staff, now=now)
        output.write_bytes(page)


@app.command()
def codes(
    venue_type: Type,
    secret: Annotated[
        Path, typer.Option(help="File of the venue's secret, made if it is not there. Keep it.")
    ],
    category1: Category1 = 0,
    category2: Category2 = 0,
    *,
    hours: Annotated[int, typer.Option(min=1, max=24 * 31, help="For so long from now.")] = 24,
    period: Annotated[
        int, typer.Option(min=1, max=254, help="Hours until the venue gets another id.")
    ] = 24,
    renewal: Annotated[
        int, typer.Option(min=6, max=20, help="A code is shown for two to the power of it.")
    ] = RENEWAL,
    staff: Staff = False,
    environment: Environment = "dev",
) -> None:
    """Print the codes of a screen, one to a line: the time that it is shown from, and its link."""
    with told():
        if hours * 3600 >> renewal > _MOST_CODES:
            raise Rejected("codes-too-many", f"that would be more than {_MOST_CODES} codes")
        deployed, now = _deployed(environment), datetime.now(UTC)
        venue = Venue(type=venue_type, category1=category1, category2=category2)
        maker = CodeMaker(_installed(deployed), venue, _secret(secret), staff=staff)
        link, end = deployed.parameter("venues/link"), now + timedelta(hours=hours)
        for shown, code in maker.series(now, end, period_hours=period, renewal=renewal):
            typer.echo(f"{from_ntp(shown).isoformat()} {link}{code}")


def _deployed(environment: str) -> Deployed:
    return Deployed(environment, ssm=aws.ssm(), sqs=aws.sqs(), sns=aws.sns())


def _installed(deployed: Deployed) -> ec.EllipticCurvePublicKey:
    return read_public_key(deployed.parameter(_PUBLIC_KEY).encode())


def _secret(path: Path | None) -> bytes:
    """The secret of a venue: that of the file, or a new one, which goes into the file."""
    if path is None:
        return new_secret()
    if not path.exists():
        made = new_secret()
        # Nobody else on the machine reads it.
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            file.write(made.hex() + "\n")
        return made
    try:
        found = bytes.fromhex(_file(path).decode("ascii").strip())
    except ValueError:
        found = b""
    if len(found) != SECRET_BYTES:
        raise Rejected(
            "venue-secret", f"the file does not hold {SECRET_BYTES} bytes in hexadecimal"
        )
    return found


def _contact(
    text: str | None, callers_key: Path | None
) -> tuple[ContactDetails, ec.EllipticCurvePublicKey] | None:
    if text is None and callers_key is None:
        return None
    if text is None or callers_key is None:
        raise Rejected("venue-contact", "a contact takes both --contact and --callers-key")
    phone, _, rest = text.partition(",")
    region, _, pin = rest.partition(",")
    try:
        checked = VenueContact(phone=phone, region=int(region), pin=pin, period_start=0)
    except ValueError:
        raise Rejected("venue-contact", "a contact is phone,region,pin") from None
    details = ContactDetails(phone=checked.phone, region=checked.region, pin=checked.pin)
    return details, read_public_key(_file(callers_key))


def _file(path: Path) -> bytes:
    try:
        return read_file(path)
    except ReadingError as error:
        raise Rejected("file", str(error)) from None
