"""What the records of a claim file must have alike, and what must follow what: offices, persons, months, dates."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from services.billing.formats.frame import ReadFile, Record
from services.billing.formats.layout import Problem, layouts
from shared.policy.dates import Month

_ORDERED: Final = (
    ("certified_from", "certified_to"),
    ("limit_from", "limit_to"),
    ("started_on", "ended_on"),
    ("birth_date", "certified_from"),
)
"""Items of one record of which the first is never later than the second."""


def with_control(found: ReadFile) -> list[Problem]:
    """Where a record is of another office than the control record says, or of a month after the examination's."""
    header = found.header
    problems = []
    for each in found.records:
        office, month = each.values["office"], each.values["service_month"]
        if office != header.office:
            expected = f"コントロールレコードの事業所番号（{header.office}）"
            problems.append(each.problem("office", office, expected))
        if isinstance(month, Month) and month > header.examination_month:
            examined = str(header.examination_month)
            expected = f"コントロールレコードの処理対象年月（{examined}）までの月"
            problems.append(each.problem("service_month", month, expected))
    return problems


def of_person(records: Sequence[Record], alike: Sequence[str]) -> list[Problem]:
    """Where records of one person and month differ in the items that they must have ``alike``.

    The first record is what the others are held against; both values are named.
    """
    problems = []
    first = records[0]
    for key in alike:
        for each in records[1:]:
            if each.values[key] != first.values[key]:
                item = next(item for item in layouts()[first.layout].items if item.key == key)
                said = item.shown(first.values[key]) or "空欄"
                expected = f"同じ人の{first.line}行目と同じ値（{said}）"
                problems.append(each.problem(key, each.values[key], expected))
    return problems


def of_dates(record: Record) -> Iterator[Problem]:
    """Where dates of a record stand in the wrong order, or the person is born after the month."""
    values = record.values
    for earlier, later in _ORDERED:
        first, last = values.get(earlier), values.get(later)
        if first is not None and last is not None and _after(first, last):
            title = next(each for each in layouts()[record.layout].items if each.key == earlier)
            expected = f"「{title.title}」（{title.shown(first)}）以後の日"
            yield record.problem(later, last, expected)
    month, born = values.get("service_month"), values.get("birth_date")
    if isinstance(month, Month) and isinstance(born, date) and born > month.last:
        yield record.problem("birth_date", born, f"サービスの月（{month}）より前の日")


def _after(first: object, last: object) -> bool:
    if isinstance(first, Month) and isinstance(last, Month):
        return first > last
    return isinstance(first, date) and isinstance(last, date) and first > last
