"""A node with thousands of cases, written in bulk into a real log; its views are folded afterwards."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import UUID, uuid4, uuid5

from contracts.catalogue import CROSSING
from contracts.events.sample import OFFICE
from deploy.bench.case_events import life_at_the_ward, life_of_a_case, register
from deploy.bench.claim_month import claim_register, claimed_person
from deploy.bench.figures import Tell
from deploy.bench.writing import records_of
from shared.eventlog.log import EventLog, Record
from shared.eventlog.model import NewEvent
from shared.eventlog.rebuild import rebuild
from shared.node.node import Node
from shared.policy.dates import TOKYO

EVENTS: Final = {"kyotaku": 100, "hokatsu": 16, "ward": 16, "billing": 6}
"""Events of each case at most, by service: with 5,000 cases an office has 500,000."""
BEGAN: Final = datetime(2024, 9, 30, 9, tzinfo=TOKYO)
"""What the nodes' clocks say while the cases are written."""
ENDS: Final = datetime(2025, 9, 8, 9, tzinfo=TOKYO)
"""What they say when the pages are visited: soon after the last event, as where people work every day."""
_AT_ONCE: Final = 2_000
"""Events of one commit."""
_ORIGIN: Final = "signed by its sender"


def fill(node: Node, cases: int, tell: Tell) -> UUID:
    """Write the cases into an open node's log, whose views are folded anew; returns one of the cases."""
    service = node.service.name
    life: Callable[[UUID, int], Sequence[NewEvent]] = _LIVES[service]
    bare = EventLog(node.database, node.agency, [])
    _write(node, bare, list(claim_register()) if service == "billing" else register())
    length = EVENTS[service]
    batch: list[NewEvent] = []
    for number in range(cases):
        case_id = uuid4()
        batch += [
            _of_somebody(_sent_on(node, each), number)
            for each in life(case_id, number)
            if each.type in node.event_types
        ][:length]
        if len(batch) >= _AT_ONCE or number == cases - 1:
            tell(
                f"画面（{node.service.title}）: 出来事を書いています {(number + 1) * length:,}/{cases * length:,}"
            )
            _write(node, bare, batch)
            case_id, batch = batch[-1].case_id or case_id, []
    node.set_clock(ENDS)
    for view in node.log.views:
        rebuild(node.log, view, _folding(view.NAME, node.service.title, tell))
    return case_id


def _sent_on(node: Node, event: NewEvent) -> NewEvent:
    """The office sends its events on to the centre; the others only hold what they received."""
    return event if node.agency == OFFICE else replace(event, to=())


def _of_somebody(event: NewEvent, number: int) -> NewEvent:
    """The event with a person of its own: no two have one name and number, as in life."""
    if "insured_number" not in event.data:
        return event
    family, given = divmod(number, len(_GIVEN))
    (written, read), first = _FAMILIES[family % len(_FAMILIES)], _GIVEN[given]
    name = {"name": f"{written} {first}", "kana": f"{read} {first}", "insured_number": f"{number + 1:010d}"}
    return replace(event, data={**event.data, **name})


_FAMILIES: Final = (
    ("見本", "ミホン"),
    ("例示", "レイジ"),
    ("試算", "シサン"),
    ("仮名", "カメイ"),
    ("架空", "カクウ"),
    ("模擬", "モギ"),
    ("想定", "ソウテイ"),
    ("設例", "セツレイ"),
)
_GIVEN: Final = tuple(
    one + two for one in ("ハ", "サ", "キ", "ト", "ヨ") for two in ("ナ", "チ", "ミ", "シ", "ネ")
)


def _lived(case_id: UUID, number: int) -> Sequence[NewEvent]:
    return list(_with_claims(case_id))


def _with_claims(case_id: UUID) -> Iterator[NewEvent]:
    """The life of a case, each month's report followed by what the billing desk makes of it."""
    for each in life_of_a_case(case_id):
        yield each
        if each.type == "PerformanceReported":
            told = {"service_month": each.data["service_month"]}
            claim = {
                **told,
                "claim_id": str(uuid5(case_id, f"claim/{told['service_month']}")),
                "claimant": OFFICE,
            }
            slip = {**told, "claimant": OFFICE}
            for name, of in (
                ("ClaimDrafted", claim),
                ("BenefitSlipPrepared", slip),
                ("ClaimConfirmed", claim),
            ):
                data = {**CROSSING[name].example, **of}
                yield NewEvent(name, data, case_id=case_id, occurred_on=each.occurred_on)


def _claimed(case_id: UUID, number: int) -> Sequence[NewEvent]:
    return claimed_person(number)


_LIVES: Final[Mapping[str, Callable[[UUID, int], Sequence[NewEvent]]]] = {
    "kyotaku": _lived,
    "hokatsu": _lived,
    "ward": life_at_the_ward,
    "billing": _claimed,
}


def _write(node: Node, log: EventLog, events: Sequence[NewEvent]) -> None:
    log.append([_as_received(node, each) for each in records_of(node, list(events))])


def _as_received(node: Node, record: Record) -> Record:
    """What another agency did came with its signature; it is not sent on."""
    return record if record.sender == node.agency else replace(record, origin=_ORIGIN, to=())


def _folding(view: str, title: str, tell: Tell) -> Callable[[int, int], None]:
    return lambda done, total: tell(f"画面（{title}）: {view} を組み立てています {done:,}/{total:,}")
