"""A case's header and papers, in the words of the screens."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from contracts.codes import (
    CARDS,
    CERTIFICATION_OCCASIONS,
    CONTRACTS,
    DESKS,
    FORM_FIELDS,
    OCCASIONS,
    ORIGINALS,
    PROCEDURES,
    RETURN_REASONS,
    SERVICE_KINDS,
    STATUSES,
    SUPPORT_ENDS,
    TRACKS,
    TYPES,
)
from contracts.definition import ROLES
from shared.care.case import Case
from shared.care.parts import Certification, Mode, Notification, PlannedService, ProvisionalPlan, Review
from shared.care.plan_names import plan_title
from shared.care.risk import RISK, at_risk, report_of
from shared.care.usage import services_of_month, type_and_reason
from shared.console.month_rows import stage_of
from shared.console.names import UNKNOWN
from shared.console.reading import named
from shared.console.standing import assistance_of, planned_against_limit
from shared.console.wareki import wareki
from shared.eventlog.model import Event
from shared.node.errors import Refused
from shared.node.node import Replay
from shared.node.service import Situation
from shared.policy.dates import Month, month_text
from shared.policy.parameters import ParameterError
from shared.policy.procedure import procedure_on

_PERSON: Final = (
    ("kana", "フリガナ"),
    ("birth_date", "生年月日"),
    ("insured_number", "被保険者番号"),
    ("address", "住所"),
    ("telephone", "電話番号"),
)
NOTIFICATION_STATES: Final[Mapping[str, tuple[str, str]]] = {
    "held": ("保管", "mark-wait"),
    "filed": ("提出済み・回答待ち", "mark-wait"),
    "accepted": ("受理", "mark-good"),
    "returned": ("差戻し", "mark-bad"),
    "void": ("無効", "mark"),
}
"""State of a notification → its term and the look of its mark."""

_ORDER: Final = ("kyotaku", "hokatsu", "ward", "billing")
"""Roles of the parties as a case's header lists them: who is nearest to the person first."""

Rows = Sequence[Mapping[str, Any]]
Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Dossier:
    """What stands above a case's timeline. Every value is written out; empty ones are left out.

    ``standing`` is what has to be seen at once, ``further`` what explains it.
    ``letters`` are the provisional plans of which the welfare office is told.
    """

    case_id: UUID
    name: str
    person: Pairs
    standing: Pairs
    further: Pairs
    parties: Sequence[tuple[str, str, bool]]
    contracts: Rows
    notifications: Rows
    plans: Rows
    services: Rows
    claims: Rows
    reviews: Sequence[Review]
    letters: Sequence[str]
    risk: str
    previous_case: str | None
    unread: Mapping[str, int]


def dossier(replay: Replay, situation: Situation, on: date | None = None) -> Dossier:
    """The dossier of a case as it was replayed, standing on ``on`` (today)."""
    case, day = replay.case, on or situation.today
    return Dossier(
        case_id=case.id or UUID(int=0),
        name=_person(replay.events).get("name") or UNKNOWN,
        person=_person_facts(replay.events),
        standing=_standing(case, day, situation),
        further=_further(case, day, situation),
        parties=[
            (ROLES.get(role, role), _name(situation, agency), agency == situation.me)
            for agency, role in sorted(case.parties.items(), key=_order_of_party)
        ],
        contracts=_contracts(case, situation),
        notifications=[
            _notification(each, _name(situation, each.filer)) for each in case.notifications.values()
        ],
        plans=_plans(case, day),
        services=_services(case, situation),
        claims=_claims(case, situation),
        reviews=tuple(case.reviews.values()),
        letters=[each.plan_id for each in case.provisional_plans if each.public_assistance],
        risk=_risk(case, day, situation),
        # The ward and who opened this case know both; the others know the one that they take part in.
        previous_case=case.previous_case
        if situation.me in (case.ward, case.opening[0] if case.opening else None)
        else None,
        unread=case.unread,
    )


def _name(situation: Situation, agency: str) -> str:
    return named(agency, {agency: situation.agency.name_of(agency)})


def _contracts(case: Case, situation: Situation) -> Rows:
    return [
        {
            "agency": _name(situation, each.agency),
            "contract": CONTRACTS.get(each.contract, each.contract),
            "signed_on": each.signed_on,
            "explained_on": each.explained_on,
            "consented_on": each.consented_on,
            "simultaneous": each.simultaneous,
            "effective_from": case.effective_from(each),
        }
        for each in case.contracts
    ]


def _services(case: Case, situation: Situation) -> Rows:
    return [
        {
            "service": SERVICE_KINDS.get(each.service, each.service),
            "provider": _name(situation, each.provider),
            "started_on": each.started_on,
            "last_used_on": each.last_used_on,
        }
        for each in case.services
    ]


