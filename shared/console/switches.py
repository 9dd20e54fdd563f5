"""The changes of type that a guided page shows beforehand: each a command with what of it is settled by the choice."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from shared.node.service import CommandSpec, Situation
from shared.policy.dates import Month

Suggest = Callable[[Situation], str]

_UNWRITTEN: Final = "（これから書きます）"


@dataclass(frozen=True, slots=True)
class Switch:
    """One change of type. ``fixed`` are fields that it settles, ``suggested`` what a form begins with."""

    name: str
    title: str
    command: str
    fixed: Mapping[str, str] = field(default_factory=dict)
    suggested: Mapping[str, Suggest] = field(default_factory=dict)

    def begun(self, situation: Situation) -> dict[str, Any]:
        """The fields with which its form begins."""
        return {**{name: suggest(situation) for name, suggest in self.suggested.items()}, **self.fixed}


def _today(situation: Situation) -> str:
    return situation.today.isoformat()


def _office(situation: Situation) -> str:
    return situation.case.office or ""


def _type(situation: Situation) -> str:
    mode = situation.case.latest_mode
    return mode.type if mode else "preventive_support"


def _switch_day(situation: Situation) -> str:
    """The day of the switch that was reported, else today: an entrustment follows it."""
    mode = situation.case.latest_mode
    return (mode.effective_from if mode and mode.track == "entrusted" else situation.today).isoformat()


def _next_month(situation: Situation) -> str:
    return Month.of(situation.today).plus(1).first.isoformat()


def _this_month(situation: Situation) -> str:
    return str(Month.of(situation.today))


SWITCHES: Final[Sequence[Switch]] = (
    Switch(
        "to-care-management-a",
        "ケアマネジメントA（再委託）への変更",
        "SwitchMode",
        {"to_type": "care_management_a", "reason_code": "benefit_ended"},
    ),
    Switch(
        "to-preventive-support",
        "介護予防支援への変更",
        "SwitchMode",
        {"to_type": "preventive_support", "reason_code": "benefit_started"},
    ),
    Switch("change-type", "直営のケースの類型の変更", "ChangeType", {}, {"month": _this_month}),
    Switch(
        "start-entrustment",
        "居宅への委託の開始（再委託）",
        "StartEntrustment",
        {},
        {"starts_on": _switch_day, "type": _type},
    ),
    Switch(
        "end-entrustment",
        "委託を終えて包括の直営へ",
        "EndEntrustment",
        {"reason_code": "contract_ended"},
        {"ended_on": _today},
    ),
    Switch(
        "take-over",
        "居宅指定への移行",
        "AssignOffice",
        {"track": "designated"},
        {"office": _office, "taken_over_on": _next_month},
    ),
    Switch(
        "assign",
        "委託する居宅を決める",
        "AssignOffice",
        {"track": "entrusted"},
        {"office": _office, "taken_over_on": _next_month},
    ),
    Switch(
        "to-care",
        "要介護への変更（支援の終了）",
        "EndSupport",
        {"reason_code": "to_care"},
        {"ended_on": _today},
    ),
)


def switch_named(name: str) -> Switch | None:
    """The change of that name in an address."""
    return next((each for each in SWITCHES if each.name == name), None)


def as_if_written(spec: CommandSpec, raw: Mapping[str, Any]) -> dict[str, Any]:
    """The fields with something in every text that is still to be written: nothing is decided by what it says."""
    missing = {
        name: _UNWRITTEN
        for name, each in spec.schema().fields.items()
        if each.required and each.metadata.get("personal") and not raw.get(name)
    }
    return {**raw, **missing}
