"""What the demo shows at its end: the case as it went, what it cost, what who knew, and whether it all holds."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final
from uuid import UUID

from deploy.cli.commands.replay import difference
from deploy.cli.printing import fact_text, names_of
from shared.console.reading import named
from shared.console.runs import facts_of_run, plan_names, runs
from shared.console.wareki import wareki, wareki_month
from shared.eventlog.model import Event
from shared.eventlog.rebuild import live_digest, rebuild
from shared.exchange.evidence import verify_node
from shared.node.node import Node, end_of_day
from shared.policy.dates import TOKYO

_SHOWN: Final = 5
"""Facts of an event that the timeline shows; the console shows all."""


@dataclass
class _Seen:
    event: Event
    node: Node
    reached: list[str] = field(default_factory=list)


def case_timeline(nodes: Sequence[Node], case_id: UUID) -> Iterator[str]:
    """Every event of the case once, day by day: who did what, and which agencies received it."""
    seen: dict[UUID, _Seen] = {}
    for node in nodes:
        rows = node.log.case(case_id)
        for event in node.with_personal(case_id, rows) if rows else []:
            if not event.received:
                seen.setdefault(event.id, _Seen(event, node))
    for node in nodes:
        for row in node.log.case(case_id):
            if row.origin is not None and row.id in seen:
                seen[row.id].reached.append(named(node.agency, names_of(node)))
    days: dict[date, list[_Seen]] = defaultdict(list)
    for each in seen.values():
        days[each.event.recorded_at.astimezone(TOKYO).date()].append(each)
    plans = plan_names(each.event for each in seen.values())
    for day in sorted(days):
        yield f"\n■ {wareki(day)}"
        done = sorted(days[day], key=lambda one: (one.event.recorded_at, one.event.position))
        for run in runs(each.event for each in done):
            yield from _paragraph(seen[run[0].id], run, plans)


def _paragraph(seen: _Seen, run: Sequence[Event], plans: Mapping[str, str]) -> Iterator[str]:
    event, names = seen.event, names_of(seen.node)
    many = f"（{len(run)}件の書類）" if len(run) > 1 else ""
    title = seen.node.titles.get(event.type, event.type) + many
    told = facts_of_run(seen.node, run, names, plans, personal=False)
    short = [fact_text(each) for each in told if each.text or len(run) > 1]
    reached = f" → {'、'.join(seen.reached)} に到達" if seen.reached else ""
    yield f"  {named(event.sender, names)}: {title}{reached}"
    if short:
        yield "      " + "　".join(short[:_SHOWN]) + ("　…" if len(short) > _SHOWN else "")


def money(billing: Node, case_id: UUID) -> Iterator[str]:
    """The service months with their claimant, units, yen and split."""
    names = names_of(billing)
    for event in billing.replay(case_id).events:
        if event.type != "ClaimDrafted":
            continue
        data = event.data
        split = data.get("split")
        shares = f"　内訳 居宅 {split['office']:,}円・包括 {split['centre']:,}円" if split else ""
        assumed = "（配分は仮定）" if split and data.get("split_assumed") else ""
        yield (
            f"  {wareki_month(data['service_month'])}  {named(data['claimant'], names)}"
            f"  {data['units']}単位 {data['yen']:,}円{shares}{assumed}"
        )


def audit(one: Node, other: Node, case_id: UUID, day: date) -> Iterator[str]:
    """The case as two agencies knew it at the end of a day, the difference named event by event."""
    moment = end_of_day(day)
    ours = one.replay(case_id, known_at=moment).events
    theirs = other.replay(case_id, known_at=moment).events
    yield from difference(one, other, ours, theirs)


def proofs(nodes: Sequence[Node]) -> Iterator[tuple[bool, str]]:
    """For every node: its evidence verified, its views rebuilt to the same digest. Yields (holds, sentence)."""
    for node in nodes:
        evidence = verify_node(node)
        problems = "".join(f"\n    位置 {each.position}: {each.problem}" for each in evidence.findings)
        yield (
            not evidence.findings,
            f"{node.config.name}: {evidence.rows}行、相手の署名{evidence.signatures}、"
            f"個人情報の要約値{evidence.commitments}を検証{problems}",
        )
        same = all(live_digest(node.log, view) == rebuild(node.log, view) for view in node.log.views)
        yield same, f"{node.config.name}: ビュー{len(node.log.views)}個をログから作り直し、要約値が一致"
