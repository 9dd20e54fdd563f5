"""ケアマネジメント費の請求: 7113 (cover) with 8171 (basic, detail and sum records of a person and month).

For insurers that take it over the federation; Tokyo's wards take a data medium instead (A-Q33, A-Q35a, A-Q35b).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from services.billing.formats import agreement
from services.billing.formats.codes import only_public
from services.billing.formats.covered import ClaimLine, MonthsClaim, read_covered, write_covered
from services.billing.formats.frame import Header, Record, Written
from services.billing.formats.layout import Problem
from shared.policy.dates import Month

DATA_KIND: Final = "71R"
COVER: Final = "7113"
BASIC, DETAIL, SUMS = "8171-01", "8171-02", "8171-10"
WHOLE: Final = 100
"""The fee is paid in whole (10割); the person has no share (A-Q20)."""


@dataclass(frozen=True, slots=True)
class CareManagementClaim(MonthsClaim):
    """One person's claim of a month. ``unit_price`` is in hundredths of a yen."""

    office: str
    service_month: Month
    insurer: str
    unit_price: int
    insured_number: str
    birth_date: date
    sex: str
    status: str
    certified_from: date | None
    certified_to: date | None
    lines: tuple[ClaimLine, ...]
    yen: int
    planner: str | None = None
    planning_office: str | None = None
    payer: str | None = None
    recipient: str | None = None


def write(claims: Sequence[CareManagementClaim], header: Header) -> Written:
    """The file of these claims, covers first.

    :raises Unwritable: a value that its item can't hold, yen that are not units times price, or a month claimed twice.
    """
    return write_covered(header, COVER, claims, _wrong, _twice, records_of)


def _wrong(claim: CareManagementClaim) -> Problem | None:
    if not claim.lines or len({each.code[:2] for each in claim.lines}) != 1:
        kinds = "、".join(sorted({each.code[:2] for each in claim.lines}))
        return _of(claim, 7, "サービス種類コード", kinds, "一つのサービス種類の明細")
    expected = claim.total_units * claim.unit_price // 100
    if claim.yen != expected:
        return _of(claim, 34, "請求額", str(claim.yen), f"単位数×単価の1円未満切り捨て（{expected}）")
    if only_public(claim.insured_number) and (claim.payer is None or claim.recipient is None):
        return _of(claim, 7, "公費負担者番号・公費受給者番号", "", "生活保護の番号")
    return None


def _twice(claim: CareManagementClaim) -> Problem:
    return _of(claim, 6, "被保険者番号", claim.insured_number, "1人1か月に1件だけ")


def _of(claim: CareManagementClaim, item: int, title: str, value: str, expected: str) -> Problem:
    return Problem(0, f"8171（{claim.insured_number} {claim.service_month}）", item, title, value, expected)


def records_of(claim: CareManagementClaim) -> list[Record]:
    """The data records of one claim: basic, one a line, sums."""
    named: dict[str, Any] = {
        "service_month": claim.service_month,
        "office": claim.office,
        "insurer": claim.insurer,
        "insured_number": claim.insured_number,
    }
    public = only_public(claim.insured_number)
    return [
        Record(BASIC, {**named, **_basic(claim, public)}),
        *(Record(DETAIL, {**named, **_detail(each, public)}) for each in claim.lines),
        Record(SUMS, {**named, **_sums(claim, public)}),
    ]


def _basic(claim: CareManagementClaim, public: bool) -> dict[str, Any]:
    """The person and who pays: the insurance, or for who is not insured public assistance alone."""
    units, yen = claim.total_units, claim.yen
    return {
        "payer1": claim.payer,
        "recipient1": claim.recipient,
        "birth_date": claim.birth_date,
        "sex": claim.sex,
        "status": claim.status,
        "certified_from": claim.certified_from,
        "certified_to": claim.certified_to,
        "planner": claim.planner,
        "planning_office": claim.planning_office,
        "insurance_rate": 0 if public else WHOLE,
        "insurance_units": 0 if public else units,
        "insurance_yen": 0 if public else yen,
        "insurance_own": 0,
        **({"rate1": WHOLE, "units1": units, "yen1": yen, "own1": 0} if public else {}),
    }


def _detail(line: ClaimLine, public: bool) -> dict[str, Any]:
    units = line.units * line.times
    return {
        "service": line.code[:2],
        "service_item": line.code[2:],
        "units": line.units,
        "times": line.times,
        "service_units": units,
        **({"times1": line.times, "units1": units} if public else {}),
    }


def _sums(claim: CareManagementClaim, public: bool) -> dict[str, Any]:
    units, yen = claim.total_units, claim.yen
    return {
        "service": claim.lines[0].code[:2],
        "unmanaged_units": units,
        "units": 0 if public else units,
        "unit_price": claim.unit_price,
        "yen": 0 if public else yen,
        "own_yen": 0,
        **({"units1": units, "yen1": yen, "own1": 0} if public else {}),
    }


