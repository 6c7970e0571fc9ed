"""`make demo`: the morning, or other people's files, through the system on the emulator.

Exit status 0 if every count is as planned, 1 if one differs.
"""

from __future__ import annotations

import argparse
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from demo import mailbox
from demo.deployed import Deployed
from demo.findings import count_findings, show_acknowledgement
from demo.foreign_files import uploads_of
from demo.key_files import count_keys, export_keys
from demo.morning import plan_morning
from demo.numbers import count_numbers, publish_numbers
from demo.opening import show_certificate
from demo.phones import give_keys
from demo.tally import drawn, items_add_up
from demo.waves import DeadlinePassedError, Waves

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future
    from typing import Any

    from rich.status import Status as Spinner

    from demo.morning import Morning
    from demo.phones import Given
    from demo.tally import Line

_SEED = 2021
_BROKEN = "abimé"


def main(arguments: list[str] | None = None) -> int:
    """Run the demonstration against a system that is up; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--endpoint", required=True, help="URL of the emulator")
    parser.add_argument("--files", type=Path, help="a file or folder to send instead")
    parser.add_argument("--keep", type=Path, default=Path("build/demo"), help="where images go")
    options = parser.parse_args(arguments)
    console = Console()
    deployed = Deployed.read(options.endpoint)
    started = time.monotonic()
    try:
        if options.files is not None:
            return _foreign(console, deployed, options.files)
        return _morning(console, deployed, options.keep)
    except DeadlinePassedError as error:
        console.print(f"[bold red]Gave up:[/] {error}")
        return 1
    finally:
        console.print(f"{time.monotonic() - started:.0f} s")


def _morning(console: Console, deployed: Deployed, keep: Path) -> int:
    morning = plan_morning(_SEED, datetime.now(UTC))
    with console.status("Uploading") as spinner:
        waves = Waves(deployed, _teller(spinner))
        acknowledgements: dict[str, dict[str, Any]] = {}
        for wave in (1, 2):
            uploads = [upload for upload in morning.uploads if upload.wave == wave]
            acknowledgements |= waves.send(uploads)
            console.print(f"Wave {wave}: {len(uploads)} files dealt with")
    with ThreadPoolExecutor(1) as pool:
        # Each phone waits for its answer's slot, and the hour in which keys are given for its end.
        giving = pool.submit(_give, deployed, morning)
        broken = next(key for key in acknowledgements if _BROKEN in key)
        show_acknowledgement(console, broken, acknowledgements[broken])
        verified = show_certificate(console, deployed, morning, keep)
        text_messages = mailbox.text_messages(deployed.endpoint)
        if text_messages:
            console.rule("One SMS")
            console.print(f"to {text_messages[0].recipient}: {text_messages[0].body}", markup=False)
        lines, items = count_findings(deployed, morning, acknowledgements)
        lines += _numbers(console, deployed, morning)
        lines += _keys(console, deployed, giving)
    console.print(drawn(lines))
    dead = waves.dead_letters()
    if dead:
        console.print(f"[bold red]Dead letters:[/] {dict(dead)}")
    right = all(line.right for line in lines) and items_add_up(items) and verified and not dead
    console.print("[green]Everything adds up.[/]" if right else "[bold red]It does not add up.[/]")
    return 0 if right else 1


def _give(deployed: Deployed, morning: Morning) -> tuple[Given, datetime]:
    """Have phones give their keys: which, and when the last was given."""
    given = give_keys(deployed, morning.positive, datetime.now(UTC))
    return given, datetime.now(UTC)


def _keys(
    console: Console, deployed: Deployed, giving: Future[tuple[Given, datetime]]
) -> list[Line]:
    """Find the keys that were given in the files for all phones."""
    with console.status("Giving diagnosis keys"):
        given, given_at = giving.result()
    with console.status("Exporting diagnosis keys"):
        export_keys(deployed, given_at)
    return count_keys(console, deployed, given)


def _numbers(console: Console, deployed: Deployed, morning: Morning) -> list[Line]:
    """Publish the numbers of the morning, and read them as anyone may."""
    with console.status("Publishing the numbers"):
        publish_numbers(deployed)
    return count_numbers(console, deployed, morning)


def _foreign(console: Console, deployed: Deployed, files: Path) -> int:
    uploads = uploads_of(files)
    if not uploads:
        console.print(f"[bold red]There is no file in[/] {files}")
        return 1
    with console.status("Uploading") as spinner:
        acknowledgements = Waves(deployed, _teller(spinner)).send(uploads)
    for key, acknowledgement in sorted(acknowledgements.items()):
        show_acknowledgement(console, key, acknowledgement)
    return 0


def _teller(spinner: Spinner) -> Callable[[int, int, int], None]:
    def tell(acknowledged: int, awaited: int, waiting: int) -> None:
        spinner.update(
            f"{acknowledged} of {awaited} files acknowledged, {waiting} messages in queues"
        )

    return tell


if __name__ == "__main__":
    sys.exit(main())
