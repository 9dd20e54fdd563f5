"""Taking in a file of the examiner's results at a billing desk: all of it or nothing (T-33, A-Q54b)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.billing.formats.notices import is_notice
from services.billing.notice_results import NoticeFile, PassedOver, read_notice_file
from services.billing.people import case_ids, people
from services.billing.results_file import SLIP_RETURNED, ExaminersResult, read_results
from shared.care.claim_parts import ClaimResult
from shared.care.csv_file import FaultyFile, Problem
from shared.care.submissions import SubmittedLine
from shared.node.node import Node
from shared.node.service import Command, Situation
from shared.node.together import NotTogether, handle_together

CasesByNumber = Mapping[str, Sequence[UUID]]
"""Insured number → the cases of that person."""


@dataclass(frozen=True, slots=True)
class TakenResult:
    """One line as it was taken in; ``known`` where the same result had been recorded before."""

    line: ExaminersResult
    case_id: UUID
    claimed: SubmittedLine
    known: bool


@dataclass(frozen=True, slots=True)
class TakenFile:
    """What a file told: the results, and the lines of a federation's list that say nothing of our claims."""

    results: tuple[TakenResult, ...]
    passed_over: tuple[PassedOver, ...] = ()


def take_in_results(node: Node, content: bytes, actor: str, *, try_only: bool = False) -> TakenFile:
    """Record every result of a file; what is recorded already changes nothing. With ``try_only`` it is only checked.

    It is a list of the federation (7411, 7521, 7551), or a table of results with a header.

    :raises FaultyFile: names every problem; nothing was recorded.
    """
    passed_over: tuple[PassedOver, ...] = ()
    if is_notice(content):
        notices = read_notice_file(node, content)
        known = _cases_by_number(node) if notices.returned or notices.returned_slips else {}
        slips, not_ours = _returned_slips(node, notices.returned_slips, known)
        taken = [*slips, *_taken(node, notices.returned, known), *_decided(node, notices)]
        passed_over = (*notices.passed_over, *not_ours)
    else:
        lines = read_results(content)
        taken = _taken(node, lines, _cases_by_number(node))
    new = [each for each in taken if not each.known]
    try:
        handle_together(node, [_command(node, each, actor) for each in new], try_only=try_only)
    except NotTogether as refused:
        raise FaultyFile(
            [
                Problem(new[place].line.line, "結果", "", f"{refusal.message}。{refusal.todo or ''}")
                for place, refusal in refused.refusals.items()
            ]
        ) from refused
    return TakenFile(tuple(taken), passed_over)


def _decided(node: Node, file: NoticeFile) -> list[TakenResult]:
    taken = []
    for row, ours in file.decided:
        for claimed in ours:
            situation = node.situation(UUID(claimed.case))
            line = ExaminersResult(
                row.line, "decided", row.office, "", row.service_month, row.on, None, None, None, None
            )
            known = _same(line, claimed, situation.case.claim_results.get(claimed.claim_id))
            taken.append(TakenResult(line, UUID(claimed.case), claimed, known))
    return taken


def _returned_slips(
    node: Node, lines: Sequence[ExaminersResult], known: CasesByNumber
) -> tuple[list[TakenResult], list[PassedOver]]:
    """Slips that came back. One that this desk never sent is another business's of the office, and is passed over."""
    found, passed = list[TakenResult](), list[PassedOver]()
    for line in lines:
        fitting = [
            TakenResult(line, case_id, slip, came_back)
            for case_id in known.get(line.insured_number, ())
            for slip, came_back in _sent_slips(node.situation(case_id), line)
        ]
        if len(fitting) == 1:
            found += fitting
        else:
            text = "ここから提出した給付管理票ではありません。ほかの業務（居宅介護支援など）の返戻か確かめてください"
            passed.append(PassedOver(line.line, text))
    return found, passed


def _sent_slips(situation: Situation, line: ExaminersResult) -> list[tuple[SubmittedLine, bool]]:
    """The slip that a line speaks of, the last of the month that its office sent; whether its return is recorded."""
    sent = [
        each
        for submission, each in situation.agency.submissions.lines(str(situation.case.id), ("slip",))
        if (submission.claimant, each.service_month) == (line.office, str(line.service_month))
        and each.claim_id in situation.case.prepared_slips
    ]
    return [(each, each.claim_id in situation.case.slip_returns) for each in sent[-1:]]


def _taken(node: Node, lines: Sequence[ExaminersResult], known: CasesByNumber) -> list[TakenResult]:
    found, problems = list[TakenResult](), list[Problem]()
    for line in lines:
        fitting = [
            (case_id, claimed, result)
            for case_id in known.get(line.insured_number, ())
            for claimed, result in _claimed(node.situation(case_id), line)
        ]
        if len(fitting) == 1:
            case_id, claimed, result = fitting[0]
            found.append(TakenResult(line, case_id, claimed, _same(line, claimed, result)))
        else:
            expected = "この事業所が提出した、その月の請求がある人の被保険者番号"
            problems.append(Problem(line.line, "被保険者番号", line.insured_number, expected))
    if problems:
        raise FaultyFile(problems)
    return found


def _claimed(situation: Situation, line: ExaminersResult) -> list[tuple[SubmittedLine, ClaimResult | None]]:
    """The claim that a line speaks of: the last one of the month that its office submitted in time."""
    month = str(line.service_month)
    submitted = [
        each
        for submission, each in situation.agency.submissions.ever(str(situation.case.id), month)
        if submission.claimant == line.office and submission.stands
    ]
    return [(each, situation.case.claim_results.get(each.claim_id)) for each in submitted[-1:]]


def _same(line: ExaminersResult, claimed: SubmittedLine, result: ClaimResult | None) -> bool:
    if result is None or result.kind != line.kind:
        return False
    if line.kind == "returned":
        return result.reason_code == line.reason_code
    decided = (
        claimed.units if line.units is None else line.units,
        claimed.yen if line.yen is None else line.yen,
    )
    return (result.units, result.yen) == decided


def _command(node: Node, taken: TakenResult, actor: str) -> Command:
    line = taken.line
    month: dict[str, Any] = {"service_month": str(line.service_month)}
    if line.kind in ("returned", SLIP_RETURNED):
        fields = {**month, "returned_on": str(line.on), "reason_code": line.reason_code, "reason": line.note}
        name = "RecordReturn" if line.kind == "returned" else "RecordSlipReturn"
        return node.parse(name, fields, actor=actor, case_id=taken.case_id)
    fields = {**month, "decided_on": str(line.on), "units": line.units, "yen": line.yen}
    return node.parse("RecordDecision", fields, actor=actor, case_id=taken.case_id)


def _cases_by_number(node: Node) -> CasesByNumber:
    found: dict[str, list[UUID]] = defaultdict(list)
    for case_id, person in people(node, case_ids(node)).items():
        if person.insured_number:
            found[person.insured_number].append(case_id)
    return found
