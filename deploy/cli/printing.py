"""A case on the terminal: its events in order, each with both clocks and what it says."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from shared.console.choices import agency_names
from shared.console.reading import Fact, facts, named
from shared.console.wareki import wareki
from shared.eventlog.model import Event
from shared.node.node import Node, Replay
from shared.node.recording import plain
from shared.policy.dates import TOKYO


def names_of(node: Node) -> dict[str, str]:
    """Agency number → name, as this node's directory has it."""
    return agency_names(node.situation().agency)


def timeline(node: Node, events: Sequence[Event], longest: int = 100) -> list[str]:
    """One paragraph an event: day of the act, moment of knowledge, whose act, title, up to ``longest`` facts."""
    names = names_of(node)
    lines = []
    for event in events:
        known = event.recorded_at.astimezone(TOKYO).strftime("%Y-%m-%d %H:%M")
        sender = named(event.sender, names)
        title = node.titles.get(event.type, event.type)
        mark = "受信" if event.received else "自所"
        lines.append(
            f"{wareki(event.occurred_on)}  {title}（{sender}）  [{mark} #{event.position} {known} に記録]"
        )
        found = facts(node.event_types.get(event.type), event.data, event.personal, names)
        told = [_fact_text(each) for each in found]
        if told:
            lines.append("    " + "　".join(told[:longest]) + ("　…" if len(told) > longest else ""))
    return lines


def _fact_text(fact: Fact) -> str:
    if fact.rows:
        rows = "／".join("・".join(each.text for each in row if each.text) for row in fact.rows)
        return f"{fact.title}: {rows}"
    return f"{fact.title}: {fact.text}"


def event_json(event: Event) -> dict[str, Any]:
    """An event for machines: all columns, open and personal fields together."""
    shown: Mapping[str, Any] = {
        "position": event.position,
        "stream": event.stream,
        "version": event.version,
        "id": event.id,
        "type": event.type,
        "schema_version": event.schema_version,
        "case": event.case_id,
        "sender": event.sender,
        "occurred_on": event.occurred_on,
        "recorded_at": event.recorded_at.astimezone(TOKYO),
        "actor": event.actor,
        "received": event.received,
        "data": {**event.data, **(event.personal or {})},
    }
    return dict(plain(shown))


def replay_json(replay: Replay) -> str:
    """A replayed case as one JSON line an event."""
    return "\n".join(json.dumps(event_json(event), ensure_ascii=False) for event in replay.events)
