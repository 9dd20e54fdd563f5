"""What stands beside the ward's forms that need guidance: a certification's result, a designation."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from contracts.codes import DESIGNATION_KINDS
from services.ward.designation_calendar import periods, permitted_days
from services.ward.registers import result_due
from shared.care.agency import Application
from shared.console.guides import Fields, Guide, Pairs, certification_facts
from shared.console.reading import named
from shared.console.wareki import wareki
from shared.node.service import Situation
from shared.policy.procedure import value_text


def _certification_facts(situation: Situation, fields: Fields) -> Pairs:
    case = situation.case
    waiting = case.pending_application
    due = result_due(situation.me, waiting.applied_on) if waiting else None
    told = [each for each in case.parties if each != situation.me]
    names = {each: str(situation.agency.name_of(each)) for each in told}
    return [
        *certification_facts(situation),
        *([("結果の期限", wareki(due))] if due else []),
        ("結果が伝わる相手", "、".join(named(each, names) for each in told)),
    ]


def _certification_begun(situation: Situation, fields: Fields) -> Fields:
    """The application that waits; a renewal begins on the day after the last certification, another on its own day."""
    waiting, before = situation.case.pending_application, situation.case.last_certified_to
    if waiting is None:
        return {}
    renewed = waiting.occasion == "renewal" and before is not None
    first = before + timedelta(days=1) if renewed and before else waiting.applied_on
    begun: dict[str, Any] = {"occasion": waiting.occasion, "applied_on": wareki(waiting.applied_on)}
    return begun if fields.get("status") == "none" else {**begun, "valid_from": wareki(first)}


def _designation_facts(situation: Situation, fields: Fields) -> Pairs:
    agency, me, on = situation.agency, situation.me, situation.today
    days = [each for each in permitted_days(me) if each.valid_to is None or each.valid_to >= on]
    permitted = "、".join(value_text(each.value) for each in days) or "登録されていません"
    found: list[tuple[str, str]] = [("新規の指定日", permitted)]
    office = str(fields.get("agency") or "")
    if not office:
        return found
    heard = [wareki(each.held_on) for each in agency.hearings if each.agency == office]
    held = [each for each in periods(agency, me, on) if each.office == office]
    return [
        ("事業所", named(office, {office: str(agency.name_of(office))})),
        ("申請", _application_text(_waiting(situation, office))),
        (
            "意見聴取",
            "、".join(heard) or "まだ記録がありません。指定の前に「意見聴取を記録する」を行ってください",
        ),
        (
            "いまの指定",
            "、".join(f"{wareki(each.first)}から{wareki(each.last)}まで" for each in held) or "なし",
        ),
        *found,
    ]


def _designation_begun(situation: Situation, fields: Fields) -> Fields:
    """The only service there is, the last hearing, and the day that was wished for or follows the present period."""
    office, agency = str(fields.get("agency") or ""), situation.agency
    begun: dict[str, Any] = {"service": "preventive_support"}
    heard = [each.held_on for each in agency.hearings if each.agency == office]
    if heard:
        begun["hearing_on"] = wareki(max(heard))
    first = _first_day(situation, office)
    if first is not None:
        begun["designated_from"] = wareki(first)
    return begun


def _first_day(situation: Situation, office: str) -> date | None:
    held = [
        each.last
        for each in periods(situation.agency, situation.me, situation.today)
        if each.office == office
    ]
    application = _waiting(situation, office)
    if application is not None and application.wished_from is not None:
        return application.wished_from
    return max(held) + timedelta(days=1) if held and max(held) < date.max else None


def _waiting(situation: Situation, office: str) -> Application | None:
    return next(
        (
            each
            for each in situation.agency.applications.values()
            if each.agency == office and each.decision is None and each.kind in ("new", "renewal")
        ),
        None,
    )


def _application_text(application: Application | None) -> str:
    if application is None:
        return "決めていない申請はありません（申請によらない指定になります）"
    kind = DESIGNATION_KINDS.get(application.kind, application.kind)
    wished = f"、希望日 {wareki(application.wished_from)}" if application.wished_from else ""
    return f"{kind}（{wareki(application.applied_on)}申請{wished}）"


_ABOUT_RESULT: Final[Sequence[str]] = (
    "認定の結果を、このケースの関係するすべての事業所に伝えます。実施日は、認定を決めた日です。",
    "非該当のときは、有効期間がありません。先に入っている開始の日も消してください。",
)
_ABOUT_DESIGNATION: Final[Sequence[str]] = (
    "新規の指定は年度ごとに定めた指定日から、更新は前の有効期間の終わりの翌日からになります。",
    "先に介護保険事業計画推進会議で関係者の意見を伺い、「意見聴取を記録する」を行います。指定は名簿にある全事業所に伝わります。",
)
GUIDES: Final[Mapping[str, Guide]] = {
    "AnnounceCertification": Guide(_ABOUT_RESULT, _certification_facts, _certification_begun),
    "DesignateOffice": Guide(_ABOUT_DESIGNATION, _designation_facts, _designation_begun),
}
"""Name of a command → its guide."""
