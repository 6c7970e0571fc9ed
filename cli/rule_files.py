"""Business rules from an operator's files."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from cli.reading import ReadingError, read_file
from vigie.business_rules.rule import RuleDocument, RuleError


def load_rules(paths: Iterable[Path]) -> tuple[RuleDocument, ...]:
    """Load rules, each a file of JSON.

    Args:
        paths: files, or folders of files named `*.json`; in a folder, one named `rule.json`
            stands for its folder, and what lies deeper are its tests.

    Raises:
        ReadingError: a file is no rule, naming it.
    """
    return tuple(_rule_in(file) for path in paths for file in _files(path))


def _files(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    if (path / "rule.json").is_file():
        yield path / "rule.json"
        return
    for inner in sorted(path.iterdir()):
        if inner.is_dir() or inner.suffix == ".json":
            yield from _files(inner)


def _rule_in(path: Path) -> RuleDocument:
    try:
        return RuleDocument.read(read_file(path))
    except RuleError as error:
        raise ReadingError(f"{path.name}: {error.code}: {error}") from None
