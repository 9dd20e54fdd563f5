"""Provisional plans (暫定プラン): making, checking, meeting about them (T-34, T-36 to T-38)."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import uuid5

from marshmallow import Schema

from contracts.codes import PROSPECTS, SHEETS
from contracts.definition import personal
from contracts.events.rows import PlannedService
from contracts.fields import Code, Day, Flag, Items, LongText
from shared.care import requirements
from shared.care.parts import Application, Plan
from shared.care.provider_choice import advice_on_choice
from shared.eventlog.model import NewEvent
from shared.node.errors import Refused
from shared.node.service import Advice, Command, Decision, Situation
from shared.policy.dates import day_text
from shared.policy.parameters import ParameterError


class DraftProvisionalPlan(Schema):
    prospect = Code("認定の見込み", PROSPECTS, help="判断できないときだけの手続きです")
    public_assistance = Flag("生活保護を受けている", load_default=False)
    sheets = Items("計画書", Code("計画書", SHEETS), least=1)
    period_from = Day("計画期間の開始")
    period_to = Day("計画期間の終了", help="結果が出るまでの見込み")
    services = Items("サービス", PlannedService, least=1)
    goals = personal(LongText("目標"))
    notes = personal(LongText("総合的な方針など", null=True, load_default=None))
    reason = personal(
        LongText(
            "暫定で使うやむを得ない理由",
            null=True,
            load_default=None,
            help="サービス事業を結果の前に使うとき（A-Q16）",
        )
    )


class ConsultCentre(Schema):
    note = personal(LongText("相談の内容", null=True, load_default=None))


class CheckProvisionalPlan(Schema):
    comment = personal(LongText("包括の意見・指示", null=True, load_default=None))


def draft_provisional_plan(situation: Situation, command: Command) -> Decision:
    """Draft a provisional plan and give it to the centre to check (T-34R, T-36, T-37).

    Only while an application waits for its result, and only where the result can't be foreseen (T-38).
    """
    application, fields = _application(situation), command.fields
    _may_be_provisional(fields)
    track = _track(situation, command.occurred_on)
    centre = situation.case.centre if situation.role == "kyotaku" else None
    if centre is not None:
        _may_share(situation, track)
    plan_id = str(uuid5(command.id, "plan"))
    planned = {
        name: fields[name] for name in ("sheets", "period_from", "period_to", "services", "goals", "notes")
    }
    drafted = {
        "plan_id": plan_id,
        "plan_version": 1,
        "occasion": "provisional",
        "drafted_on": command.occurred_on,
    }
    submitted = {
        "carer": situation.me,
        "plan_id": plan_id,
        "track": track,
        "prospect": fields["prospect"],
        "occasion": application.occasion,
        "applied_on": application.applied_on,
        "public_assistance": fields["public_assistance"],
        "submitted_on": command.occurred_on,
        "reason": fields["reason"],
    }
    events = [
        NewEvent("PlanDrafted", {**planned, **drafted}, case_id=command.case_id),
        NewEvent(
            "ProvisionalPlanSubmitted",
            {**planned, **submitted},
            case_id=command.case_id,
            to=requirements.recipients(centre),
        ),
    ]
    told = advice_on_choice(situation, fields["services"])
    return Decision(events, [*_advice_on_draft(situation, command, application), *told])


def _may_be_provisional(fields: Mapping[str, Any]) -> None:
    """Whether it is a plan for whom the result can't be foreseen (T-38), of a period that exists.

    :raises Refused: the person will need care, or the period ends before it begins.
    """
    if fields["prospect"] == "care":
        raise Refused(
            "care_expected",
            "要介護と見込まれるときは、この手続きの対象ではありません",
            field="prospect",
            rule="T-38",
            todo="居宅介護支援の暫定プランとして、居宅介護支援事業所で進めてください",
        )
    if fields["period_from"] > fields["period_to"]:
        raise Refused(
            "period_reversed",
            "計画期間の終了は開始より後にしてください",
            field="period_to",
            rule="T-36",
            todo="計画期間を確かめてください",
        )


def _advice_on_draft(situation: Situation, command: Command, application: Application) -> list[Advice]:
    advice = []
    if command.fields["period_from"] < application.applied_on:
        advice.append(
            Advice("T-36", f"申請日（{day_text(application.applied_on)}）より前は給付の対象になりません")
        )
    if command.fields["prospect"] == "support":
        advice.append(
            Advice("T-38", "要支援と見込まれるときは、届出書を先に提出する通常の手続きで進めることができます")
        )
    advice += _advice_on_exception(situation, command) + _advice_on_consultation(situation, command)
    if _has_notice(situation) and not _notice_applies(situation, command.occurred_on):
        advice.append(
            Advice(
                "T-36",
                "暫定ケアプランの通知は2025年3月14日からです。それより前の取扱いは区に確かめてください",
            )
        )
    return advice


def _advice_on_exception(situation: Situation, command: Command) -> list[Advice]:
    """Services of the project are not meant to be used before the result, unless it can't be helped (A-Q16)."""
    on = command.occurred_on
    if not requirements.found(situation, "provisional.project_exceptional", on) or command.fields["reason"]:
        return []
    project: Any = requirements.published(situation, "services.project", on)
    if not any(each["service"] in project for each in command.fields["services"]):
        return []
    return [
        Advice(
            "A-Q16",
            "サービス事業の暫定プランは基本的に考えていません。真にやむを得ないときは、その理由を書いてください",
        )
    ]


