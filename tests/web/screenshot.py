"""`python -m tests.web.screenshot FILE` draws the picture of the README, on the invented month."""

import shutil
import sys
import tempfile
from pathlib import Path

from infra.pages import build_numbers
from tests.web.browser import visit
from tests.web.site import served

_SAMPLE = Path(__file__).parents[1] / "samples" / "open_data"


def main() -> None:
    """Write the picture."""
    with tempfile.TemporaryDirectory() as folder:
        build_numbers(Path(folder))
        shutil.copytree(_SAMPLE, folder, dirs_exist_ok=True)
        with served(Path(folder)) as address:
            visit(f"{address}/en.html", height=1180, screenshot=str(Path(sys.argv[1]).resolve()))


if __name__ == "__main__":
    main()
