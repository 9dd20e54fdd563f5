"""What stands beside a form that needs guidance: what it is for, what is known already, what to begin with."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from contracts.codes import CERTIFICATION_OCCASIONS, PROVISIONAL_PARTS, SERVICE_KINDS, STATUSES
from shared.care.parts import Application, ProvisionalPlan
from shared.console.reading import named
from shared.console.standing import assistance_of
from shared.console.wareki import wareki
from shared.node.service import Situation

Pairs = Sequence[tuple[str, str]]
Fields = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Guide:
    """``about`` says what the act is for and what follows; ``facts`` and ``begun`` see what the form knows so far.

    ``begun`` are raw fields to be checked by whoever fills in the form.
    """

    about: Sequence[str]
    facts: Callable[[Situation, Fields], Pairs]
    begun: Callable[[Situation, Fields], Fields]


def certification_facts(situation: Situation) -> Pairs:
    """What is known of the person's certification, the application that waits, and the provisional plan."""
    case, day = situation.case, situation.today
    held = case.certification(day)
    until = f"（{wareki(held.valid_to)}まで）" if held and held.valid_to else ""
    return [
        ("いまの認定", f"{STATUSES.get(held.status, held.status)}{until}" if held else "有効な認定なし"),
        ("認定の申請", application_text(case.pending_application, situation)),
        ("暫定プラン", plan_text(case.open_provisional_plan, situation)),
        ("生活保護（公費）", assistance_of(case, day) or "記録なし"),
    ]


def application_text(application: Application | None, situation: Situation) -> str:
    """An application that waits for its result, in words."""
    if application is None:
        return "結果を待っている申請はありません"
    kind = CERTIFICATION_OCCASIONS.get(application.occasion, application.occasion)
    return f"{kind}、{wareki(application.applied_on)}申請（{_name(situation, application.agency)}）、結果待ち"


def plan_text(plan: ProvisionalPlan | None, situation: Situation) -> str:
    """The provisional plan whose result is not settled, in words."""
    if plan is None:
        return "なし"
    services = "、".join(SERVICE_KINDS.get(each, each) for each in plan.services)
    return f"{wareki(plan.period_from)}から（作成 {_name(situation, plan.carer)}）：{services}"


def _name(situation: Situation, agency: str) -> str:
    return named(agency, {agency: situation.agency.name_of(agency)})


def _provisional(situation: Situation, fields: Fields) -> Fields:
    """The sheets of a whole plan, from today on, with the services of the plan in force."""
    case, day = situation.case, situation.today
    plan = case.plan_in_force(day)
    services = [
        {
            "service": each.service,
            "provider": each.provider,
            "starts_on": wareki(day),
            "per_week": each.per_week,
            "units": each.units,
        }
        for each in (plan.services if plan else ())
    ]
    return {
        "sheets": ["A", "B", "C", "D"],
        "period_from": wareki(day),
        "public_assistance": bool(assistance_of(case, day)),
        **({"services": services} if services else {}),
    }


def _result(situation: Situation, fields: Fields) -> Pairs:
    """The result that is to be settled, and what this form asks for after such a result."""
    case = situation.case
    plan = case.open_provisional_plan
    application = next(
        (each for each in case.applications if plan and each.applied_on == plan.applied_on), None
    )
    if application is None or application.status is None or application.decided_on is None:
        return [
            ("暫定プラン", plan_text(plan, situation)),
            ("認定の結果", "まだ届いていません。届いてから確定します"),
        ]
    status = application.status
    asks = _ASKED_OF_CARE if status.startswith("care") else _ASKED.get(status, _ASKED_OF_SUPPORT)
    return [
        ("暫定プラン", plan_text(plan, situation)),
        ("認定の結果", f"{STATUSES.get(status, status)}（{wareki(application.decided_on)}）"),
        ("この結果で入力するもの", asks),
    ]


_ASKED_OF_SUPPORT: Final = "本人の意向を確認した日、本人の意向"
_ASKED_OF_CARE: Final = (
    f"サービス事業と給付の両方を使ったときは、本人が選んだ側（{'か'.join(PROVISIONAL_PARTS.values())}）と費用の総額。"
    "サービス事業の分を総合事業から支給するときは、介護給付サービスの利用開始日"
)
_ASKED: Final = {
    "none": "必ず入力するものはありません。だれが費用を負担するかを、記録する前に「どうなるかを見る」で確かめてください"
}


GUIDES: Final[Mapping[str, Guide]] = {
    "DraftProvisionalPlan": Guide(
        (
            "認定の結果が出る前にサービスを使うときの計画です。認定の申請中で、要支援か要介護かを判断できないときだけ作ります。",
            "原案は包括に届き、包括が確認します。認定の結果が届いたら、暫定プランの結果を確定します。",
        ),
        lambda situation, fields: certification_facts(situation),
        _provisional,
    ),
    "SettleProvisionalPlan": Guide(
        (
            "届いた認定の結果で、暫定プランをどうするかを確定します。要支援なら届出と請求の担当が決まり、要介護・非該当なら支援が終わります。",
        ),
        _result,
        lambda situation, fields: {},
    ),
    "RecordApplication": Guide(
        ("認定の申請（新規・更新・区分変更）を記録すると、区と関係する事業所に伝わり、結果待ちになります。",),
        lambda situation, fields: certification_facts(situation),
        lambda situation, fields: {},
    ),
}
"""Name of a command that every service may have → its guide; a service adds those of its own."""