def _claims(case: Case, situation: Situation) -> Rows:
    return [
        {
            "month": each.service_month,
            "claimant": _name(situation, each.claimant),
            "type": TYPES.get(each.type, each.type),
            "units": each.units,
            "yen": each.yen,
            "stage": stage_of(case, each, situation),
            "worksheet": each.service_month in case.worksheets,
            "own": each.claimant == situation.me,
        }
        for each in sorted(case.claims.values(), key=lambda each: each.service_month, reverse=True)
    ]


def _order_of_party(party: tuple[str, str]) -> tuple[int, str]:
    agency, role = party
    return _ORDER.index(role) if role in _ORDER else len(_ORDER), agency


def erased_at(events: Sequence[Event]) -> datetime | None:
    """Since when the personal data of a case are erased here, if they are."""
    return next((each.recorded_at for each in events if each.type == "PersonErased"), None)


def _person(events: Sequence[Event]) -> Mapping[str, str]:
    opening = next((each for each in events if each.type == "CaseOpened"), None)
    given = (opening.personal or {}) if opening else {}
    return {name: str(value) for name, value in given.items() if value}


def _person_facts(events: Sequence[Event]) -> Pairs:
    person = _person(events)
    return [(title, _readable(name, person[name])) for name, title in _PERSON if name in person]


def _readable(name: str, value: str) -> str:
    if name != "birth_date":
        return value
    try:
        return wareki(date.fromisoformat(value))
    except ValueError:
        return value


def _standing(case: Case, day: date, situation: Situation) -> Pairs:
    certification, mode = case.certification(day), case.mode(day)
    found = [
        ("支援の終了", _support_end(case)),
        ("状態区分", _status(case, day)),
        ("認定有効期間", _period(certification)),
        ("次の認定", _next_certification(case, day)),
        ("認定の申請", _application(case)),
        ("暫定プラン", _provisional_plan(case)),
        (f"{month_text(Month.of(day))}の類型", _mode(mode, situation) if mode else _notified(case, day)),
        ("次の変更", _coming(case, day, situation)),
        ("被保険者証など", "、".join(CARDS.get(each, each) for each in case.cards or ())),
        ("生活保護（公費）", assistance_of(case, day)),
        ("計画と限度額", planned_against_limit(case, day, situation)),
        ("契約", "同時契約" if case.simultaneous_contract else ""),
        ("返却していない原本", _originals_out(case, day)),
    ]
    return [(title, text) for title, text in found if text]


def _further(case: Case, day: date, situation: Situation) -> Pairs:
    found = [
        ("使うサービスからの類型", _by_services(case, day, situation)),
        ("手続き", PROCEDURES.get(case.procedure, case.procedure)),
        *_recommended(case, day),
    ]
    return [(title, text) for title, text in found if text]


def _recommended(case: Case, day: date) -> Pairs:
    """The version of the ward's recommended procedure, and whom to ask about it on that day (T-05, T-70)."""
    found = procedure_on(case.insurer, day)
    if found is None:
        return []
    return [("手順の版", found.version or ""), ("問い合わせ先", str(found.contact or ""))]


def _risk(case: Case, day: date, situation: Situation) -> str:
    """What threatens the person outside the model, and whether the ward knows what is done against it (T-67)."""
    if not at_risk(case, situation.agency, day):
        return ""
    report = report_of(case)
    if report is None or report.reported_on is None:
        return f"{RISK}。区へのリスク対応策の報告がまだありません。"
    decided = f"、{wareki(report.decided_on)}受理" if report.decided_on else ""
    return f"{RISK}。リスク対応策は区へ報告済みです（{wareki(report.reported_on)}報告{decided}）。"


def _status(case: Case, day: date) -> str:
    """The status; only a result says that the person needs nothing (非該当), and nothing else is known without one."""
    status = case.status_on(day)
    if status == "none" and not (case.certifications and case.certifications[-1].status == "none"):
        return "認定なし"
    return STATUSES.get(status, status)


def _next_certification(case: Case, day: date) -> str:
    """The result that is known and does not count yet, such as that of a renewal."""
    known = case.certifications[-1] if case.certifications else None
    if known is None or known.valid_from is None or known.valid_from <= day:
        return ""
    return f"{STATUSES.get(known.status, known.status)}（{_period(known)}）"


def _support_end(case: Case) -> str:
    end = case.support_end
    return f"{SUPPORT_ENDS.get(end.reason, end.reason)}（{wareki(end.ended_on)}まで）" if end else ""


def _application(case: Case) -> str:
    pending = case.pending_application
    if pending is None:
        return ""
    kind = CERTIFICATION_OCCASIONS.get(pending.occasion, pending.occasion)
    return f"{kind}（{wareki(pending.applied_on)}申請、結果待ち）"


def _provisional_plan(case: Case) -> str:
    plan = case.open_provisional_plan
    if plan is None:
        return ""
    checked = f"包括の事前確認 {wareki(plan.checked_on)}" if plan.checked_on else "包括の事前確認なし"
    parts = [_result_of(case, plan), checked]
    if plan.public_assistance:
        parts.append("生活保護・福祉事務所へ" + ("連絡済み" if plan.welfare_told_on else "未連絡"))
    return "、".join(parts)


