"""The rules of all countries as they are published: the file `rules.json` of the list `rules`."""

from collections.abc import Iterable

from vigie.business_rules.rule import Rule, RuleDocument, read
from vigie.model import Frozen

RULES = "rules"
RULES_FILE = "rules.json"
# The list of all, as verifiers ask for it, has 130 bytes for each: 1.3 MB of the 6 MB that a
# function may answer. All countries together never had two thousand.
MAX_RULES = 10_000


class ListedRule(Frozen):
    """A rule that verifiers may ask for.

    Attributes:
        identifier: of the rule.
        version: of the rule.
        country: whose rule it is.
        hash: SHA-256 of the content, in hexadecimal; never of another content.
        content: JSON, as it was brought in.
        signature: over the content, as `X-SIGNATURE` has it.
    """

    identifier: str
    version: str
    country: str
    hash: str
    content: str
    signature: str

    def told(self) -> dict[str, str]:
        """The rule as the EU's verifier service lists it."""
        return self.model_dump(include={"identifier", "version", "country", "hash"})


class RuleList(Frozen):
    """All rules, in the order of country, identifier and version.

    Attributes:
        rules: each once.
    """

    rules: tuple[ListedRule, ...] = ()


def read_rules(content: bytes) -> tuple[Rule, ...]:
    """The rules that a published file holds.

    Raises:
        RuleError: a rule is none, which no publication lets through.
    """
    listed = RuleList.model_validate_json(content)
    return tuple(read(one.content.encode()) for one in listed.rules)


def ordered(documents: Iterable[RuleDocument]) -> tuple[RuleDocument, ...]:
    """Rules in the order in which they are listed; one that stands twice is left out."""
    unique = {document.hash: document for document in documents}
    return tuple(sorted(unique.values(), key=_order))


def _order(document: RuleDocument) -> tuple[str, str, str, str]:
    rule = document.rule
    return rule.country, rule.identifier, rule.version, document.hash
