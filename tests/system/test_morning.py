"""The demonstration's morning, file by file and count by count."""

from pathlib import Path

from demo import run
from demo.deployed import Deployed


def test_everything_adds_up(deployed: Deployed, tmp_path: Path) -> None:
    assert run.main(["--endpoint", deployed.endpoint, "--keep", str(tmp_path)]) == 0
