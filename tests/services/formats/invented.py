"""Invented people's slips and claims, and strategies that make any valid one."""

from datetime import date

from hypothesis import strategies as some

from services.billing.formats.benefit_slip import Slip, SlipRow
from services.billing.formats.care_management_claim import CareManagementClaim
from services.billing.formats.covered import ClaimLine
from services.billing.formats.frame import Header
from services.billing.formats.support_claim import SupportClaim
from services.billing.formats.ward_medium import MediumRow
from shared.policy.dates import Month

CENTRE, OFFICE, DAY_SERVICE = "1302100019", "1372100014", "13A2100017"

SLIP = Slip(
    service_month=Month(2024, 6),
    insurer="131219",
    office=CENTRE,
    kind="1",
    made_on=date(2024, 7, 5),
    insured_number="0000012345",
    birth_date=date(1945, 4, 1),
    sex="2",
    status="12",
    limit_from=Month(2024, 4),
    limit_to=Month(2026, 3),
    limit=5032,
    planner="3",
    rows=(SlipRow(DAY_SERVICE, "8", "A6", 1798),),
    entrusted_office=OFFICE,
    entrusted_care_manager="13000002",
)

CLAIM = SupportClaim(
    office="1371600014",
    service_month=Month(2024, 10),
    insurer="131169",
    unit_price=1140,
    insured_number="0000000001",
    birth_date=date(1942, 5, 3),
    sex="2",
    status="13",
    certified_from=date(2024, 9, 12),
    certified_to=date(2025, 3, 31),
    notified_on=date(2024, 10, 10),
    lines=(ClaimLine("462121", 472), ClaimLine("464001", 300)),
    yen=8800,
)

CARE_MANAGEMENT = CareManagementClaim(
    office="1301600019",
    service_month=Month(2025, 2),
    insurer="121012",
    unit_price=1140,
    insured_number="0000000001",
    birth_date=date(1942, 5, 3),
    sex="2",
    status="13",
    certified_from=date(2024, 9, 12),
    certified_to=date(2025, 3, 31),
    lines=(ClaimLine("AF2111", 442),),
    yen=5038,
    planner="3",
    planning_office="1301600019",
)

MEDIUM_ROW = MediumRow(
    kind="1",
    service_month=Month(2019, 4),
    insurer="131219",
    office=CENTRE,
    insured_number="0000012345",
    kana="ミホン ウメ",
    birth_date=date(1945, 4, 1),
    sex="2",
    status="12",
    cost_code="1002",
    units=730,
    unit_price=1140,
    yen=8322,
    entrusted_office=OFFICE,
    office_yen=7490,
    centre_yen=832,
    notified_on=date(2019, 4, 1),
)

SLIP_HEADER = Header("821", CENTRE, "7", Month(2024, 7))

months = some.builds(Month, some.integers(2015, 2018), some.integers(1, 12))
born = some.dates(date(1900, 1, 1), date(1975, 12, 31))
days = some.dates(date(1900, 1, 1), date(2099, 12, 31))
digits = some.integers(0, 9999).map("{:04d}".format)
offices = some.tuples(some.sampled_from("0791A"), digits, digits).map(
    lambda each: f"13{each[0]}{each[1]}{each[2][:3]}"
)
insured = some.integers(1, 9_999_999_999).map("{:010d}".format)
units = some.integers(0, 99999)
managers = some.none() | some.integers(1, 999_999).map("13{:06d}".format)
lines = some.builds(
    ClaimLine,
    some.sampled_from(["462111", "462121", "464001", "466132"]),
    some.integers(1, 999),
    some.just(1),
)

slips = some.builds(
    Slip,
    service_month=months,
    insurer=some.sampled_from(["131169", "131219"]),
    office=some.just(CENTRE),
    kind=some.sampled_from("123"),
    made_on=days,
    insured_number=insured,
    birth_date=born,
    sex=some.sampled_from("12"),
    status=some.sampled_from(["06", "12", "13"]),
    limit_from=some.builds(Month, some.integers(2010, 2014), some.integers(1, 12)),
    limit_to=some.none() | months,
    limit=some.just(800_000),
    planner=some.sampled_from("123"),
    rows=some.lists(
        some.builds(
            SlipRow, offices, some.sampled_from("1258"), some.sampled_from(["A6", "67", "63"]), units
        ),
        min_size=1,
        max_size=8,
    ).map(tuple),
    care_manager=managers,
    entrusted_office=some.none() | offices,
    entrusted_care_manager=managers,
)


