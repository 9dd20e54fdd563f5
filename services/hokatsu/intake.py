"""Who comes to a centre, and how the person becomes project-eligible: consultation, checklist, guidance."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final
from uuid import uuid5

from marshmallow import Schema

from contracts.definition import personal
from contracts.events.intake import CHECKLIST_OUTCOMES
from contracts.fields import Agency, Code, Count, Flag, Items, LongText, Row, Text
from services.hokatsu.events import PreventionAnswer
from shared.care import requirements
from shared.care.checklist_form import MEASURE, AnswersOnForm, facts_on_form
from shared.care.intake import GUIDANCE, MEANS, NEXT_STEPS, STAFF, VISITORS, WISHES, Consultation
from shared.eventlog.model import NewEvent
from shared.node.errors import Refused
from shared.node.service import Advice, Command, Decision, Situation
from shared.policy.checklist import Outcome, checklist

PROXIES: Final = ("office", "provider")
"""Who neither answers nor hands in a checklist for the person (A-Q7)."""


class RecordConsultation(Schema):
    visitor = Code("相談に来た人", VISITORS)
    means = Code("方法", MEANS)
    wishes = Items("目的・希望するもの", Code("希望", WISHES), least=1)
    at_once = Flag("すぐにサービスを利用したい", load_default=False)
    certification_evident = Flag("明らかに要介護認定の申請が必要", load_default=False)
    age = personal(Count("年齢", null=True, load_default=None, help="空欄のときは生年月日から数えます"))
    lives_in = Agency(
        "住所地の区市町村（保険者番号）",
        null=True,
        load_default=None,
        help="ケースの保険者の区域に住んでいるときは空欄",
    )
    note = personal(LongText("相談の内容", null=True, load_default=None))


class RecordChecklist(Schema):
    answered_by = Code("回答した人", VISITORS, help="原則は本人。本人が来所できないときは家族・親族")
    means = Code("方法", MEANS)
    staff = Code("実施した職員の職種", STAFF)
    age = personal(
        Count("実施日の年齢", null=True, load_default=None, help="空欄のときは生年月日から数えます")
    )
    outside_reason = personal(
        LongText(
            "区外に住む人に行う理由",
            null=True,
            load_default=None,
            help="相談の記録で住所地がほかの区市町村のときだけ",
        )
    )
    state_changed = Flag(
        "認定の申請のあとに状態が変わり、サービスが必要", load_default=False, help="認定結果が非該当の人"
    )
    disability_services = Flag("障害福祉サービスを利用している", load_default=False)
    answers = personal(Row(AnswersOnForm, "回答", help="答えのない質問は空欄のままにします"))
    height_cm = personal(Text("身長（cm）", null=True, load_default=None, longest=8, validate=MEASURE))
    weight_kg = personal(Text("体重（kg）", null=True, load_default=None, longest=8, validate=MEASURE))


class RecordPreventionChecklist(Schema):
    answers = personal(Items("区独自の質問と回答", PreventionAnswer, least=1))


class GiveGuidance(Schema):
    about = Items("案内したもの", Code("案内", GUIDANCE), least=1)
    instead_of_request = Flag(
        "事業対象者の届出をせず、案内だけとする",
        load_default=False,
        help="判定が該当でも、相談の内容、身体や健康の状態を総合的に見て決めたとき",
    )
    note = personal(LongText("助言・案内の内容"))


class ConfirmPerson(Schema):
    means = Code("方法", MEANS)
    note = personal(LongText("本人の状況、制度の趣旨の説明"))


def record_consultation(situation: Situation, command: Command) -> Decision:
    """Record what somebody came for, and what follows: the checklist is not put first (A-Q8, A-Q9, A-Q15b)."""
    fields = command.fields
    step, advice = _next_step(situation, fields, command.occurred_on)
    recorded = {
        **{name: fields[name] for name in ("visitor", "means", "wishes", "at_once", "note")},
        "consulted_on": command.occurred_on,
        "next_step": step,
    }
    return Decision([NewEvent("ConsultationRecorded", recorded, case_id=command.case_id)], advice)


def _next_step(situation: Situation, fields: Mapping[str, Any], on: date) -> tuple[str, list[Advice]]:
    """What the centre does next: of several reasons the one that the checklist could not overcome."""
    least = int(str(requirements.published(situation, "eligibility.age", on)))
    reasons = {
        "home_municipality": (
            "A-Q8",
            fields["lives_in"] not in (None, situation.case.insurer),
            "基本チェックリストを受けられるのは、原則この区に住む人です。住所地の区市町村を案内してください",
        ),
        "certification": (
            "A-Q9",
            fields["certification_evident"],
            "基本チェックリストを優先させる必要はありません。要介護認定の申請を案内してください",
        ),
    }
    for step, (rule, applies, message) in reasons.items():
        if applies:
            return step, [Advice(rule, message)]
    if "benefit" in fields["wishes"]:
        return "certification", [
            Advice("A-Q15b", "予防給付を使うには要支援認定が必要です。要介護認定の申請を案内してください")
        ]
    if fields["age"] < least:
        return "certification", [
            Advice("A-Q8", f"基本チェックリストは{least}歳以上の人が対象です。要介護認定を案内してください")
        ]
    wanted = Consultation(on, tuple(fields["wishes"]), fields["at_once"], "checklist")
    if fields["at_once"] and wanted.project_only:
        return "checklist", [
            Advice("A-Q2b", "サービス事業だけの希望なので、基本チェックリストだけを行います")
        ]
    return "prevention", [
        Advice(
            "A-Q2c",
            "基本チェックリスト（申請）は、すぐにサービスを利用したい人に行います。介護予防チェックリストなどで"
            "状態の把握と見守りに努めてください（A-Q8）",
        )
    ]


def record_checklist(situation: Situation, command: Command) -> Decision:
    """Judge the 25 items and record them; the ward's own questions have no place here (A-Q2a, A-Q4, A-Q5, A-Q6)."""
    fields, on = command.fields, command.occurred_on
    _may_be_answered_by(fields["answered_by"])
    _may_be_done_by(fields["staff"])
    _lives_here(situation, fields)
    _not_after_not_eligible(situation, fields)
    with requirements.published_only():
        found = checklist(facts_on_form(fields, on), requirements.parameters_of(situation))
        least = int(requirements.parameters_of(situation).value("eligibility.age", on))
    if fields["age"] < least:
        raise Refused(
            "too_young",
            f"基本チェックリストは{least}歳以上の人が対象です",
            field="age",
            rule="A-Q8",
            todo="要介護認定の申請を案内してください",
        )
    recorded = {
        **{name: fields[name] for name in ("answered_by", "means", "staff", "state_changed")},
        **{name: fields[name] for name in ("answers", "height_cm", "weight_kg", "age", "outside_reason")},
        "checklist_id": str(uuid5(command.id, "checklist")),
        "checked_on": on,
        "outcome": found.outcome,
        "criteria": list(found.criteria),
        "unanswered": len(found.unanswered),
        "confirmation_needed": _not_met(fields),
    }
    event = NewEvent("ChecklistRecorded", recorded, case_id=command.case_id)
    return Decision([event], _advice_on_checklist(situation, fields, found.outcome, found.unanswered))


