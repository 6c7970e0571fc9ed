"""What a mass reissue takes: hours, calls, dollars, messages, revocations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from vigie.errors import Rejected

if TYPE_CHECKING:
    from cli.certificate_count import Counted

# Dollars for a million, at prices of eu-west-3 of 2026-11-24: `python -m tests.bench.reissue`
# counts the calls and charges them. A revocation is six writes, of which five are its record's.
SIGNED = 16.6
REVOKED = 5.5
# Half a read unit for 4 KiB, which are four items or more.
_READ = 0.02
# revocation_publication holds a set of ten million in memory, and was measured with no more.
MOST_REVOCATIONS = 10_000_000
# Bytes of a list of hashes at the rate of 10⁻¹².
_BYTES_OF_A_REVOCATION = 8
# What SES often gives an account.
_MESSAGES_A_SECOND = 14
# A test certificate is behind the link of its result: nobody is told of it.
_NEVER_TOLD = "test"


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a job would take.

    Attributes:
        counted: the certificates.
        rate: a second.
        tell: whether people get a message.
        revoke: whether the old certificates are revoked.
    """

    counted: Counted
    rate: int
    tell: bool
    revoke: bool

    @property
    def number(self) -> int:
        """Certificates."""
        return self.counted.total.value

    @property
    def duration(self) -> timedelta:
        """At the rate, if no run gives way to people."""
        return timedelta(seconds=round(self.number / self.rate))

    @property
    def dollars(self) -> float:
        """Of AWS, without what carriers of messages charge."""
        millions = self.number / 1_000_000
        reading = self.counted.read / self.counted.parts_read * self.counted.parts / 1_000_000
        return millions * (SIGNED + (REVOKED if self.revoke else 0)) + reading * _READ

    @property
    def messages(self) -> int:
        """To people."""
        if not self.tell:
            return 0
        return sum(
            number.value
            for group, number in self.counted.groups.items()
            if group.kind != _NEVER_TOLD
        )

    @property
    def revocations(self) -> int:
        """That are published."""
        return self.number if self.revoke else 0

    def check(self) -> None:
        """Check that nothing breaks under it.

        Raises:
            Rejected: `revocations-too-many`, `reissue-empty` if there is nothing to do, or
                `reissue-rare` if there is nothing in the sample, which says little of a few.
        """
        if self.number == 0:
            if self.counted.sampled:
                raise Rejected("reissue-rare", "none in the sample: count them all with --exact")
            raise Rejected("reissue-empty", "no certificate matches")
        if self.revocations > MOST_REVOCATIONS:
            raise Rejected(
                "revocations-too-many",
                f"{self.revocations:,} revocations are more than the {MOST_REVOCATIONS:,} that"
                " lists were measured with: take the signer off the trust list instead"
                " (--no-revoke, then vigie signer retire --compromised)",
            )

    def lines(self) -> list[str]:
        """What an operator reads before it starts."""
        total = self.counted.total
        hours = self.duration / timedelta(hours=1)
        return [
            f"certificates: {total.value:,}"
            + (f" ± {total.error:,} (95 %)" if total.error else ""),
            self._how_counted(),
            f"duration: {hours:.1f} h at {self.rate:,} a second, if nobody else waits",
            f"KMS: {self.number:,} signatures",
            f"AWS: about ${self.dollars:,.2f}, at prices of eu-west-3",
            self._of_messages(),
            self._of_revocations(),
        ]

    def _how_counted(self) -> str:
        counted = self.counted
        if not counted.sampled:
            return f"counted in the whole table, {counted.read:,} items"
        return (
            f"estimated from {counted.parts_read} of {counted.parts:,} parts of the table, by"
            f" chance: {counted.read:,} items; --exact counts them all"
        )

    def _of_messages(self) -> str:
        if not self.messages:
            return "messages to people: none"
        days = self.messages / _MESSAGES_A_SECOND / 86_400
        return (
            f"messages to people: {self.messages:,}, which take {days:.1f} days at"
            f" {_MESSAGES_A_SECOND} a second, what SES often gives"
        )

    def _of_revocations(self) -> str:
        if not self.revoke:
            return (
                "revocations: none; the old certificates verify until they expire, or their signer"
                " is off the trust list"
            )
        megabytes = self.revocations * _BYTES_OF_A_REVOCATION / 1_000_000
        return f"revocations: {self.revocations:,}, some {megabytes:,.1f} MB more for each device"
