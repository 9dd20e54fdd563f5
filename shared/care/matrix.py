"""The process matrix (工程表): the document's own table, with how each document of one case stands on a day.

Rows are the processes and documents, the column is the case's track. A pure function of what one agency knows: the
case, the obligations, and the register of agencies.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Literal
from uuid import UUID

from shared.care.agency import AgencyState
from shared.care.columns import column_of
from shared.care.documents import Document
from shared.care.ledger import document_table
from shared.care.state import Case
from shared.policy.dates import day_text, month_text
from shared.policy.documents import COLUMNS, PROCESSES, TIMES, WRITERS, Cell, DocumentRow
from shared.policy.obligations import STATES as DUTY_STATES
from shared.policy.obligations import Obligation, due_text

State = Literal["done", "due", "overdue", "not_required", "blocked", "unseen"]

STATES: Final[Mapping[State, str]] = {
    "done": "済み",
    "due": "これから",
    "overdue": "期限超過",
    "not_required": "いまは不要",
    "blocked": "先に要るものがある",
    "unseen": "相手の記録",
}
"""``unseen``: the other party makes and keeps it, and no event of it comes here."""

OTHER: Final = "other"
_ROLES: Final = {"kyotaku": "office", "hokatsu": "centre", "ward": "ward"}
_PARTIES: Final = {party: role for role, party in _ROLES.items()}
_AT_ONCE: Final = frozenset({"each_plan", "when_recorded", "on_receipt"})


@dataclass(frozen=True, slots=True)
class Place:
    """One cell: how a document stands. ``on`` is the day it was done, or is due; ``event`` the event that did it.

    ``assumed``: the cell, or the time it is due, rests on an assumption. ``before``: the document is done as that says,
    and what the cell says is what follows from it.
    """

    process: str
    document: str
    title: str
    starred: bool
    state: State
    on: date | None
    event: UUID | None
    rule: str
    reason: str
    assumed: bool
    before: "Done | None" = None


@dataclass(frozen=True, slots=True)
class Done:
    """When a document was done last, by which event, and where its original is or what was done with it."""

    on: date | None
    event: UUID | None
    reason: str


@dataclass(frozen=True, slots=True)
class Matrix:
    """The matrix of one case on a day; without ``places`` where the insurer states no document table."""

    column: str
    on: date
    places: tuple[Place, ...]

    @property
    def title(self) -> str:
        """The column's heading."""
        return COLUMNS[self.column]

    @property
    def overdue(self) -> tuple[Place, ...]:
        """What is late."""
        return tuple(each for each in self.places if each.state == "overdue")


@dataclass(frozen=True, slots=True)
class _View:
    """What one agency knows of a case on a day."""

    case: Case
    duties: Sequence[Obligation]
    agency: AgencyState
    me: str
    on: date
    column: str

    def party(self, party: str) -> str | None:
        """The agency in a party's role."""
        return self.case.party(_PARTIES[party]) if party in _PARTIES else None

    @property
    def role(self) -> str:
        """The party that asks, or nothing for a billing desk."""
        return _ROLES.get(self.case.parties.get(self.me, ""), "")


def matrix(case: Case, duties: Sequence[Obligation], agency: AgencyState, me: str, on: date) -> Matrix:
    """The matrix of a case as ``me`` knows it on ``on``, in the order of the document (T-06 to T-35, T-51)."""
    view = _View(case, duties, agency, me, on, column_of(case, on))
    table = document_table(case, on)
    places = [_place(view, row, table) for row in table]
    spoken_of = [each for each in duties if any(row.speaks_of(each.row) for row in table)]
    rest = [_duty_alone(view, each) for each in duties if each.open and each not in spoken_of and table]
    return Matrix(view.column, on, (*places, *rest))


def process_title(process: str) -> str:
    """Heading of a process, and of what belongs to none."""
    return PROCESSES.get(process, "その他の義務")


def _place(view: _View, row: DocumentRow, table: Sequence[DocumentRow]) -> Place:
    cell = row.cells.get(view.column)
    if cell is None:
        return _left_over(view, row)
    for stands in (_owed, _done, _void, _blocked, _unseen):
        found = stands(view, row, cell, table)
        if found is not None:
            return _with_done(view, row, cell, table, found)
    later = f"「{TIMES[cell.made]}」のもので、まだそのときではない"
    return _put(row, "not_required", cell.rule, later, assumed=cell.assumed)


