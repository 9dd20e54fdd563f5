"""Making a plan: assessment, draft, meeting, consent, delivery, minor change, evaluation (T-19 to T-30)."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final
from uuid import uuid5

from marshmallow import Schema

from contracts.codes import EVALUATION_OUTCOMES, ORIGINALS, PLAN_OCCASIONS, SHEETS, SIGNERS
from contracts.definition import personal
from contracts.events.rows import PlannedService
from contracts.fields import Agency, Code, Day, Items, LongText, Text
from shared.care import plan_course, provisional, requirements
from shared.care.drafts import advice_before_meeting
from shared.care.events import ATTENDEES, PLAN_CHANGES
from shared.care.ledger import document_table
from shared.care.limits import advice_on_plan
from shared.care.parts import Plan, Service
from shared.care.parts import PlannedService as PlannedRow
from shared.care.plan_sheets import SERVICES_AFTER, EvaluatedGoal, Present, evaluated_in_words
from shared.care.provider_choice import advice_on_choice
from shared.care.services_open import advice_on_services
from shared.care.usage import month_becomes, type_of
from shared.eventlog.model import NewEvent
from shared.node.errors import Refused
from shared.node.service import Advice, Command, Decision, Situation
from shared.policy.dates import Month, day_text
from shared.policy.eligibility import RESIDENCES
from shared.policy.identifiers import insurer_number

ASSESSMENT_DOCUMENTS: Final[Mapping[str, str]] = {
    "basic_information": "T-19",
    "basic_checklist": "T-20",
    "assessment": "T-21",
    "interest_checklist": "T-22",
}
"""Documents that an assessment makes, each with its rule."""


class RecordAssessment(Schema):
    occasion = Code("作成の理由", PLAN_OCCASIONS)
    documents = Items("作成した書類", Code("書類", ORIGINALS), least=1)
    residence = Code("住まい", RESIDENCES, null=True, load_default=None, help="自宅でないとき")
    resident_of = Agency(
        "住民票のある区市町村（保険者番号）", null=True, load_default=None, help="住所地特例の人だけ"
    )
    findings = personal(LongText("アセスメントの内容"))


class DraftPlan(Schema):
    occasion = Code("作成の理由", PLAN_OCCASIONS, help="変更は今の計画の次の版に、ほかは新しい計画になります")
    sheets = Items("計画書", Code("計画書", SHEETS), least=1)
    period_from = Day("計画期間の開始")
    period_to = Day("計画期間の終了")
    services = Items("サービス", PlannedService, least=1)
    goals = personal(LongText("目標"))
    notes = personal(LongText("総合的な方針など", null=True, load_default=None))


class RecordMeeting(Schema):
    attendees = Items("出席者", Code("出席者", ATTENDEES), least=1)
    summary = personal(LongText("会議の要点", help="検討内容"))
    planner = personal(Text("計画作成者氏名", null=True, load_default=None, longest=100))
    place = personal(Text("開催場所", null=True, load_default=None))
    held_at = personal(Text("開催時間", null=True, load_default=None, longest=50))
    present = personal(Items("会議出席者の所属と氏名", Present, required=False, load_default=list, most=30))
    topics = personal(LongText("検討した項目", null=True, load_default=None))
    conclusion = personal(LongText("結論", null=True, load_default=None))
    remaining = personal(LongText("残された課題（次回の開催時期）", null=True, load_default=None))


class RecordPlanConsent(Schema):
    signed_by = Code("署名した人", SIGNERS)


class DeliverPlan(Schema):
    sheets = Items("交付した計画書", Code("計画書", SHEETS), least=1)


class ContinuePlan(Schema):
    change = Code("変更の内容", PLAN_CHANGES)
    changed_on = Day("変更日")
    note = personal(LongText("変更の記録"))


class EvaluatePlan(Schema):
    outcome = Code("今後の方針", EVALUATION_OUTCOMES)
    services_after = Items(
        "今後のサービス", Code("今後のサービス", SERVICES_AFTER), required=False, load_default=list, most=5
    )
    planner = personal(Text("計画作成者氏名", null=True, load_default=None, longest=100))
    goals = personal(Items("目標ごとの評価", EvaluatedGoal, required=False, load_default=list, most=12))
    policy = personal(LongText("総合的な方針", null=True, load_default=None))
    comment = personal(
        LongText(
            "評価の内容",
            null=True,
            load_default=None,
            help="目標ごとの目標達成状況を書いたときは、空欄でかまいません",
        )
    )


def record_assessment(situation: Situation, command: Command) -> Decision:
    """Record the assessment and which documents it made (T-19N, T-20, T-21, T-22).

    :raises Refused: a residence under 住所地特例 that is none (A-Q25a).
    """
    fields = command.fields
    _must_live_elsewhere(situation, fields["resident_of"])
    recorded = _tracked(
        situation, command, "AssessmentRecorded", {**fields, "assessed_on": command.occurred_on}
    )
    asked = _asked_with_each_plan(situation, command.occurred_on)
    missing = [each for each in asked if each not in fields["documents"]]
    named = "、".join(ORIGINALS[each] for each in missing)
    told = [Advice(next(iter(asked.values())), f"作成していない書類があります: {named}")] if missing else []
    return Decision([recorded], told)


def _asked_with_each_plan(situation: Situation, on: date) -> Mapping[str, str]:
    """Documents of the assessment that the ward's own document asks for with each plan → its rule.

    Where a ward has stated no table, the national standard asks for the assessment alone.
    """
    table = {row.code: row for row in document_table(situation.case, on)}
    if not table:
        return {"assessment": ASSESSMENT_DOCUMENTS["assessment"]}
    return {
        kind: table[kind].rule
        for kind in ASSESSMENT_DOCUMENTS
        if kind in table
        and any(cell.made == "each_plan" and not cell.assumed for cell in table[kind].cells.values())
    }


def _must_live_elsewhere(situation: Situation, resident_of: str | None) -> None:
    """住所地特例 is of who lives in another municipality than the insurer's (A-Q25a)."""
    if resident_of is None:
        return
    number = insurer_number(resident_of)
    if not number.valid or number.number == situation.case.insurer:
        raise Refused(
            "residence_not_elsewhere",
            "住所地特例の人の住所地には、保険者とは別の区市町村の保険者番号（6桁）を入力してください",
            field="resident_of",
            rule="A-Q25a",
            todo=number.warnings[0] if number.warnings else "住所地特例でない人は空欄にしてください",
        )


