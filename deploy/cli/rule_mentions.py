"""Where rules are named: in the code that implements them and in the tests that hold them.

The files are read, never imported. A mention is an id in a docstring, a comment or a string, as in ``rule="T-16"``.
Of the table of obligations only the lines ``rules:`` count. A range such as "T-12 to T-17" is a heading and claims no
rule, not even at its ends.

A test counts when its function names the id (docstring, body or decorators); a module whose docstring names the id
counts as a whole. Constants and functions that tests share are no tests.
"""

import ast
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from shared.policy.rules import Rule

ROOT: Final = Path(__file__).parents[2]
"""Where the folders lie that are scanned."""

KNOWS_NO_RULE: Final = frozenset(
    {"shared/eventlog", "shared/exchange", "shared/node", "shared/policy/rules.py"}
)
"""Code in which an id can only be an example: the log, the exchange and the node carry any rule alike."""

HOLDS_RULES: Final = ("tests/care", "tests/policy", "tests/rules", "tests/scenarios", "tests/services")
"""Tests of rules. Elsewhere an id is an example of what an answer or a page looks like."""

OBLIGATIONS: Final = "shared/policy/obligations.yaml"
CATALOGUE_TEST: Final = "tests/policy/test_rules.py"

_FOLDERS: Final = ("contracts", "shared", "services", "deploy", "tests")
_CODE: Final = ("contracts", "shared", "services")
_READ: Final = frozenset({".py", ".yaml", ".html", ".sql", ".md"})
_CATALOGUES: Final = frozenset(
    {"shared/policy/rules.yaml", "shared/policy/rules_adachi.yaml", "shared/policy/decisions.yaml"}
)

# Loose on purpose: a misspelt id must be found, so that it can be told that no such rule exists.
_ID: Final = re.compile(r"(?<![A-Za-z0-9_-])[TA]-[A-Z]?\d[A-Za-z0-9]*")
# "decision 9" alone, several as in "decisions 7, 22 and 24", or 決定22・24 in Japanese.
_DECISIONS: Final = re.compile(
    r"(?:(?<![A-Za-z])decisions? |決定)(\d+(?:(?:, and |, | and |、|・)\d+)*)(?!\d)"
)
_RANGE: Final = re.compile(rf"({_ID.pattern})(?:\s+to\s+|\s*[〜~–]\s*)({_ID.pattern}|[a-z]\b)")


@dataclass(frozen=True, slots=True)
class Mentions:
    """Places by id: ``code`` as file:line, ``tests`` as file::test name, ``anywhere`` as file:line.

    ``code`` and ``tests`` hold what can be evidence; ``anywhere`` holds every id that stands in any file.
    """

    code: Mapping[str, tuple[str, ...]]
    tests: Mapping[str, tuple[str, ...]]
    anywhere: Mapping[str, tuple[str, ...]]
    tests_present: bool = True


@dataclass(frozen=True, slots=True)
class Evidence:
    """A rule with the code that implements it and the tests that hold it."""

    rule: Rule
    code: tuple[str, ...]
    tests: tuple[str, ...]

    @property
    def begun(self) -> bool:
        """Whether a part of a rule for later is there."""
        return not self.rule.held and bool(self.code or self.tests)

    @property
    def lacking(self) -> tuple[str, ...]:
        """What a held rule must have and has not: ``code``, ``test``."""
        if not self.rule.held:
            return ()
        needed = {"code": self.code, "test": self.tests or self.rule.untestable}
        return tuple(name for name, found in needed.items() if not found)


def scan(root: Path = ROOT) -> Mentions:
    """Read every file of the project that can name a rule."""
    code, tests, anywhere = _Places(), _Places(), _Places()
    for name, text in _texts(root):
        for line, found in _lines(text):
            anywhere.add(_ids(found), f"{name}:{line}")
        if name == OBLIGATIONS:
            _scan_obligations(name, text, code)
        elif name.endswith(".py") and name.startswith(_CODE) and not _under(name, KNOWS_NO_RULE):
            for line, found in _lines(text):
                code.add(_claimed(found), f"{name}:{line}")
        elif name.endswith(".py") and _under(name, HOLDS_RULES) and name != CATALOGUE_TEST:
            _scan_tests(name, text, tests)
    return Mentions(code.found, tests.found, anywhere.found, (root / "tests").is_dir())


def evidence(rules: Mapping[str, Rule], mentions: Mentions) -> list[Evidence]:
    """Every rule with what names it, in the order of the catalogue.

    A row is named by its cells too. A cell is named by its row where it is the row's only one: they say the same.
    """
    cells: dict[str, list[str]] = defaultdict(list)
    for rule in rules.values():
        if rule.row:
            cells[rule.row].append(rule.id)
    return [_evidence(rule, cells, mentions) for rule in rules.values()]


def _evidence(rule: Rule, cells: Mapping[str, list[str]], mentions: Mentions) -> Evidence:
    names = [rule.id, *cells.get(rule.id, ())]
    if rule.row and cells[rule.row] == [rule.id]:
        names.append(rule.row)

    def named(places: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
        return tuple(sorted({each for name in names for each in places.get(name, ())}, key=_in_order))

    return Evidence(rule, named(mentions.code), named(mentions.tests))


def _in_order(place: str) -> tuple[str, int, str]:
    file, _, rest = place.partition(":")
    line = re.match(r"\d+", rest)
    return file, int(line[0]) if line else 0, rest


def unknown(rules: Mapping[str, Rule], mentions: Mentions) -> list[str]:
    """Ids that stand somewhere and in no catalogue, each with its places."""
    return [
        f"{name} ({', '.join(places)})" for name, places in mentions.anywhere.items() if name not in rules
    ]


class _Places:
    """Places by id, each place once, in the order in which they were found."""

    def __init__(self) -> None:
        self._found: dict[str, dict[str, None]] = defaultdict(dict)

    def add(self, ids: Iterable[str], place: str) -> None:
        for each in ids:
            self._found[each][place] = None

    @property
    def found(self) -> Mapping[str, tuple[str, ...]]:
        return {name: tuple(places) for name, places in self._found.items()}


def _texts(root: Path) -> Iterator[tuple[str, str]]:
    for folder in _FOLDERS:
        for file in sorted((root / folder).rglob("*")):
            name = file.relative_to(root).as_posix()
            if file.suffix not in _READ or name in _CATALOGUES or not file.is_file():
                continue
            text = file.read_text(encoding="utf-8")
            if _ids(text):
                yield name, text


def _under(name: str, folders: Iterable[str]) -> bool:
    return any(name == each or name.startswith(f"{each}/") for each in folders)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    return ((number, line) for number, line in enumerate(text.splitlines(), 1) if _ids(line))


def _ids(text: str) -> list[str]:
    decisions = [
        f"decision {each}" for found in _DECISIONS.findall(text) for each in re.findall(r"\d+", found)
    ]
    return [*_ID.findall(text), *decisions]


def _claimed(text: str) -> list[str]:
    return _ids(_RANGE.sub("", text))


def _scan_obligations(name: str, text: str, code: _Places) -> None:
    for line, found in _lines(text):
        if found.lstrip().startswith("rules:"):
            code.add(_claimed(found), f"{name}:{line}")


def _scan_tests(name: str, text: str, tests: _Places) -> None:
    module, lines = ast.parse(text), text.splitlines()
    tests.add(_claimed(ast.get_docstring(module) or ""), name)
    for node in ast.walk(module):
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            first = min([node.lineno, *(each.lineno for each in node.decorator_list)])
            body = "\n".join(lines[first - 1 : node.end_lineno])
            tests.add(_claimed(body), f"{name}::{node.name}")
