"""The page loads nothing from elsewhere, says everything in both languages, and reads dates."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

WEB = Path(__file__).parents[3] / "web" / "results"
PAGE = (WEB / "index.html").read_text(encoding="utf-8")
NODE = shutil.which("node")


def run(script: str) -> Any:  # noqa: ANN401 - whatever the script prints
    """What a module of the page's folder prints as JSON."""
    if NODE is None:
        pytest.skip("Node.js is not installed")
    done = subprocess.run(  # noqa: S603 - our own script
        [NODE, "--no-warnings", "--input-type=module", "--eval", script],
        cwd=WEB,
        capture_output=True,
        check=True,
        text=True,
    )
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def modules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page's modules in a folder that Node.js takes for modules."""
    folder = tmp_path_factory.mktemp("web")
    for source in WEB.glob("*.js"):
        shutil.copy(source, folder / f"{source.stem}.mjs")
    return folder


def test_nothing_comes_from_elsewhere_or_stands_inline() -> None:
    for source in WEB.iterdir():
        text = source.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        assert not re.search(r"https?://|//cdn|@import|url\(", text), source.name
        assert "innerHTML" not in text
    assert not re.search(r"\son\w+=|\sstyle=|<style|<script(?![^>]* src=)", PAGE)
    assert "default-src 'none'" in PAGE
    assert "unsafe" not in PAGE


def test_every_field_has_a_label_and_the_error_is_announced() -> None:
    assert len(re.findall(r"<label>.*?<input ", PAGE)) == PAGE.count("<input") == 3
    assert 'id="error" class="error" role="alert"' in PAGE


def test_both_languages_say_everything(modules: Path) -> None:
    script = (
        f"import {{ texts }} from '{(modules / 'texts.mjs').as_uri()}';"
        "console.log(JSON.stringify([Object.keys(texts.fr), Object.keys(texts.en)]))"
    )
    french, english = run(script)
    assert french == english
    assert set(re.findall(r'data-text="(\w+)"', PAGE)) <= set(french)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (("12", "05", "1980"), "1980-05-12"),
        (("1", "5", " 1980 "), "1980-05-01"),
        (("", "5", "1980"), "1980-05"),
        (("", "", "1980"), "1980"),
        (("29", "2", "2000"), "2000-02-29"),
        (("29", "2", "1900"), None),
        (("31", "4", "1980"), None),
        (("12", "13", "1980"), None),
        (("0", "1", "1980"), None),
        (("12", "", "1980"), None),
        (("12", "05", "80"), None),
        (("1e", "05", "1980"), None),
        (("-1", "05", "1980"), None),
        (("12", "05", "2180"), None),
    ],
)
def test_a_birth_date_as_people_write_it(
    modules: Path, fields: tuple[str, str, str], expected: str | None
) -> None:
    module = (modules / "birth-date.mjs").as_uri()
    script = (
        f"import {{ isoBirthDate }} from '{module}';"
        f"console.log(JSON.stringify(isoBirthDate(...{json.dumps(fields)})))"
    )
    assert run(script) == expected
