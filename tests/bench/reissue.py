"""What a mass reissue takes: calls for a certificate, and the figures for sixty million.

A job asks for certificates and certificate_signing signs them, both as they are deployed; what
they call is counted, and charged at the prices of a dated file. Left out is what hears of it:
the archive, and where a job revokes, the recording and publication of revocations.

`python -m tests.bench.reissue`
"""

from __future__ import annotations

import io
import os
from contextlib import redirect_stdout
from typing import TYPE_CHECKING
from unittest import mock

from moto import mock_aws
from rich.console import Console

from cli.reissue_estimate import REVOKED, SIGNED
from infra.environments import production
from tests.bench.measured import PRICES, dollars_of
from tests.bench.meter import Function, Meter
from tests.functions.certificate_reissue.test_signed_again import Both
from tests.functions.conftest import REGION
from tests.functions.kms_signing import digests_signed
from vigie import aws

if TYPE_CHECKING:
    from collections.abc import Mapping

_NUMBER = 200
_MILLIONS = 60
_SIDE_BY_SIDE = 4
_SIGNING = Function(memory_mib=256, side_by_side=_SIDE_BY_SIDE)
_RELEASING = Function(memory_mib=1024)
_MESSAGES = 4
_ENVIRONMENT = {
    "AWS_DEFAULT_REGION": REGION,
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "POWERTOOLS_METRICS_NAMESPACE": "bench",
    "POWERTOOLS_SERVICE_NAME": "bench",
}


def main() -> None:
    """Measure and print."""
    console = Console(width=140)
    for revoke in (False, True):
        meter = _measured(revoke=revoke)
        each = {unit: number / _NUMBER for unit, number in meter.used.items()}
        dollars = dollars_of(each)
        seconds = meter.seconds["certificate_signing"] / _NUMBER
        console.print(f"{'revoked' if revoke else 'not revoked'}, for a certificate:")
        for (function, call), times in sorted(meter.calls.items()):
            console.print(f"  {function:20} {call:24} {times / _NUMBER:.3f}")
        console.print(f"  ${dollars:.2f} a million: {_by_service(each)}")
        console.print(f"  {seconds * 1000:.1f} ms of a copy of certificate_signing")
        _tell_all(console, dollars, seconds)
    console.print(f"the command says ${SIGNED} a million, and ${REVOKED} more where it revokes")
    console.print(f"Prices of {PRICES['region']} as of {PRICES['as_of']}, without the free tier.")


def _tell_all(console: Console, dollars: float, seconds: float) -> None:
    settings = production("123456789012")
    hours = _MILLIONS * 1_000_000 / settings.reissue_rate / 3600
    copies = settings.reissue_rate * seconds
    console.print(
        f"  {_MILLIONS} million: {hours:.1f} h at {settings.reissue_rate} a second,"
        f" ${_MILLIONS * dollars:,.0f}, {copies:.0f} copies at once"
    )


def _by_service(each: Mapping[str, float]) -> str:
    services = sorted({unit.split()[0] for unit in each})
    return ", ".join(
        f"{service} {dollars_of({u: n for u, n in each.items() if u.split()[0] == service}):.2f}"
        for service in services
    )


def _measured(*, revoke: bool) -> Meter:
    with (
        mock.patch.dict(os.environ, _ENVIRONMENT),
        mock_aws(),
        digests_signed(),
        redirect_stdout(io.StringIO()),
    ):
        aws.forget_clients()
        both = Both(records=[f"r{number:04}" for number in range(_NUMBER)], revoke=revoke)
        # The meter tells what is computed from what is emulated in one thread only.
        both.signing.side_by_side = 1
        meter = Meter(both.signing.log)
        with meter.switched_on():
            with meter.invocation("certificate_reissue", _RELEASING):
                both.job.tick()
            asked = [body for _, body in both.job.delayed()]
            for place in range(0, len(asked), _MESSAGES):
                with meter.invocation("certificate_signing", _SIGNING):
                    both.signing.deliver(*asked[place : place + _MESSAGES])
    aws.forget_clients()
    return meter


if __name__ == "__main__":
    main()
