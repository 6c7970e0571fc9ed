"""Sources whose certificates are made, corrected, revoked, renewed, and wait for their day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from tests.faults.account import events
from tests.faults.scenario import Scenario
from tests.functions.certificate_signing.world import World, at
from vigie.certificates.certificate_due import RecoveryDue, RenewalDue
from vigie.certificates.reissue_due import ReissueDue
from vigie.certificates.stored_certificate import StoredCertificate, from_item
from vigie.dcc.verification import verify
from vigie.events.bundle import bundled
from vigie.results.codes import Outcome, Status
from vigie.vaccinations.stored_vaccination import VaccinationStatus

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from vigie.dcc.cwt import Plain

# They are random, or follow from what is.
_RANDOM = {"hcert", "signature_hash"}
_POSITIVE = {"outcome": Outcome.DETECTED}


class _Result(NamedTuple):
    """What was delivered of a result before, and what is stored of it now."""

    result_id: str
    earlier: dict[str, Any] | None
    current: dict[str, Any]


class _Signing(Scenario):
    """Messages about results, on a day after the sampling."""

    earlier_day: ClassVar[int] = 0
    day: ClassVar[int] = 1
    results: ClassVar[tuple[_Result, ...]]

    def __init__(self) -> None:
        self._world = World()
        self._trusted = self._world.parameters.trusted()

    def messages(self) -> list[str]:
        """What asks for the work."""
        return [
            RecoveryDue(result_id=result.result_id).model_dump_json() for result in self.results
        ]

    def prepare(self) -> list[str]:
        bodies = self.messages()
        self._world.now = at(self.earlier_day)
        for result in self.results:
            if result.earlier is not None:
                self._world.result(result_id=result.result_id, **result.earlier)
        if self._world.deliver(*_Signing.messages(self)):
            raise AssertionError("what was before was not done")
        for result in self.results:
            self._world.result(result_id=result.result_id, **result.current)
        self._world.now = at(self.day)
        return bodies

    def deliver(self, bodies: Sequence[str]) -> list[str]:
        return [bodies[int(place)] for place in self._world.deliver(*bodies)]

    def everything(self) -> dict[str, object]:
        rows = self._world.rows()
        certificates = [from_item(row) for row in rows if "hcert" in row]
        return {
            "certificates": [each.model_dump(exclude=_RANDOM) for each in certificates],
            "claims": [self._claims(each) for each in certificates],
            "reminders": [row for row in rows if "hcert" not in row],
            "events": set(events("events")),
        }

    def _claims(self, certificate: StoredCertificate) -> Mapping[str, Plain]:
        """What a certificate says, once it is verified."""
        text = self._world.text(certificate)
        verified = verify(text, self._trusted, certificate.issued_at)
        if not verified.trusted or verified.claims is None:
            raise AssertionError(verified.checks)
        return verified.claims.certificate


class Issue(_Signing):
    """A result that gives a certificate, and one whose certificate waits for its day."""

    results = (_Result("issued", None, {}), _Result("deferred", None, _POSITIVE))


class IssueTogether(Issue):
    """The same in one message."""

    def prepare(self) -> list[str]:
        return list(bundled(super().prepare()))


class Change(_Signing):
    """A certificate that is replaced, and one that is revoked."""

    results = (
        _Result(
            "corrected",
            {},
            {"version": 2, "status": Status.CORRECTED, "testing_centre": "Laboratoire du Lac"},
        ),
        _Result("withdrawn", {}, {"version": 2, "status": Status.WITHDRAWN}),
    )


class Release(_Signing):
    """A recovery whose day has come, and one that was no infection after all."""

    day = 11
    results = (
        _Result("released", _POSITIVE, _POSITIVE),
        _Result("corrected", _POSITIVE, {"version": 2, "status": Status.CORRECTED}),
    )


class Reissue(_Signing):
    """A certificate that is signed anew, and one of a result that is corrected meanwhile."""

    results = (
        _Result("reissued", {}, {}),
        _Result(
            "corrected",
            {},
            {"version": 2, "status": Status.CORRECTED, "testing_centre": "Laboratoire du Lac"},
        ),
    )

    def messages(self) -> list[str]:
        due = ReissueDue(
            job="j1",
            records=tuple(result.result_id for result in self.results),
            issued_before=at(self.day),
            reason="key-lost",
        )
        return [due.model_dump_json()]

    def everything(self) -> dict[str, object]:
        live = [
            certificate.source_id
            for certificate in self._world.certificates()
            if certificate.revoked_at is None
        ]
        if sorted(live) != ["corrected", "reissued"]:
            raise AssertionError("somebody is without a certificate, or has two")
        return super().everything()


class Renewal(_Signing):
    """A recovery whose use outlives its certificate, on the day that it is renewed."""

    earlier_day = 11
    day = 43
    results = (_Result("renewed", _POSITIVE, _POSITIVE),)

    def __init__(self) -> None:
        super().__init__()
        self._world.settings = self._world.settings.model_copy(update={"validity_days": 60})

    def messages(self) -> list[str]:
        return [RenewalDue(source_id=result.result_id).model_dump_json() for result in self.results]


class Doses(_Signing):
    """A dose that gives a certificate, one that is corrected, and one that is withdrawn."""

    results = ()

    def prepare(self) -> list[str]:
        world = self._world
        world.now = at(0)
        names = ("V-corrected", "V-withdrawn")
        if world.deliver(*[world.vaccination(vaccination_id=name) for name in names]):
            raise AssertionError("what was before was not done")
        world.now = at(self.day)
        return [
            world.vaccination(vaccination_id="V-issued"),
            world.vaccination(vaccination_id="V-corrected", version=2, number=3),
            world.vaccination(
                vaccination_id="V-withdrawn", version=2, status=VaccinationStatus.WITHDRAWN
            ),
        ]
