"""Why a claim came back: the examiner's reason and its own words beside the person on the board of a month (T-33)."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final
from uuid import UUID

from shared.console.claim_board import Board, Reason
from shared.console.reading import words_said
from shared.node.node import Node

_EVENT: Final = "ClaimReturned"
_SAID: Final = ("reason_code", "reason")


def with_reasons_of_return(board: Board, node: Node) -> Board:
    """The board; who stands there with a returned claim also with what the examiner said of it, as far as it said."""
    returned = [each.case_id for each in board.rows if each.stage == "returned"]
    if not returned:
        return board
    said = _said(node, returned, board.month)
    rows = tuple(
        replace(each, reasons=(Reason("T-33", said[each.case_id], None), *each.reasons))
        if each.case_id in said and each.stage == "returned"
        else each
        for each in board.rows
    )
    return replace(board, rows=rows)


def _said(node: Node, cases: list[UUID], month: str) -> Mapping[UUID, str]:
    """Case → the words of the last return of its claim for that month."""
    kind = node.event_types.get(_EVENT)
    return {
        event.case_id: f"返戻の理由：{words_said(kind, event, _SAID)}"
        for event in node.with_persons(node.log.of_type(_EVENT, cases))
        if event.case_id is not None and event.data["service_month"] == month
    }
