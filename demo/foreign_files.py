"""Other people's files as uploads of the first laboratory."""

from pathlib import Path

from demo.morning import LABORATORIES, Upload

_TOLD_OF_DATA = {".md", ".upstream", ".txt"}


def uploads_of(files: Path) -> list[Upload]:
    """Every file of a folder, or the one file, but for what only speaks of the data."""
    found = sorted(files.rglob("*")) if files.is_dir() else [files]
    root = files if files.is_dir() else files.parent
    return [
        Upload(
            laboratory=LABORATORIES[0].finess,
            path=path.relative_to(root).as_posix(),
            content=path.read_bytes(),
            wave=1,
            fates={},
        )
        for path in found
        if path.is_file() and path.suffix not in _TOLD_OF_DATA
    ]
