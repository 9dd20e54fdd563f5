"""The desk's board of a service month: each person's stage by what is recorded, what stops it, what to do (T-33)."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any, Final, NamedTuple
from uuid import UUID

from flask import url_for

from contracts.claim_codes import CLAIM_OUTCOMES, LATE_REASONS, SLIP_KINDS
from shared.care.claim_stages import MonthFacts
from shared.console.claim_board import BoardRow, Link, Reason, Standing
from shared.console.wareki import wareki
from shared.node.node import Node
from shared.policy.dates import Month

_MONTHS: Final = b"select distinct service_month from view_claim_months.months order by service_month desc"
_EXPECTED: Final = (
    b"select case_id, claimant from view_claim_months.months as before"
    b" where service_month = %s and reported_on is not null and not exists"
    b" (select 1 from view_claim_months.months as now where now.case_id = before.case_id and now.service_month = %s)"
)
"""Persons of whom the month before was reported and this one is not."""


class MonthRow(NamedTuple):
    """One service month of a case as the view holds it; yen and units null where nothing is drafted."""

    case_id: UUID
    reported_on: date | None
    claim_id: str | None
    claimant: str | None
    type: str | None
    units: int | None
    yen: int | None
    office_yen: int | None
    centre_yen: int | None
    split_assumed: bool | None
    slip_on: date | None
    slip_units: int | None
    slip_kind: str | None
    slip_returned_on: date | None
    confirmed_on: date | None
    submitted_on: date | None
    late: str | None
    result: str | None
    result_on: date | None
    decided_yen: int | None
    back: str | None
    stated_for: str | None
    stated_units: int | None
    stated_yen: int | None
    blockers: str | None
    reopened: str | None

    @property
    def anew(self) -> bool:
        """Whether this draft follows a claim that came back or was taken back."""
        return self.back is not None and self.claim_id != self.back

    @property
    def told_claimant(self) -> str | None:
        """Who claims, by the draft or by what closing the month came to."""
        return self.claimant or self.stated_for

    @property
    def told_yen(self) -> int | None:
        """The yen of the draft; where none is made yet, what closing the month came to."""
        return self.yen if self.claim_id is not None else self.stated_yen

    @property
    def stage(self) -> str:
        """How far it is: a key of the board's stages."""
        result = None if self.anew or self.result == "corrected" else self.result
        return MonthFacts(
            drafted=self.claim_id is not None,
            blocked=self.blockers is not None,
            confirmed=self.confirmed_on is not None,
            submitted=self.submitted_on is not None and self.result is None,
            result=result and ("returned" if result == "returned" else "decided"),
            corrected=self.result == "corrected" and not self.anew,
        ).stage


_COLUMNS: Final = ", ".join(MonthRow._fields)


def months(node: Node) -> list[str]:
    """The service months of which anything is known, the latest first."""
    with node.database.connection() as connection:
        return [month for (month,) in connection.execute(_MONTHS).fetchall()]


def standings(node: Node, month: str, *, may_act: bool) -> list[Standing]:
    """Everybody of a month, and who was reported the month before and is not yet."""
    before = str(Month.parse(month).plus(-1))
    query = f"select {_COLUMNS} from view_claim_months.months where service_month = %s order by case_id"  # noqa: S608
    with node.database.connection() as connection:
        known = [MonthRow(*row) for row in connection.execute(query.encode(), (month,)).fetchall()]
        expected = connection.execute(_EXPECTED, (before, month)).fetchall()
    return [
        *(
            Standing(each.told_claimant, each.stage, each.told_yen, partial(_row, each, month, may_act))
            for each in known
        ),
        *(
            Standing(claimant, "collecting", None, partial(_awaited, case_id, claimant, month))
            for case_id, claimant in expected
        ),
    ]


def _row(row: MonthRow, month: str, may_act: bool) -> BoardRow:
    return BoardRow(
        row.case_id,
        row.told_claimant,
        row.stage,
        row.type,
        row.units if row.claim_id is not None else row.stated_units,
        row.told_yen,
        row.office_yen,
        row.centre_yen,
        bool(row.split_assumed),
        tuple(_reasons(row)),
        tuple(_said(row)),
        tuple(_links(row, month, may_act)),
    )