def draft_plan(situation: Situation, command: Command) -> Decision:
    """Draft a new plan, or the next version of the present one when it is revised.

    Each plan wants documents of an assessment of its own, also an office's first after a transfer (T-19N, T-19M).
    """
    fields = command.fields
    if fields["occasion"] == "provisional":
        raise Refused(
            "provisional_elsewhere",
            "暫定プランの原案は「暫定プランの原案を作成する」で作成します",
            field="occasion",
            rule="T-36",
            todo="認定結果を待つ間の計画は、その操作で作成してください",
        )
    if fields["period_from"] > fields["period_to"]:
        raise Refused(
            "period_reversed",
            "計画期間の終了は開始より後にしてください",
            field="period_to",
            rule="T-23",
            todo="計画期間を確かめてください",
        )
    plan_course.must_not_be_too_long(situation, fields["period_from"], fields["period_to"])
    plan_id, version = _next_version(situation, command)
    drafted = _event(
        command,
        "PlanDrafted",
        {
            **fields,
            "plan_id": plan_id,
            "plan_version": version,
            "drafted_on": command.occurred_on,
            "track": _track_of_plan(
                situation, command, fields["period_from"], [each["service"] for each in fields["services"]]
            ),
        },
    )
    open_ones = [
        (each["service"], max(each["starts_on"], fields["period_from"])) for each in fields["services"]
    ]
    told = [
        *advice_on_services(situation, open_ones, plan_delivered_on=command.occurred_on),
        *advice_on_choice(situation, fields["services"]),
        *_advice_on_limit(situation, fields),
    ]
    return Decision([drafted], [*_advice_on_draft(situation, fields), *told])


def _advice_on_limit(situation: Situation, fields: Mapping[str, Any]) -> list[Advice]:
    """What is planned beyond the limit of a month, said before the person agrees to it (A-Q37)."""
    rows = [
        PlannedRow(
            each["service"], each["provider"], each["starts_on"], each["ends_on"], None, each.get("units")
        )
        for each in fields["services"]
    ]
    return advice_on_plan(situation, rows, fields["period_from"], fields["period_to"])


