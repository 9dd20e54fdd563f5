"""The check of a draft (計画原案の事前確認) by the centre that entrusts the case (T-23R)."""

from collections.abc import Mapping
from typing import Any, Final

from marshmallow import Schema

from contracts.codes import DRAFT_OUTCOMES
from contracts.definition import personal
from contracts.fields import Code, LongText
from shared.care import requirements
from shared.care.parts import Draft, Plan
from shared.eventlog.model import NewEvent
from shared.node.errors import Refused
from shared.node.service import Advice, Command, Decision, Situation

AS_DRAFTED: Final = "空欄のときは、計画書に書いたとおりに送ります"


class SubmitDraft(Schema):
    goals = personal(LongText("目標", null=True, load_default=None, help=AS_DRAFTED))
    notes = personal(LongText("総合的な方針など", null=True, load_default=None, help=AS_DRAFTED))


class CheckDraft(Schema):
    outcome = Code("確認の結果", DRAFT_OUTCOMES)
    comment = personal(LongText("包括の意見", null=True, load_default=None))


def submit_draft(situation: Situation, command: Command) -> Decision:
    """Show the draft to the centre before the meeting (T-23R); the person's consent comes first (T-11)."""
    plan, centre = requirements.plan_in_preparation(situation), requirements.centre_of(situation)
    requirements.consent_to_share(situation)
    before = situation.case.draft(plan.id, plan.version)
    returned = before is not None and before.outcome == "returned"
    submitted = NewEvent(
        "DraftSubmitted",
        {
            **written_anew(plan, command.fields),
            "office": situation.me,
            "centre": centre,
            "plan_id": plan.id,
            "plan_version": plan.version,
            "submission": before.submission + 1 if before else 1,
            "corrects": before.submission if before and returned else None,
            "occasion": plan.occasion,
            "sheets": list(plan.sheets),
            "period_from": plan.period_from,
            "period_to": plan.period_to,
            "services": [each.row() for each in plan.services],
            "submitted_on": command.occurred_on,
        },
        case_id=command.case_id,
        to=(centre,),
        personal_from=plan.drafted_by,
    )
    designated = requirements.track_of(situation, command.occurred_on) == "designated"
    return Decision(
        [submitted],
        [Advice("T-23", "居宅指定では、原案の事前確認は求められていません")] if designated else [],
    )


def written_anew(plan: Plan, fields: Mapping[str, Any]) -> dict[str, Any]:
    """What is written for a copy of a plan; the rest of its sheets goes along as it was drafted here (T-23)."""
    if plan.drafted_by is None:
        return {**fields}
    return {name: value for name, value in fields.items() if value is not None}


def check_draft(situation: Situation, command: Command) -> Decision:
    """Say whether the meeting can be held on the draft that the office showed last (T-23R)."""
    draft = _waiting(situation)
    checked = NewEvent(
        "DraftChecked",
        {
            **command.fields,
            "office": requirements.office_of(situation),
            "centre": situation.me,
            "plan_id": draft.plan_id,
            "plan_version": draft.version,
            "submission": draft.submission,
            "checked_on": command.occurred_on,
        },
        case_id=command.case_id,
        to=(requirements.office_of(situation),),
    )
    return Decision([checked])


def _waiting(situation: Situation) -> Draft:
    drafts = situation.case.drafts
    if not drafts or drafts[-1].outcome is not None:
        raise Refused(
            "draft_missing",
            "確認を待っている計画原案はありません",
            rule="T-23",
            todo="居宅から原案が届いてから確認してください",
        )
    return drafts[-1]


def advice_before_meeting(situation: Situation, plan: Plan, track: str) -> list[Advice]:
    """Entrusted, the draft is checked before the meeting; without that it warns (T-23R, decision 28)."""
    if (
        track != "entrusted" or plan.occasion == "provisional"
    ):  # the centre checks that one another way (T-37)
        return []
    shown = situation.case.draft(plan.id, plan.version)
    if shown is not None and shown.confirmed:
        return []
    return [
        Advice("T-23", "事前確認未了。「計画原案を包括に提出する」で、会議の前に包括の確認を受けてください")
    ]
