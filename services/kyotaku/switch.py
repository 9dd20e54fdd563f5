"""Switching a case between 介護予防支援 and ケアマネジメントA: T-04, T-15, T-60, T-61, T-68.

Between designated and entrusted; where the office has no contract of its own with the person, within an entrustment.
"""

from datetime import date

from contracts.codes import SERVICE_KINDS, TYPES
from shared.care import requirements
from shared.care.model import contract_stays, model_over, procedure_holds
from shared.care.parts import Mode
from shared.care.usage import benefits, services_of_month, type_of
from shared.eventlog.model import NewEvent
from shared.node.errors import Refused
from shared.node.service import Advice, Command, Decision, Situation
from shared.policy.dates import Month, month_text


def switch_mode(situation: Situation, command: Command) -> Decision:
    """Report the switch to the centre; the day from which it holds follows from the services used (T-61)."""
    fields = command.fields
    centre, before = requirements.centre_of(situation), _present_mode(situation)
    to_type = fields["to_type"]
    if to_type == before.type:
        raise Refused(
            "type_unchanged",
            f"すでに{TYPES[to_type]}です",
            field="to_type",
            rule="T-61",
            todo="サービスの利用の記録を確かめ、変わるときは、もう一方の類型を選んでください",
        )
    to_a = to_type == "care_management_a"
    started_on = None if to_a else _first_benefit_day(situation, before)
    effective_from = Month.of(started_on).first if started_on else _first_day_of_a(situation)
    to_track = _track_after(situation, before, to_a)
    never_began = effective_from if _undoes(before, effective_from, to_track) else None
    if to_track == "designated":
        requirements.designation(situation, effective_from)
        requirements.own_contract(situation)
    switched = NewEvent(
        "ModeSwitched",
        {
            "office": situation.me,
            "centre": centre,
            "from_type": before.type,
            "to_type": to_type,
            "from_track": before.track,
            "to_track": to_track,
            "effective_from": effective_from,
            "reported_on": command.occurred_on,
            "first": not any(each.type == to_type for each in _modes_switched_to(situation)),
            "reason_code": fields["reason_code"],
            "simultaneous_contract": procedure_holds(situation, effective_from),
            "contract_stays": True if never_began else contract_stays(situation, effective_from),
            "progress_record_enclosed": bool(fields["progress_record"]),
            "benefit_started_on": started_on,
            "never_began": never_began,
            "notification_needed": None if never_began is None else _filed_for(situation, before),
            "same_care_manager": fields["same_care_manager"],
            "reason": fields["reason"],
            "progress_record": fields["progress_record"] or None,
        },
        case_id=command.case_id,
        # Not to billing: it follows the entrustment, and needs no progress record of the person.
        to=(centre,),
    )
    advice = _advice_on_switch(situation, command, to_a) if before.track != to_track else []
    if never_began:
        advice = _advice_on_undoing(situation, before)
    advice = [*advice, *_advice_on_continuity(command)]
    nothing_left = _advice_without_service(situation, effective_from) if to_a else []
    return Decision([switched], [*advice, *nothing_left, *_advice_on_plan(situation, to_a)])


def _advice_on_continuity(command: Command) -> list[Advice]:
    """The same care manager is asked to go on; another one forbids nothing (T-60, decision 28)."""
    if command.fields["same_care_manager"] is not False:
        return []
    return [Advice("T-60", "担当が変わります。同じ介護支援専門員が続けて担当することが求められています")]


def _undoes(before: Mode, effective_from: date, to_track: str) -> bool:
    """Whether a benefit in the first month of ケアマネジメントA makes that the office's again: A never began (T-61)."""
    left_office = (before.type, before.track, to_track) == ("care_management_a", "entrusted", "designated")
    return left_office and effective_from == before.effective_from


def _filed_for(situation: Situation, undone: Mode) -> bool:
    """Whether the ward has a notification for the switch that never took effect."""
    return any(
        each.type == undone.type and each.start_date == undone.effective_from and each.state != "held"
        for each in situation.case.notifications.values()
    )


def _advice_on_undoing(situation: Situation, before: Mode) -> list[Advice]:
    filed = _filed_for(situation, before)
    todo = (
        "包括の届出書がすでに提出されているため、介護予防支援の届出書をもう一度提出してください（自署不要）"
        if filed
        else "包括の届出書がまだ提出されていなければ、新しい届出はいりません"
    )
    month = Month.of(before.effective_from)
    return [
        Advice("T-61", f"{month_text(month)}は予防給付を使うため、ケアマネジメントAは始まりません。{todo}")
    ]


def _advice_without_service(situation: Situation, effective_from: date) -> list[Advice]:
    """Without a service of the project a month is of neither type (T-61): the support may be over instead."""
    month = Month.of(effective_from)
    if type_of(situation, services_of_month(situation.case, month), month) is not None:
        return []
    return [
        Advice(
            "T-61",
            f"{month_text(month)}に使う総合事業のサービスがありません。"
            "使うときは計画に入れ、支援が終わるときは「支援を終える」を行ってください",
        )
    ]


