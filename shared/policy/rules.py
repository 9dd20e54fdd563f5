"""The catalogue of rules: what each asks for, where that is written, and whether it is held.

``rules.yaml`` states every rule of Toshima's document, ``rules_adachi.yaml`` those of Adachi's manual,
``decisions.yaml`` what is decided where both are silent. Which code and which tests name an id is no part of the
catalogue: ``./renkei rules`` finds it.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import yaml

from shared.policy.full_width import normalise
from shared.policy.parameters import Source

TOSHIMA: Final = Path(__file__).with_name("rules.yaml")
"""The rules of Toshima's document."""

ADACHI: Final = Path(__file__).with_name("rules_adachi.yaml")
"""The rules of Adachi's manual."""

KINDS: Final[Mapping[str, str]] = {
    "refuses": "拒否",
    "obliges": "義務",
    "warns": "警告",
    "routes": "振り分け",
    "computes": "計算",
    "informs": "表示",
}
"""What a rule does, with its Japanese term."""

STATUSES: Final = ("held", "later")

DECIDED: Final = Path(__file__).with_name("decisions.yaml")
"""What is decided where the documents are silent; named like a rule."""

_DECISION: Final = re.compile(r"(?:decision|決定)\s*(\d+)", re.IGNORECASE)
_ID: Final = re.compile(r"[TA]-[A-Z]?\d+[A-Za-z]?|decision \d+")
_CELL: Final = re.compile(r"(T-\d+)[A-Z]")
_NEEDED: Final = {"id", "title", "english", "source", "kind", "status"}
_OPTIONAL: Final = {"reason", "untestable"}
_TEXTS: Final = ("id", "title", "english", "reason", "untestable")


class MalformedRules(ValueError):
    """A catalogue is not what it should be; the message names the file, the rule and the problem."""

    def __init__(self, place: str, problem: str) -> None:
        super().__init__(f"{place}: {problem}")


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule.

    ``status`` is ``held`` when code does all of it and a test says so, otherwise ``later``; ``reason`` then tells in
    Japanese what is missing. ``untestable`` says why no test is possible.
    """

    id: str
    source: Source
    status: str
    title: str
    english: str
    kind: tuple[str, ...]
    reason: str = ""
    untestable: str = ""

    @property
    def row(self) -> str | None:
        """The id of the row of which this rule is one cell, or None."""
        cell = _CELL.fullmatch(self.id)
        return cell[1] if cell else None

    @property
    def held(self) -> bool:
        """Whether nothing of it is missing."""
        return self.status == "held"


@cache
def catalogue() -> Mapping[str, Rule]:
    """Id → rule, of both documents and of the decisions, in the order of the files.

    :raises MalformedRules: a file is not what it should be, or an id stands twice.
    """
    return joined(read_stated(TOSHIMA), read_stated(ADACHI), read_stated(DECIDED))


def written(rule_id: str) -> str:
    """A rule's id as Japanese text writes it: ``T-16`` stays, ``decision 28`` is 決定28."""
    return _DECISION.sub(_decision, rule_id)


def _decision(found: re.Match[str]) -> str:
    return f"決定{found[1]}"


def row_id(rule_id: str) -> str:
    """The id of the row of which a rule is one cell, otherwise its own."""
    cell = _CELL.fullmatch(rule_id)
    return cell[1] if cell else rule_id


def id_of(text: str) -> str:
    """The id that somebody may have written in Japanese, full width or spaced: 決定28 is ``decision 28``."""
    ordinary = normalise(text)
    found = _DECISION.fullmatch(ordinary)
    return f"decision {int(found[1])}" if found else ordinary


def joined(*parts: Sequence[Rule]) -> Mapping[str, Rule]:
    """Id → rule.

    :raises MalformedRules: an id stands twice, or a row and its cells contradict each other.
    """
    found: dict[str, Rule] = {}
    for rule in (each for part in parts for each in part):
        if rule.id in found:
            raise MalformedRules(rule.id, "the id stands twice")
        found[rule.id] = rule
    for rule in found.values():
        _must_agree_with_row(rule, found)
    return MappingProxyType(found)


def _must_agree_with_row(rule: Rule, found: Mapping[str, Rule]) -> None:
    if rule.row is None:
        return
    row = found.get(rule.row)
    if row is None:
        raise MalformedRules(rule.id, f"is a cell of {rule.row}, which does not exist")
    if row.held and not rule.held:
        raise MalformedRules(row.id, f"is held, but its cell {rule.id} is not")


def read_stated(file: Path) -> list[Rule]:
    """The rules that a file writes out.

    :raises MalformedRules: an entry lacks something or says something unknown.
    """
    raw = _read(file)
    if not isinstance(raw, list) or not raw:
        raise MalformedRules(file.name, "expected a list of rules")
    return [_rule(file, each) for each in raw]


def _read(file: Path) -> Any:
    try:
        return yaml.safe_load(file.read_bytes())
    except (OSError, yaml.YAMLError, ValueError) as problem:
        raise MalformedRules(file.name, str(problem)) from problem


def _rule(file: Path, raw: Any) -> Rule:
    if not isinstance(raw, Mapping) or not isinstance(raw.get("id"), str):
        raise MalformedRules(file.name, f"a rule without an id: {raw!r:.80}")
    place = f"{file.name} {raw['id']}"
    _must_be_whole(place, raw)
    rule = Rule(
        id=raw["id"],
        source=Source(raw["source"]["document"], raw["source"]["passage"]),
        status=raw["status"],
        title=raw["title"],
        english=raw["english"],
        kind=tuple(raw["kind"]),
        reason=raw.get("reason", ""),
        untestable=raw.get("untestable", ""),
    )
    if rule.held and rule.reason:
        raise MalformedRules(place, "is held and yet gives a `reason` why it is not")
    if not rule.held and not rule.reason:
        raise MalformedRules(place, "is for later, but no `reason` says what is missing")
    return rule


def _must_be_whole(place: str, raw: Mapping[str, Any]) -> None:
    if missing := sorted(_NEEDED - set(raw)):
        raise MalformedRules(place, f"lacks {missing}")
    if unknown := sorted(set(map(str, raw)) - _NEEDED - _OPTIONAL):
        raise MalformedRules(place, f"unknown keys {unknown}")
    for name in _TEXTS:
        if name in raw and not _is_text(raw[name]):
            raise MalformedRules(place, f"`{name}` must be text in one line")
    if not _ID.fullmatch(raw["id"]):
        raise MalformedRules(place, "is not a rule's id")
    source = raw["source"]
    if not isinstance(source, Mapping) or set(source) != {"document", "passage"}:
        raise MalformedRules(place, "`source` needs `document` and `passage`")
    if not all(map(_is_text, source.values())):
        raise MalformedRules(place, "`document` and `passage` must be text in one line")
    kinds = raw["kind"]
    if not isinstance(kinds, list) or not kinds or not all(each in KINDS for each in kinds):
        raise MalformedRules(place, f"`kind` must be a list of {list(KINDS)}")
    if raw["status"] not in STATUSES:
        raise MalformedRules(place, f"`status` must be one of {list(STATUSES)}")


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip()) and "\n" not in value
