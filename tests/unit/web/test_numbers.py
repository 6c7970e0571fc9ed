"""The page of the numbers: what it computes, and that its build gives the same bytes twice."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from infra.pages import CACHED_BRIEFLY, CACHED_FOREVER, build_numbers, cache_control

ROOT = Path(__file__).parents[3]
SOURCES = ROOT / "web" / "numbers"
NODE = shutil.which("node")
pytestmark = [
    pytest.mark.skipif(NODE is None, reason="Node.js is not installed"),
    pytest.mark.skipif(
        not (ROOT / "node_modules" / "esbuild").is_dir(), reason="npm ci has not been run"
    ),
]


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_modules() -> None:
    tests = sorted(str(path) for path in Path(__file__).parent.glob("numbers/*.test.mjs"))
    done = subprocess.run(  # noqa: S603 - our own tests
        [str(NODE), "--test", *tests], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
    assert int(re.findall(r"# pass (\d+)", done.stdout)[0]) > len(tests)


def test_the_build_is_the_same_wherever_it_is_made_and_small(tmp_path: Path) -> None:
    first = contents(build_numbers(tmp_path / "a"))
    assert first == contents(build_numbers(tmp_path / "elsewhere" / "b"))
    assert {name.rpartition(".")[2] for name in first} == {"html", "js", "css"}
    assert sum(map(len, first.values())) < 400_000
    page = first["index.html"].decode()
    for name in re.findall(r'(?:src|href)="([\w.-]+)"', page):
        assert name in first
    assert "unsafe" not in page
    kept = {name.rpartition(".")[2]: cache_control(name) for name in first}
    assert kept == {"html": CACHED_BRIEFLY, "js": CACHED_FOREVER, "css": CACHED_FOREVER}


def test_nothing_is_written_as_html() -> None:
    for source in SOURCES.glob("*.js"):
        assert "innerHTML" not in source.read_text(encoding="utf-8"), source.name
