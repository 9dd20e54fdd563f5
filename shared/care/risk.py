"""Outside the model a late contract or notification may leave the person to pay everything (T-67).

The office reports to the ward beforehand what it does against that. Nothing is refused for lack of the report, because
a refusal would cause the delay that it warns of; every step warns instead.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Final

from shared.care.agency import AgencyState
from shared.care.parts import RiskReport
from shared.care.state import Case
from shared.node.service import Advice, Command, CommandSpec, Decision, Situation
from shared.policy.obligation_table import rows_by_id

ROW: Final = "T-67"
RISK: Final = "契約や届出が遅れると、サービスの費用が全額本人負担になるおそれがあります"


def at_risk(case: Case, agency: AgencyState, on: date) -> bool:
    """Whether an office does this case by its designation and its centre has no simultaneous contract to take over by.

    So it is with a centre outside the model, with one that declined, and where the office contracted alone. While the
    two may still sign together in the model, nothing is said.
    """
    if case.office is None or case.centre is None or case.simultaneous_contract:
        return False
    if not agency.designated(case.office, case.insurer, on):
        return False
    signed = case.contract_of(case.office)
    alone = signed is not None and not signed.simultaneous
    return insurer_asks(case.insurer) and (
        alone
        or case.simultaneous.declined_on is not None
        or not agency.enrolled(case.centre, case.insurer, on)
    )


def insurer_asks(insurer: str) -> bool:
    """Whether the document of ``insurer`` asks for the report."""
    return insurer in rows_by_id()[ROW].insurers


def outside_model(agency: AgencyState, centre: str, insurer: str, on: date) -> bool:
    """Whether ``centre`` takes no part in the model of an insurer whose document asks for the report (T-66, T-67)."""
    return insurer_asks(insurer) and not agency.enrolled(centre, insurer, on)


def report_of(case: Case) -> RiskReport | None:
    """The last report that the ward has not returned, or None."""
    return next((each for each in reversed(list(case.risk_reports.values())) if not each.returned), None)


def report_lacking(case: Case, agency: AgencyState, on: date) -> bool:
    """Whether the report is still owed."""
    return at_risk(case, agency, on) and report_of(case) is None


def advice_on_risk(situation: Situation) -> list[Advice]:
    """The warning that every step brings while the report is lacking (T-67)."""
    if not report_lacking(situation.case, situation.agency, situation.today):
        return []
    todo = (
        "「リスク対応策を区に報告する」を先に行ってください"
        if situation.role == "kyotaku"
        else "居宅から区へのリスク対応策の報告がまだありません"
    )
    return [Advice(ROW, f"{RISK}。{todo}")]


def warned(spec: CommandSpec) -> CommandSpec:
    """The same command, with the warning where the report is lacking."""
    if not spec.needs_case or spec.opens_case or spec.name == "ReportRisk":
        return spec

    def decide(situation: Situation, command: Command) -> Decision:
        decision = spec.decide(situation, command)
        return Decision(decision.events, [*decision.advice, *advice_on_risk(situation)])

    return replace(spec, decide=decide)


def each_warned(commands: Mapping[str, CommandSpec]) -> dict[str, CommandSpec]:
    """Commands by name, each with the warning."""
    return {name: warned(spec) for name, spec in commands.items()}
