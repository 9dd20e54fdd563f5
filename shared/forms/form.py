"""What a form is, and what it is to print one."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from shared.care.documents import Document
from shared.forms.matter import Matter

Fields = Mapping[str, Any]
"""What stands on a form, by the names that its template knows: texts, flags, numbers, lists and groups of these."""


@dataclass(frozen=True, slots=True)
class Printout:
    """One thing of a case for which a form can be printed.

    ``of`` tells it from the others of the same form and holds nothing personal; ``document`` is the document of the
    ledger whose content it is, None where the ledger has none (yet).
    """

    form: str
    of: str
    title: str
    dated: date | None = None
    document: Document | None = None


@dataclass(frozen=True, slots=True)
class Form:
    """An official form (様式): ``printouts`` finds what it can be printed for, oldest first, ``fields`` fills it in."""

    name: str
    title: str
    template: str
    printouts: Callable[[Matter], Sequence[Printout]]
    fields: Callable[[Matter, Printout], Fields]