def _awaited(case_id: UUID, claimant: str | None, month: str) -> BoardRow:
    waiting = Reason(
        "T-32", "実績報告がまだ届いていません（前の月は届いています）", "居宅からの実績報告を待ってください"
    )
    links = (_worksheet(case_id, month),)
    return BoardRow(case_id, claimant, "collecting", reasons=(waiting,), links=links)


def _reasons(row: MonthRow) -> Iterator[Reason]:
    if row.reopened is not None:
        told: Mapping[str, Any] = json.loads(row.reopened)
        yield Reason("T-61", told["text"], told["todo"])
    stopped: Sequence[Mapping[str, Any]] = json.loads(row.blockers) if row.blockers else ()
    if row.stage in ("blocked", "collecting", "to_confirm"):
        yield from (Reason(each["rule"], each["text"], each["todo"]) for each in stopped)
    if row.stage == "returned":
        todo = "理由を直し、請求案を作り直して確認を受け、次の審査月に請求します"
        yield Reason(
            "T-33", "返戻されています" if row.result == "returned" else "過誤を申し立てています", todo
        )


def _said(row: MonthRow) -> Iterator[str]:
    if row.reported_on is not None and row.claim_id is None:
        yield f"実績 {wareki(row.reported_on)}"
    if row.slip_on is not None:
        kind = "" if row.slip_kind in (None, "1") else f"（{SLIP_KINDS[row.slip_kind]}）"
        yield f"給付管理票{kind} {row.slip_units or 0:,}単位 {wareki(row.slip_on)}"
    if row.slip_returned_on is not None:
        yield f"給付管理票の返戻 {wareki(row.slip_returned_on)}"
    if row.anew and row.stage not in ("submitted", "decided"):
        yield "返戻・過誤のあとの作り直し"
    if row.stage == "confirmed" and row.confirmed_on:
        yield f"確認 {wareki(row.confirmed_on)}"
    if row.submitted_on is not None and row.stage in ("submitted", "returned", "decided"):
        yield f"提出 {wareki(row.submitted_on)}"
    if row.result_on is not None and row.stage in ("returned", "decided"):
        decided = CLAIM_OUTCOMES.get(row.result or "", "返戻" if row.result == "returned" else "過誤の申立て")
        yield f"{decided} {wareki(row.result_on)}"
    if row.decided_yen is not None and row.decided_yen != row.yen:
        yield f"決定額 {row.decided_yen:,}円"
    if row.late:
        yield f"月遅れ（{LATE_REASONS[row.late]}）"


def _links(row: MonthRow, month: str, may_act: bool) -> Iterator[Link]:
    yield _worksheet(row.case_id, month)
    for name, title in _acts(row) if may_act else ():
        yield Link(title, url_for("command.form", case_id=row.case_id, name=name, service_month=month))


def _acts(row: MonthRow) -> Iterator[tuple[str, str]]:
    """What a clerk can do next for one person; a whole month is closed at once."""
    before_submission = row.stage in ("collecting", "blocked", "to_confirm", "confirmed")
    no_slip = row.slip_on is None or row.slip_returned_on is not None or row.stage == "blocked"
    if before_submission and row.reported_on is not None and no_slip:
        yield "PrepareBenefitSlip", "給付管理票を作成する"
    if row.stage == "collecting" and row.reported_on is not None:
        yield "DraftClaim", "請求案を作成する"
    elif row.stage in ("blocked", "returned") or (before_submission and row.reopened is not None):
        yield "DraftClaim", "請求案を作り直す"
    elif row.stage in ("submitted", "decided"):
        changed = row.reopened is not None and json.loads(row.reopened).get("slip")
        if changed or row.slip_returned_on is not None:
            yield "PrepareBenefitSlip", "給付管理票を作り直す"
        yield "FileCorrection", "過誤を申し立てる"


def _worksheet(case_id: UUID, month: str) -> Link:
    return Link("根拠", url_for("billing.claim_worksheet", month=month, case=case_id))
