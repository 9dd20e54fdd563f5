"""In a case of one ward nobody is shown a rule of another ward's document: Adachi's plays, all that is said in them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from deploy.play.player import play
from deploy.play.scenario import load_scenario
from deploy.play.target import Answer, Order, Rejected
from services.billing.worksheet import concerned, worksheet
from shared.care.matrix import matrix
from shared.console.offering import refusal_of_state
from shared.policy.dates import Month
from shared.policy.obligations import Obligation
from tests.care.stage import Desk
from tests.scenarios.in_memory import InMemory

ADACHI = "131219"
FOREIGN = re.compile(r"T-[0-9]")


@dataclass
class Overheard(InMemory):
    """A play in which all that people of one insurer's cases are told is written down."""

    told: list[tuple[str, str]] = field(default_factory=list)

    def give(self, order: Order) -> Answer:
        desk = self._desk(order.node)
        known = UUID(order.case) if order.case else None
        spec = desk.service.commands[order.command]
        try:
            decision = desk.when(
                order.command,
                order.on,
                case_id=known,
                command_id=order.id,
                **order.fields,
            )
            said = [(each.rule, each.message) for each in decision.advice]
            said += [("event", str(each.data)) for each in decision.events if each.case_id or spec.opens_case]
        except Exception:
            said = []
        try:
            answer = super().give(order)
        except Rejected as rejected:
            if known is None or self._ours(desk, known):
                self._note(f"{order.command} refused", *map(str, rejected.detail.values()))
            raise
        case = known or (UUID(answer.case) if answer.case else None)
        if case is None or self._ours(desk, case):
            for rule, message in said:
                self._note(order.command, rule, message)
        return answer

    def set_clock(self, moment: datetime, away: Sequence[str] = ()) -> None:
        super().set_clock(moment, away)
        self.look_around()

    def look_around(self) -> None:
        """What each screen of each agency says today of each of the cases."""
        for desk in self.town.desks.values():
            for case_id in dict.fromkeys(each.case_id for each in desk.events if each.case_id):
                if self._ours(desk, case_id):
                    for place, *texts in _shown(desk, case_id):
                        self._note(place, *texts)

    def _ours(self, desk: Desk, case_id: UUID) -> bool:
        return desk.situation(case_id).case.insurer == ADACHI

    def _note(self, place: str, *texts: str | None) -> None:
        self.told += [(place, each) for each in texts if each]


def _shown(desk: Desk, case_id: UUID) -> Iterator[tuple[str | None, ...]]:
    situation, duties = desk.situation(case_id), desk.obligations(case_id)
    for duty in duties:
        yield f"obligation {duty.row}", *_words(duty)
    for place in matrix(situation.case, duties, situation.agency, desk.me, desk.today).places:
        yield "matrix", place.rule, place.reason, place.title
    for spec in desk.service.commands.values():
        refusal = refusal_of_state(spec, situation, case_id) if spec.needs_case else None
        if refusal is not None:
            yield spec.name, refusal.rule, refusal.message, refusal.todo
    for month in situation.case.performances:
        if desk.service.role == "billing" and concerned(situation, Month.parse(month)):
            sheet = worksheet(situation, Month.parse(month))
            for each in (*sheet.figures, *sheet.blockers, *sheet.notes):
                yield "worksheet", str(asdict(each))


def _words(duty: Obligation) -> tuple[Any, ...]:
    return *duty.rules, duty.title, duty.explanation, duty.source


FLOWS = ("adachi_checklist", "adachi_certification", "adachi_claims", "adachi_month_changes", "adachi_move")


@pytest.mark.parametrize("flow", FLOWS)
def test_nothing_shown_in_a_case_of_adachi_names_a_rule_of_toshima(flow: str) -> None:
    """Advice, refusals, obligations with their passages, matrix, what can't be done now, worksheets, on every day."""
    stage = Overheard()
    assert play(load_scenario(Path(f"deploy/scenarios/{flow}.yaml")), stage).failures == []
    stage.look_around()
    assert len(stage.told) > 300
    foreign = {(place, text) for place, text in stage.told if FOREIGN.search(text)}
    assert foreign == set()
    assert any(text.startswith("A-Q") for _, text in stage.told)
