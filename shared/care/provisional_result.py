"""What the certification's result means for a provisional plan: type, who files and claims, or the end (T-38, T-39)."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from marshmallow import Schema

from contracts.codes import PROVISIONAL_PARTS, TYPES
from contracts.definition import personal
from contracts.fields import Code, Count, Day, LongText
from shared.care import requirements
from shared.care.parts import Application, ProvisionalPlan
from shared.care.provisional_costs import Costs, advice_on_costs, costs
from shared.care.support import support_ended
from shared.eventlog.model import NewEvent
from shared.node.errors import Refused
from shared.node.service import Advice, Command, Decision, Situation
from shared.policy.case_type import plan_type
from shared.policy.dates import Month

SUPPORTED: Final = ("support1", "support2", "project_eligible")


class SettleProvisionalPlan(Schema):
    wish_confirmed_on = Day(
        "本人の意向を確認した日", null=True, load_default=None, help="要支援の結果では必要です"
    )
    choice = Code(
        "本人が選んだ側",
        PROVISIONAL_PARTS,
        null=True,
        load_default=None,
        help="要介護の結果で、サービス事業と給付の両方を使い、どちらかを選ぶとき",
    )
    care_from = Day(
        "介護給付サービスの利用開始日",
        null=True,
        load_default=None,
        help="要介護の結果で、サービス事業の分を総合事業から支給するとき",
    )
    project_yen = Count("サービス事業の費用の総額（円）", null=True, load_default=None)
    benefit_yen = Count("給付の費用の総額（円）", null=True, load_default=None)
    wish = personal(LongText("本人の意向", null=True, load_default=None))


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
        raise Refused(
            "provisional_plan_missing",
            "結果を確定する暫定プランがありません",
            rule="T-39",
            todo="暫定プランを作成した事業所が、結果の届いたあとに確定します",
        )
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
    paid = costs(situation, plan, found.result, _services(situation, plan), command.fields)
    if found.result == "support" and command.fields["wish_confirmed_on"] is None:
        raise Refused(
            "wish_missing",
            "要支援の結果では、本人の意向を確認してから届け出ます",
            field="wish_confirmed_on",
            rule="T-39",
            todo="本人の意向を確かめ、その日付を入力してください",
        )
    settled = _settled(situation, command, plan, application, found, paid)
    told = advice_on_costs(paid)
    if found.type is not None:
        return Decision([settled], [*_advice_on_support(situation, found), *told])
    reason, last_day = _end(situation, application, found)
    # Until care benefits start, the project goes on paying (A-Q17).
    last_day = paid.project_until or last_day
    ended = support_ended(situation, command, reason, last_day, command.fields["wish"])
    return Decision([settled, ended], [_ADVICE_ON_END[found.result], *told])


def _services(situation: Situation, plan: ProvisionalPlan) -> tuple[str, ...]:
    """What was used under a provisional plan; while nothing was, what it holds."""
    used = tuple(each.service for each in situation.case.services if each.started_on >= plan.period_from)
    return used or plan.services


def _settlement(situation: Situation, plan: ProvisionalPlan, status: str) -> Settlement:
    case = situation.case
    goes_on = status == "none" and _project_goes_on(situation, plan)
    if status not in SUPPORTED and not goes_on:
        return Settlement("none" if status == "none" else "care")
    services = _services(situation, plan)
    if goes_on:
        project: Any = requirements.published(situation, "services.project", plan.period_from)
        services = tuple(each for each in services if each in project)
    kind = plan_type(services, Month.of(plan.period_from), requirements.parameters_of(situation))
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
        "none" if goes_on else "support",
        kind,
        track,
        filer,
        notification_needed=not (current and before is not None and before.type == kind),
        entrustment_needed=track == "entrusted" and not switches and _not_entrusted(situation, plan),
        # A case that was designated before goes over by the report of a switch (T-60), not by this.
        mode_changes=not switches and (before is None or (before.type, before.track) != (kind, track)),
    )


def _project_goes_on(situation: Situation, plan: ProvisionalPlan) -> bool:
    """Whether somebody who was refused stays 事業対象者 and used the project's services (A-Q17, A-Q24)."""
    if requirements.found(situation, "provisional.settlement", plan.period_from) is None:
        return False
    project: Any = requirements.published(situation, "services.project", plan.period_from)
    used = any(each in project for each in _services(situation, plan))
    return used and situation.case.registration is not None


def _not_entrusted(situation: Situation, plan: ProvisionalPlan) -> bool:
    return situation.case.entrustment(plan.period_from, plan.period_from) is None


def _settled(
    situation: Situation,
    command: Command,
    plan: ProvisionalPlan,
    application: Application,
    found: Settlement,
    paid: Costs,
) -> NewEvent:
    case = situation.case
    data: dict[str, Any] = {
        **{name: command.fields[name] for name in ("wish_confirmed_on", "wish")},
        **paid.fields(),
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
        "effective_from": (paid.plan_from or plan.period_from) if found.type else None,
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
