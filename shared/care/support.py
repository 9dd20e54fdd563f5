"""Applying for a certification, ending the support of a person and resuming it (T-35D, A-Q41)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Final

from marshmallow import Schema

from contracts.codes import CERTIFICATION_OCCASIONS, SERVICE_KINDS, SUPPORT_ENDS, SUPPORT_RESUMPTIONS
from contracts.definition import personal
from contracts.fields import Code, Day, LongText
from shared.care import requirements
from shared.care.cards import cards_at
from shared.care.parts import SupportEnd
from shared.eventlog.model import NewEvent
from shared.node.errors import Refused
from shared.node.service import Advice, Command, CommandSpec, Decision, Situation
from shared.policy.dates import Month, day_text
from shared.policy.proration import ProrationFacts, Use, proration

FOLLOWS_FROM_CIRCUMSTANCE: Final = ("died", "moved_out", "admitted")
"""Circumstances (状況の変化) that end the support by themselves."""

AFTER_THE_END: Final = frozenset(
    {
        "AttachDocument",
        "CommentEvaluation",
        "CorrectNotification",
        "EndEntrustment",
        "EndService",
        "EvaluatePlan",
        "FileHeldNotification",
        "FileNotification",
        "GiveGuidance",
        "HandOverDocuments",
        "ProvideReviewResult",
        "ReceiveProviderDocument",
        "ReceiveProviderPerformance",
        "RecordMonitoring",
        "RecordReviewMeeting",
        "ReportCircumstance",
        "ReportPerformance",
        "ResumeSupport",
        "ReturnCards",
        "ReturnOriginals",
        "SettleDiscrepancy",
        "SubmitPlan",
        "SubmitProgressRecord",
        "SubmitReviewDocuments",
        "SupplementContract",
        "VoidHeldNotification",
    }
)
"""Commands that bring the papers of a support that is over in order; every other one begins something new."""


class RecordApplication(Schema):
    occasion = Code("申請の種類", CERTIFICATION_OCCASIONS)
    applied_on = Day("申請日")
    note = personal(LongText("申請の理由・状態の変化", null=True, load_default=None))


class EndSupport(Schema):
    reason_code = Code("終了の理由", SUPPORT_ENDS)
    ended_on = Day("支援の最終日", help="要介護への変更では、要介護の認定が始まる日の前日")
    note = personal(LongText("内容・引継ぎ先", null=True, load_default=None))


class ResumeSupport(Schema):
    reason_code = Code("再開の理由", SUPPORT_RESUMPTIONS)
    resumed_on = Day("再開日")
    note = personal(LongText("内容", null=True, load_default=None))


def record_application(situation: Situation, command: Command) -> Decision:
    """Record that the person applied for a certification, and tell the other party and the ward (A-Q41, T-36).

    Anybody may apply at any time: 事業対象者, who was found 非該当, who waits for a checklist's verdict (A-Q14).
    """
    fields, case = command.fields, situation.case
    if fields["applied_on"] > command.occurred_on:
        raise Refused(
            "applied_later",
            "まだ来ていない日の申請は記録できません",
            field="applied_on",
            todo="申請した日に記録してください",
        )
    pending = case.pending_application
    if pending is not None and pending.applied_on == fields["applied_on"]:
        raise Refused(
            "application_known",
            "この日の申請はすでに記録しています",
            field="applied_on",
            todo="認定結果を待ってください",
        )
    valid_to = case.last_certified_to
    applied = NewEvent(
        "CertificationApplied",
        {
            **fields,
            "agency": situation.me,
            "valid_to_before": valid_to,
            **cards_at(situation, "applied_for_certification", fields["applied_on"]),
        },
        case_id=command.case_id,
        to=requirements.recipients(requirements.other_party(situation), requirements.ward_of(situation)),
    )
    return Decision([applied], _advice_on_application(situation, fields, valid_to))


def _advice_on_application(
    situation: Situation, fields: Mapping[str, Any], valid_to: date | None
) -> list[Advice]:
    advice = []
    if fields["occasion"] == "renewal" and valid_to is not None:
        days = requirements.published(situation, "certification.renewal_window_days", fields["applied_on"])
        opens = valid_to - timedelta(days=int(str(days)))
        if fields["applied_on"] < opens:
            advice.append(Advice("A-Q41", f"更新の申請ができるのは{day_text(opens)}からです"))
        elif fields["applied_on"] > valid_to:
            advice.append(Advice("A-Q41", f"認定は{day_text(valid_to)}で切れています。新規の申請になります"))
    if situation.case.pending_application is not None:
        advice.append(Advice("A-Q41", "まだ結果の届いていない申請があります"))
    return advice


def end_support(situation: Situation, command: Command) -> Decision:
    """End the support: what was owed beyond its last day is owed no more, and the partners are told (T-35)."""
    _must_be_responsible(situation)
    fields, end = command.fields, situation.case.support_end
    if end is not None:
        raise Refused(
            "support_over",
            f"このケースの支援はすでに終わっています（支援の最終日：{day_text(end.ended_on)}）",
            rule="T-35",
            todo="終了の記録が誤りのときは「支援を再開する」を行ってください",
        )
    return Decision(
        [support_ended(situation, command, fields["reason_code"], fields["ended_on"], fields["note"])],
        advice_on_ending(situation, fields["reason_code"], fields["ended_on"]),
    )


def support_ended(
    situation: Situation, command: Command, reason: str, ended_on: date, note: str | None
) -> NewEvent:
    """The event that ends the support, for the other party and for billing."""
    return NewEvent(
        "SupportEnded",
        {
            "agency": situation.me,
            "reason_code": reason,
            "ended_on": ended_on,
            "reported_on": command.occurred_on,
            "note": note,
        },
        case_id=command.case_id,
        to=requirements.recipients(requirements.other_party(situation), situation.case.biller),
    )


def last_day_of(change: str, changed_on: date) -> date:
    """Last day of the support after a circumstance: of a move out of the ward the day before (A-Q62)."""
    return changed_on - timedelta(days=1) if change == "moved_out" else changed_on


def advice_on_ending(situation: Situation, reason: str, ended_on: date) -> list[Advice]:
    """What remains to be recorded when the support ends."""
    case, advice = situation.case, []
    if case.services_in_use:
        named = "、".join(SERVICE_KINDS[each.service] for each in case.services_in_use)
        advice.append(Advice("T-33", f"利用中のサービスがあります（{named}）。最終利用日を記録してください"))
    if reason == "moved_out":
        advice += _advice_on_move(situation, ended_on)
    if reason == "to_care" and not case.status_on(ended_on + timedelta(days=1)).startswith("care"):
        advice.append(Advice("T-35", "要介護の認定結果がまだ届いていません"))
    return advice


def _advice_on_move(situation: Situation, ended_on: date) -> list[Advice]:
    """For how many days the project's services of a month are paid in which the person moves away (A-Q62)."""
    known, moved_on = requirements.parameters_of(situation), ended_on + timedelta(days=1)
    if known.find("proration.moved_out", moved_on) is None or moved_on.day == 1:
        return []
    project = known.value("services.project", moved_on)
    used = dict.fromkeys(each.service for each in situation.case.services_in_use if each.service in project)
    advice = [Advice("A-Q62", "転居先の保険者や包括と情報を交換し、その取扱いを確かめてください")]
    for service in used:
        facts = ProrationFacts(Month.of(moved_on), service, "moved_out", moved_on, Use(), None, None)
        days = sum(each.days for each in proration(facts, known).periods)
        advice.append(
            Advice("A-Q62", f"{SERVICE_KINDS[service]}は {day_text(ended_on)} までの{days}日の日割りです")
        )
    return advice