def _with_done(
    view: _View, row: DocumentRow, cell: Cell, table: Sequence[DocumentRow], found: Place
) -> Place:
    """What is still owed, with what was done already: the duty that follows never hides a document that is there."""
    if found.state not in ("due", "overdue"):
        return found
    done = _done(view, row, cell, table)
    if done is None or done.state != "done":
        return found
    return replace(found, before=Done(done.on, done.event, done.reason))


def _rule(row: DocumentRow, duty: Obligation) -> str:
    """The rule of a duty that stands in the same document as the row: another ward's is none of this case's."""
    return next((each for each in duty.rules if each[:2] == row.rule[:2]), row.rule)


def _put(
    row: DocumentRow,
    state: State,
    rule: str,
    reason: str,
    on: date | None = None,
    event: UUID | None = None,
    assumed: bool = False,
) -> Place:
    return Place(
        row.process, row.code, row.title, row.starred, state, on, event, rule, f"{reason}。", assumed
    )


def _left_over(view: _View, row: DocumentRow) -> Place:
    """What this track does not ask for; what was owed before the track changed is still owed."""
    still = [each for cell in row.cells.values() for each in _duties(view, row, cell) if each.open]
    if still:
        return _put_owed(view, row, still)
    return _put(row, "not_required", row.rule, f"{COLUMNS[view.column]}では求められていない")


# --- owed ---


def _owed(view: _View, row: DocumentRow, cell: Cell, table: Sequence[DocumentRow]) -> Place | None:
    """What somebody still owes about this document: what is late first, then what is due first.

    What has no date yet and can't be done before something else says so.
    """
    still = [each for each in _duties(view, row, cell) if each.open]
    if not still:
        return _to_hand_over(view, row, cell)
    blocked = _blocked(view, row, cell, table) if all(each.due is None for each in still) else None
    return blocked or _put_owed(view, row, still, cell.assumed)


def _put_owed(view: _View, row: DocumentRow, still: Sequence[Obligation], assumed: bool = False) -> Place:
    first = min(still, key=lambda each: (each.state != "overdue", each.due or date.max))
    return _put(
        row,
        "overdue" if first.state == "overdue" else "due",
        _rule(row, first),
        _sentence(view, first, len({id(each) for each in still})),
        first.due,
        assumed=first.assumed or assumed,
    )


def _duties(view: _View, row: DocumentRow, cell: Cell) -> list[Obligation]:
    """The obligations that speak of this document; a notification's only where its own filer is concerned."""
    writers = {view.party(each) for each in cell.writers}
    return [
        each
        for each in view.duties
        if row.speaks_of(each.row)
        and (row.process != "notification" or writers & {each.debtor, each.creditor})
    ]


def _sentence(view: _View, duty: Obligation, number: int) -> str:
    who = "本人" if duty.debtor == "person" else view.agency.name_of(duty.debtor)
    when = "" if duty.due else f"（{due_text(duty)}）"
    month = f"{month_text(duty.period)}分: " if duty.period else ""
    more = f"（ほか{number - 1}件）" if number > 1 else ""
    return f"{who}が行う。{month}{duty.title}{when}{more}"


def _to_hand_over(view: _View, row: DocumentRow, cell: Cell) -> Place | None:
    """Made in this track and not yet with a party that the table gives it to at once."""
    made = _newest(view, row.code, cell)
    if made is None or column_of(view.case, made.made_on) != view.column:
        return None
    for handing in cell.handed:
        receiver = view.party(handing.to)
        if (
            receiver is None
            or handing.when not in _AT_ONCE
            or receiver == made.author
            or made.held_by(receiver)
        ):
            continue
        reason = f"{day_text(made.made_on)}に作成。{WRITERS[handing.to]}にまだ渡していない"
        return _put(row, "due", cell.rule, reason, assumed=cell.assumed)
    return None


# --- done ---


def _done(view: _View, row: DocumentRow, cell: Cell, table: Sequence[DocumentRow]) -> Place | None:
    made = _newest(view, row.code, cell)
    if made is not None and (lacking := _lacking(view, row, cell)):
        reason = f"{'・'.join(WRITERS[each] for each in lacking)}のものがまだない"
        return _put(row, "due", cell.rule, reason, assumed=cell.assumed)
    if made is not None:
        where = view.agency.name_of(made.original_at)
        moved = f"{day_text(made.since)}から" if made.since > made.made_on else ""
        reason = f"原本は{moved}{where}"
        return _put(row, "done", cell.rule, reason, made.made_on, made.events[0], assumed=cell.assumed)
    other = _OTHERWISE.get(row.code)
    known = other(view) if other else None
    if known is not None:
        return _put(row, "done", cell.rule, known[1], known[0], assumed=cell.assumed)
    fulfilled = [each for each in _duties(view, row, cell) if each.done_on is not None]
    if fulfilled:
        last = max(fulfilled, key=lambda each: each.done_on or date.min)
        event = UUID(last.done_by) if last.done_by else None
        return _put(row, "done", _rule(row, last), last.title, last.done_on, event, assumed=cell.assumed)
    return None


