"""What a person can choose from where a command wants the number of something: the things of the case at hand."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from contracts.claim_codes import ROUTES
from contracts.codes import DISCREPANCIES, OCCASIONS, RECORDS, TYPES
from shared.care.agency import AgencyState
from shared.care.case import Case
from shared.care.plan_names import plan_title
from shared.console.forms import Control
from shared.console.wareki import wareki
from shared.node.service import Situation
from shared.policy.dates import month_text

Options = list[tuple[str, str]]

_NOTIFICATION_STATES: Final = {
    "held": "保管",
    "filed": "提出済み",
    "accepted": "受理",
    "returned": "差戻し",
    "void": "無効",
}
_STATE_FOR: Final = {
    "CorrectNotification": "returned",
    "AcceptNotification": "filed",
    "ReturnNotification": "filed",
    "RegisterProjectEligible": "accepted",
}
"""Command → the state of the notifications that it can be about."""


def with_known_choices(controls: Sequence[Control], situation: Situation, command: str = "") -> list[Control]:
    """The controls, those for numbers of known things turned into choices; the only one is chosen already.

    Of notifications only those are offered that ``command`` can be about, where there are any.
    """
    return [_with_choices(control, situation, command) for control in controls]


def agency_choices(situation: Situation) -> dict[str, str]:
    """Number → name of every agency that the directory lists, takes part in the case, or was named for it."""
    named = dict(situation.agency.providers.names)
    parties = {number: situation.agency.name_of(number) for number in situation.case.parties}
    used = {each.provider: situation.agency.name_of(each.provider) for each in situation.case.services}
    return {**named, **used, **parties, **agency_names(situation.agency)}


def agency_names(agency: AgencyState) -> dict[str, str]:
    """Number → name of every agency that a directory lists."""
    return {each.agency: each.name for each in agency.listings.values()}


def _with_choices(control: Control, situation: Situation, command: str) -> Control:
    if control.rows:
        rows = [[_with_choices(each, situation, command) for each in row] for row in control.rows]
        return replace(control, rows=rows)
    last = control.name.rsplit(".", 1)[-1]
    if last == "insurer" and not control.value:
        wards = {each.insurer for each in situation.agency.listings.values()}
        return replace(control, value=wards.pop()) if len(wards) == 1 else control
    options = _options(last, situation, command) if control.kind == "text" else []
    if not options:
        return control
    value = control.value or (options[0][0] if len(options) == 1 else "")
    title = control.title.removesuffix("の番号")
    errors = (f"{title}を選んでください",) if control.errors and not value else control.errors
    return replace(control, kind="choice", title=title, options=options, value=value, errors=errors)


def _options(name: str, situation: Situation, command: str) -> Options:
    if name == "notification_id":
        return _notifications(situation.case, command)
    if name == "submission_id":
        return _submissions(situation.agency)
    known = _KNOWN.get(name)
    return known(situation.case) if known else []


def _submissions(agency: AgencyState) -> Options:
    newest = sorted(agency.submissions.by_id.values(), key=lambda each: each.submitted_on, reverse=True)
    return [
        (
            each.id,
            f"{agency.name_of(each.claimant)}　{month_text(each.examination_month)}審査分"
            f"（{ROUTES[each.route]}、{wareki(each.submitted_on)}提出）",
        )
        for each in newest
    ]


def _notifications(case: Case, command: str) -> Options:
    found = [*reversed([*case.notifications.values()])]
    state = _STATE_FOR.get(command)
    return [
        (
            each.id,
            f"{OCCASIONS.get(each.occasion, '届出書')}・{TYPES.get(each.type, each.type)}"
            f"（{_NOTIFICATION_STATES[each.state]}、{_written(each.filed_on or each.prepared_on)}）",
        )
        for each in [each for each in found if each.state == state] or found
    ]


def _plans(case: Case) -> Options:
    return [
        (
            each.id,
            f"{plan_title(case, each)}（{wareki(each.period_from)}から）",
        )
        for each in {plan.id: plan for plan in case.plans}.values()
    ]


def _requests(case: Case) -> Options:
    return [
        (
            each.id,
            f"{'、'.join(RECORDS.get(record, record) for record in each.records)}（{wareki(each.requested_on)}申請）",
        )
        for each in case.records_requests.values()
        if each.provided_on is None
    ]


def _complaints(case: Case) -> Options:
    return [
        (number, f"{_written(each.received_on)}に受け付けた苦情")
        for number, each in case.complaints.items()
        if each.answered_on is None
    ]


def _risk_reports(case: Case) -> Options:
    return [
        (each.id, f"{_written(each.reported_on)}の報告")
        for each in case.risk_reports.values()
        if each.decision is None
    ]


def _claims(case: Case) -> Options:
    return [
        (each.id, f"{month_text(each.service_month)}提供分 {each.yen:,}円") for each in case.claims.values()
    ]


def _discrepancies(case: Case) -> Options:
    return [
        (each.event_id, f"{DISCREPANCIES.get(each.code, each.code)}（{wareki(each.found_on)}）")
        for each in case.discrepancies.values()
        if each.outcome is None
    ]


def _written(day: date | None) -> str:
    return wareki(day) if day else "日付なし"


_KNOWN: Final[Mapping[str, Callable[[Case], Options]]] = {
    "plan_id": _plans,
    "request_id": _requests,
    "claim_id": _claims,
    "event_id": _discrepancies,
    "report_id": _risk_reports,
    "complaint_id": _complaints,
}
