"""Playing a scenario: day by day, command by command, checking what must hold."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any, Final
from uuid import NAMESPACE_URL, UUID, uuid5

from deploy.composition import command_titles
from deploy.play.checks import check, check_audit, differs, end_of
from deploy.play.scenario import Act, Audit, Day, Expectation, Scenario, ScenarioError
from deploy.play.target import Answer, NotSettled, Order, Rejected, Target
from shared.policy.dates import day_text
from shared.policy.rules import written

Tell = Callable[[str], None]

OPENING: Final = time(9)
BETWEEN: Final = timedelta(minutes=5)
"""On the nodes' clocks, so that a day's acts have an order that every log shows."""


@dataclass
class Played:
    """What a play came to. ``cases`` are ids by name, ``failures`` Japanese sentences about what did not hold."""

    cases: dict[str, str] = field(default_factory=dict)
    kept: dict[str, Any] = field(default_factory=dict)
    commands: int = 0
    checks: int = 0
    failures: list[str] = field(default_factory=list)


class Unplayable(Exception):
    """A command of the play was refused though it should not have been: what follows can't be played."""


def play(scenario: Scenario, target: Target, tell: Tell = lambda text: None) -> Played:
    """Play a scenario on running nodes. Stops at a command that is refused against expectation."""
    return _Performance(scenario, target, tell).run()