def _lacking(view: _View, row: DocumentRow, cell: Cell) -> list[str]:
    """The writers whose own is not there, where each makes one under a simultaneous contract (T-10, T-11)."""
    if not cell.each or view.case.simultaneous.agreed_on is None:
        return []
    there = {each.author for each in view.case.documents if each.row == row.code and each.made_on <= view.on}
    return [each for each in cell.writers if view.party(each) not in there]


def _newest(view: _View, code: str, cell: Cell) -> Document | None:
    """The newest document of a row, of those made by then; one of who writes it in this track goes before others."""
    writers = {view.party(each) for each in cell.writers}
    found = [each for each in view.case.documents if each.row == code and each.made_on <= view.on]
    return max(found, key=lambda each: (each.author in writers, each.last, each.version or 0), default=None)


Known = tuple[date, str] | None


def _entrustment_contract(view: _View) -> Known:
    case = view.case
    found = view.agency.entrustment_contract(case.centre or "", case.office or "", view.on)
    if found is not None:
        return found.signed_on, "委託契約は有効"
    entrustment = case.entrustment(view.on, view.on)
    return (entrustment.starts_on, "この日からの委託の記録がある") if entrustment else None


def _designation(view: _View) -> Known:
    office, insurer = view.case.office or "", view.case.insurer
    days = [
        each.designated_from
        for each in view.agency.designations
        if (each.agency, each.insurer) == (office, insurer) and each.designated_from <= view.on
    ]
    return (max(days), "この日から指定を受けている") if days else None


def _arrangement(view: _View) -> Known:
    agreed = view.case.simultaneous.agreed_on
    return (agreed, "包括が同時契約を承諾した") if agreed else None


def _originals(view: _View) -> Known:
    days = [each.originals_returned_on for each in view.case.entrustments if each.originals_returned_on]
    return (max(days), "委託の間の原本はすべて包括に返却した") if days else None


_OTHERWISE: Final[Mapping[str, Callable[[_View], Known]]] = {
    "entrustment_contract": _entrustment_contract,
    "designation": _designation,
    "arrangement": _arrangement,
    "originals": _originals,
}
"""What is done without being a document of the case: how to know it."""


# --- not done ---


def _void(view: _View, row: DocumentRow, cell: Cell, table: Sequence[DocumentRow]) -> Place | None:
    """What the end of the person's support or their erasure made unnecessary, or a switch that never took effect."""
    void = [each for each in _duties(view, row, cell) if each.void_by is not None]
    if not void:
        return None
    over = UUID(void[-1].void_by) if void[-1].void_by else None
    why = "支援の終了により不要" if view.case.support_end else "始まらなかった変更のものなので不要"
    why = DUTY_STATES["erased"] if void[-1].state == "erased" else why
    return _put(row, "not_required", _rule(row, void[-1]), why, None, over, cell.assumed)


def _blocked(view: _View, row: DocumentRow, cell: Cell, table: Sequence[DocumentRow]) -> Place | None:
    """What law or a contract wants first is not there."""
    for needed in (each for code in row.needs for each in table if each.code == code):
        first = needed.cells.get(view.column)
        if first is None or _done(view, needed, first, table) or _hidden(view, first):
            continue
        return _put(row, "blocked", first.rule, f"先に{needed.title}が要る", assumed=first.assumed)
    return None


def _unseen(view: _View, row: DocumentRow, cell: Cell, table: Sequence[DocumentRow]) -> Place | None:
    if not _hidden(view, cell):
        return None
    writer = next((each for each in cell.writers if each in _PARTIES), cell.original)
    reason = f"{WRITERS[writer]}が扱い、ここには届かない"
    return _put(row, "unseen", cell.rule, reason, assumed=cell.assumed)


def _hidden(view: _View, cell: Cell) -> bool:
    """Whether nothing of it comes here: not made, not kept and not received by the agency that asks."""
    return view.role not in cell.writers and view.role != cell.original and cell.goes_to(view.role) is None


def _duty_alone(view: _View, duty: Obligation) -> Place:
    state: State = "overdue" if duty.state == "overdue" else "due"
    reason = f"{_sentence(view, duty, 1)}。"
    return Place(
        OTHER, duty.row, duty.title, False, state, duty.due, None, duty.rules[0], reason, duty.assumed
    )
