"""A long list in pages of fifty, and as a file that a spreadsheet opens."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from flask import Response, stream_with_context

Row = TypeVar("Row")

PAGE: Final = 50
"""Rows on one page."""
_PART: Final = 100
"""Rows of a file that are read at once."""
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
    return read_page(len(rows), lambda after, most: rows[after : after + most], asked, most)


def read_page(
    count: int, read: Callable[[int, int], Sequence[Row]], asked: str, most: int = PAGE
) -> Paged[Row]:
    """Like :func:`paged` of ``count`` rows, of which only those of the page are read: ``read(after, most)``."""
    of = max(1, -(-count // most))
    number = min(of, max(1, int(asked))) if asked.isdecimal() and len(asked) < 10 else 1
    return Paged(read((number - 1) * most, most), number, of, count)


def csv_answer(name: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """A list as a CSV file ``name``.csv: UTF-8 with a BOM, as Japanese spreadsheets open it; empty where None.

    It is sent while ``rows`` are read, so the browser shows how far it is, and whoever stops it stops the reading.
    """
    answer = Response(stream_with_context(_written(header, rows)), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def in_parts(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    """The rows of a long list, as many at once as one look at names and one entry in the access log are good for."""
    return (rows[first : first + _PART] for first in range(0, len(rows), _PART))


def _written(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    out = io.StringIO()
    writer = csv.writer(out)
    out.write("\ufeff")
    writer.writerow(header)
    for number, row in enumerate(rows, 1):
        writer.writerow([_cell(each) for each in row])
        if number % _PART == 0:
            yield out.getvalue()
            out.seek(0)
            out.truncate()
    yield out.getvalue()


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
