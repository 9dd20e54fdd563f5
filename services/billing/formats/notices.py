"""What the federation sends back: the list of returned and held claims (7411), what it decided to pay (7521, 7551).

Only read, never written. The interface of the federations is not public: the order of the items is the one that public
programs read (``assumed`` in ``layouts.yaml``).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from services.billing.formats.frame import ReadFile, Record, read_frame
from services.billing.formats.layout import Problem, Unreadable
from shared.policy.dates import Month

RETURNS: Final = "741"
DECISIONS: Final = ("752", "755")
DATA_KINDS: Final = (RETURNS, *DECISIONS)

TWICE: Final = ("ANN2", "ANN4")
"""Error codes that say that the claim was claimed before."""
CAUSES: Final = {"A": "data", "B": "person", "C": "slip"}
"""事由 → why a claim is returned: 一次エラー, 資格エラー, 給付管理票との突合不一致."""
HELD: Final = "保留"
SLIP: Final = "給"


@dataclass(frozen=True, slots=True)
class Notice:
    """One returned claim or slip; ``held`` where it waits at the federation (保留) and is not returned."""

    line: int
    office: str
    on: date
    insured_number: str
    service_month: Month
    service: str | None
    of_slip: bool
    held: bool
    reason_code: str
    note: str | None


@dataclass(frozen=True, slots=True)
class Paid:
    """What was decided of one insurer's claims of one service month and kind: how many, units and yen."""

    line: int
    office: str
    on: date
    examination_month: Month
    insurer: str
    service_month: Month
    service: str
    claims: int
    units: int
    yen: int


def is_notice(content: bytes) -> bool:
    """Whether a file begins as the federation's do, with a control record of one of these kinds."""
    cells = content[:200].split(b"\n")[0].decode("ascii", "replace").split(",")
    return len(cells) > 4 and cells[4].strip().strip('"') in DATA_KINDS


def read_notices(content: bytes) -> tuple[tuple[Notice, ...], tuple[Paid, ...]]:
    """What a file says; one of the two is empty.

    :raises Unreadable: anything is wrong in it; nothing of it counts.
    """
    found = read_frame(content, DATA_KINDS, _named)
    if found.header.data_kind == RETURNS:
        return tuple(_notice(header, each) for header, each in _details(found, "7411")), ()
    return (), tuple(_paid(header, each) for header, each in _details(found, "7521"))


def _named(cells: Sequence[str]) -> str:
    """The layout of a record by its identification number and its place in the list (H1, D1, T1 to T3)."""
    number = cells[0].strip() if cells else ""
    place = cells[1].strip() if len(cells) > 1 else ""
    known = {"7411": "7411", "7521": "7521", "7551": "7521"}.get(number, number)
    return f"{known}-{'T' if place[:1] == 'T' and known == '7521' else place}"


def _details(found: ReadFile, number: str) -> list[tuple[Record, Record]]:
    """Each detail with the header that it stands under.

    :raises Unreadable: a detail stands before any header, or records of the other list are among them.
    """
    header: Record | None = None
    details, problems = list[tuple[Record, Record]](), list[Problem]()
    for each in found.records:
        if not each.layout.startswith(number):
            problems.append(each.problem("id", each.values["id"], f"「{number}」の一覧だけのファイル"))
        elif each.layout.endswith("H1"):
            header = each
        elif each.layout.endswith("D1"):
            if header is None:
                problems.append(each.problem("kind", "D1", "明細の前にヘッダー（H1）"))
            else:
                details.append((header, each))
    if problems:
        raise Unreadable(problems)
    return details


def _notice(header: Record, detail: Record) -> Notice:
    values: dict[str, Any] = dict(detail.values)
    content = values["content"] or ""
    cause = "twice" if content.startswith(TWICE) else CAUSES.get(values["cause"].strip().upper(), "other")
    return Notice(
        detail.line,
        str(header.values["office"]),
        _day(header),
        values["insured_number"],
        values["service_month"],
        values["service"],
        of_slip=values["document"].startswith(SLIP),
        held=HELD in (values["note"] or ""),
        reason_code=cause,
        note="　".join(each for each in (values["cause"], content, values["note"]) if each) or None,
    )


def _paid(header: Record, detail: Record) -> Paid:
    values: dict[str, Any] = dict(detail.values)
    examined = header.values["examination_month"]
    assert isinstance(examined, Month)
    return Paid(
        detail.line,
        str(header.values["office"]),
        _day(header),
        examined,
        values["insurer"],
        values["service_month"],
        values["service"],
        values["claims"],
        values["units"],
        values["paid"],
    )


def _day(header: Record) -> date:
    made_on = header.values["made_on"]
    assert isinstance(made_on, date)
    return made_on