def _may_be_answered_by(who: str) -> None:
    if who in PROXIES:
        raise Refused(
            "proxy_excluded",
            "居宅介護支援事業者やサービス事業者は、基本チェックリストの実施や提出を代行できません",
            field="answered_by",
            rule="A-Q7",
            todo="本人か親族に受けてもらってください。やむを得ないときは包括へ相談するよう説明してください",
        )


def _may_be_done_by(staff: str) -> None:
    """The three professions, care managers, and dementia specialists for the checklist only (A-Q5)."""
    if staff == "other":
        raise Refused(
            "staff_excluded",
            "基本チェックリストは、三職種、介護支援専門員等、認知症専門員が行います",
            field="staff",
            rule="A-Q5",
            todo="三職種か介護支援専門員等の職員が実施してください",
        )


def _lives_here(situation: Situation, fields: Mapping[str, Any]) -> None:
    """As a rule the checklist is for residents of the ward; an exception is one with a reason (A-Q8)."""
    latest = situation.case.consultations[-1] if situation.case.consultations else None
    if latest is not None and latest.next_step == "home_municipality" and fields["outside_reason"] is None:
        raise Refused(
            "lives_elsewhere",
            "相談の記録では、住所地がほかの区市町村です。基本チェックリストは、原則この区に住む人に行います",
            field="outside_reason",
            rule="A-Q8",
            todo="住所地の区市町村を案内してください。原則によらずに行うときは、その理由を入力してください",
        )


