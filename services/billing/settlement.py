"""Settling decided fees with entrusted offices: a statement an office and month, to the yen (A-Q35c, decision 1)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
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
from shared.care.submissions import SubmittedLine
from shared.eventlog.model import NewEvent
from shared.node.errors import Refused
from shared.node.service import Advice, Command, Decision, Situation
from shared.policy.dates import Month
from shared.policy.money import Split, split_fee
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


@dataclass(frozen=True, slots=True)
class Due:
    """What a statement would hold now, and how many claims still wait for their decision."""

    lines: tuple[Settled, ...]
    waiting: int


@dataclass(frozen=True, slots=True)
class _Shared:
    """A claim that an office has a share in: as submitted, whether it goes into this statement's months and still
    stands by the register alone, and as an earlier statement states it, None where none does."""

    line: SubmittedLine
    due: bool
    stands: bool
    stated: SubmittedLine | None


def settled_cases(agency: AgencyState, centre: str, office: str, through: Month) -> frozenset[UUID]:
    """The cases that a statement has to look at: with a claim not stated yet, or stated and never taken off."""
    return frozenset(
        UUID(each.line.case) for each in _shared(agency, centre, office, through) if each.due or each.stated
    )


def settlement_due(
    agency: AgencyState, cases: Mapping[UUID, Case], centre: str, office: str, through: Month
) -> Due:
    """What is to be stated (A-Q35c): each decided claim that stands, once; and off comes each stated one that does not.

    A claim stands no more once it was returned, cancelled, taken back by application, or came too late (A-Q53, A-Q54b).

    :raises Refused: the share of a month was never published.
    """
    found: list[Settled] = []
    waiting = 0
    for each in _shared(agency, centre, office, through):
        case = cases.get(UUID(each.line.case))
        if case is None:
            continue
        result, correction = (
            case.claim_results.get(each.line.claim_id),
            case.corrections.get(each.line.claim_id),
        )
        stands = each.stands and (correction is None or correction.route != "application")
        yen = result.yen if stands and result is not None and result.kind == "decided" else None
        if each.stated is not None and each.stated.yen != yen:
            found.append(_taken_off(case, each.stated))
        if yen is not None and (each.due if each.stated is None else each.stated.yen != yen):
            found.append(_stated_anew(case, each.line, yen))
        waiting += each.due and stands and result is None
    return Due(tuple(found), waiting)


def _shared(agency: AgencyState, centre: str, office: str, through: Month) -> Iterator[_Shared]:
    """Every claim of a centre that an office has or had a share in, oldest first."""
    stated = _stated(agency, centre, office)
    lines: dict[str, SubmittedLine] = {}
    months: dict[str, str] = {}
    cancelled = set()
    for submission in agency.submissions.by_id.values():
        if submission.claimant != centre:
            continue
        for line in submission.lines:
            if line.kind == "claim" and line.entrusted_office == office:
                lines.setdefault(line.claim_id, line)
                if submission.stands:
                    months.setdefault(line.claim_id, submission.examination_month)
            elif line.kind == "cancellation" and submission.stands:
                cancelled.add(line.claim_id)
    for claim_id, line in {**stated, **lines}.items():
        stands = claim_id in months and claim_id not in cancelled
        due = stands and claim_id not in stated and months[claim_id] <= str(through)
        yield _Shared(line, due, stands, stated.get(claim_id))


def _stated(agency: AgencyState, centre: str, office: str) -> dict[str, SubmittedLine]:
    """Claim → its line in the last statement that states it, without those that were taken off since."""
    found: dict[str, SubmittedLine] = {}
    for statement in agency.statements:
        if (statement.centre, statement.office) != (centre, office):
            continue
        for line in statement.lines:
            if line.kind == "cancellation":
                found.pop(line.claim_id, None)
            else:
                found[line.claim_id] = line
    return found


def state_settlement(situation: Situation, command: Command) -> Decision:
    """State what a centre owes an office for all that was decided; what is not decided yet waits for the next one.

    What was stated and stands no more comes off, with the figures that were stated. The shares of every line sum to
    its fee.
    """
    fields = command.fields
    through = Month.parse(fields["examination_month"])
    if situation.agency.biller_of(fields["centre"], command.occurred_on) != situation.me:
        raise _refused(
            "billing_not_entrusted",
            "この包括から請求事務を委任されていません",
            "包括に「請求事務を委任する」を行ってもらってください",
        )
    wanted = settled_cases(situation.agency, fields["centre"], fields["office"], through)
    if set(fields["cases"]) != wanted:
        raise _refused(
            "cases_incomplete",
            f"明細書は、委託した{len(wanted)}人すべてについて作ります",
            "ケースの欄を空欄にして、もう一度作成してください",
        )
    due = settlement_due(situation.agency, situation.cases, fields["centre"], fields["office"], through)
    settled, waiting = due.lines, due.waiting
    if not settled:
        raise _refused(
            "nothing_decided",
            "決定した委託料がありません",
            "審査の結果を記録してから、もう一度作成してください",
        )
    stated = _statement(situation, command, through, settled)
    advice = (
        [Advice("A-Q35c", f"{waiting}件はまだ決定していないため、次の明細書に入れます")] if waiting else []
    )
    return Decision([stated], advice)


def _statement(
    situation: Situation, command: Command, through: Month, settled: Sequence[Settled]
) -> NewEvent:
    """The statement of these lines; its sums take off what is taken off."""
    fields = command.fields
    return NewEvent(
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


def _refused(code: str, message: str, todo: str) -> Refused:
    return Refused(code, message, rule="A-Q35c", todo=todo)


def _stated_anew(case: Case, line: SubmittedLine, yen: int) -> Settled:
    """A claim as it was decided; an assessed fee is split anew."""
    split = _split(case, line, yen)
    return Settled(line, "claim", yen, split.office, split.centre, split.assumed)


def _taken_off(case: Case, stated: SubmittedLine) -> Settled:
    """What a statement stated, to the yen, whatever the share would be today."""
    assumed = _split(case, stated, stated.yen).assumed
    return Settled(
        stated, "cancellation", stated.yen, stated.office_yen or 0, stated.centre_yen or 0, assumed
    )


def _split(case: Case, line: SubmittedLine, yen: int) -> Split:
    with requirements.published_only():
        return split_fee(yen, Month.parse(line.service_month).first, parameters(case.insurer))


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
