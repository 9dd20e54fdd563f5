"""The federation's lists as results of our claims: who came back, and what of ours was decided (T-33, A-Q54b)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from services.billing.formats.layout import Unreadable
from services.billing.formats.notices import Notice, Paid, read_notices
from services.billing.results_file import SLIP_RETURNED, ExaminersResult
from shared.care.agency import AgencyState
from shared.care.csv_file import FaultyFile, Problem
from shared.care.submissions import SubmittedLine
from shared.node.node import Node

SERVICES: Final[Mapping[str, str]] = {"46": "preventive_support", "AF": "care_management_a"}
"""Kind of service in the federation's lists → our type; other kinds are claims of another business of the office."""


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A line of a list that says nothing of a claim of ours; ``why`` is Japanese."""

    line: int
    why: str


@dataclass(frozen=True, slots=True)
class NoticeFile:
    """What a list says: returned claims and slips, decided claims, and what was passed over."""

    returned: tuple[ExaminersResult, ...]
    returned_slips: tuple[ExaminersResult, ...]
    decided: tuple[tuple[Paid, tuple[SubmittedLine, ...]], ...]
    passed_over: tuple[PassedOver, ...]


def read_notice_file(node: Node, content: bytes) -> NoticeFile:
    """A list of the federation, against what this desk submitted.

    :raises FaultyFile: it can't be read, or a sum is not that of our claims; nothing of it counts.
    """
    try:
        notices, paid = read_notices(content)
    except Unreadable as unreadable:
        raise FaultyFile(
            [
                Problem(
                    each.line, f"{each.record} 項目{each.item}「{each.title}」", each.value, each.expected
                )
                for each in unreadable.problems
            ]
        ) from unreadable
    decided, problems = list[tuple[Paid, tuple[SubmittedLine, ...]]](), list[Problem]()
    agency, passed = node.situation().agency, [*_passed_over(notices, paid)]
    for each in paid:
        if each.service not in SERVICES:
            continue
        ours = tuple(_ours(node, agency, each))
        wrong = _difference(each, ours)
        if wrong is not None:
            problems.append(wrong)
        else:
            decided.append((each, ours))
    if problems:
        raise FaultyFile(problems)
    claims = tuple(_results(each for each in notices if not each.of_slip))
    slips = tuple(_results(each for each in notices if each.of_slip))
    return NoticeFile(claims, slips, tuple(decided), tuple(passed))


def _results(found: Iterable[Notice]) -> Iterator[ExaminersResult]:
    """A claim or a slip that came back, once, though the list gives a line to each of its errors."""
    notices = tuple(found)
    seen = set[tuple[str, str, object]]()
    for each in notices:
        key = (each.office, each.insured_number, each.service_month)
        if each.held or each.service not in (None, *SERVICES) or key in seen:
            continue
        seen.add(key)
        notes = [
            other.note
            for other in notices
            if (other.office, other.insured_number, other.service_month) == key and other.note
        ]
        yield ExaminersResult(
            each.line,
            SLIP_RETURNED if each.of_slip else "returned",
            each.office,
            each.insured_number,
            each.service_month,
            each.on,
            None,
            None,
            each.reason_code,
            "／".join(dict.fromkeys(notes)) or None,
        )


def _passed_over(notices: Sequence[Notice], paid: Sequence[Paid]) -> Iterator[PassedOver]:
    for each in notices:
        if each.service not in (None, *SERVICES):
            yield PassedOver(each.line, f"サービス種類{each.service}は、この請求の対象ではありません")
        elif each.held:
            yield PassedOver(each.line, "国保連で審査が続いています。返戻ではないため記録しません")
    for row in paid:
        if row.service not in SERVICES:
            yield PassedOver(row.line, f"サービス種類{row.service}は、この請求の対象ではありません")


def _ours(node: Node, agency: AgencyState, row: Paid) -> Iterator[SubmittedLine]:
    """What we submitted to the federation of that insurer, month and kind, and that did not come back."""
    for submission in agency.submissions.by_id.values():
        if (submission.claimant, submission.route, submission.examination_month) != (
            row.office,
            "federation",
            str(row.examination_month),
        ):
            continue
        for line in submission.lines:
            if (line.kind, line.type, line.service_month) != (
                "claim",
                SERVICES[row.service],
                str(row.service_month),
            ):
                continue
            case = node.situation(UUID(line.case)).case
            result = case.claim_results.get(line.claim_id)
            came_back = result is not None and result.kind == "returned"
            if (
                case.insurer.zfill(8) == row.insurer
                and not came_back
                and line.claim_id not in case.corrections
            ):
                yield line


def _difference(row: Paid, ours: Sequence[SubmittedLine]) -> Problem | None:
    known = (len(ours), sum(each.units for each in ours), sum(each.yen for each in ours))
    said = (row.claims, row.units, row.yen)
    if said == known:
        return None
    place = f"7521-D1（{row.insurer} {row.service_month} {row.service}）件数・単位数・給付費"
    expected = (
        f"提出して返戻になっていない請求の {known[0]}件 {known[1]:,}単位 {known[2]:,}円。"
        "先に返戻一覧表を取り込み、審査の続くもの・査定のある月は、一人ずつの結果のファイル（見出しのあるCSV）で取り込んでください"
    )
    return Problem(row.line, place, f"{said[0]}件 {said[1]:,}単位 {said[2]:,}円", expected)
