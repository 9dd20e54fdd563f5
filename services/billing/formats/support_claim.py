"""介護予防支援費の請求: 7111 (cover) with 8125 (one detail a person and month)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from services.billing.formats import agreement, published
from services.billing.formats.codes import DESIGNATED, only_public
from services.billing.formats.covered import ClaimLine, MonthsClaim, read_covered, write_covered
from services.billing.formats.frame import Header, Record, Written
from services.billing.formats.layout import Problem
from shared.policy.dates import Month

DATA_KIND: Final = "711"
COVER: Final = "7111"
DETAIL: Final = "8125"
"""The record id of a detail (decision 2)."""
OTHER_DETAIL: Final = "8124"
"""Another program writes the detail under this id; it is read as ours."""
LAST_ROW: Final = "99"


@dataclass(frozen=True, slots=True)
class SupportClaim(MonthsClaim):
    """One person's claim of a month. ``unit_price`` is in hundredths of a yen; ``insurer`` has six digits here."""

    office: str
    service_month: Month
    insurer: str
    unit_price: int
    insured_number: str
    birth_date: date
    sex: str
    status: str
    certified_from: date
    certified_to: date
    notified_on: date | None
    lines: tuple[ClaimLine, ...]
    yen: int
    payer: str | None = None
    recipient: str | None = None
    care_manager: str | None = None


_ALIKE: Final = (
    "office_kind",
    "unit_price",
    "payer",
    "recipient",
    "birth_date",
    "sex",
    "status",
    "certified_from",
    "certified_to",
    "notified_on",
)
"""Items that every line of a claim repeats."""


def write(claims: Sequence[SupportClaim], header: Header) -> Written:
    """The file of these claims, covers first.

    :raises Unwritable: a value that its item can't hold, yen that are not units times price, a month claimed twice,
        or no date of the notification (needed of everybody but those whom public assistance alone pays for).
    """
    return write_covered(header, COVER, claims, _wrong, _twice, records_of)


def records_of(claim: SupportClaim) -> list[Record]:
    """The data records of one claim; the last line is the 99th and holds the totals."""
    shared: dict[str, Any] = {
        "office": claim.office,
        "office_kind": DESIGNATED,
        "service_month": claim.service_month,
        "insurer": claim.insurer,
        "unit_price": claim.unit_price,
        "insured_number": claim.insured_number,
        "payer": claim.payer,
        "recipient": claim.recipient,
        "birth_date": claim.birth_date,
        "sex": claim.sex,
        "status": claim.status,
        "certified_from": claim.certified_from,
        "certified_to": claim.certified_to,
        "notified_on": claim.notified_on,
    }
    records = []
    for number, each in enumerate(claim.lines, start=1):
        last = number == len(claim.lines)
        line: dict[str, Any] = {
            "row": LAST_ROW if last else f"{number:02d}",
            "service_code": each.code,
            "units": each.units,
            "times": each.times,
            "service_units": each.units * each.times,
        }
        totals: dict[str, Any] = (
            {"total_units": claim.total_units, "yen": claim.yen, "care_manager": claim.care_manager}
            if last
            else {}
        )
        records.append(Record(DETAIL, {**shared, **line, **totals}))
    return records


def _wrong(claim: SupportClaim) -> Problem | None:
    if not claim.lines or len(claim.lines) > 98:
        return _of(claim, 16, "明細行番号", f"{len(claim.lines)}行", "1行から98行まで")
    expected = claim.total_units * claim.unit_price // 100
    if claim.yen != expected:
        return _of(claim, 22, "請求金額", str(claim.yen), f"単位数×単価の1円未満切り捨て（{expected}）")
    if claim.notified_on is None and not only_public(claim.insured_number):
        return _of(claim, 15, "居宅サービス計画作成依頼届出年月日", "", "届出書の届出年月日")
    if only_public(claim.insured_number) and (claim.payer is None or claim.recipient is None):
        return _of(claim, 8, "公費負担者番号・公費受給者番号", "", "生活保護の番号")
    return None


def _twice(claim: SupportClaim) -> Problem:
    return _of(claim, 7, "被保険者番号", claim.insured_number, "1人1か月に1件だけ")


def _of(claim: SupportClaim, item: int, title: str, value: str, expected: str) -> Problem:
    return Problem(
        0, f"{DETAIL}（{claim.insured_number} {claim.service_month}）", item, title, value, expected
    )


@dataclass(frozen=True, slots=True)
class SupportClaimFile:
    """What a file of claims holds."""

    header: Header
    claims: tuple[SupportClaim, ...]


def read(content: bytes) -> SupportClaimFile:
    """Read a file of claims, also one that another program wrote.

    :raises Unreadable: an item is wrong, sums do not agree, lines disagree, a code's units are others,
        what :func:`write` needs lacks, or a person's month is claimed twice.
    """
    header, claims = read_covered(
        content, DATA_KIND, _named, COVER, lambda layout: layout == DETAIL, _misread, _claim
    )
    return SupportClaimFile(header, claims)


def _named(cells: Sequence[str]) -> str:
    name = cells[0].strip() if cells else ""
    return DETAIL if name == OTHER_DETAIL else name


def _misread(records: Sequence[Record]) -> list[Problem]:
    last = records[-1]
    expected = [*(f"{number:02d}" for number in range(1, len(records))), LAST_ROW]
    for record, wanted in zip(records, expected, strict=True):
        if record.values["row"] != wanted:
            return [
                record.problem(
                    "row", record.values["row"], f"1人1か月に1件で、この行は「{wanted}」（最後の行は99）"
                )
            ]
    problems = [*agreement.of_person(records, _ALIKE), *agreement.of_dates(last)]
    for each in records:
        problems += published.of_line(each)
        values: Any = each.values
        if values["units"] * values["times"] != values["service_units"]:
            expected_units = f"単位数×回数（{values['units'] * values['times']}）"
            problems.append(each.problem("service_units", values["service_units"], expected_units))
    values = last.values
    units = sum(_units(each) for each in records)
    if values["total_units"] != units:
        problems.append(last.problem("total_units", values["total_units"], f"明細の合計（{units}）"))
    price: Any = values["unit_price"]
    if values["yen"] != units * price // 100:
        problems.append(
            last.problem("yen", values["yen"], f"単位数×単価の1円未満切り捨て（{units * price // 100}）")
        )
    unwritable = None if problems else _wrong(_claim(records))
    return [replace(unwritable, line=last.line, record=DETAIL)] if unwritable is not None else problems


def _units(record: Record) -> int:
    units: Any = record.values["service_units"]
    return int(units)


def _claim(records: Sequence[Record]) -> SupportClaim:
    values: Any = records[-1].values
    rows: Any = [each.values for each in records]
    return SupportClaim(
        office=values["office"],
        service_month=values["service_month"],
        insurer=values["insurer"],
        unit_price=values["unit_price"],
        insured_number=values["insured_number"],
        birth_date=values["birth_date"],
        sex=values["sex"],
        status=values["status"],
        certified_from=values["certified_from"],
        certified_to=values["certified_to"],
        notified_on=values["notified_on"],
        lines=tuple(ClaimLine(each["service_code"], each["units"], each["times"]) for each in rows),
        yen=values["yen"],
        payer=values["payer"],
        recipient=values["recipient"],
        care_manager=values["care_manager"],
    )
