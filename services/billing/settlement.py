"""Settling decided fees with entrusted offices: a statement an office and month, to the yen (A-Q35c, decision 1)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from marshmallow import Schema

from contracts.events.submission import MOST_LINES
from contracts.fields import Agency, Identifier, Items
from contracts.fields import Month as MonthField
from shared.care import requirements
from shared.care.agency import AgencyState
from shared.care.state import Case
from shared.care.submissions import Submission, SubmittedLine
from shared.eventlog.model import NewEvent
from shared.node.errors import Refused
from shared.node.service import Advice, Command, Decision, Situation
from shared.policy.dates import Month
from shared.policy.money import split_fee
from shared.policy.parameters import parameters


class StateSettlement(Schema):
    centre = Agency("地域包括支援センター")
    office = Agency("委託先の居宅介護支援事業所")
    examination_month = MonthField("審査月")
    cases = Items(
        "ケース",
        Identifier("ケース"),
        load_default=list,
        most=MOST_LINES,
        help="空欄なら、この審査月までに決定したものすべて",
    )


def concerned_cases(fields: Mapping[str, Any]) -> Iterable[UUID]:
    """The cases of a statement, each once."""
    return dict.fromkeys(fields["cases"])


@dataclass(frozen=True, slots=True)
class Settled:
    """One line of a statement: the fee as it was decided, and its shares, whose sum it is."""

    line: SubmittedLine
    kind: str
    yen: int
    office_yen: int
    centre_yen: int
    assumed: bool

    @property
    def sign(self) -> int:
        """-1 for what is taken off."""
        return -1 if self.kind == "cancellation" else 1


def open_lines(
    agency: AgencyState, centre: str, office: str, through: Month
) -> Iterator[tuple[Submission, SubmittedLine]]:
    """What a centre submitted up to an examination month that an office has a share in, and no statement names yet."""
    stated = {
        (line.claim_id, line.kind)
        for each in agency.statements
        if (each.centre, each.office) == (centre, office)
        for line in each.lines
    }
    for submission in agency.submissions.by_id.values():
        if not submission.stands or submission.claimant != centre:
            continue
        if submission.examination_month > str(through):
            continue
        for line in submission.lines:
            shared = line.entrusted_office == office and line.kind in ("claim", "cancellation")
            if shared and (line.claim_id, line.kind) not in stated:
                yield submission, line


def state_settlement(situation: Situation, command: Command) -> Decision:
    """State what a centre owes an office for all that was decided; what is not decided yet waits for the next one.

    What is taken back comes off once its claim was stated. The shares of every line sum to its fee.
    """
    fields = command.fields
    through = Month.parse(fields["examination_month"])
    if situation.agency.biller_of(fields["centre"], command.occurred_on) != situation.me:
        raise _refused(
            "billing_not_entrusted",
            "この包括から請求事務を委任されていません",
            "包括に「請求事務を委任する」を行ってもらってください",
        )
    found = list(open_lines(situation.agency, fields["centre"], fields["office"], through))
    wanted = {UUID(line.case) for _, line in found}
    if set(fields["cases"]) != wanted:
        raise _refused(
            "cases_incomplete",
            f"明細書は、まだ明細のない{len(wanted)}人すべてについて作ります",
            "ケースの欄を空欄にして、もう一度作成してください",
        )
    settled, waiting = [], 0
    for _, line in found:
        case = situation.cases[UUID(line.case)]
        one = _settled(case, line)
        result = case.claim_results.get(line.claim_id)
        waiting += result is None
        settled += [one] if one is not None else []
    if not settled:
        raise _refused(
            "nothing_decided",
            "決定した委託料がありません",
            "審査の結果を記録してから、もう一度作成してください",
        )
    stated = NewEvent(
        "SettlementStated",
        {
            "statement_id": str(uuid5(command.id, "statement")),
            "biller": situation.me,
            "centre": fields["centre"],
            "office": fields["office"],
            "examination_month": str(through),
            "stated_on": command.occurred_on,
            "lines": [_row(each) for each in settled],
            "yen": sum(each.sign * each.yen for each in settled),
            "office_yen": sum(each.sign * each.office_yen for each in settled),
            "centre_yen": sum(each.sign * each.centre_yen for each in settled),
            "split_assumed": any(each.assumed for each in settled),
        },
        to=requirements.recipients(fields["centre"], fields["office"]),
    )
    advice = (
        [Advice("A-Q35c", f"{waiting}件はまだ決定していないため、次の明細書に入れます")] if waiting else []
    )
    return Decision([stated], advice)


def _refused(code: str, message: str, todo: str) -> Refused:
    return Refused(code, message, rule="A-Q35c", todo=todo)


def _settled(case: Case, line: SubmittedLine) -> Settled | None:
    """The line as it was decided, None while it is not; an assessed fee is split anew."""
    result = case.claim_results.get(line.claim_id)
    if result is None or result.kind != "decided" or result.yen is None:
        return None
    with requirements.published_only():
        split = split_fee(result.yen, Month.parse(line.service_month).first, parameters(case.insurer))
    return Settled(line, line.kind, result.yen, split.office, split.centre, split.assumed)


def _row(settled: Settled) -> dict[str, Any]:
    return {
        "case": settled.line.case,
        "kind": settled.kind,
        "claim_id": settled.line.claim_id,
        "service_month": settled.line.service_month,
        "yen": settled.yen,
        "office_yen": settled.office_yen,
        "centre_yen": settled.centre_yen,
    }