def resume_support(situation: Situation, command: Command) -> Decision:
    """Resume the support after its end, or undo an end that was recorded by mistake."""
    end, fields = situation.case.support_end, command.fields
    if end is None:
        raise Refused(
            "support_goes_on",
            "このケースの支援は終わっていません",
            rule="T-35",
            todo="支援は続いています。そのまま記録を続けてください",
        )
    if fields["reason_code"] != "mistaken" and fields["resumed_on"] <= end.ended_on:
        raise Refused(
            "resumed_before_end",
            f"再開日は支援の最終日（{day_text(end.ended_on)}）より後にしてください",
            field="resumed_on",
            rule="T-35",
            todo="終了の記録が誤りのときは、再開の理由で「終了の記録の誤り」を選んでください",
        )
    resumed = NewEvent(
        "SupportResumed",
        {**fields, "agency": situation.me},
        case_id=command.case_id,
        to=requirements.recipients(requirements.other_party(situation), situation.case.biller),
    )
    over = [each for each in situation.case.entrustments if each.ended_on == end.ended_on]
    advice = [Advice("T-06", "委託は終わっています。続けるときは、包括がもう一度委託してください")]
    return Decision([resumed], advice if over else [])


def _must_be_responsible(situation: Situation) -> None:
    """An office ends what it does; a centre what it entrusts or does itself."""
    case, mode = situation.case, situation.case.latest_mode
    if situation.role == "hokatsu" and case.office and mode is not None and mode.track == "designated":
        raise Refused(
            "not_responsible",
            "居宅指定の支援を終えるのは居宅です",
            rule="T-35",
            todo="居宅に連絡し、居宅から状況の変化を知らせてもらってください",
        )


def while_supported(specs: Mapping[str, CommandSpec]) -> dict[str, CommandSpec]:
    """The same commands; one that begins something new is refused once the support is over (T-35)."""
    return {
        name: each if not each.needs_case or each.opens_case else _while_supported(each)
        for name, each in specs.items()
    }


def _while_supported(spec: CommandSpec) -> CommandSpec:
    def decide(situation: Situation, command: Command) -> Decision:
        end = situation.case.support_end
        if end is not None:
            _must_not_be_beyond(end, command.fields)
        if end is not None and spec.name not in AFTER_THE_END and end.ended_on < command.occurred_on:
            raise Refused(
                "support_over",
                f"{SUPPORT_ENDS[end.reason]}（支援の最終日：{day_text(end.ended_on)}）により、"
                f"このケースの支援は終わっています",
                rule="T-35",
                todo="最終日までに行ったことは、その日付で記録してください。"
                "支援が続くとき、終了の記録が誤りのときは「支援を再開する」を行ってください",
            )
        return spec.decide(situation, command)

    return replace(spec, decide=decide)


def _must_not_be_beyond(end: SupportEnd, fields: Mapping[str, Any]) -> None:
    """A month or a day of use that an act is about lies before the end."""
    for name in ("month", "service_month", "last_used_on", "started_on"):
        value = fields.get(name)
        first = Month.parse(value).first if isinstance(value, str) else value
        # What was used until a result of care came was used all the same.
        if name == "last_used_on" and end.reason == "to_care":
            continue
        if isinstance(first, date) and first > end.ended_on:
            raise Refused(
                "beyond_support",
                f"支援は{day_text(end.ended_on)}に終わっています（{SUPPORT_ENDS[end.reason]}）",
                field=name,
                rule="T-35",
                todo="最終日までの分を記録してください",
            )
