"""The cases that somebody searches for, with names that only this process knows."""

from collections.abc import Sequence
from dataclasses import replace

from shared.console.case_rows import CaseRow
from shared.console.frame import console, names_shown


def case_rows(wanted: str = "") -> Sequence[CaseRow]:
    """The cases whose person's name, kana or number contains ``wanted``, the latest touched first; else all.

    Without names: :func:`with_names` gives them to those that are shown.
    """
    rows = console().case_rows.all()
    if not wanted.strip():
        return rows
    found = set(console().names.search(wanted))
    return [each for each in rows if each.case_id in found]


def with_names(rows: Sequence[CaseRow], what: str) -> list[CaseRow]:
    """The rows with the names of their persons, of whom it is recorded that they are seen in ``what``."""
    names = names_shown((each.case_id for each in rows), what)
    return [replace(each, name=names[each.case_id]) for each in rows]
