"""A long list in pages of fifty, and as a file that a spreadsheet opens."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from flask import Response

Row = TypeVar("Row")

PAGE: Final = 50
"""Rows on one page."""
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
"""How text begins that a spreadsheet would work out instead of showing."""


@dataclass(frozen=True, slots=True)
class Paged(Generic[Row]):
    """One page of a list: ``number`` counts from 1, ``of`` is the last, ``all`` counts every row."""

    rows: Sequence[Row]
    number: int
    of: int
    all: int


def paged(rows: Sequence[Row], asked: str, most: int = PAGE) -> Paged[Row]:
    """The page of that number; the nearest there is for any other text."""
    of = max(1, -(-len(rows) // most))
    number = min(of, max(1, int(asked))) if asked.isdecimal() and len(asked) < 10 else 1
    return Paged(rows[(number - 1) * most : number * most], number, of, len(rows))


def csv_answer(name: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """A list as a CSV file ``name``.csv: UTF-8 with a BOM, as Japanese spreadsheets open it; empty where None."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(header)
    for row in rows:
        writer.writerow([_cell(each) for each in row])
    answer = Response("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
