"""The documents of a case: what each is, where its original is, who holds copies (書類台帳).

Every record comes from an event: what made the document, what handed it over, what gave it back.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any, Final, NamedTuple
from uuid import UUID

from contracts.codes import ORIGINALS, PROVIDER_DOCUMENTS, RECORDS

PERSON: Final = "person"
"""Who holds a copy and is no agency."""


Key = tuple[str, str | date, str | None, int | None]


class Copy(NamedTuple):
    """Who holds a copy (写し), and since when."""

    holder: str
    since: date


class Attachment(NamedTuple):
    """A file (添付) with the document's content: the SHA-256 in hexadecimal, bytes, what it is, who attached it.

    ``event`` is the event that told of it; it holds the file's name, which is personal.
    """

    digest: str
    size: int
    kind: str
    agency: str
    attached_on: date
    event: UUID


class Document(NamedTuple):
    """One document. A tuple, because a node folds and remembers very many of them.

    ``first`` to ``last`` are the days that it is of: a month for what is made monthly, else the day of making. Its
    month, or ``number`` (of plan, notification or agency) and ``version``, tell it from others of its kind.
    ``original_at`` is the agency that has the original, ``since`` the day on which it came there. ``events`` are those
    that speak of it, first the one that made it known here.
    """

    kind: str
    made_on: date
    first: date
    last: date
    author: str
    events: tuple[UUID, ...]
    original_at: str
    since: date
    month: str | None = None
    number: str | None = None
    version: int | None = None
    copies: tuple[Copy, ...] = ()
    signed_by: str | None = None
    simultaneous: bool = False
    commented_on: date | None = None
    attachments: tuple[Attachment, ...] = ()

    @property
    def row(self) -> str:
        """Its row of the document table: survey and doctor's opinion are one there, and what service offices give."""
        if self.kind in RECORDS:
            return "certification_records"
        return "individual_plan" if self.kind in PROVIDER_DOCUMENTS else self.kind

    @property
    def key(self) -> Key:
        """What tells it from every other document of the case."""
        return self.kind, self.month or self.made_on, self.number, self.version

    def but(self, **changes: Any) -> "Document":
        """The same with some of its parts changed.

        :raises ValueError: a document has no such part.
        """
        return self._replace(**changes)

    def held_by(self, agency: str) -> bool:
        """Whether ``agency`` has the original or a copy."""
        return self.original_at == agency or any(each.holder == agency for each in self.copies)

    def copied_to(self, holder: str, on: date) -> "Document":
        """The same, with a copy at ``holder``; who has the original or a copy already needs no other."""
        return self if self.held_by(holder) else self.but(copies=(*self.copies, Copy(holder, on)))

    def with_file(self, file: Attachment) -> "Document":
        """The same with a file; a content that it has already is not there twice."""
        known = any(each.digest == file.digest for each in self.attachments)
        return self if known else self.but(attachments=(*self.attachments, file))

    def moved_to(self, holder: str, on: date) -> "Document":
        """The same, with the original at ``holder``, whose copy it replaces."""
        kept = tuple(each for each in self.copies if each.holder != holder)
        return self.but(original_at=holder, since=on, copies=kept)


Documents = tuple[Document, ...]


def made_between(documents: Iterable[Document], first: date, last: date) -> Documents:
    """Originals of the care process that are of some day from ``first`` to ``last``."""
    return tuple(
        each for each in documents if each.kind in ORIGINALS and each.first <= last and each.last >= first
    )