@dataclass(frozen=True, slots=True)
class CareManagementClaimFile:
    """What a file of claims holds."""

    header: Header
    claims: tuple[CareManagementClaim, ...]


def read(content: bytes) -> CareManagementClaimFile:
    """Read a file of claims, also one that another program wrote.

    :raises Unreadable: an item is wrong, sums do not agree, or a person's month is claimed twice.
    """
    header, claims = read_covered(
        content, DATA_KIND, _named, COVER, lambda layout: layout != COVER, _misread, _claim
    )
    return CareManagementClaimFile(header, claims)


def _named(cells: Sequence[str]) -> str:
    name = cells[0].strip() if cells else ""
    record = cells[1].strip().zfill(2) if len(cells) > 1 else ""
    return f"8171-{record}" if name == "8171" else name


def _misread(records: Sequence[Record]) -> list[Problem]:
    kinds = [each.layout for each in records]
    if len(kinds) < 3 or kinds != [BASIC, *[DETAIL] * (len(kinds) - 2), SUMS]:
        shown = "、".join(each.removeprefix("8171-") for each in kinds)
        return [records[0].problem("record", shown, "1人1か月に、01・02（1件以上）・10 の順")]
    basic, sums = records[0], records[-1]
    units = sum(_number(each, "service_units") for each in records[1:-1])
    problems = [*agreement.of_dates(basic), *agreement.of_person(records[1:], ("service",))]
    for each in records[1:-1]:
        product = _number(each, "units") * _number(each, "times")
        if product != each.values["service_units"]:
            problems.append(
                each.problem("service_units", each.values["service_units"], f"単位数×回数（{product}）")
            )
    yen = units * _number(sums, "unit_price") // 100
    public = only_public(str(basic.values["insured_number"]))
    for record, key, wanted in (
        (basic, "units1" if public else "insurance_units", units),
        (basic, "yen1" if public else "insurance_yen", yen),
        (sums, "units1" if public else "units", units),
        (sums, "yen1" if public else "yen", yen),
    ):
        if record.values[key] != wanted:
            problems.append(record.problem(key, record.values[key], f"明細の合計（{wanted}）"))
    problems += _shares(basic, sums, public)
    split = _number(sums, "unmanaged_units") + int(str(sums.values["managed_units"] or 0))
    if split != units:
        said = sums.values["unmanaged_units"]
        problems.append(sums.problem("unmanaged_units", said, f"対象の単位数と合わせて明細の合計（{units}）"))
    unwritable = None if problems else _wrong(_claim(records))
    return [replace(unwritable, line=sums.line, record=SUMS)] if unwritable is not None else problems


def _shares(basic: Record, sums: Record, public: bool) -> list[Problem]:
    """Who pays what: the insurance or public assistance in whole, the person nothing (A-Q20)."""
    rate, other = ("rate1", "insurance_rate") if public else ("insurance_rate", "rate1")
    nothing = {"insurance_own": basic, "own1": basic, "own_yen": sums}
    idle = ("insurance_units", "insurance_yen") if public else ("units1", "yen1")
    problems = [
        record.problem(key, record.values[key], "0（利用者負担のない費用）")
        for key, record in nothing.items()
        if record.values[key]
    ]
    problems += [
        record.problem(key, record.values[key], "0（この人の費用を払わない側）")
        for record, keys in (
            (basic, (*idle, other)),
            (sums, ("units", "yen") if public else ("units1", "yen1")),
        )
        for key in keys
        if record.values[key]
    ]
    if basic.values[rate] not in (None, WHOLE):
        problems.append(basic.problem(rate, basic.values[rate], f"「{WHOLE}」（10割）"))
    return problems


def _number(record: Record, key: str) -> int:
    value: Any = record.values[key]
    return int(value)


def _claim(records: Sequence[Record]) -> CareManagementClaim:
    basic: Any = records[0].values
    sums: Any = records[-1].values
    rows: Any = [each.values for each in records[1:-1]]
    return CareManagementClaim(
        office=basic["office"],
        service_month=basic["service_month"],
        insurer=basic["insurer"][2:],
        unit_price=sums["unit_price"],
        insured_number=basic["insured_number"],
        birth_date=basic["birth_date"],
        sex=basic["sex"],
        status=basic["status"],
        certified_from=basic["certified_from"],
        certified_to=basic["certified_to"],
        lines=tuple(
            ClaimLine(each["service"] + each["service_item"], each["units"], each["times"]) for each in rows
        ),
        yen=sums["yen1"] if only_public(basic["insured_number"]) else sums["yen"],
        planner=basic["planner"],
        planning_office=basic["planning_office"],
        payer=basic["payer1"],
        recipient=basic["recipient1"],
    )
