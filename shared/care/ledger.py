"""The ledger of a case's documents (書類台帳): each with its place, its copies and what it fulfils."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from contracts.codes import DOCUMENTS
from shared.care.columns import column_of
from shared.care.documents import Document
from shared.care.state import Case
from shared.policy.documents import Cell, DocumentRow, documents
from shared.policy.obligations import Obligation
from shared.policy.parameters import ParameterError


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One document, with its row of the document table and the cell of the track it was made in.

    ``fulfils`` are the obligations that an event about it has fulfilled.
    """

    document: Document
    title: str
    starred: bool
    rule: str
    asked: str
    assumed: bool
    fulfils: tuple[Obligation, ...]


_LAST: Final = 999


def ledger(case: Case, obligations: Sequence[Obligation], on: date) -> list[LedgerRow]:
    """Every document that this agency knows of, in the order of the table, the oldest first (T-31, T-35)."""
    table = document_table(case, on)
    order = {row.code: place for place, row in enumerate(table)}
    by_code = {row.code: row for row in table}
    found = [_row(case, each, by_code.get(each.row), obligations) for each in case.documents]
    return sorted(
        found,
        key=lambda row: (order.get(row.document.row, _LAST), row.document.first, row.document.version or 0),
    )


def document_table(case: Case, on: date) -> tuple[DocumentRow, ...]:
    """The document table of the case's insurer on a day; empty where it states none."""
    try:
        return documents(case.insurer, on)
    except ParameterError:
        return ()


def _row(case: Case, each: Document, row: DocumentRow | None, obligations: Sequence[Obligation]) -> LedgerRow:
    cell: Cell | None = row.cells.get(column_of(case, each.made_on)) if row else None
    events = {str(event) for event in each.events}
    return LedgerRow(
        document=each,
        title=DOCUMENTS.get(each.kind, each.kind),
        starred=row.starred if row else False,
        rule=cell.rule if cell else (row.rule if row else ""),
        asked=cell.text if cell else "",
        assumed=cell.assumed if cell else False,
        fulfils=tuple(one for one in obligations if one.done_by in events),
    )
