"""A case on the terminal: its events in order, each with both clocks and what it says."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from shared.console.choices import agency_names
from shared.console.reading import Fact, named
from shared.console.runs import facts_of_run, plan_names, runs
from shared.console.wareki import wareki, wareki_moment
from shared.eventlog.model import Event
from shared.node.node import Node, Replay
from shared.node.recording import plain
from shared.policy.dates import TOKYO


def names_of(node: Node) -> dict[str, str]:
    """Agency number → name, as this node's directory has it."""
    return agency_names(node.situation().agency)


def timeline(node: Node, events: Sequence[Event], longest: int = 100) -> list[str]:
    """One paragraph an event, or for what one act made together.

    Day of the act, moment of knowledge, whose act, title, up to ``longest`` facts.
    """
    names = names_of(node)
    lines = []
    plans = plan_names(events)
    for run in runs(events):
        event = run[0]
        known = wareki_moment(event.recorded_at)
        sender = named(event.sender, names)
        title = node.titles.get(event.type, event.type)
        mark = "受信" if event.received else "自所"
        place = (
            f"#{event.position}" if len(run) == 1 else f"#{event.position}〜{run[-1].position} {len(run)}件"
        )
        lines.append(f"{wareki(event.occurred_on)}  {title}（{sender}）  [{mark} {place} {known} に記録]")
        told = [fact_text(each) for each in facts_of_run(node, run, names, plans)]
        if told:
            lines.append("    " + "　".join(told[:longest]) + ("　…" if len(told) > longest else ""))
    return lines


def fact_text(fact: Fact) -> str:
    """A fact on one line; the rows of a group are set apart by ／."""
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
