"""`vigie reissue`: sign many certificates again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import SystemRandom
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.table import Table

from cli.certificate_count import count
from cli.deployed import Deployed
from cli.options import Environment, told
from cli.reissue_estimate import Estimate
from cli.signer_parameters import SignerParameters
from vigie import aws
from vigie.certificates.certificate_scan import CertificateScan
from vigie.certificates.reissue_job import Criteria, Order, Plan, ReissueJob, State
from vigie.certificates.reissue_jobs import ReissueJobs
from vigie.dcc import signer
from vigie.errors import Rejected
from vigie.queue_depth import depth

if TYPE_CHECKING:
    from collections.abc import Sequence

app = typer.Typer(help="Sign many certificates again, by one job at a time.", no_args_is_help=True)

_SHOWN = 10
_KINDS = ("test", "recovery", "vaccination")

Kids = Annotated[
    list[str] | None, typer.Option("--kid", help="Of this signer; may be given several times.")
]
Kinds = Annotated[
    list[str] | None,
    typer.Option("--kind", help=f"Of this kind ({', '.join(_KINDS)}); several times for more."),
]
Before = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"], help="Issued before (UTC); now."),
]
Rate = Annotated[
    int | None, typer.Option(min=1, help="Certificates a second; all that people leave.")
]
Tell = Annotated[bool, typer.Option("--tell/--no-tell", help="Send people a message of it.")]
Revoke = Annotated[bool, typer.Option("--revoke/--no-revoke", help="Revoke the old ones.")]
Exact = Annotated[bool, typer.Option("--exact", help="Count the whole table, however large.")]
Reason = Annotated[str, typer.Option(help="Why, as a code such as key-compromised.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]


class _Environment(NamedTuple):
    """What is deployed, as far as jobs go."""

    deployed: Deployed
    jobs: ReissueJobs
    rate: int

    @classmethod
    def of(cls, name: str) -> _Environment:
        """Look it up."""
        deployed = Deployed(name, ssm=aws.ssm(), sqs=aws.sqs(), sns=aws.sns())
        jobs = ReissueJobs(aws.dynamodb(), deployed.parameter("tables/reissue-jobs"))
        return cls(deployed, jobs, int(deployed.parameter("reissue/rate")))


@app.command()
def estimate(
    environment: Environment = "dev",
    kid: Kids = None,
    kind: Kinds = None,
    issued_before: Before = None,
    rate: Rate = None,
    tell: Tell = False,
    revoke: Revoke = False,
    exact: Exact = False,
) -> None:
    """Print how many certificates there are, and what it takes to sign them again."""
    with told():
        there = _Environment.of(environment)
        criteria = _criteria(kid, kind, issued_before)
        _print_estimate(_estimate(there, criteria, rate, exact=exact, tell=tell, revoke=revoke))


@app.command()
def start(
    reason: Reason,
    environment: Environment = "dev",
    kid: Kids = None,
    kind: Kinds = None,
    issued_before: Before = None,
    rate: Rate = None,
    tell: Tell = False,
    revoke: Revoke = False,
    exact: Exact = False,
    yes: Yes = False,
) -> None:
    """Print the estimate, ask, and have a job run."""
    with told():
        there = _Environment.of(environment)
        criteria = _criteria(kid, kind, issued_before)
        _check_signers(SignerParameters(aws.ssm(), environment), criteria)
        made = _estimate(there, criteria, rate, exact=exact, tell=tell, revoke=revoke)
        plan = _plan(criteria, reason, made)
        _print_estimate(made)
        made.check()
        if not yes:
            typer.confirm("Sign them again?", abort=True)
        job = there.jobs.create(plan)
    typer.echo(f"job {job.number} runs from the next minute on: vigie reissue status")


@app.command()
def pause(environment: Environment = "dev") -> None:
    """Have the job wait; what it has asked for in the last minutes is still signed."""
    _order(environment, Order.PAUSE)


@app.command()
def resume(environment: Environment = "dev") -> None:
    """Have the job go on where it was."""
    _order(environment, Order.RUN)


@app.command()
def cancel(environment: Environment = "dev") -> None:
    """End the job for good; what was signed again stays."""
    _order(environment, Order.CANCEL)


@app.command()
def status(environment: Environment = "dev") -> None:
    """Print the last jobs, and how far the very last one is."""
    with told():
        there = _Environment.of(environment)
        jobs = there.jobs.last(_SHOWN)
        sqs = aws.sqs()
        waiting = depth(sqs, there.deployed.parameter("queues/reissue"))
        dead = depth(sqs, there.deployed.parameter("queues/reissue-dead-letters"))
    table = Table("job", "reason", "state", "rate", "expected", "asked for", "%", "left", "since")
    for job in jobs:
        table.add_row(*_row(job, there.rate))
    Console(width=120).print(table)
    typer.echo(f"waiting: {waiting.total} messages of up to 25 certificates; dead: {dead.visible}")


def _order(environment: str, order: Order) -> None:
    with told():
        jobs = _Environment.of(environment).jobs
        last = next(iter(jobs.last()), None)
        if last is None:
            raise Rejected("job-unknown", "there never was a job")
        jobs.give_order(last.number, order, datetime.now(UTC))
        job = jobs.last()[0]
    typer.echo(f"job {job.number} is {job.state}")


def _criteria(
    kids: Sequence[str] | None, kinds: Sequence[str] | None, before: datetime | None
) -> Criteria:
    unknown = set(kinds or ()) - set(_KINDS)
    if unknown:
        raise Rejected("kind-unknown", f"--kind is one of {', '.join(_KINDS)}")
    now = datetime.now(UTC).replace(microsecond=0)
    asked = now if before is None else before.replace(tzinfo=UTC)
    if asked > now:
        raise Rejected("issued-before", "--issued-before is in the future")
    try:
        return Criteria(
            issued_before=asked,
            kids=tuple(kid.lower() for kid in kids or ()),
            kinds=tuple(kinds or ()),
        )
    except ValidationError:
        raise Rejected("kid-malformed", "--kid is 16 hexadecimal digits, 100 at most") from None


def _check_signers(signers: SignerParameters, criteria: Criteria) -> None:
    """Check that nothing would be signed by whom it is taken from."""
    active = {signer.kid(dsc.der).hex() for dsc in signers.active().values()}
    if active.intersection(criteria.kids):
        raise Rejected("signer-active", "activate another signer first: vigie signer activate")


def _estimate(
    there: _Environment,
    criteria: Criteria,
    rate: int | None,
    *,
    exact: bool,
    tell: bool,
    revoke: bool,
) -> Estimate:
    if rate is not None and rate > there.rate:
        raise Rejected("rate-too-high", f"people leave {there.rate} a second in this environment")
    scan = CertificateScan(aws.dynamodb(), there.deployed.parameter("tables/certificates"))
    counted = count(scan, criteria, datetime.now(UTC), exact=exact, random=SystemRandom())
    return Estimate(counted, rate or there.rate, tell, revoke)


def _plan(criteria: Criteria, reason: str, made: Estimate) -> Plan:
    try:
        return Plan(
            criteria=criteria,
            reason=reason,
            rate=made.rate,
            tell=made.tell,
            revoke=made.revoke,
            expected=made.number,
            created_at=datetime.now(UTC),
        )
    except ValidationError:
        raise Rejected(
            "reason-malformed", "--reason is a code of 3 to 24 small letters, digits and hyphens"
        ) from None


def _print_estimate(made: Estimate) -> None:
    table = Table("kind", "signer", "certificates", "± (95 %)")
    for group, number in made.counted.groups.items():
        table.add_row(group.kind, group.kid or "-", f"{number.value:,}", f"{number.error:,}")
    Console().print(table)
    for line in made.lines():
        typer.echo(line)


def _row(job: ReissueJob, most: int) -> list[str]:
    plan, progress = job.plan, job.progress
    rate = min(plan.rate, most)
    done = progress.released / plan.expected if plan.expected else 0
    left = timedelta(seconds=max(0, plan.expected - progress.released) // rate)
    return [
        str(job.number),
        plan.reason,
        job.state,
        str(rate),
        f"{plan.expected:,}",
        f"{progress.released:,}",
        "100" if job.state is State.DONE else f"{min(100, 100 * done):.1f}",
        str(left) if job.state is State.RUNNING else "-",
        f"{job.ordered_at:%Y-%m-%d %H:%M}",
    ]
