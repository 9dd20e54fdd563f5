"""A play in memory: the domain of every agency and nothing else, for the many flows of a case.

What travels is heard at once. Log, broker, views and screens have plays of their own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from marshmallow import ValidationError

from deploy.demo.cast import TOWN
from deploy.play.target import Answer, Listed, Order, Rejected
from shared.eventlog.model import Event
from shared.node.agency_keys import AgencyKeys
from shared.node.errors import Refused
from shared.node.recording import plain
from tests.care.stage import Desk, Town
from tests.scenarios.in_process import members

AGENCIES = {member.name: member.agency for member in TOWN}


@dataclass
class InMemory:
    """The agencies of the demo by the names that scenarios give them."""

    town: Town = field(default_factory=lambda: Town.of(*AGENCIES.values()))

    def _desk(self, node: str) -> Desk:
        return self.town.desks[AGENCIES[node]]

    def listed(self, node: str) -> Listed:
        agency = AGENCIES[node]
        return Listed(agency, tuple(AgencyKeys.generate(agency).public_jwks()))

    def give(self, order: Order) -> Answer:
        desk = self._desk(order.node)
        spec = desk.service.commands[order.command]
        assert order.role in spec.roles, f"{order.role} may not give {order.command}"
        case_id = UUID(order.case) if order.case else None
        if case_id is None and spec.opens_case:
            case_id = uuid5(order.id, "case")
        before = len(desk.events)
        try:
            decision = desk.when(
                order.command, order.on, case_id=case_id, command_id=order.id, **order.fields
            )
        except Refused as problem:
            detail = {name: getattr(problem, name) for name in ("code", "message", "field", "rule", "todo")}
            raise Rejected(detail) from problem
        except ValidationError as problem:
            raise Rejected({"code": "invalid_fields", "message": str(problem)}) from problem
        self.town.record(desk.me, decision.events, order.on)
        self._hand_on_directory(desk)
        brought = tuple({"id": str(each.id), "type": each.type} for each in desk.events[before:])
        return Answer(
            str(case_id) if case_id else None, brought, tuple(each.rule for each in decision.advice)
        )

    def _hand_on_directory(self, ward: Desk) -> None:
        """A newcomer in a directory receives the whole of it, as the log sees to."""
        told = [
            each for each in ward.events if each.stream.startswith("directory:") and each.sender == ward.me
        ]
        for desk in self.town.desks.values():
            if told and any(each.data.get("agency") == desk.me for each in told):
                desk.events.extend(each for each in told if each not in desk.events)

    def set_clock(self, moment: datetime, away: Sequence[str] = ()) -> None:
        self.town.advance(moment.date())

    def settle(self, away: Sequence[str] = ()) -> None:
        """Everything has arrived already."""

    def _known(self, node: str, case: str) -> list[Event]:
        return [each for each in self._desk(node).events if str(each.case_id) == case]

    def case(self, node: str, case: str) -> Mapping[str, Any] | None:
        if not self._known(node, case):
            return None
        found: Mapping[str, Any] = plain(members(self._desk(node).situation(UUID(case)).case))
        return found

    def events(self, node: str, case: str, known_at: datetime | None = None) -> Sequence[Mapping[str, Any]]:
        return [
            plain(members(each))
            for each in self._known(node, case)
            if known_at is None or each.recorded_at <= known_at
        ]

    def obligations(self, node: str, case: str) -> Sequence[Mapping[str, Any]]:
        if not self._known(node, case):
            return []
        return [plain(members(each)) for each in self._desk(node).obligations(UUID(case))]

    def cases(self, node: str) -> Sequence[Mapping[str, Any]]:
        desk, rows = self._desk(node), []
        for case_id in dict.fromkeys(each.case_id for each in desk.events if each.case_id):
            case = desk.situation(case_id).case
            mode = case.latest_mode
            rows.append(
                {
                    "case_id": str(case_id),
                    "status": case.status_on(desk.today),
                    "type": mode.type if mode else None,
                    "track": mode.track if mode else None,
                    "office": case.office,
                    "centre": case.centre,
                }
            )
        return rows
