"""An office's report to the ward about the risk outside the model (T-67)."""

from uuid import uuid5

from marshmallow import Schema

from contracts.definition import personal
from contracts.fields import Day, LongText
from shared.care import requirements
from shared.care.risk import RISK, at_risk
from shared.eventlog.model import NewEvent
from shared.node.service import Advice, Command, Decision, Situation


class ReportRisk(Schema):
    explained_on = Day(
        "本人に全額負担のおそれを説明した日", null=True, load_default=None, help="まだ説明していなければ空欄"
    )
    measures = personal(
        LongText(
            "リスク対応策", help="契約や届出が遅れないように、だれが何をいつまでに行うかを書いてください"
        )
    )


def report_risk(situation: Situation, command: Command) -> Decision:
    """Report to the ward, with a copy to the centre, what is done against full self-payment (T-67)."""
    centre = requirements.centre_of(situation)
    reported = NewEvent(
        "RiskReported",
        {
            **command.fields,
            "report_id": str(uuid5(command.id, "risk")),
            "office": situation.me,
            "centre": centre,
            "corrects": _returned(situation),
            "reported_on": command.occurred_on,
        },
        case_id=command.case_id,
        to=(requirements.ward_of(situation), centre),
    )
    return Decision([reported], _advice(situation, command))


def _returned(situation: Situation) -> str | None:
    """The last report, where the ward gave it back."""
    last = next(reversed(list(situation.case.risk_reports.values())), None)
    return last.id if last is not None and last.returned else None


def _advice(situation: Situation, command: Command) -> list[Advice]:
    advice = []
    if not at_risk(situation.case, situation.agency, situation.today):
        advice.append(Advice("T-67", "いまは、この報告が求められるケースではありません"))
    if command.fields["explained_on"] is None:
        advice.append(Advice("T-67", f"本人にも説明してください。{RISK}"))
    return advice
