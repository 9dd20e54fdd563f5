"""給付管理票情報 8222: one slip a person and month, its rows of services and their total (T-33R, T-33N, A-Q36)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from services.billing.formats import agreement, published
from services.billing.formats.frame import Header, Record, Written, read_frame, write_frame
from services.billing.formats.layout import Problem, Unreadable, Unwritable
from shared.policy.dates import Month

DATA_KIND: Final = "821"
LAYOUT: Final = "8222"
TOTAL_ROW: Final = "99"
MOST_ROWS: Final = 98
CATEGORY: Final = "3"
"""給付管理票種別区分: 居宅サービス."""
CANCELLED: Final = "3"
"""作成区分 of a slip that takes an earlier one back."""


@dataclass(frozen=True, slots=True)
class SlipRow:
    """One service of a slip; ``provider_kind`` is item 18."""

    provider: str
    provider_kind: str
    service: str
    units: int


@dataclass(frozen=True, slots=True)
class Slip:
    """A benefit slip. ``status``, ``sex`` and ``kind`` are coded as the record codes them; ``limit`` is in units."""

    service_month: Month
    insurer: str
    office: str
    kind: str
    made_on: date
    insured_number: str
    birth_date: date
    sex: str
    status: str
    limit_from: Month
    limit_to: Month | None
    limit: int
    planner: str
    rows: tuple[SlipRow, ...]
    care_manager: str | None = None
    entrusted_office: str | None = None
    entrusted_care_manager: str | None = None

    @property
    def total(self) -> int:
        """The sum of the rows: what the last row states."""
        return sum(each.units for each in self.rows)

    @property
    def key(self) -> tuple[str, str, Month]:
        """A person has one slip a month."""
        return (self.insurer, self.insured_number, self.service_month)


def write(slips: Sequence[Slip], header: Header) -> Written:
    """The file of these slips, in the order given.

    :raises Unwritable: a value that its item can't hold, no row or more than 98, or a person's month twice.
    """
    seen: set[tuple[str, str, Month]] = set()
    records: list[Record] = []
    for slip in slips:
        if slip.key in seen:
            raise Unwritable(_of(slip, 9, "被保険者番号", slip.insured_number, "1人1か月に1件だけ"))
        seen.add(slip.key)
        records += records_of(slip)
    return write_frame(header, records)


def records_of(slip: Slip) -> list[Record]:
    """The data records of one slip, the total last.

    :raises Unwritable: no row or more than 98.
    """
    if not 1 <= len(slip.rows) <= MOST_ROWS:
        raise Unwritable(_of(slip, 8, "明細行番号", f"{len(slip.rows)}行", "1行から98行まで"))
    shared: dict[str, Any] = {
        "service_month": slip.service_month,
        "insurer": slip.insurer,
        "office": slip.office,
        "kind": slip.kind,
        "made_on": slip.made_on,
        "category": CATEGORY,
        "insured_number": slip.insured_number,
        "birth_date": slip.birth_date,
        "sex": slip.sex,
        "status": slip.status,
        "limit_from": slip.limit_from,
        "limit_to": slip.limit_to,
        "planner": slip.planner,
    }
    rows = [
        Record(
            LAYOUT,
            {
                **shared,
                "row": f"{number:02d}",
                "provider": each.provider,
                "provider_kind": each.provider_kind,
                "service": each.service,
                "units": each.units,
            },
        )
        for number, each in enumerate(slip.rows, start=1)
    ]
    last: dict[str, Any] = {
        **shared,
        "row": TOTAL_ROW,
        "limit": slip.limit,
        "total": slip.total,
        "care_manager": slip.care_manager,
        "entrusted_office": slip.entrusted_office,
        "entrusted_care_manager": slip.entrusted_care_manager,
    }
    return [*rows, Record(LAYOUT, last)]


_ALIKE: Final = (
    "office",
    "kind",
    "made_on",
    "category",
    "birth_date",
    "sex",
    "status",
    "limit_from",
    "limit_to",
    "planner",
)
"""Items that every row of a slip repeats."""


def _of(slip: Slip, item: int, title: str, value: str, expected: str) -> Problem:
    return Problem(0, f"{LAYOUT}（{slip.insured_number} {slip.service_month}）", item, title, value, expected)


@dataclass(frozen=True, slots=True)
class SlipFile:
    """What a file of slips holds."""

    header: Header
    slips: tuple[Slip, ...]


def read(content: bytes) -> SlipFile:
    """Read a file of slips, also one that another program wrote.

    :raises Unreadable: an item is wrong, a slip lacks its total row, its rows do not add up or disagree,
        the limit is exceeded, a code is not known, or a person has two.
    """
    found = read_frame(content, (DATA_KIND, "822"), lambda cells: cells[0].strip() if cells else "")
    grouped: dict[tuple[Any, ...], list[Record]] = defaultdict(list)
    for each in found.records:
        grouped[(each.values["insurer"], each.values["insured_number"], each.values["service_month"])].append(
            each
        )
    slips, problems = [], agreement.with_control(found)
    for records in grouped.values():
        wrong = _wrong(records)
        problems += wrong
        if not wrong:
            slips.append(_slip(records))
    if problems:
        raise Unreadable(problems)
    return SlipFile(found.header, tuple(slips))


def _wrong(records: Sequence[Record]) -> list[Problem]:
    last = records[-1]
    numbers = [each.values["row"] for each in records]
    expected = [*(f"{number:02d}" for number in range(1, len(records))), TOTAL_ROW]
    if numbers != expected:
        shown = next(
            record for record, number in zip(records, expected, strict=True) if record.values["row"] != number
        )
        wanted = expected[records.index(shown)]
        return [
            shown.problem("row", shown.values["row"], f"1人1か月に1件で、この行は「{wanted}」（合計行は99）")
        ]
    problems = [*agreement.of_person(records, _ALIKE), *agreement.of_dates(last)]
    problems += [
        each.problem(key, "", "明細行には必要な値")
        for each in records[:-1]
        for key in ("provider", "provider_kind", "service", "units")
        if each.values[key] is None
    ]
    problems += [
        last.problem(key, "", "合計行には必要な値") for key in ("limit", "total") if last.values[key] is None
    ]
    if not problems:
        total = sum(_number(each.values, "units") for each in records[:-1])
        if total != last.values["total"]:
            problems.append(last.problem("total", last.values["total"], f"明細の合計（{total}）"))
        if total > _number(last.values, "limit"):
            enough = f"明細の合計（{total}）以上の限度額（限度額を超える単位は載せない）"
            problems.append(last.problem("limit", last.values["limit"], enough))
        problems += [found for each in records[:-1] for found in published.of_service(each)]
    return problems


def _number(values: Mapping[str, Any], key: str) -> int:
    return int(values[key])


def _slip(records: Sequence[Record]) -> Slip:
    values: Any = records[-1].values
    rows: Any = [each.values for each in records[:-1]]
    return Slip(
        service_month=values["service_month"],
        insurer=values["insurer"][2:],
        office=values["office"],
        kind=values["kind"],
        made_on=values["made_on"],
        insured_number=values["insured_number"],
        birth_date=values["birth_date"],
        sex=values["sex"],
        status=values["status"],
        limit_from=values["limit_from"],
        limit_to=values["limit_to"],
        limit=values["limit"],
        planner=values["planner"],
        rows=tuple(
            SlipRow(each["provider"], each["provider_kind"], each["service"], each["units"]) for each in rows
        ),
        care_manager=values["care_manager"],
        entrusted_office=values["entrusted_office"],
        entrusted_care_manager=values["entrusted_care_manager"],
    )
