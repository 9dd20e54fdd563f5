"""What an office decides about its cases: arranging contracts, sharing, submitting, reporting."""

from datetime import timedelta
from uuid import uuid5

from shared.care import requirements
from shared.care.contracts import not_in_model
from shared.care.opening import office_in_model
from shared.care.parts import Entrustment
from shared.care.planning import advice_on_sheets
from shared.eventlog.model import NewEvent
from shared.node.errors import Refused
from shared.node.service import Advice, Command, Decision, Situation
from shared.policy.calendar import calendar


def request_simultaneous_contract(situation: Situation, command: Command) -> Decision:
    """Ask the centre to sign with the person at the same time (T-08); only in the model (T-02, T-03)."""
    case, on = situation.case, command.occurred_on
    centre = requirements.centre_of(situation)
    if not situation.agency.enrolled(centre, on):
        raise not_in_model(situation, centre, on)
    requirements.designation(situation, on)
    if not office_in_model(situation.agency, situation.me, case.insurer, on):
        raise Refused(
            "office_not_in_model",
            "この事業所はモデル実施の対象ではありません",
            rule="T-03",
            todo="2024年10月より前に指定を受けた事業所は、区にモデル実施への参加を申し出てください",
        )
    requested = NewEvent(
        "SimultaneousContractRequested",
        {**command.fields, "office": situation.me, "centre": centre, "requested_on": on},
        case_id=command.case_id,
        to=(centre,),
    )
    return Decision([requested])


def request_records(situation: Situation, command: Command) -> Decision:
    """File a viewing request (閲覧申請) with the ward (T-18N); consent comes first (T-11)."""
    consented_on = requirements.consent_to_share(situation)
    requested = NewEvent(
        "RecordsRequested",
        {
            **command.fields,
            "request_id": str(uuid5(command.id, "request")),
            "requested_on": command.occurred_on,
            "consented_on": consented_on,
        },
        case_id=command.case_id,
        to=(requirements.ward_of(situation),),
    )
    return Decision([requested])


def submit_plan(situation: Situation, command: Command) -> Decision:
    """Send the copy of the delivered plan to the centre (T-23); consent comes first (T-11)."""
    centre = requirements.centre_of(situation)
    plan = requirements.delivered_plan(situation)
    requirements.consent_to_share(situation)
    if plan.meeting_on is None:
        raise Refused(
            "meeting_missing",
            "サービス担当者会議の記録がないため、確定した計画として提出できません",
            rule="T-27",
            todo="サービス担当者会議を記録してください",
        )
    submitted = NewEvent(
        "PlanSubmitted",
        {
            **command.fields,
            "plan_id": plan.id,
            "plan_version": plan.version,
            "occasion": plan.occasion,
            "sheets": list(plan.sheets),
            "period_from": plan.period_from,
            "period_to": plan.period_to,
            "services": [
                {
                    "service": each.service,
                    "provider": each.provider,
                    "starts_on": each.starts_on,
                    "ends_on": each.ends_on,
                }
                for each in plan.services
            ],
            "meeting_on": plan.meeting_on,
            "consented_on": plan.consented_on,
            "delivered_on": plan.delivered_on,
            "submitted_on": command.occurred_on,
        },
        case_id=command.case_id,
        to=(centre,),
    )
    return Decision([submitted], advice_on_sheets(plan.sheets))


def return_originals(situation: Situation, command: Command) -> Decision:
    """Give the originals made under an entrustment back to the centre when it has ended (T-31, T-35)."""
    case = situation.case
    last = case.entrustments[-1] if case.entrustments else None
    ended_on = _end_of(situation, last) if last else None
    if last is None or ended_on is None:
        raise Refused(
            "entrustment_goes_on",
            "委託が続いている間、原本は居宅で保管します" if last else "この事例に委託はありません",
            rule="T-31",
            todo="委託が終わってから返却してください",
        )
    returned = NewEvent(
        "OriginalsReturned",
        {
            **command.fields,
            "office": situation.me,
            "centre": last.centre,
            "returned_on": command.occurred_on,
            "entrustment_ended_on": ended_on,
        },
        case_id=command.case_id,
        to=(last.centre,),
    )
    return Decision([returned])


def _end_of(situation: Situation, entrustment: Entrustment) -> object:
    if entrustment.ended_on is not None:
        return entrustment.ended_on
    mode = situation.case.latest_mode
    if mode is not None and mode.track == "designated" and mode.effective_from > entrustment.starts_on:
        # The centre's word may still be on its way; the switch itself ends the entrustment (decision 24).
        return mode.effective_from - timedelta(days=1)
    return None


def report_circumstance(situation: Situation, command: Command) -> Decision:
    """Tell the centre of a change in the person's circumstances, promptly (T-35D)."""
    fields, on = command.fields, command.occurred_on
    days = requirements.published(situation, "notification.promptly_open_days", on)
    assert isinstance(days, int)
    prompt = calendar(situation.case.insurer).add_open_days(fields["changed_on"], days)
    reported = NewEvent(
        "CircumstanceChanged",
        {**fields, "reported_on": on},
        case_id=command.case_id,
        to=(requirements.centre_of(situation),),
    )
    late = on > prompt
    return Decision(
        [reported], [Advice("T-35", "状況の変化は速やかに包括へ連絡してください")] if late else []
    )