class _Performance:
    def __init__(self, scenario: Scenario, target: Target, tell: Tell) -> None:
        self.scenario = scenario
        self.target = target
        self.tell = tell
        self.played = Played()
        self._space = uuid5(NAMESPACE_URL, f"urn:renkei:scenario:{scenario.title}")
        self._last_node: str | None = None
        self._settled = False

    def run(self) -> Played:
        for about in self.scenario.cases.values():
            self.tell(f"登場するケース: {about}")
        try:
            self._list_agencies()
            for day in self.scenario.days:
                self._play_day(day)
            self._settle()
            for audit in self.scenario.audits:
                self._audit(audit)
        except (Unplayable, NotSettled) as problem:
            self._fail(f"続けられません: {problem}")
        return self.played

    # --- the directory ---

    def _list_agencies(self) -> None:
        """Each ward lists its agencies with the keys that their nodes hold, itself first."""
        self.tell("区が事業所を名簿に登載します")
        zone = self.scenario.starts_at.tzinfo
        start = datetime.combine(self.scenario.starts_at.date(), time.min, zone).isoformat()
        for agency in self.scenario.agencies:
            listed = self.target.listed(agency.node)
            keys = [
                {
                    "kid": each["kid"],
                    "use": each["use"],
                    "jwk": dict(each),
                    "valid_from": start,
                    "valid_to": None,
                }
                for each in listed.public_keys
            ]
            fields = {"agency": listed.agency, "name": agency.name, "roles": list(agency.roles), "keys": keys}
            fields |= agency.contact
            for ward in agency.wards:
                act = Act(ward, "administrator", "ListAgency", None, None, fields)
                try:
                    self._give(act, fields)
                except Rejected as refusal:
                    raise Unplayable(f"{agency.node} を登載できません: {refusal.detail}") from refusal
        self._settle()

    # --- days ---

    def _play_day(self, day: Day) -> None:
        self._settle(day.away)
        self.tell(f"{day_text(day.day)} {day.title}")
        moment = datetime.combine(day.day, OPENING, self.scenario.starts_at.tzinfo)
        self.target.set_clock(moment, day.away)
        for act in day.acts:
            if isinstance(act, Expectation):
                self._settle(day.away)
                self._expect(day, act)
                continue
            if act.node != self._last_node:
                # What the others did before must have arrived where the next person acts.
                self._settle(day.away)
            self._last_node = act.node
            moment += BETWEEN
            self.target.set_clock(moment, day.away)
            self._do(day, act)

    def _settle(self, away: Sequence[str] = ()) -> None:
        if not self._settled:
            self.target.settle(away)
            # Messages to those who are away stay under way.
            self._settled = not away

    def _do(self, day: Day, act: Act) -> None:
        where = f"{day.day} {act.node} {act.command}"
        try:
            answer = self._give(act, self._filled(act.fields))
        except Rejected as refusal:
            self._refused(where, act, refusal)
            return
        if act.refused is not None:
            self._fail(f"{where}: 断られるはずが受け付けられました")
        if act.advice:
            self.played.checks += 1
            lacking = [each for each in act.advice if each not in answer.advice]
            if lacking:
                self._fail(f"{where}: 注意 {lacking} がありません（あるのは {list(answer.advice)}）")
        if act.case and answer.case:
            self.played.cases.setdefault(act.case, answer.case)
        self._keep(act, answer)

    def _refused(self, where: str, act: Act, refusal: Rejected) -> None:
        if act.refused is None:
            raise Unplayable(f"{where}: {dict(refusal.detail)}") from refusal
        self.played.checks += 1
        problem = differs(refusal.detail, act.refused)
        if problem:
            self._fail(f"{where}: 断る理由がちがいます。{problem}")
        else:
            rule = refusal.detail.get("rule")
            asked = f"{self._name_of(act.node)}の「{command_titles()[act.command]}」"
            self.tell(
                f"    断られました（予定どおり）: {asked}　{refusal.detail.get('message')}"
                + (f"（{written(rule)}）" if rule else "")
            )

    def _name_of(self, node: str) -> str:
        return next((each.name for each in self.scenario.agencies if each.node == node), node)

    def _give(self, act: Act, fields: Mapping[str, Any]) -> Answer:
        self.played.commands += 1
        self._settled = False
        case = self.played.cases.get(act.case) if act.case else None
        return self.target.give(
            Order(act.node, act.role, self._command_id(act), act.command, case, act.on, fields)
        )

    def _command_id(self, act: Act) -> UUID:
        """The same in every play of the scenario, so that two plays can be compared event by event.

        A case's number follows from that of its opening: it stays the same whatever is done before.
        """
        if act.case and act.case not in self.played.cases:
            return uuid5(self._space, f"{act.case}/{act.node}/{act.command}")
        return uuid5(self._space, f"{self.played.commands}/{act.node}/{act.command}")

    def _filled(self, value: Any) -> Any:
        """Fields with kept values in their places, and dates as texts."""
        if isinstance(value, Mapping):
            if set(value) == {"keep"}:
                return self._kept(value["keep"])
            return {name: self._filled(each) for name, each in value.items()}
        if isinstance(value, list):
            return [self._filled(each) for each in value]
        return value.isoformat() if hasattr(value, "isoformat") else value

    def _kept(self, name: str) -> Any:
        if name not in self.played.kept:
            raise ScenarioError(f"{name} はまだ keep されていません")
        return self.played.kept[name]

    def _keep(self, act: Act, answer: Answer) -> None:
        made = {name: place for name, place in act.keep.items() if place.startswith("command.")}
        for name, place in made.items():  # what a command of no case gives a number of its own
            self.played.kept[name] = str(uuid5(self._command_id(act), place.removeprefix("command.")))
        if not act.keep or made or answer.case is None:
            return
        brought = {each["id"] for each in answer.events}
        events = [each for each in self.target.events(act.node, answer.case) if each["id"] in brought]
        for name, place in act.keep.items():
            kind, field_name = place.split(".")
            event = next(each for each in events if each["type"] == kind)
            self.played.kept[name] = event["id"] if field_name == "id" else event["data"][field_name]

    # --- what must hold ---

    def _expect(self, day: Day, expectation: Expectation) -> None:
        self.played.checks += 1
        case = self.played.cases.get(expectation.case)
        if case is None:
            self._fail(f"{day.day}: ケース {expectation.case} はまだ開かれていません")
            return
        wanted = self._filled(expectation.wanted)
        problem = check(
            self.target, Expectation(expectation.node, expectation.kind, expectation.case, wanted), case
        )
        if problem:
            self._fail(f"{day.day}: {problem}")

    def _audit(self, audit: Audit) -> None:
        self.played.checks += 1
        moment = end_of(datetime.combine(audit.day, time.min, self.scenario.starts_at.tzinfo))
        for problem in check_audit(self.target, audit, self.played.cases[self.scenario.case], moment):
            self._fail(problem)

    def _fail(self, sentence: str) -> None:
        self.played.failures.append(sentence)
        self.tell(f"  ✗ {sentence}")