def _result_of(case: Case, plan: ProvisionalPlan) -> str:
    """What the application under which a provisional plan was made came to; settling it is yet to be done (T-39)."""
    for each in case.applications:
        if each.applied_on == plan.applied_on and each.status is not None and each.decided_on is not None:
            told = STATUSES.get(each.status, each.status)
            return f"認定結果は{told}（{wareki(each.decided_on)}）・プランの確定待ち"
    return "認定結果待ち"


def _originals_out(case: Case, day: date) -> str:
    """What was made under entrustments that are over and is not back at the centre, as the log of its maker says.

    To the last day of an entrustment its office keeps them (T-31).
    """
    out = [
        kind
        for each in case.entrustments
        if each.ended_on is not None and each.ended_on < day
        for kind in case.originals_out(each, each.ended_on)
    ]
    return "、".join(ORIGINALS[kind] for kind in dict.fromkeys(out))


def _period(certification: Certification | None) -> str:
    if certification is None or certification.valid_from is None:
        return "有効な認定なし"
    end = wareki(certification.valid_to) if certification.valid_to else ""
    return f"{wareki(certification.valid_from)}から{end}{'まで' if end else ''}"


_NO_MODE: Final = "未定"


def _mode(mode: Mode | None, situation: Situation) -> str:
    if mode is None:
        return _NO_MODE
    kind, track = TYPES.get(mode.type, mode.type), TRACKS.get(mode.track, mode.track)
    return f"{kind}・{track}（担当 {_name(situation, mode.provider)}、{wareki(mode.effective_from)}から）"


def _notified(case: Case, day: date) -> str:
    """The type by the accepted notification in force, for whoever isn't told of the mode itself, as the ward."""
    accepted = [
        each
        for each in case.notifications.values()
        if each.state == "accepted" and each.start_date is not None and each.start_date <= day
    ]
    if not accepted:
        return _NO_MODE
    last = max(accepted, key=lambda each: each.start_date or day)
    kind, track = TYPES.get(last.type, last.type), TRACKS.get(last.track, last.track)
    return f"{kind}・{track}（届出による、{wareki(last.start_date or day)}から）"


def _coming(case: Case, day: date, situation: Situation) -> str:
    latest = case.latest_mode
    return _mode(latest, situation) if latest is not None and latest.effective_from > day else ""


def _by_services(case: Case, day: date, situation: Situation) -> str:
    """Of what type this month and the next become by the services that are known here, and why (T-61)."""
    told, month = [], Month.of(day)
    for each in (month, month.plus(1)):
        services = services_of_month(case, each)
        try:
            becomes, reason = type_and_reason(situation, services, each)
        except (Refused, ParameterError):
            return ""  # nothing is published for this insurer or month
        if services:
            told.append(f"{month_text(each)}は{TYPES[becomes] if becomes else '未定'}（{reason}）")
    return "、".join(told)


def _notification(each: Notification, filer: str) -> Mapping[str, Any]:
    word, look = NOTIFICATION_STATES[each.state]
    reason = RETURN_REASONS.get(each.reason_code or "", "")
    place = FORM_FIELDS.get(each.field or "", "")
    return {
        "filer": filer,
        "type": TYPES.get(each.type, each.type),
        "occasion": OCCASIONS.get(each.occasion, each.occasion),
        "desk": DESKS.get(each.desk or "", each.desk or ""),
        "made_on": each.filed_on or each.prepared_on,
        "start_date": each.start_date,
        "simultaneous_mark": each.simultaneous_mark,
        "state": word,
        "look": look,
        "decided_on": each.decided_on if each.state in ("accepted", "returned") else None,
        "reason": "：".join(part for part in (reason, place) if part) if each.state == "returned" else "",
    }


def _planned(service: PlannedService) -> str:
    """A planned service, with how often a week where the plan says so."""
    told = [f"週{service.per_week}回"] if service.per_week else []
    told += [f"月{service.units:,}単位"] if service.units is not None else []
    more = f"（{'、'.join(told)}）" if told else ""
    return f"{SERVICE_KINDS.get(service.service, service.service)}{more}"


def _plans(case: Case, day: date) -> Rows:
    in_force = case.plan_in_force(day)
    return [
        {
            "title": plan_title(case, each),
            "period": f"{wareki(each.period_from)}から{wareki(each.period_to)}まで",
            "services": "、".join(map(_planned, each.services)),
            "milestones": [
                (title, moment)
                for title, moment in (
                    ("原案", each.drafted_on),
                    ("会議", each.meeting_on),
                    ("同意", each.consented_on),
                    ("交付", each.delivered_on),
                    ("写しの提出", each.submitted_on),
                    ("評価", each.evaluated_on),
                )
                if moment is not None
            ],
            "continued": [wareki(moment) for moment in each.continued_on],
            "in_force": each is in_force,
        }
        for each in reversed(case.plans)
    ]
