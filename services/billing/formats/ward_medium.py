"""ケアマネジメント費の請求データ on a medium to the ward: claims and cancellations in one file (A-Q33, A-Q53).

The layout is our own, because that of the program which Adachi's manual names is not published.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from services.billing.formats import agreement, published
from services.billing.formats.frame import Header, Record, Written, read_frame, write_frame
from services.billing.formats.layout import Problem, Unreadable, Unwritable, layouts
from services.billing.formats.text import Replaced, cleaned, shortened
from shared.policy.dates import Month

DATA_KIND: Final = "WAR"
LAYOUT: Final = "WARD"
CLAIM, CANCELLATION = "1", "2"


@dataclass(frozen=True, slots=True)
class MediumRow:
    """One row: a claim, or the cancellation of one. ``unit_price`` is in hundredths of a yen.

    ``cost_code`` is None where the ward has published none for the amount. The shares are None without an entrustment.
    """

    kind: str
    service_month: Month
    insurer: str
    office: str
    insured_number: str
    kana: str
    birth_date: date
    sex: str
    status: str
    cost_code: str | None
    units: int
    unit_price: int
    yen: int
    entrusted_office: str | None
    office_yen: int | None
    centre_yen: int | None
    notified_on: date

    @property
    def key(self) -> tuple[str, str, str, Month]:
        """A person's month is claimed once, and taken back once."""
        return (self.kind, self.insurer, self.insured_number, self.service_month)


def write(rows: Sequence[MediumRow], header: Header) -> Written:
    """The one file of a month: what takes back first, then what is claimed (A-Q53).

    :raises Unwritable: a value that its item can't hold, sums that do not agree, or a person's month twice.
    """
    seen: set[tuple[str, str, str, Month]] = set()
    replaced: list[Replaced] = []
    records = []
    for each in sorted(rows, key=lambda row: row.kind != CANCELLATION):
        problem = _wrong(each)
        if problem is None and each.key in seen:
            problem = _of(each, "insured_number", each.insured_number, "1人1か月に1件だけ")
        if problem is not None:
            raise Unwritable(problem)
        seen.add(each.key)
        kana, characters = cleaned(each.kana)
        replaced += [Replaced(each.insured_number, "カナ氏名", character) for character in characters]
        records.append(_record(replace(each, kana=shortened(kana, 25))))
    return write_frame(header, records, replaced)


def _wrong(row: MediumRow) -> Problem | None:
    if row.yen != row.units * row.unit_price // 100:
        return _of(
            row, "yen", str(row.yen), f"単位数×単価の1円未満切り捨て（{row.units * row.unit_price // 100}）"
        )
    shares = (row.office_yen, row.centre_yen)
    if row.entrusted_office is None and shares != (None, None):
        return _of(row, "office_yen", str(row.office_yen), "委託のない月には空欄")
    if row.entrusted_office is not None and sum(each or 0 for each in shares) != row.yen:
        return _of(row, "office_yen", f"{row.office_yen}＋{row.centre_yen}", f"合わせて請求額（{row.yen}）")
    return None


def _of(row: MediumRow, key: str, value: str, expected: str) -> Problem:
    item = next(each for each in layouts()[LAYOUT].items if each.key == key)
    return Problem(
        0, f"{LAYOUT}（{row.insured_number} {row.service_month}）", item.number, item.title, value, expected
    )


def _record(row: MediumRow) -> Record:
    return Record(LAYOUT, {name: getattr(row, name) for name in MediumRow.__dataclass_fields__})


@dataclass(frozen=True, slots=True)
class MediumFile:
    """What a medium's file holds."""

    header: Header
    rows: tuple[MediumRow, ...]


def read(content: bytes) -> MediumFile:
    """Read such a file.

    :raises Unreadable: an item is wrong, sums or shares do not agree, code and units do not belong
        together, or a person's month stands there twice.
    """
    found = read_frame(content, (DATA_KIND,), lambda cells: cells[0].strip() if cells else "")
    rows, problems, seen = [], agreement.with_control(found), set()
    for each in found.records:
        values: Any = each.values
        row = MediumRow(**{name: values[name] for name in MediumRow.__dataclass_fields__})
        wrong = _wrong(row)
        if wrong is None and row.key in seen:
            wrong = each.problem("insured_number", row.insured_number, "1人1か月に1件だけ")
        seen.add(row.key)
        problems += [*agreement.of_dates(each), *published.of_medium(each)]
        if wrong is not None:
            problems.append(replace(wrong, line=each.line, record=LAYOUT))
        rows.append(row)
    if problems:
        raise Unreadable(problems)
    return MediumFile(found.header, tuple(rows))