def _next_version(situation: Situation, command: Command) -> tuple[str, int]:
    """A draft that is made anew, as the centre asked for, stays the same plan."""
    making = situation.case.plan_in_preparation
    if making is not None and making.occasion == command.fields["occasion"]:
        return making.id, making.version
    if command.fields["occasion"] != "revision":
        return str(uuid5(command.id, "plan")), 1
    present = requirements.delivered_plan(situation)
    return present.id, present.version + 1


def _advice_on_draft(situation: Situation, fields: Any) -> list[Advice]:
    advice = []
    before = situation.case.delivered_plan
    newest = max(situation.case.assessed_on, default=None)
    since = before.delivered_on if before is not None else None
    if newest is None or (since and newest <= since):
        rules = _asked_with_each_plan(situation, fields["period_from"])
        rule = rules.get("basic_information") or rules.get("assessment", "T-19")
        advice.append(Advice(rule, "前の計画より後のアセスメントがありません"))
    else:
        advice += _advice_on_documents(situation, since, fields["period_from"])
    covering = situation.case.certification(fields["period_from"])
    if covering and covering.valid_to and fields["period_to"] > covering.valid_to:
        advice.append(
            Advice("T-23", f"計画期間が認定有効期間（{day_text(covering.valid_to)}まで）を超えています")
        )
    return [*advice, *_advice_on_type(situation, fields)]


def _advice_on_type(situation: Situation, fields: Any) -> list[Advice]:
    """Of what type the plan's first month becomes, said while there is time to act (T-61)."""
    month = Month.of(fields["period_from"])
    mode = situation.case.mode(month.last)
    coming = tuple(
        Service(each["service"], each["provider"], each["starts_on"])
        for each in fields["services"]
        if each["starts_on"] <= month.last
    )
    services = (*situation.case.services_used(month.first, month.last), *coming)
    becomes = type_of(situation, services, month)
    if becomes is None or mode is None or becomes == mode.type:
        return []
    return [Advice("T-61", f"この計画では、{month_becomes(situation, services, month)}")]


def _advice_on_documents(situation: Situation, since: date | None, on: date) -> list[Advice]:
    """The documents of the assessment that were not made anew since the plan before (T-19 to T-22, A-Q12b)."""
    fresh = {each.kind for each in situation.case.originals if since is None or each.first > since}
    if situation.case.opening and situation.case.opening[0] == situation.case.centre and since is None:
        fresh.add("basic_information")  # the centre makes the first one (T-19R)
    return [
        Advice(rule, f"前の計画より後の{ORIGINALS[kind]}がありません")
        for kind, rule in _asked_with_each_plan(situation, on).items()
        if kind not in fresh
    ]


def record_meeting(situation: Situation, command: Command) -> Decision:
    """Record the service meeting (サービス担当者会議) on the draft, or on a plan delivered without one (T-27N)."""
    plan = requirements.plan_to_meet_about(situation)
    track = _track_of_present(situation, command, plan)
    held = _event(
        command,
        "MeetingHeld",
        {
            **command.fields,
            **_names(plan),
            "occasion": plan.occasion,
            "held_on": command.occurred_on,
            "track": track,
            "centre_missed": provisional.centre_missed(situation, plan, command.fields["attendees"]) or None,
        },
    )
    advice = provisional.advice_on_meeting(situation, plan, command.fields["attendees"], command.occurred_on)
    return Decision([held], [*advice, *advice_before_meeting(situation, plan, track)])


def record_plan_consent(situation: Situation, command: Command) -> Decision:
    """Record that the person agreed to the plan in writing."""
    plan = requirements.plan_in_preparation(situation)
    consented = _event(
        command, "PlanConsented", {**command.fields, **_names(plan), "consented_on": command.occurred_on}
    )
    # A provisional plan is agreed to before the meeting (T-36), any other after it.
    return Decision([consented], [] if plan.occasion == "provisional" else _advice_without_meeting(plan))


