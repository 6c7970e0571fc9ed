"""Where other people's data is: the setting VIGIE_DATA, else beside the project."""

import os
from pathlib import Path

import pytest

_PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def data_folder() -> Path:
    folder = Path(os.environ.get("VIGIE_DATA", _PROJECT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip("there is no data: set VIGIE_DATA to its folder")
    return folder
