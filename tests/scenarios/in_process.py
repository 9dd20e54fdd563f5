"""All nodes of a play in one process: real databases, a real broker, relay and inbox turned by hand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from deploy.play.target import Answer, Listed, NotSettled, Order, Rejected
from shared.console.case_rows import rows_of
from shared.console.duties import duty_rows
from shared.console.papers import ledger_of, matrix_of
from shared.exchange.exchange import Exchange
from shared.exchange.state import exchange_state
from shared.node.errors import InvalidFields, Refused, UnknownCase
from shared.node.health import backlog
from shared.node.node import Node
from shared.node.recording import plain


def members(found: Any) -> Any:
    """A dataclass or named tuple and all that it holds as mappings and lists."""
    if is_dataclass(found) and not isinstance(found, type):
        return {each.name: members(getattr(found, each.name)) for each in fields(found)}
    if isinstance(found, tuple) and hasattr(found, "_asdict"):
        found = found._asdict()
    if isinstance(found, Mapping):
        return {str(name): members(each) for name, each in found.items()}
    if isinstance(found, list | tuple):
        return [members(each) for each in found]
    return found


@dataclass
class InProcess:
    """The nodes by the names that the scenario gives them."""

    nodes: dict[str, Node] = field(default_factory=dict)
    exchanges: dict[str, Exchange] = field(default_factory=dict)

    def add(self, name: str, node: Node) -> None:
        self.nodes[name] = node
        self.exchanges[name] = Exchange(node)

    def close(self) -> None:
        for each in self.exchanges.values():
            each.close()

    def listed(self, node: str) -> Listed:
        chosen = self.nodes[node]
        return Listed(chosen.agency, tuple(chosen.agency_keys.public_jwks()))

    def give(self, order: Order) -> Answer:
        node = self.nodes[order.node]
        spec = node.service.commands[order.command]
        assert order.role in spec.roles, f"{order.role} may not give {order.command}"
        try:
            command = node.parse(
                order.command,
                order.fields,
                actor=order.role,
                command_id=order.id,
                case_id=UUID(order.case) if order.case else None,
                occurred_on=order.on,
            )
            result = node.handle(command)
        except Refused as problem:
            raise Rejected(
                {
                    "code": problem.code,
                    "message": problem.message,
                    "field": problem.field,
                    "rule": problem.rule,
                    "todo": problem.todo,
                }
            ) from problem
        except InvalidFields as problem:
            raise Rejected({"code": "invalid_fields", "message": str(problem)}) from problem
        return Answer(
            str(result.case_id) if result.case_id else None,
            result.events,
            tuple(each.rule for each in result.advice),
        )

    def set_clock(self, moment: datetime, away: Sequence[str] = ()) -> None:
        for name, node in self.nodes.items():
            if name not in away:
                node.set_clock(moment)

    def settle(self, away: Sequence[str] = ()) -> None:
        present = [each for name, each in self.exchanges.items() if name not in away]
        for _ in range(500):
            moved = sum(each.turn(0.002) for each in present)
            if away and all(self._at_rest(each.node, away) for each in present):
                return
            states = [backlog(each.node) for each in present]
            if not moved and not any(state.undelivered or state.waiting for state in states):
                return
        raise NotSettled("送受信が終わりません")

    def _at_rest(self, node: Node, away: Sequence[str]) -> bool:
        """Whether nothing is under way but what those who are away have to receive."""
        absent = {self.nodes[each].agency for each in away}
        state = exchange_state(node)
        present = [each for each in state.partners if each.partner not in absent]
        return not state.waiting and not any(each.undelivered for each in present)

    def case(self, node: str, case: str) -> Mapping[str, Any] | None:
        try:
            found: Mapping[str, Any] = plain(members(self.nodes[node].replay(UUID(case)).case))
        except UnknownCase:
            return None
        return found

    def events(self, node: str, case: str, known_at: datetime | None = None) -> Sequence[Mapping[str, Any]]:
        try:
            events = self.nodes[node].replay(UUID(case), known_at=known_at).events
        except UnknownCase:
            return []
        return [plain(members(each)) for each in events]

    def obligations(self, node: str, case: str) -> Sequence[Mapping[str, Any]]:
        return [plain(members(each.what)) for each in duty_rows(self.nodes[node], UUID(case))]

    def documents(self, node: str, case: str) -> Sequence[Mapping[str, Any]]:
        rows = [plain(members(each)) for each in ledger_of(self.nodes[node], UUID(case))]
        return [{**each["document"], **each} for each in rows]

    def matrix(self, node: str, case: str) -> Sequence[Mapping[str, Any]]:
        found, _ = matrix_of(self.nodes[node], UUID(case))
        return [plain(members(each)) for each in found.places]

    def cases(self, node: str) -> Sequence[Mapping[str, Any]]:
        rows = rows_of(self.nodes[node], lambda case_ids: dict.fromkeys(case_ids, ""))
        return [plain(members(each)) for each in rows]
