"""Provisional plans (暫定プラン): making, checking, telling the welfare office, settling the result (T-34 to T-41)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final
from uuid import uuid5

from marshmallow import Schema

from contracts.codes import PROSPECTS, SHEETS, TYPES, WELFARE_PAPERS
from contracts.definition import personal
from contracts.events.rows import PlannedService
from contracts.fields import Code, Day, Flag, Items, LongText
from shared.care import requirements
from shared.care.parts import Application, Plan, ProvisionalPlan
from shared.care.support import support_ended
from shared.eventlog.model import NewEvent
from shared.node.errors import Refused
from shared.node.service import Advice, Command, Decision, Situation
from shared.policy.case_type import plan_type
from shared.policy.dates import Month
from shared.policy.parameters import ParameterError

SUPPORTED: Final = ("support1", "support2", "project_eligible")


class DraftProvisionalPlan(Schema):
    prospect = Code("認定の見込み", PROSPECTS, help="判断できないときだけの手続きです（T-38）")
    public_assistance = Flag("生活保護を受けている", load_default=False)
    sheets = Items("計画書", Code("計画書", SHEETS), least=1)
    period_from = Day("計画期間の開始")
    period_to = Day("計画期間の終了", help="結果が出るまでの見込み")
    services = Items("サービス", PlannedService, least=1)
    goals = personal(LongText("目標"))
    notes = personal(LongText("総合的な方針など", null=True, load_default=None))


class CheckProvisionalPlan(Schema):
    comment = personal(LongText("包括の意見・指示", null=True, load_default=None))


class RecordWelfareContact(Schema):
    contacted_on = Day("連絡した日")
    note = personal(LongText("連絡の内容", null=True, load_default=None))


class RecordWelfarePapers(Schema):
    papers = Items("提出した書類", Code("書類", WELFARE_PAPERS), least=1)


class SettleProvisionalPlan(Schema):
    wish_confirmed_on = Day(
        "本人の意向を確認した日", null=True, load_default=None, help="要支援の結果では必要です"
    )
    wish = personal(LongText("本人の意向", null=True, load_default=None))


# --- making it ---


def draft_provisional_plan(situation: Situation, command: Command) -> Decision:
    """Draft a provisional plan and give it to the centre to check (T-34R, T-36, T-37).

    Only while an application waits for its result, and only where the result can't be foreseen (T-38).
    """
    fields = command.fields
    application = _application(situation)
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
            "period_reversed", "計画期間の終了は開始より後にしてください", field="period_to", rule="T-36"
        )
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
    return Decision(events, _advice_on_draft(situation, command, application))


def _advice_on_draft(situation: Situation, command: Command, application: Application) -> list[Advice]:
    advice = []
    if command.fields["period_from"] < application.applied_on:
        advice.append(
            Advice("T-36", f"申請日（{application.applied_on.isoformat()}）より前は給付の対象になりません")
        )
    if command.fields["prospect"] == "support":
        advice.append(
            Advice("T-38", "要支援と見込まれるときは、届出書を先に提出する通常の手続きで進めることができます")
        )
    if not _notice_applies(situation, command.occurred_on):
        advice.append(
            Advice(
                "T-36",
                "暫定ケアプランの通知は2025年3月14日からです。それより前の取扱いは区に確かめてください",
            )
        )
    return advice


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


def advice_on_meeting(situation: Situation, plan: Plan, attendees: Sequence[str], on: date) -> list[Advice]:
    """What the meeting on a provisional plan wants: consent before it, and the centre (T-36, T-37).

    Entrusted, the centre attends in any case; designated, not if it has checked the plan before.

    :raises Refused: entrusted, and the centre was not there.
    """
    provisional = situation.case.provisional_plan(plan.id)
    if provisional is None:
        return []
    if provisional.track == "entrusted" and "centre" not in attendees:
        raise Refused(
            "centre_absent",
            "再委託の暫定プランのサービス担当者会議には、包括の出席が必要です",
            field="attendees",
            rule="T-37",
            todo="包括に出席してもらって会議を開いてください",
        )
    advice = []
    if plan.consented_on is None and _notice_applies(situation, on):
        advice.append(Advice("T-36", "暫定プランは、利用者の同意を得てからサービス担当者会議を開きます"))
    if provisional.track == "designated" and provisional.checked_on is None and "centre" not in attendees:
        advice.append(Advice("T-37", "包括の事前確認がありません。包括に会議への出席を求めてください"))
    return advice


# --- public assistance ---


def record_welfare_contact(situation: Situation, command: Command) -> Decision:
    """Record that the welfare office was told beforehand (T-40); designated, the office does it (T-41)."""
    plan = _assisted_plan(situation)
    contacted = NewEvent(
        "WelfareOfficeContacted",
        {**command.fields, "agency": situation.me, "plan_id": plan.plan_id},
        case_id=command.case_id,
        to=requirements.recipients(requirements.other_party(situation)),
    )
    return Decision([contacted])


def record_welfare_papers(situation: Situation, command: Command) -> Decision:
    """Record which papers the welfare office was given: of a plan that all agreed upon (T-40)."""
    plan = _assisted_plan(situation)
    agreed = next((each for each in situation.case.plans if each.id == plan.plan_id), None)
    if agreed is not None and (agreed.consented_on is None or agreed.meeting_on is None):
        raise Refused(
            "plan_not_agreed",
            "暫定プランが、利用者と関係者の協議でまだ了承されていません",
            rule="T-40",
            todo="利用者の同意とサービス担当者会議を記録してから提出してください",
        )
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
    named = "、".join(WELFARE_PAPERS[each] for each in missing)
    return Decision(
        [submitted], [Advice("T-40", f"まだ提出していない書類があります: {named}")] if missing else []
    )


def _assisted_plan(situation: Situation) -> ProvisionalPlan:
    plan = situation.case.open_provisional_plan
    if plan is None or not plan.public_assistance:
        raise Refused(
            "not_assisted",
            "生活保護を受けている人の暫定プランがありません",
            rule="T-40",
            todo="暫定プランの原案に「生活保護を受けている」を入れてください",
        )
    if plan.track == "designated" and plan.carer != situation.me:
        raise Refused(
            "office_does_it",
            "居宅指定では、生活保護の手続きは居宅が行います",
            rule="T-41",
            todo="居宅に手続きを求めてください",
        )
    return plan


def welfare_office_must_know(situation: Situation, plan: Plan) -> None:
    """Before service under a provisional plan of a person on public assistance: contact and papers (T-40).

    :raises Refused: one of them is missing.
    """
    provisional = situation.case.provisional_plan(plan.id)
    if provisional is None or not provisional.public_assistance:
        return
    if provisional.welfare_told_on is None:
        raise Refused(
            "welfare_office_not_told",
            "福祉事務所への事前の連絡がないため、暫定プランのサービスを始められません",
            rule="T-40",
            todo="福祉事務所に連絡し、「福祉事務所への連絡を記録する」を行ってください",
        )
    missing = provisional.papers_missing if provisional.papers_missing is not None else tuple(WELFARE_PAPERS)
    if missing:
        named = "、".join(WELFARE_PAPERS[each] for each in missing)
        raise Refused(
            "welfare_papers_missing",
            f"福祉事務所に提出していない書類（{named}）があるため、暫定プランのサービスを始められません",
            rule="T-40",
            todo="了承された暫定プランと利用票・別表を提出し、「福祉事務所への提出を記録する」を行ってください",
        )


# --- the result ---


@dataclass(frozen=True, slots=True)
class Settlement:
    """What the result means: by type who files and who claims; nothing of it where the person needs no support."""

    result: str
    type: str | None = None
    track: str | None = None
    filer: str | None = None
    notification_needed: bool = False
    entrustment_needed: bool = False
    mode_changes: bool = False


def settle_provisional_plan(situation: Situation, command: Command) -> Decision:
    """Settle what the result means for the provisional plan: type, who files and claims, or the end (T-39)."""
    plan = situation.case.open_provisional_plan
    if plan is None or plan.carer != situation.me:
        raise Refused("provisional_plan_missing", "結果を確定する暫定プランがありません", rule="T-39")
    application = next(
        (each for each in situation.case.applications if each.applied_on == plan.applied_on), None
    )
    if application is None or application.decided_on is None or application.status is None:
        raise Refused(
            "result_missing",
            "認定結果がまだ届いていません",
            rule="T-39",
            todo="区からの認定結果を待ってください",
        )
    found = _settlement(situation, plan, application.status)
    if found.result == "support" and command.fields["wish_confirmed_on"] is None:
        raise Refused(
            "wish_missing",
            "要支援の結果では、本人の意向を確認してから届け出ます",
            field="wish_confirmed_on",
            rule="T-39",
            todo="本人の意向を確かめ、その日付を入力してください",
        )
    settled = _settled(situation, command, plan, application, found)
    if found.result == "support":
        return Decision([settled], _advice_on_support(situation, found))
    reason, last_day = _end(situation, application, found)
    ended = support_ended(situation, command, reason, last_day, command.fields["wish"])
    return Decision([settled, ended], [_ADVICE_ON_END[found.result]])


def _settlement(situation: Situation, plan: ProvisionalPlan, status: str) -> Settlement:
    case = situation.case
    if status not in SUPPORTED:
        return Settlement("none" if status == "none" else "care")
    used = tuple(each.service for each in case.services if each.started_on >= plan.period_from)
    kind = plan_type(used or plan.services, Month.of(plan.period_from), requirements.parameters_of(situation))
    if kind is None:
        raise Refused(
            "type_unknown",
            "計画のサービスからは、類型が決まりません",
            rule="T-39",
            todo="サービスを確かめてください",
        )
    own = plan.track == "designated" and kind == "preventive_support" and status != "project_eligible"
    track = "designated" if own else ("direct" if case.office is None else "entrusted")
    filer = case.office if own else case.centre
    before = case.mode(plan.period_from)
    current = any(
        (each.type, each.state) in ((kind, "filed"), (kind, "accepted"))
        for each in case.notifications_of(filer or "")
    )
    switches = before is not None and before.track == "designated" and not own
    return Settlement(
        "support",
        kind,
        track,
        filer,
        notification_needed=not (current and before is not None and before.type == kind),
        entrustment_needed=track == "entrusted" and not switches and _not_entrusted(situation, plan),
        # A case that was designated before goes over by the report of a switch (T-60), not by this.
        mode_changes=not switches and (before is None or (before.type, before.track) != (kind, track)),
    )


def _not_entrusted(situation: Situation, plan: ProvisionalPlan) -> bool:
    return situation.case.entrustment(plan.period_from, plan.period_from) is None


def _settled(
    situation: Situation, command: Command, plan: ProvisionalPlan, application: Application, found: Settlement
) -> NewEvent:
    case = situation.case
    data: dict[str, Any] = {
        **command.fields,
        "carer": situation.me,
        "office": case.office,
        "centre": case.centre,
        "plan_id": plan.plan_id,
        "result": found.result,
        "status": application.status,
        "decided_on": application.decided_on,
        "type": found.type,
        "track": found.track,
        "filer": found.filer,
        "claimant": found.filer,
        "effective_from": plan.period_from if found.type else None,
        "notification_needed": found.notification_needed,
        "entrustment_needed": found.entrustment_needed,
        "mode_changes": found.mode_changes,
        "settled_on": command.occurred_on,
    }
    to = requirements.recipients(requirements.other_party(situation), case.biller)
    return NewEvent("ProvisionalPlanSettled", data, case_id=command.case_id, to=to)


def _end(situation: Situation, application: Application, found: Settlement) -> tuple[str, date]:
    """Why the support ends and its last day: before the care begins, or the day of the decision."""
    if found.result == "none":
        return "not_eligible", application.decided_on or situation.today
    begins = next(
        (
            each.valid_from
            for each in reversed(situation.case.certifications)
            if each.status == application.status
        ),
        None,
    )
    return "to_care", (begins or application.applied_on) - timedelta(days=1)


_ADVICE_ON_END: Final = {
    "care": Advice(
        "T-38",
        "要介護のため、介護予防の届出書は提出せず、この間の請求もしません。居宅介護支援事業所が"
        "居宅サービス計画の届出書を提出し、申請日からの分を請求します",
    ),
    "none": Advice(
        "A-Q17",
        "非該当のため、給付のサービスは全額が本人の負担になります。基本チェックリストで事業対象者になれば、"
        "総合事業のサービスは包括のケアマネジメントAで続けられます",
    ),
}


def _advice_on_support(situation: Situation, found: Settlement) -> list[Advice]:
    advice = []
    if found.notification_needed:
        who = situation.agency.name_of(found.filer or "")
        advice.append(Advice("T-39", f"{TYPES[found.type or '']}です。{who}が届出書を速やかに提出します"))
    if not found.mode_changes and found.track == "entrusted" and not found.entrustment_needed:
        mode = situation.case.latest_mode
        if mode is not None and mode.track == "designated":
            advice.append(Advice("T-60", "「類型の変更を報告する」で包括に連絡してください"))
    return advice