def _track_after(situation: Situation, before: Mode, to_a: bool) -> str:
    """ケアマネジメントA is the centre's (T-04); 介護予防支援 is the office's where it contracts with the person."""
    if to_a or (before.track == "entrusted" and situation.case.contract_of(situation.me) is None):
        return "entrusted"
    return "designated"


def submit_progress_record(situation: Situation, command: Command) -> Decision:
    """Send the centre the progress record of the last switch to ケアマネジメントA (T-15D)."""
    centre = requirements.centre_of(situation)
    switches = [
        each.effective_from
        for each in situation.case.mode_marks
        if (each.kind, each.type) == ("switched", "care_management_a")
    ]
    if not switches:
        raise Refused(
            "no_switch",
            "ケアマネジメントAへの変更をまだ報告していません",
            rule="T-15",
            todo="「類型の変更を報告する」を先に行ってください。経過記録はその報告に添付できます",
        )
    submitted = NewEvent(
        "ProgressRecordSubmitted",
        {
            **command.fields,
            "office": situation.me,
            "centre": centre,
            "effective_from": max(switches),
            "submitted_on": command.occurred_on,
        },
        case_id=command.case_id,
        to=(centre,),
    )
    return Decision([submitted])


def _present_mode(situation: Situation) -> Mode:
    mode = situation.case.latest_mode
    if mode is None:
        raise Refused(
            "mode_unknown",
            "契約も委託もないため、変更前の類型が決まりません",
            rule="T-07",
            todo="利用契約を記録してください",
        )
    return mode


def _modes_switched_to(situation: Situation) -> tuple[Mode, ...]:
    """The modes that began with a switch: all but the one in which the case began."""
    return situation.case.modes[1:]


def _first_day_of_a(situation: Situation) -> date:
    """The first day of the first month without a limit-managed preventive benefit (T-61)."""
    used = benefits(situation)
    running = [each for each in used if each.last_used_on is None]
    if running:
        named = "、".join(SERVICE_KINDS[each.service] for each in running)
        raise Refused(
            "benefit_in_use",
            f"予防給付（{named}）を利用中のため、ケアマネジメントAにはなりません",
            field="to_type",
            rule="T-61",
            todo="予防給付の利用が終わったら「サービスの利用終了を記録する」を行ってください",
        )
    last_used = max((each.last_used_on for each in used if each.last_used_on), default=None)
    if last_used is None:
        raise Refused(
            "benefit_never_used",
            "予防給付の利用の記録がないため、変更の日が決まりません",
            field="to_type",
            rule="T-61",
            todo="サービスの利用開始と終了を記録してください",
        )
    return Month.of(last_used).plus(1).first


def _first_benefit_day(situation: Situation, before: Mode) -> date:
    """The first day on which a preventive benefit is used since A holds: its whole month counts (T-61).

    One that started again before A began, and goes on, makes A's first month 介護予防支援.
    """
    used = [
        each
        for each in benefits(situation)
        if each.last_used_on is None or each.last_used_on >= before.effective_from
    ]
    started = [max(each.started_on, before.effective_from) for each in used]
    if not started:
        raise Refused(
            "benefit_not_started",
            "予防給付の利用が始まっていないため、介護予防支援にはなりません",
            field="to_type",
            rule="T-61",
            todo="予防給付の利用開始を記録してください",
        )
    return min(started)


def _advice_on_switch(situation: Situation, command: Command, to_a: bool) -> list[Advice]:
    case, on, advice = situation.case, command.occurred_on, []
    due = requirements.due(situation, "T-60", on, basis=_last_benefit_day(situation)) if to_a else None
    if due is not None and on > due:
        advice.append(
            Advice("T-60", "地域担当包括への連絡は、予防給付が終わった日のうちに必要でした（即日連絡）")
        )
    if to_a and not command.fields["progress_record"]:
        advice.append(
            Advice(
                "T-15",
                "変更の理由と状況を書いた支援経過記録がありません。「支援経過記録を包括に提出する」で速やかに提出してください",
            )
        )
    if case.simultaneous_contract and model_over(situation, on):
        advice.append(
            Advice(
                "T-01",
                "モデル実施が終わっています。契約はそのまま有効ですが、本人の自署のある新しい届出書が必要です",
            )
        )
    if not case.simultaneous_contract:
        advice.append(Advice("T-66", "同時契約がないため、新しい契約と新しい届出が必要です"))
    return advice


def _advice_on_plan(situation: Situation, to_a: bool) -> list[Advice]:
    plan = situation.case.delivered_plan
    if to_a or (plan is not None and plan.meeting_on is not None):
        return []
    return [
        Advice("decision 24", "予防給付の追加は軽微な変更ではありません。会議を開いて計画を変更してください")
    ]


def _last_benefit_day(situation: Situation) -> date:
    return max(each.last_used_on for each in benefits(situation) if each.last_used_on is not None)
