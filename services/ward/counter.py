"""Who comes to the ward office to ask for the project: it may check for itself, the application is made at a centre.

No name is asked for and no answer is kept: the person has no case yet, and what the ward finds is no application
(A-Q3).
"""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema

from contracts.definition import personal
from contracts.fields import Agency, Code, Count, Flag, Row, Text
from services.ward.agencies import value_of
from shared.care import requirements
from shared.care.checklist_form import MEASURE, AnswersOnForm, facts_on_form
from shared.care.intake import WISHES
from shared.eventlog.model import NewEvent
from shared.node.errors import Refused
from shared.node.service import Advice, Command, Decision, Situation
from shared.policy.checklist import checklist
from shared.policy.parameters import parameters


class GuideToCentre(Schema):
    wish = Code("相談の内容", WISHES)
    at_once = Flag("すぐにサービスを利用したい", load_default=False)
    centre = Agency(
        "案内した管轄の地域包括支援センター", null=True, load_default=None, help="案内しなかったときは空欄"
    )
    checked = Flag(
        "確認のために基本チェックリストを行った",
        load_default=False,
        help="回答は記録に残りません。判定だけを残します",
    )
    age = personal(Count("年齢", null=True, load_default=None))
    answers = personal(Row(AnswersOnForm, "回答", load_default=dict))
    height_cm = personal(Text("身長（cm）", null=True, load_default=None, longest=8, validate=MEASURE))
    weight_kg = personal(Text("体重（kg）", null=True, load_default=None, longest=8, validate=MEASURE))


def guide_to_centre(situation: Situation, command: Command) -> Decision:
    """Record that somebody came, what a check for the ward's own use found, and to which centre they were shown (A-Q3).

    :raises Refused: a centre that the ward does not list, or a check without the person's age; a ward that has not
        stated where the application is made.
    """
    fields = command.fields
    value_of(situation, "checklist.applied_at", command.occurred_on, "wish", "A-Q3")
    centre = fields["centre"]
    if centre is not None and not situation.agency.has_role(centre, "hokatsu", situation.me):
        raise Refused(
            "agency_unknown",
            f"{situation.agency.name_of(centre)}は、この区の地域包括支援センターとして登載されていません",
            field="centre",
            rule="A-Q3",
            todo="管轄の地域包括支援センターの番号を入力してください",
        )
    outcome = _checked(situation, command) if fields["checked"] else None
    guided = {
        **{name: fields[name] for name in ("wish", "at_once", "centre")},
        "outcome": outcome,
        "visited_on": command.occurred_on,
    }
    return Decision([NewEvent("VisitorGuided", guided)], _advice(fields, outcome))


def _checked(situation: Situation, command: Command) -> str:
    """The verdict of a check for the ward's own use; it registers nobody."""
    if command.fields["age"] is None:
        raise Refused(
            "age_missing",
            "確認のために行ったときは、年齢を入力してください",
            field="age",
            rule="A-Q3",
            todo="年齢を聞いて入力してください",
        )
    facts = facts_on_form(command.fields, command.occurred_on)
    with requirements.published_only():
        return checklist(facts, parameters(situation.me)).outcome


def _advice(fields: Mapping[str, Any], outcome: str | None) -> list[Advice]:
    """Who may be eligible and wants a service at once is shown to the centre; the others are advised."""
    likely = outcome in ("applicable", "undetermined") or (outcome is None and fields["at_once"])
    advice = []
    if fields["centre"] is None and likely:
        advice.append(
            Advice(
                "A-Q3",
                "該当の可能性がある人や、すぐに利用したい人には、管轄の地域包括支援センターを案内してください",
            )
        )
    if outcome is not None:
        message = "区役所での確認は申請になりません。申請は、包括で本人が職員と一緒に行います"
        advice.append(Advice("A-Q3", message))
    if outcome == "not_applicable":
        advice.append(Advice("A-Q1c", "一般介護予防事業やほかの活動などを助言・案内してください"))
    return advice