def _advice_on_consultation(situation: Situation, command: Command) -> list[Advice]:
    """An office consults the centre before it makes a provisional plan: the centre never plans back (A-Q19)."""
    asked = requirements.found(situation, "provisional.plan_from", command.occurred_on) == "contact"
    if not asked or situation.role != "kyotaku":
        return []
    consulted = min(situation.case.centre_consulted_on, default=command.occurred_on)
    if situation.case.centre_consulted_on and consulted <= command.fields["period_from"]:
        return []
    return [
        Advice(
            "A-Q19",
            "包括への事前相談（連絡）が必ず必要です。要支援の結果では、包括は連絡した日より前の計画を作成できません",
        )
    ]


def consult_centre(situation: Situation, command: Command) -> Decision:
    """Consult the centre before making a provisional plan (A-Q19)."""
    centre = requirements.centre_of(situation)
    consulted = NewEvent(
        "CentreConsulted",
        {**command.fields, "office": situation.me, "centre": centre, "consulted_on": command.occurred_on},
        case_id=command.case_id,
        to=(centre,),
    )
    return Decision([consulted])


def _has_notice(situation: Situation) -> bool:
    """Whether the ward has a notice on provisional plans at all (T-36)."""
    return "provisional_plan.notice" in requirements.parameters_of(situation).names


def _notice_applies(situation: Situation, on: date) -> bool:
    """Whether the ward's notice of 2025-03-14 on provisional plans applies (T-36)."""
    try:
        return bool(requirements.parameters_of(situation).value("provisional_plan.notice", on))
    except ParameterError:
        return False


def _application(situation: Situation) -> Application:
    pending = situation.case.pending_application
    if pending is None:
        raise Refused(
            "application_missing",
            "結果を待っている認定の申請がありません",
            rule="T-36",
            todo="「認定の申請を記録する」を先に行ってください。結果が出ていれば通常の計画を作成します",
        )
    return pending


def _track(situation: Situation, on: date) -> str:
    """The track in which a provisional plan is made now: entrusted, designated, or the centre's own."""
    case = situation.case
    if situation.role == "hokatsu":
        requirements.own_contract(situation)
        return "direct"
    if case.entrustment(on, on) is not None:
        return "entrusted"
    requirements.own_contract(situation)
    return "designated"


def _may_share(situation: Situation, track: str) -> None:
    """The person's consent, in whichever contract there is (T-11)."""
    contract = situation.case.contract_of(situation.case.centre if track == "entrusted" else situation.me)
    if contract is None or contract.consented_on is None:
        raise Refused(
            "consent_missing",
            "個人情報使用の同意がないため、暫定プランを包括に提出できません",
            rule="T-11",
            todo="個人情報使用同意書をもらい、契約書類を補ってください",
        )


def check_provisional_plan(situation: Situation, command: Command) -> Decision:
    """The centre checks the office's provisional plan before the meeting (事前確認, T-37)."""
    plan = situation.case.open_provisional_plan
    if plan is None or plan.carer == situation.me:
        raise Refused(
            "provisional_plan_missing",
            "確認する暫定プランが居宅から届いていません",
            rule="T-37",
            todo="居宅からの提出を待ってください",
        )
    checked = NewEvent(
        "ProvisionalPlanChecked",
        {
            **command.fields,
            "centre": situation.me,
            "plan_id": plan.plan_id,
            "checked_on": command.occurred_on,
        },
        case_id=command.case_id,
        to=(plan.carer,),
    )
    return Decision([checked])


def centre_missed(situation: Situation, plan: Plan, attendees: Sequence[str]) -> bool:
    """Whether the centre's attendance was asked for at the meeting on a provisional plan, and it was not there (T-37).

    Entrusted, the centre attends in any case; designated, not if it has checked the plan before.
    """
    provisional = situation.case.provisional_plan(plan.id)
    if provisional is None or "centre" in attendees:
        return False
    unchecked = provisional.track == "designated" and provisional.checked_on is None
    return provisional.track == "entrusted" or unchecked


def advice_on_meeting(situation: Situation, plan: Plan, attendees: Sequence[str], on: date) -> list[Advice]:
    """What the meeting on a provisional plan wants: consent before it, and the centre (T-36, T-37).

    A meeting held without it is recorded all the same, with a warning, and another one is owed (decision 28).
    """
    provisional = situation.case.provisional_plan(plan.id)
    if provisional is None or not _has_notice(situation):
        return []
    advice = []
    if plan.consented_on is None and _notice_applies(situation, on):
        advice.append(Advice("T-36", "暫定プランは、利用者の同意を得てからサービス担当者会議を開きます"))
    if centre_missed(situation, plan, attendees):
        advice.append(
            Advice(
                "T-37",
                "再委託の暫定プランの会議には、包括の出席が必要です。包括に出席してもらって、もう一度開いてください"
                if provisional.track == "entrusted"
                else "包括の事前確認がありません。包括に会議への出席を求めてください",
            )
        )
    return advice
