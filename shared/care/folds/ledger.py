"""What every fold of a document does with the ledger: make one, change some, give copies."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import lru_cache, partial
from typing import Final

from shared.care.documents import Copy, Document, Key
from shared.care.state import Case
from shared.eventlog.model import Event
from shared.policy.dates import Month


@lru_cache(maxsize=1000)
def days_of(month: str) -> tuple[date, date]:
    of = Month.parse(month)
    return of.first, of.last


def made_by_sender(
    event: Event,
    kind: str,
    on: date,
    *,
    month: str | None = None,
    number: str | None = None,
    version: int | None = None,
    copies: tuple[Copy, ...] = (),
    signed_by: str | None = None,
    simultaneous: bool = False,
    original_at: str | None = None,
    since: date | None = None,
) -> Document:
    """A document that its sender made and keeps."""
    first, last = days_of(month) if month else (on, on)
    place = event.sender, (event.id,), original_at or event.sender, since or on
    return _DOCUMENT(
        (kind, on, first, last, *place, month, number, version, copies, signed_by, simultaneous, None, ())
    )


_DOCUMENT: Final = partial(tuple.__new__, Document)
"""``Document`` of all its parts, in a third of the time."""


def changed(case: Case, event: Event, keys: Iterable[Key], change: Callable[[Document], Document]) -> Case:
    """The case with a change to the documents with these keys; each that did change remembers the event."""
    ledger, moved = case.ledger_to_change(), False
    for key in keys:
        before = ledger[key]
        after = change(before)
        if after != before:
            known = event.id in after.events
            ledger[key] = after if known else after.but(events=(*after.events, event.id))
            moved = moved or after.key != key
    return case.but(ledger={each.key: each for each in ledger.values()} if moved else ledger)


def keys_where(case: Case, which: Callable[[Document], bool]) -> list[Key]:
    return [key for key, each in case.ledger.items() if which(each)]


def with_copies(case: Case, event: Event, made: Sequence[Document], holder: str, on: date) -> Case:
    """The ledger with these, and with copies of them at ``holder``."""
    keys = [each.key for each in made]
    return changed(case.with_documents(*made), event, keys, lambda each: each.copied_to(holder, on))
