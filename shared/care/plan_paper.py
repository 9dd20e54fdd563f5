"""Writing a plan as its paper asks for it, sheets A to D on one page (T-23, T-24)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from marshmallow import Schema, ValidationError, validates_schema

from contracts.codes import PLAN_OCCASIONS
from contracts.definition import personal
from contracts.events.plan_paper import PlanPaper, PlanSupport, WeekEntry
from contracts.fields import Code, Day, Items, LongText, Row
from shared.care.planning import draft_plan
from shared.node.errors import Refused
from shared.node.service import Advice, Command, Decision, Situation

_WITH_SERVICE: Final = ("provider", "starts_on")
"""What a line that names a service has to say of it."""
_OF_SERVICE: Final = ("service", "provider", "starts_on", "ends_on", "per_week", "units")


class WrittenSupport(PlanSupport):
    """A line of sheet C as it is written: with a service it says by whom and from when."""

    @validates_schema
    def says_by_whom_and_from_when(self, data: Mapping[str, Any], **_: Any) -> None:
        """:raises ValidationError: names what is missing, or a period that ends before it begins."""
        if not data.get("service"):
            named = [
                each for each in ("provider", "starts_on", "ends_on", "per_week", "units") if data.get(each)
            ]
            if named:
                raise ValidationError({"service": ["サービス種別を選んでください"]})
            return
        missing = {
            name: ["サービス種別を選んだ行では、入力してください"]
            for name in _WITH_SERVICE
            if not data.get(name)
        }
        if missing:
            raise ValidationError(missing)
        if data.get("ends_on") and data["ends_on"] < data["starts_on"]:
            raise ValidationError({"ends_on": ["期間の終了は開始以後にしてください"]})


class WrittenWeekEntry(WeekEntry):
    """A line of sheet D as it is written: it ends after it begins."""

    @validates_schema
    def ends_after_it_begins(self, data: Mapping[str, Any], **_: Any) -> None:
        """:raises ValidationError: at the end."""
        if data.get("begins") and data.get("ends") and data["ends"] <= data["begins"]:
            raise ValidationError({"ends": ["終了時刻は開始時刻より後にしてください"]})


class WrittenPaper(PlanPaper):
    """The sheets as they are written."""

    supports = Items("支援計画（C表）", WrittenSupport, least=1, most=24)
    week = Items("週間支援計画（D表）", WrittenWeekEntry, required=False, load_default=list, most=60)


class WritePlan(Schema):
    occasion = Code("作成の理由", PLAN_OCCASIONS, help="変更は今の計画の次の版に、ほかは新しい計画になります")
    period_from = Day("計画期間の開始")
    period_to = Day("計画期間の終了")
    notes = personal(
        LongText("総合的な方針", null=True, load_default=None, help="生活不活発病の改善・予防のポイント")
    )
    paper = personal(Row(WrittenPaper, "計画書の記載"))


def write_plan(situation: Situation, command: Command) -> Decision:
    """Draft a plan with everything that stands on its sheets A to D (T-23, T-24).

    The services of sheet C are the plan's, its goals those of sheet B; else as :func:`draft_plan`. Written again
    before it is delivered it is the same draft.

    :raises Refused: no line of sheet C names a service; a line names a goal that is not there; as ``draft_plan``.
    """
    fields = command.fields
    paper = fields["paper"]
    _goals_must_be_there(paper)
    services = services_of(paper["supports"])
    if not services:
        raise Refused(
            "services_missing",
            "支援計画（C表）に、サービス種別を書いた行がありません",
            field="paper.supports",
            rule="T-23",
            todo="利用するサービスの種別・事業所・期間を書いてください",
        )
    sheets = ["A", "B", "C", *(["D"] if paper["week"] or paper["not_weekly"] else [])]
    drafted = draft_plan(
        situation,
        replace(
            command,
            fields={
                **{name: fields[name] for name in ("occasion", "period_from", "period_to", "notes")},
                "sheets": sheets,
                "services": services,
                "goals": goals_in_words(paper["goals"]),
            },
        ),
    )
    event = drafted.events[0]
    written = replace(event, data={**event.data, "paper": paper})
    told = (
        [] if "D" in sheets else [Advice("T-24", "週間支援計画表（D表）が空です。交付までに書いてください")]
    )
    return Decision([written], [*drafted.advice, *told])


def _goals_must_be_there(paper: Mapping[str, Any]) -> None:
    for number, each in enumerate(paper["supports"]):
        if each["goal"] is not None and each["goal"] > len(paper["goals"]):
            raise Refused(
                "goal_missing",
                f"目標{each['goal']}はB表にありません（目標は{len(paper['goals'])}件です）",
                field=f"paper.supports.{number}.goal",
                rule="T-23",
                todo="B表の目標の番号を確かめてください",
            )


def services_of(supports: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The services that the lines of sheet C name, each once: two goals can have the same service."""
    found: list[dict[str, Any]] = []
    for each in supports:
        if each["service"]:
            row = {name: each[name] for name in _OF_SERVICE}
            if row not in found:
                found.append(row)
    return found


def goals_in_words(goals: Sequence[Mapping[str, Any]]) -> str:
    """The goals of sheet B one a line, numbered where there are several."""
    if len(goals) == 1:
        return str(goals[0]["goal"])
    return "\n".join(f"{number}. {each['goal']}" for number, each in enumerate(goals, start=1))