def digits(number: int) -> some.SearchStrategy[str]:
    """So many digits, zeros in front among them."""
    return some.text("0123456789", min_size=number, max_size=number)


@some.composite
def support_claims(draw: some.DrawFn) -> SupportClaim:
    """Any claim of 介護予防支援費 whose yen are its units times the price."""
    rows = tuple(draw(some.lists(lines, min_size=1, max_size=4)))
    price = draw(some.sampled_from([1000, 1021, 1084, 1140]))
    public = draw(some.booleans())
    number = draw(insured)
    return SupportClaim(
        office=CLAIM.office,
        service_month=draw(months),
        insurer=draw(some.sampled_from(["131169", "131219"])),
        unit_price=price,
        insured_number="H" + number[1:] if public else number,
        birth_date=draw(born),
        sex=draw(some.sampled_from("12")),
        status=draw(some.sampled_from(["12", "13"])),
        certified_from=draw(some.dates(date(1976, 1, 1), date(2015, 1, 1))),
        certified_to=draw(some.dates(date(2015, 1, 2), date(2099, 1, 1))),
        notified_on=draw(some.none() | days) if public else draw(days),
        lines=rows,
        yen=sum(each.units for each in rows) * price // 100,
        payer="12" + draw(digits(6)) if public else None,
        recipient=draw(digits(7)) if public else None,
        care_manager=draw(managers),
    )


@some.composite
def care_management_claims(draw: some.DrawFn) -> CareManagementClaim:
    """Any claim of ケアマネジメント費 whose yen are its units times the price."""
    rows = tuple(
        ClaimLine(draw(some.sampled_from(["AF2111", "AF4001"])), draw(some.integers(1, 999)))
        for _ in range(draw(some.integers(1, 3)))
    )
    price = draw(some.sampled_from([1000, 1140]))
    public = draw(some.booleans())
    number = draw(insured)
    return CareManagementClaim(
        office=CARE_MANAGEMENT.office,
        service_month=draw(months),
        insurer="131169",
        unit_price=price,
        insured_number="H" + number[1:] if public else number,
        birth_date=draw(born),
        sex=draw(some.sampled_from("12")),
        status=draw(some.sampled_from(["06", "12", "13"])),
        certified_from=draw(some.none() | some.dates(date(1976, 1, 1), date(2015, 1, 1))),
        certified_to=draw(some.none() | some.dates(date(2015, 1, 2), date(2099, 1, 1))),
        lines=rows,
        yen=sum(each.units for each in rows) * price // 100,
        planner=draw(some.none() | some.just("3")),
        planning_office=draw(some.none() | offices),
        payer="12" + draw(digits(6)) if public else None,
        recipient=draw(digits(7)) if public else None,
    )


@some.composite
def medium_rows(draw: some.DrawFn) -> MediumRow:
    """Any row of a data medium; its kana are as a file holds them."""
    code, total = draw(some.sampled_from([(None, 812), ("1001", 430), ("1002", 730)]))
    price = draw(some.sampled_from([1000, 1140]))
    yen = total * price // 100
    entrusted = draw(some.none() | offices)
    share = yen // 10 if entrusted else None
    return MediumRow(
        kind=draw(some.sampled_from("12")),
        service_month=draw(months),
        insurer="131219",
        office=CENTRE,
        insured_number=draw(insured),
        kana=draw(some.text("ｱｲｳｶﾞﾊﾟ", min_size=1, max_size=12)).lstrip("ﾞﾟ") or "ｱ",
        birth_date=draw(born),
        sex=draw(some.sampled_from("12")),
        status=draw(some.sampled_from(["06", "12", "13"])),
        cost_code=code,
        units=total,
        unit_price=price,
        yen=yen,
        entrusted_office=entrusted,
        office_yen=None if share is None else yen - share,
        centre_yen=share,
        notified_on=draw(days),
    )