def _not_after_not_eligible(situation: Situation, fields: Mapping[str, Any]) -> None:
    """After a certification's 非該当 the checklist is of no use, unless the state has changed since (A-Q10, A-Q13)."""
    decided = [each for each in situation.case.applications if each.decided_on is not None]
    results = [each for each in situation.case.certifications if each.decided_on is not None]
    refused = bool(decided and decided[-1].status == "none") or bool(results and results[-1].status == "none")
    if refused and not fields["state_changed"]:
        disabled = fields["disability_services"]
        raise Refused(
            "not_eligible_before",
            "要介護認定で非該当となった人に、基本チェックリストを行う必要はありません",
            field="state_changed",
            rule="A-Q13" if disabled else "A-Q10",
            todo="一般介護予防などを案内してください。申請のあとに状態が変わりサービスが必要なときは、その旨を選んでください",
        )


def _not_met(fields: Mapping[str, Any]) -> bool:
    """Whether staff still have to see the person: answered by telephone or by the family (A-Q6)."""
    return bool(fields["answered_by"] != "person" or fields["means"] == "telephone")


def _advice_on_checklist(
    situation: Situation, fields: Mapping[str, Any], outcome: Outcome, unanswered: tuple[int, ...]
) -> list[Advice]:
    advice = [Advice("A-Q4", f"判定は「{CHECKLIST_OUTCOMES[outcome]}」です")]
    if outcome == "undetermined":
        named = "、".join(str(each) for each in unanswered)
        advice.append(Advice("decision 10", f"未回答の質問（{named}）によって判定が変わります"))
    if outcome == "not_applicable":
        advice.append(Advice("A-Q1c", "一般介護予防事業やほかの活動などを助言・案内してください"))
    if outcome == "applicable":
        advice.append(
            Advice(
                "A-Q4b", "要支援者より軽い人は想定していません。相談の内容や健康の状態も総合的に見てください"
            )
        )
    if _not_met(fields):
        advice.append(
            Advice("A-Q6", "計画の交付までに、職員が本人の状況を確かめ、制度の趣旨を説明してください")
        )
    latest = situation.case.consultations[-1] if situation.case.consultations else None
    if latest is not None and latest.next_step != "checklist":
        rule = {"certification": "A-Q9", "prevention": "A-Q2c"}.get(latest.next_step, "A-Q8")
        advice.append(Advice(rule, f"相談の記録では、次は「{NEXT_STEPS[latest.next_step]}」です"))
    return advice


def record_prevention_checklist(situation: Situation, command: Command) -> Decision:
    """Record the ward's own questions on dementia, apart from the 25 items: they decide nothing (A-Q2a, A-Q2b)."""
    recorded = {**command.fields, "recorded_on": command.occurred_on}
    latest = situation.case.consultations[-1] if situation.case.consultations else None
    only = latest is not None and latest.project_only
    advice = [Advice("A-Q2b", "サービス事業だけを希望する人には、基本チェックリストだけを行います")]
    event = NewEvent("PreventionChecklistRecorded", recorded, case_id=command.case_id)
    return Decision([event], advice if only else [])


def give_guidance(situation: Situation, command: Command) -> Decision:
    """Record what the person was advised of (A-Q1c, A-Q4b, A-Q9)."""
    recorded = {**command.fields, "given_on": command.occurred_on}
    return Decision([NewEvent("GuidanceGiven", recorded, case_id=command.case_id)])


def confirm_person(situation: Situation, command: Command) -> Decision:
    """Record that staff saw the person and explained the system, which a proxy's answer owes (A-Q6)."""
    if not situation.case.checklists:
        raise Refused(
            "checklist_missing",
            "基本チェックリストの記録がありません",
            rule="A-Q6",
            todo="基本チェックリストを記録してから行ってください",
        )
    recorded = {**command.fields, "confirmed_on": command.occurred_on}
    return Decision([NewEvent("PersonConfirmed", recorded, case_id=command.case_id)])
