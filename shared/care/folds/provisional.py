"""How a case takes in provisional plans and what becomes of them."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from shared.care.folds.reading import Data, Fold, day, unchanged
from shared.care.modes import mark_of
from shared.care.parts import ProvisionalPlan
from shared.care.state import Case
from shared.eventlog.model import Event


def _submitted(case: Case, event: Event, data: Data) -> Case:
    submitted = ProvisionalPlan(
        data["plan_id"],
        data["carer"],
        data["track"],
        day(data["applied_on"]),
        day(data["period_from"]),
        bool(data["public_assistance"]),
        tuple(each["service"] for each in data["services"]),
        submitted_on=day(data["submitted_on"]),
    )
    return case.but(provisional_plans=(*case.provisional_plans, submitted))


def _change(case: Case, data: Data, **changes: Any) -> Case:
    plans = tuple(
        replace(each, **changes) if each.plan_id == data["plan_id"] else each
        for each in case.provisional_plans
    )
    return case.but(provisional_plans=plans)


def _checked(case: Case, event: Event, data: Data) -> Case:
    return _change(case, data, checked_on=day(data["checked_on"]))


def _welfare_told(case: Case, event: Event, data: Data) -> Case:
    return _change(case, data, welfare_told_on=day(data["contacted_on"]))


def _papers_given(case: Case, event: Event, data: Data) -> Case:
    return _change(case, data, papers_missing=tuple(data["missing"]))


def _settled(case: Case, event: Event, data: Data) -> Case:
    mark = mark_of(event.type, data)
    case = _change(case, data, result=data["result"])
    return case.marked(mark) if mark else case


def _consulted(case: Case, event: Event, data: Data) -> Case:
    return case.but(centre_consulted_on=(*case.centre_consulted_on, day(data["consulted_on"])))


FOLDS: Final[Mapping[str, Fold]] = {
    "ProvisionalPlanSubmitted": _submitted,
    "CentreConsulted": _consulted,
    "SelfPlanAccepted": unchanged,
    "ProvisionalPlanChecked": _checked,
    "WelfareOfficeContacted": _welfare_told,
    "WelfarePapersSubmitted": _papers_given,
    "ProvisionalPlanSettled": _settled,
}
