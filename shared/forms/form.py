"""What a form is, and what it is to print one."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar

from shared.care.documents import Document

M = TypeVar("M")
"""What a form is made from: a case, or an agency's register."""

Fields = Mapping[str, Any]
"""What stands on a form, by the names that its template knows: texts, flags, numbers, lists and groups of these."""


@dataclass(frozen=True, slots=True)
class Printout:
    """One thing for which a form can be printed.

    ``of`` tells it from the others of the same form and holds nothing personal; ``document`` is the document of the
    ledger whose content it is, None where the ledger has none (yet). ``cases`` are those whose persons a list states.
    """

    form: str
    of: str
    title: str
    dated: date | None = None
    document: Document | None = None
    cases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """Another form's sheets that are bound into a bundle: its template and what stands on it."""

    template: str
    fields: Fields


@dataclass(frozen=True, slots=True)
class Form(Generic[M]):
    """An official form (様式): ``printouts`` finds what it can be printed for, oldest first, ``fields`` fills it in.

    ``parts`` are the sheets of other forms that a bundle holds, in order; its template places them.
    """

    name: str
    title: str
    template: str
    printouts: Callable[[M], Sequence[Printout]]
    fields: Callable[[M, Printout], Fields]
    parts: Callable[[M, Printout], Sequence[Part]] | None = None
