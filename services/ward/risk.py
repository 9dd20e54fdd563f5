"""A ward's decision on an office's report about the risk outside the model (T-67)."""

from marshmallow import Schema

from contracts.definition import personal
from contracts.fields import Identifier, LongText
from shared.care.parts import RiskReport
from shared.care.requirements import recipients
from shared.eventlog.model import NewEvent
from shared.node.errors import Refused
from shared.node.service import Command, Decision, Situation


class AcceptRiskReport(Schema):
    report_id = Identifier("報告の番号")


class ReturnRiskReport(Schema):
    report_id = Identifier("報告の番号")
    reason = personal(LongText("差戻しの理由"))


def accept_risk_report(situation: Situation, command: Command) -> Decision:
    """Accept (受理) the report."""
    return _decided(situation, command, "RiskReportAccepted")


def return_risk_report(situation: Situation, command: Command) -> Decision:
    """Return (差戻し) it with the reason; the office reports again."""
    return _decided(situation, command, "RiskReportReturned")


def _decided(situation: Situation, command: Command, event_type: str) -> Decision:
    report = _waiting(situation, command)
    decided = NewEvent(
        event_type,
        {
            **command.fields,
            "report_id": report.id,
            "office": situation.case.office,
            "decided_on": command.occurred_on,
        },
        case_id=command.case_id,
        to=recipients(situation.case.office, situation.case.centre),
    )
    return Decision([decided])


def _waiting(situation: Situation, command: Command) -> RiskReport:
    report = situation.case.risk_reports.get(str(command.fields["report_id"]))
    if report is None:
        raise Refused(
            "report_unknown",
            "このケースに、その番号のリスク対応策の報告は届いていません",
            field="report_id",
            rule="T-67",
            todo="窓口の一覧から選んでください",
        )
    if report.decision is not None:
        raise Refused(
            "report_decided",
            "この報告はすでに受理または差戻しをしています",
            field="report_id",
            rule="T-67",
            todo="差し戻したときは、居宅からの次の報告を待ってください",
        )
    return report
