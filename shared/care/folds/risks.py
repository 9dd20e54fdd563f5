"""How a case takes in the reports about the risk outside the model."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from shared.care.folds.reading import Data, Fold, day, maybe
from shared.care.parts import RiskReport
from shared.care.state import Case
from shared.eventlog.model import Event


def _changed(case: Case, data: Data, **changes: Any) -> Case:
    # A centre may hear the ward's decision before the office's report.
    known = case.risk_reports.get(data["report_id"]) or RiskReport(data["report_id"])
    return case.but(risk_reports={**case.risk_reports, known.id: replace(known, **changes)})


def _reported(case: Case, event: Event, data: Data) -> Case:
    return _changed(
        case, data, reported_on=day(data["reported_on"]), explained_on=maybe(data["explained_on"])
    )


def _accepted(case: Case, event: Event, data: Data) -> Case:
    return _changed(case, data, decision="accepted", decided_on=day(data["decided_on"]))


def _returned(case: Case, event: Event, data: Data) -> Case:
    return _changed(case, data, decision="returned", decided_on=day(data["decided_on"]))


FOLDS: Final[Mapping[str, Fold]] = {
    "RiskReported": _reported,
    "RiskReportAccepted": _accepted,
    "RiskReportReturned": _returned,
}
