"""An agency's own month as its node's tables tell it: the stage of every claim, and what to say of those on a page."""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from functools import partial
from typing import Any, Final, NamedTuple
from uuid import UUID

from flask import url_for

from contracts.claim_codes import CLAIM_OUTCOMES, LATE_REASONS
from shared.care.claim_stages import MonthFacts
from shared.care.submissions import SubmittedLine
from shared.console.case_rows import CaseRow
from shared.console.claim_board import BoardRow, Link, Reason, Standing
from shared.console.frame import console
from shared.console.wareki import wareki
from shared.node.node import Node
from shared.policy.dates import Month

_OF_MONTH: Final = """
select m.case_id, m.used, m.claim_id, m.claimant, m.type, m.units, m.yen, m.slip_id, m.stated, m.stated_units,
    m.stated_yen, m.blockers, m.reopened, m.asked_on, c.confirmed_on, r.kind, r.told_on, r.outcome, r.yen,
    x.claim_id is not null
from view_own_months.months m
left join lateral (
    select confirmed_on from view_own_months.confirmations c
    where c.claim_id = m.claim_id and c.sender = m.claimant and c.yen = m.yen and c.position > m.drafted_at
    order by c.position desc limit 1
) c on true
left join view_own_months.results r using (claim_id)
left join view_own_months.corrections x using (claim_id)
where m.service_month = %s
"""
_REPORTED: Final = "select case_id from view_own_months.months where service_month = %s and used is not null"


class OwnMonth(NamedTuple):
    """One case's month as the view holds it, and the line of its claim in a submission that stands.

    ``used`` is None where nothing is reported; everything of a claim is None where none is drafted.
    """

    case_id: UUID
    used: bool | None = None
    claim_id: str | None = None
    claimant: str | None = None
    type: str | None = None
    units: int | None = None
    yen: int | None = None
    slip_id: str | None = None
    stated: bool | None = None
    stated_units: int | None = None
    stated_yen: int | None = None
    blockers: str | None = None
    reopened: str | None = None
    asked_on: date | None = None
    confirmed_on: date | None = None
    result: str | None = None
    result_on: date | None = None
    outcome: str | None = None
    decided_yen: int | None = None
    corrected: bool = False
    line: SubmittedLine | None = None

    @property
    def stage(self) -> str:
        """How far it is: a key of the board's stages."""
        return MonthFacts(
            drafted=self.claim_id is not None,
            blocked=self.blockers not in (None, "[]"),
            confirmed=self.confirmed_on is not None,
            submitted=self.line is not None,
            result=self.result,
            corrected=self.corrected,
        ).stage

    @property
    def reckoned(self) -> tuple[int | None, int | None]:
        """Units and yen of the draft; where none is made yet, what closing the month came to."""
        return (self.units, self.yen) if self.claim_id else (self.stated_units, self.stated_yen)


def standings(node: Node, month: Month, may_confirm: bool) -> list[Standing]:
    """Whoever this agency claims for in a month, and who was reported the month before and is not yet."""
    return [
        Standing(
            node.agency,
            each.stage,
            each.reckoned[1],
            partial(_row, each, str(month), node.agency, may_confirm),
        )
        for each in _months(node, month)
    ]


def _months(node: Node, month: Month) -> Iterator[OwnMonth]:
    with node.database.connection() as connection:
        known = connection.execute(_OF_MONTH.encode(), (str(month),)).fetchall()
        before = connection.execute(_REPORTED.encode(), (str(month.plus(-1)),)).fetchall()
    found = {row[0]: OwnMonth(*row) for row in known}
    awaited = {case_id for (case_id,) in before}
    found.update((case_id, OwnMonth(case_id)) for case_id in awaited - found.keys())
    listed = console().case_rows.by_case() if any(each.claim_id is None for each in found.values()) else {}
    submissions, last = node.situation().agency.submissions, month.last
    for each in sorted(found.values(), key=lambda one: one.case_id.int):
        told = each.claim_id is not None or each.used is not None or each.case_id in awaited
        if told and _is_ours(each, listed.get(each.case_id), last, node.agency):
            lines = submissions.lines(str(each.case_id), ("claim",)) if each.claim_id else ()
            line = next((line for _, line in lines if line.claim_id == each.claim_id), None)
            yield each._replace(line=line) if line else each


def _is_ours(month_of_case: OwnMonth, case: CaseRow | None, last: date, me: str) -> bool:
    """By what is known now of a month with that last day; where somebody else drafted last, it is not."""
    if month_of_case.claim_id is not None:
        return month_of_case.claimant == me
    if case is None or month_of_case.used is False:
        return False
    if month_of_case.used is None and case.ended_on is not None and case.ended_on < last.replace(day=1):
        return False
    return case.provider(last) == me


def _row(each: OwnMonth, month: str, me: str, may_confirm: bool) -> BoardRow:
    return BoardRow(
        each.case_id,
        me,
        each.stage,
        each.type,
        *each.reckoned,
        reasons=tuple(_reasons(each)),
        said=tuple(_said(each)),
        links=tuple(_links(each, month, may_confirm)),
    )


def _reasons(each: OwnMonth) -> Iterator[Reason]:
    reopened = json.loads(each.reopened) if each.reopened else None
    if reopened and _holds(each, reopened):
        yield Reason("T-61", reopened["text"], reopened["todo"])
    if each.used is None:
        yield Reason(
            "T-32", "実績報告がまだ届いていません", "居宅からの実績報告を待つか、居宅に確かめてください"
        )
    elif each.stage in ("collecting", "blocked", "to_confirm"):
        for told in json.loads(each.blockers or "[]"):
            yield Reason(told["rule"], told["text"], told["todo"])
    if each.stage == "returned":
        yield Reason(
            "T-33", "返戻または過誤の申立て", "理由を直してから、月を締めて請求案を作り直してください"
        )


def _holds(each: OwnMonth, reopened: Mapping[str, Any]) -> bool:
    """Whether what a reopening says is still to be mended: that very claim, or that very slip."""
    wrong_claim = not reopened["as_claimed"] and each.claim_id == reopened["claim_id"]
    return wrong_claim or (each.slip_id is not None and each.slip_id == reopened["slip_id"])


def _said(each: OwnMonth) -> Iterator[str]:
    if each.asked_on is not None and each.stage in ("collecting", "blocked"):
        yield f"締めを依頼 {wareki(each.asked_on)}"
    if each.confirmed_on is not None and each.stage == "confirmed":
        yield f"確認 {wareki(each.confirmed_on)}"
    if each.line is not None and each.line.late:
        yield f"月遅れ（{LATE_REASONS[each.line.late]}）"
    if each.result is None or each.result_on is None:
        return
    yield f"{CLAIM_OUTCOMES.get(each.outcome or '', '返戻')} {wareki(each.result_on)}"
    if each.decided_yen is not None and each.decided_yen != each.yen:
        yield f"決定額 {each.decided_yen:,}円"


def _links(each: OwnMonth, month: str, may_confirm: bool) -> Iterator[Link]:
    if each.stated:
        yield Link("根拠", url_for("own_claims.own_worksheet", month=month, case=each.case_id))
    if each.stage == "to_confirm" and may_confirm:
        address = url_for("command.form", case_id=each.case_id, name="ConfirmClaim", service_month=month)
        yield Link("確認する", address)