def deliver_plan(situation: Situation, command: Command) -> Decision:
    """Hand the plan to the person: law wants the written consent first."""
    plan = requirements.plan_in_preparation(situation)
    if plan.consented_on is None:
        raise Refused(
            "plan_not_consented",
            "計画への同意がないため交付できません",
            rule="T-23",
            todo="計画を説明し、文書で同意を得て「計画への同意を記録する」を行ってください",
        )
    sheets = command.fields["sheets"]
    delivered = _event(
        command,
        "PlanDelivered",
        {
            **_names(plan),
            "occasion": plan.occasion,
            "delivered_on": command.occurred_on,
            "sheets": sheets,
            "track": _track_of_present(situation, command, plan),
            "period_from": plan.period_from,
            "period_to": plan.period_to,
            "evaluate_by": next(iter(plan_course.evaluations_due(situation, plan)), None),
            "replaces_version": plan.version - 1 or None,
        },
    )
    return Decision(
        [delivered],
        [*_advice_without_meeting(plan), *advice_on_sheets(sheets), *_advice_unconfirmed(situation)],
    )


def _advice_unconfirmed(situation: Situation) -> list[Advice]:
    """After a proxy's answers the centre's staff see the person before the plan is delivered (A-Q6)."""
    checked = situation.case.applicable_checklist
    if checked is None or not checked.confirmation_needed:
        return []
    return [Advice("A-Q6", "本人の状況の確認と制度の説明の記録がありません")]


def _advice_without_meeting(plan: Plan) -> list[Advice]:
    return [Advice("T-27", "サービス担当者会議の記録がありません")] if plan.meeting_on is None else []


def advice_on_sheets(sheets: Any) -> list[Advice]:
    """A plan is a set of A to D (T-23, T-24)."""
    missing = [SHEETS[each] for each in SHEETS if each not in sheets]
    return [Advice("T-24", f"計画書一式が未完です: {'、'.join(missing)}がありません")] if missing else []


def continue_plan(situation: Situation, command: Command) -> Decision:
    """Note a minor change (軽微な変更) on the present plan; number and version stay (T-68)."""
    plan = requirements.delivered_plan(situation)
    continued = _event(command, "PlanContinued", {**command.fields, **_names(plan)})
    return Decision([continued])


def evaluate_plan(situation: Situation, command: Command) -> Decision:
    """Record the evaluation (評価表) of a plan (T-30N); entrusted, the centre comments on it (T-30R).

    It is of the plan that ends, also when the next one is delivered already.
    """
    plan = plan_course.to_evaluate(situation, command.occurred_on)
    evaluated = _tracked(
        situation,
        command,
        "EvaluationRecorded",
        {
            **command.fields,
            "comment": evaluated_in_words(command.fields),
            **_names(plan),
            "evaluated_on": command.occurred_on,
            **plan_course.next_evaluations(situation, plan),
        },
    )
    return Decision([evaluated])


def _names(plan: Plan) -> dict[str, Any]:
    return {"plan_id": plan.id, "plan_version": plan.version}


def _event(command: Command, name: str, data: dict[str, Any]) -> NewEvent:
    return NewEvent(name, data, case_id=command.case_id)


def _track_of_present(situation: Situation, command: Command, plan: Plan) -> str:
    return _track_of_plan(situation, command, plan.period_from, [each.service for each in plan.services])


def _track_of_plan(situation: Situation, command: Command, period_from: date, services: list[str]) -> str:
    """In which track a plan is made: one that leads an entrusted case back to 居宅指定 is the office's own.

    The switch itself is reported only when the benefit starts.
    """
    track, mode = requirements.track_of(situation, command.occurred_on), situation.case.mode(period_from)
    if track != "entrusted" or mode is None or situation.case.contract_of(situation.me) is None:
        return track
    becomes = type_of(situation, [Service(each, "", period_from) for each in services], Month.of(period_from))
    leads_back = (mode.type, becomes) == ("care_management_a", "preventive_support")
    return "designated" if leads_back else track


def _tracked(situation: Situation, command: Command, name: str, data: dict[str, Any]) -> NewEvent:
    """An act of care from which more is owed to the centre while it entrusts the case."""
    return _event(command, name, {**data, "track": requirements.track_of(situation, command.occurred_on)})
