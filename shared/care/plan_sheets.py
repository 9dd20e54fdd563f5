"""The lines of sheets E (meeting) and F (evaluation), and what a plan's sheets hold for the next ones (T-27, T-30)."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from marshmallow import Schema

from contracts.fields import Code, LongText, Text
from shared.node.errors import Refused

ACHIEVED: Final = {"yes": "○ 達成", "no": "× 未達成"}

SERVICES_AFTER: Final = {
    "care_benefit": "介護給付",
    "preventive_benefit": "予防給付",
    "project": "介護予防・生活支援サービス事業",
    "general_prevention": "一般介護予防事業",
    "none": "終了",
}
"""What the person uses after an evaluation (sheet F)."""


class Present(Schema):
    affiliation = Text("所属（職種）", null=True, load_default=None, longest=100)
    name = Text("氏名", longest=100)


class EvaluatedGoal(Schema):
    """One line of sheet F: a goal of the plan, what became of it, and how it goes on."""

    goal = LongText("目標", longest=1000)
    period = LongText("評価期間", null=True, load_default=None, longest=100)
    situation = LongText("目標達成状況", null=True, load_default=None, longest=1000)
    achieved = Code("目標達成／未達成", ACHIEVED, null=True, load_default=None)
    cause_person = LongText(
        "目標達成しない原因（本人・家族の意見）", null=True, load_default=None, longest=1000
    )
    cause_planner = LongText(
        "目標達成しない原因（計画作成者の評価）", null=True, load_default=None, longest=1000
    )
    onward = LongText("今後の方針", null=True, load_default=None, longest=1000)


def evaluated_in_words(fields: Mapping[str, Any]) -> str:
    """What was found: the comment, or what became of each goal (T-30).

    :raises Refused: neither is written.
    """
    if fields["comment"]:
        return str(fields["comment"])
    found = [
        f"{each['goal']}：{each['situation'] or ACHIEVED[each['achieved']]}"
        for each in fields["goals"]
        if each["situation"] or each["achieved"]
    ]
    if not found:
        raise Refused(
            "evaluation_empty",
            "評価の内容がありません",
            field="goals.0.situation" if fields["goals"] else "comment",
            rule="T-30",
            todo="目標ごとの目標達成状況か、評価の内容を書いてください",
        )
    return "\n".join(found)


def paper_as_said(said: Mapping[str, Any]) -> dict[str, Any]:
    """Sheets A to D as an event says them; of a plan that was drafted without them its goals and services."""
    if said.get("paper"):
        return dict(said["paper"])
    return {
        "goals": [{"goal": said["goals"][:300]}] if said.get("goals") else [],
        "supports": [
            {**each, "goal": 1 if said.get("goals") else None} for each in said.get("services") or ()
        ],
    }


def goals_to_evaluate(said: Mapping[str, Any], period: str) -> list[dict[str, Any]]:
    """The lines of sheet F that a plan's goals make, with nothing found yet (T-30)."""
    goals: Sequence[Mapping[str, Any]] = paper_as_said(said)["goals"]
    return [{"goal": each["goal"], "period": period} for each in goals]
