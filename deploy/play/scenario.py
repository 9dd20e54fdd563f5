"""A scenario as data: days, who gives which command where, and what must hold.

The YAML file has ``title``, ``starts_at`` (a moment), ``case`` (name of the case that the reader follows),
``agencies`` (node → name and roles, and where people reach it: ``address``, ``telephone``, ``fax``, ``mail``; in the
order in which the ward lists them), ``ward`` (the node that lists, unless an agency names its ``wards``: one near the
border stands in the directories of two), ``days`` and ``audits``;
``cases`` may tell the reader whom each case is about and what it shows. A day has ``day``, ``title`` and ``acts``. An
act gives a command (``node``, ``as``, ``command``, ``case``, ``on``, ``fields``) and may say that it is ``refused``,
which ``advice`` it brings, and what to ``keep`` of its events; or it ``expect``s something of a node. ``{keep: NAME}``
in fields stands for a kept value.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import yaml

from shared.care.agency import CONTACT
from shared.policy.unreadable import why


class ScenarioError(Exception):
    """A scenario that can't be played; the message is Japanese and names the place."""


@dataclass(frozen=True, slots=True)
class Agency:
    """An agency of the play: its node, the name by which it is listed, its roles, the wards that list it.

    ``contact`` is where people reach it, by the names of a listing.
    """

    node: str
    name: str
    roles: tuple[str, ...]
    wards: tuple[str, ...]
    contact: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Act:
    """A command given by a person at a node.

    ``keep`` maps names to ``EventType.field``, or ``EventType.id`` for the event itself; of a command without a case to
    ``command.word``, the number that it makes of its own id and that word. ``refused`` holds the code,
    rule or field that the refusal must name.
    """

    node: str
    role: str
    command: str
    case: str | None
    on: date | None
    fields: Mapping[str, Any]
    keep: Mapping[str, str] = field(default_factory=dict)
    refused: Mapping[str, str] | None = None
    advice: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Expectation:
    """What must hold at a node: ``kind`` is ``case``, ``event``, ``obligation``, ``document``, ``matrix``,
    ``unknown_case`` or ``list``.
    """

    node: str
    kind: str
    case: str
    wanted: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the play. ``away`` are nodes that do not answer on it and are not waited for."""

    day: date
    title: str
    acts: tuple[Act | Expectation, ...]
    away: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Audit:
    """The case as two nodes knew it at the end of a day; what only one of them knew, by event type."""

    title: str
    one: str
    other: str
    day: date
    only_one: tuple[str, ...]
    only_other: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scenario:
    """A whole play. ``cases``: name of a case → who it is about and what it shows, for the reader."""

    title: str
    starts_at: datetime
    case: str
    ward: str
    agencies: tuple[Agency, ...]
    days: tuple[Day, ...]
    audits: tuple[Audit, ...]
    cases: Mapping[str, str] = field(default_factory=dict)


def load_scenario(path: Path) -> Scenario:
    """Read a scenario.

    :raises ScenarioError: unreadable, or something is missing or unknown.
    """
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as problem:
        raise ScenarioError(f"シナリオ {path} を読めません: {why(problem)}") from problem
    try:
        return _scenario(raw)
    except (KeyError, TypeError, ValueError, AttributeError) as problem:
        raise ScenarioError(f"シナリオ {path} の書き方が正しくありません: {problem!r}") from problem


def _scenario(raw: Mapping[str, Any]) -> Scenario:
    agencies = tuple(
        Agency(
            node,
            each["name"],
            tuple(each["roles"]),
            tuple(each.get("wards", (raw["ward"],))),
            {name: str(each[name]) for name in CONTACT if name in each},
        )
        for node, each in raw["agencies"].items()
    )
    known = {each.node for each in agencies}
    scenario = Scenario(
        raw["title"],
        _moment(raw["starts_at"]),
        raw["case"],
        raw["ward"],
        agencies,
        tuple(_day(each) for each in raw["days"]),
        tuple(_audit(each) for each in raw.get("audits", ())),
        dict(raw.get("cases", {})),
    )
    strange = {ward for each in agencies for ward in each.wards} - known
    if strange:
        raise ScenarioError(
            f"agencies にないノード {'、'.join(sorted(strange))} が登載することになっています"
        )
    for day in scenario.days:
        for act in day.acts:
            if act.node not in known:
                raise ScenarioError(f"{day.day} に、agencies にないノード {act.node} があります")
    return scenario


def _moment(value: Any) -> datetime:
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    if moment.tzinfo is None:
        raise ValueError("starts_at needs an offset from UTC")
    return moment


def _day(raw: Mapping[str, Any]) -> Day:
    return Day(
        raw["day"], raw["title"], tuple(_act(each) for each in raw["acts"]), tuple(raw.get("away", ()))
    )


def _act(raw: Mapping[str, Any]) -> Act | Expectation:
    unknown = set(raw) - (_EXPECT_KEYS if "expect" in raw else _ACT_KEYS)
    if unknown:
        raise ValueError(f"unknown keys {sorted(unknown)} in {dict(raw)}")
    if "expect" in raw:
        return Expectation(raw["node"], raw["expect"], raw["case"], raw.get("wanted", {}))
    return Act(
        raw["node"],
        raw["as"],
        raw["command"],
        raw.get("case"),
        raw.get("on"),
        raw.get("fields", {}),
        raw.get("keep", {}),
        raw.get("refused"),
        _names(raw.get("advice", ())),
    )


_ACT_KEYS = frozenset(("node", "as", "command", "case", "on", "fields", "keep", "refused", "advice"))
_EXPECT_KEYS = frozenset(("node", "expect", "case", "wanted"))


def _names(raw: Sequence[str]) -> tuple[str, ...]:
    return tuple(str(each) for each in raw)


def _audit(raw: Mapping[str, Any]) -> Audit:
    return Audit(
        raw["title"],
        raw["one"],
        raw["other"],
        raw["day"],
        _names(raw.get("only_one", ())),
        _names(raw.get("only_other", ())),
    )
