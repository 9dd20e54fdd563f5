"""The welfare office and the provisional plan of a person on public assistance (生活保護): T-40, T-41."""

from marshmallow import Schema

from contracts.codes import WELFARE_PAPERS
from contracts.definition import personal
from contracts.fields import Code, Day, Items, LongText
from shared.care import requirements
from shared.care.parts import Plan, ProvisionalPlan
from shared.eventlog.model import NewEvent
from shared.node.errors import Refused
from shared.node.service import Advice, Command, Decision, Situation


class RecordWelfareContact(Schema):
    contacted_on = Day("連絡した日")
    note = personal(LongText("連絡の内容", null=True, load_default=None))


class RecordWelfarePapers(Schema):
    papers = Items("提出した書類", Code("書類", WELFARE_PAPERS), least=1)


def record_welfare_contact(situation: Situation, command: Command) -> Decision:
    """Record that the welfare office was told beforehand (T-40); designated, the office does it (T-41)."""
    plan = _assisted_plan(situation)
    contacted = NewEvent(
        "WelfareOfficeContacted",
        {**command.fields, "agency": situation.me, "plan_id": plan.plan_id},
        case_id=command.case_id,
        to=requirements.recipients(requirements.other_party(situation)),
    )
    return Decision([contacted], _advice_on_who(situation, plan))


def record_welfare_papers(situation: Situation, command: Command) -> Decision:
    """Record which papers the welfare office was given: of a plan that all agreed upon (T-40)."""
    plan = _assisted_plan(situation)
    given = command.fields["papers"]
    before = plan.papers_missing if plan.papers_missing is not None else tuple(WELFARE_PAPERS)
    missing = [each for each in before if each not in given]
    submitted = NewEvent(
        "WelfarePapersSubmitted",
        {
            **command.fields,
            "agency": situation.me,
            "plan_id": plan.plan_id,
            "submitted_on": command.occurred_on,
            "missing": missing,
        },
        case_id=command.case_id,
        to=requirements.recipients(requirements.other_party(situation)),
    )
    advice = [*_advice_on_who(situation, plan), *_advice_on_agreement(situation, plan)]
    if missing:
        named = "、".join(WELFARE_PAPERS[each] for each in missing)
        advice.append(Advice("T-40", f"まだ提出していない書類があります: {named}"))
    return Decision([submitted], advice)


def _advice_on_agreement(situation: Situation, plan: ProvisionalPlan) -> list[Advice]:
    """The papers are of a plan that the person and all who serve them agreed upon."""
    agreed = next((each for each in situation.case.plans if each.id == plan.plan_id), None)
    if agreed is None or (agreed.consented_on is not None and agreed.meeting_on is not None):
        return []
    return [
        Advice(
            "T-40",
            "暫定プランが、利用者と関係者の協議でまだ了承されていません。利用者の同意とサービス担当者会議を記録し、"
            "了承されたものを提出してください",
        )
    ]


def _advice_on_who(situation: Situation, plan: ProvisionalPlan) -> list[Advice]:
    if plan.track != "designated" or plan.carer == situation.me:
        return []
    return [Advice("T-41", "居宅指定では、生活保護の手続きは居宅が行います")]


def _assisted_plan(situation: Situation) -> ProvisionalPlan:
    plan = situation.case.open_provisional_plan
    if plan is None or not plan.public_assistance:
        raise Refused(
            "not_assisted",
            "生活保護を受けている人の暫定プランがありません",
            rule="T-40",
            todo="暫定プランの原案に「生活保護を受けている」を入れてください",
        )
    return plan


def advice_on_welfare_office(situation: Situation, plan: Plan) -> list[Advice]:
    """Service begins under a provisional plan of a person on public assistance: contact and papers come first (T-40).

    What lacks is owed and warned of; it forbids nothing (decision 28).
    """
    provisional = situation.case.provisional_plan(plan.id)
    if provisional is None or not provisional.public_assistance:
        return []
    advice = []
    if provisional.welfare_told_on is None:
        advice.append(
            Advice(
                "T-40",
                "福祉事務所への事前の連絡がありません。すぐに連絡し、「福祉事務所への連絡を記録する」を行ってください",
            )
        )
    missing = provisional.papers_missing if provisional.papers_missing is not None else tuple(WELFARE_PAPERS)
    if missing:
        named = "、".join(WELFARE_PAPERS[each] for each in missing)
        advice.append(
            Advice(
                "T-40",
                f"福祉事務所に提出していない書類（{named}）があります。了承されたものを提出し、"
                "「福祉事務所への提出を記録する」を行ってください",
            )
        )
    return advice
