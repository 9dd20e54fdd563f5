"""Claims of persons on public assistance (公費12): numbers from the ward, who pays, what is written (A-Q20, T-33)."""

from datetime import date
from typing import Any

import pytest

from contracts.events.sample import BILLING, CENTRE, OFFICE, WARD
from services.billing.filing import bundle
from services.billing.formats import support_claim
from services.billing.public_assistance import age_excludes, payers_of
from services.billing.worksheet import Worksheet, worksheet
from shared.care.state import Case
from shared.eventlog.model import Event
from shared.policy.dates import Month
from tests.care.stage import Desk, desk, made, model, opened
from tests.services.test_claims import DAY_CARE, RENTED, billing, used
from tests.services.test_submission import january, prepared, refused
from tests.services.test_worksheet import blocked_by, value, with_papers

OCTOBER = Month(2024, 10)
NOVEMBER_8 = date(2024, 11, 8)
ALONE: dict[str, Any] = {"insured": False, "insured_number": "H000000001", "birth_date": "1970-05-03"}
"""Fifty-four years old and not insured (みなし2号)."""
NUMBERS = {"payer_number": "12139002", "recipient_number": "0000018"}


def told(valid_from: str = "2024-10-01", valid_to: str | None = None, **numbers: str) -> Event:
    return made(
        "PublicAssistanceRecorded",
        WARD,
        date(2024, 10, 3),
        valid_from=valid_from,
        valid_to=valid_to,
        **{**NUMBERS, **numbers},
    )


def october(*events: Event, confirmed: bool = True, notified_on: str | None = None, **opening: Any) -> Desk:
    report = with_papers(used("2024-10", RENTED, DAY_CARE), notified_on=notified_on)
    at = billing(report, *events, opening=opened(**{**ALONE, **opening}))
    return prepared(at, "2024-10", NOVEMBER_8, confirmed=confirmed)


def sheet(at: Desk) -> Worksheet:
    return worksheet(at.situation(), OCTOBER)


def left_out(at: Desk) -> list[str]:
    found = bundle(at, OFFICE, "federation", Month(2024, 11))
    assert all(each.why.todo for each in found.left_out)
    return [each.code for each in found.left_out if each.kind == "claim"]


# --- who pays ---


def test_public_assistance_pays_everything_of_one_who_is_not_insured() -> None:
    """A-Q20: the draft and the worksheet divide the fee, and say why."""
    at = october(told())
    (draft,) = [each for each in at.events if each.type == "ClaimDrafted"]
    assert (draft.data["yen"], draft.data["insurance_yen"], draft.data["public_yen"]) == (8800, 0, 8800)
    found = sheet(at)
    assert value(found, "保険と公費") == "保険 0円、公費 8,800円"
    figure = next(each for each in found.figures if each.title == "保険と公費")
    assert "みなし2号" in figure.derivation
    assert "公費の期間 令和6年10月1日" in figure.derivation
    assert "A-Q20" in figure.rules


@pytest.mark.parametrize("assisted", [True, False])
def test_of_an_insured_person_the_insurance_pays_everything_also_on_public_assistance(assisted: bool) -> None:
    """A-Q20: the fee of care management has no share."""
    at = october(
        *([told()] if assisted else []),
        insured=None,
        insured_number="0000000001",
        birth_date="1942-05-03",
        notified_on="2024-10-10",
    )
    assert value(sheet(at), "保険と公費") == "保険 8,800円、公費 0円"
    (file,) = [
        each for each in bundle(at, OFFICE, "federation", Month(2024, 11)).files if each.format == "8125"
    ]
    (claim,) = support_claim.read(file.written.content).claims
    assert (claim.payer, claim.recipient) == (None, None)


@pytest.mark.parametrize("yen", [0, 1, 5380, 8801])
@pytest.mark.parametrize("insured", [True, False])
def test_insurance_and_public_assistance_together_are_the_fee(yen: int, insured: bool) -> None:
    paid = payers_of(Case.empty().but(insured=insured), OCTOBER, yen)
    assert paid.insurance + paid.public == yen
    assert (paid.public == yen) is (not insured or yen == 0)


# --- what is written ---


def test_the_file_carries_the_numbers_and_is_read_back_with_them() -> None:
    """T-33: items 8 and 9; whoever is not insured files no notification, so item 15 is empty."""
    at = october(told())
    assert sheet(at).blockers == ()
    (file,) = [
        each for each in bundle(at, OFFICE, "federation", Month(2024, 11)).files if each.format == "8125"
    ]
    (claim,) = support_claim.read(file.written.content).claims
    assert (claim.insured_number, claim.payer, claim.recipient) == ("H000000001", "12139002", "0000018")
    assert (claim.notified_on, claim.yen) == (None, 8800)
    assert b",2,12,02,1,772,8800,0,8800,0," in file.written.content


def test_the_newest_word_of_a_period_counts_and_each_month_has_its_own() -> None:
    at = october(
        told("2024-04-01", "2024-09-30", recipient_number="0000026"), told(), told(recipient_number="0000034")
    )
    (file,) = [
        each for each in bundle(at, OFFICE, "federation", Month(2024, 11)).files if each.format == "8125"
    ]
    (claim,) = support_claim.read(file.written.content).claims
    assert claim.recipient == "0000034"


@pytest.mark.parametrize(
    ("period", "blocked"),
    [
        (None, True),
        (("2024-04-01", "2024-10-30"), True),
        (("2024-04-01", "2024-10-31"), False),
        (("2024-10-31", None), False),
        (("2024-11-01", None), True),
    ],
)
def test_public_assistance_has_to_cover_the_last_day_of_the_month(
    period: tuple[str, str | None] | None, blocked: bool
) -> None:
    at = october(*([told(*period)] if period else []))
    assert blocked_by(sheet(at)) == (["A-Q20"] if blocked else [])
    assert left_out(at) == (["claim_blocked"] if blocked else [])


def test_an_end_that_is_told_later_takes_the_place_of_the_open_period() -> None:
    assert blocked_by(sheet(october(told(), told(valid_to="2024-10-15")))) == ["A-Q20"]


@pytest.mark.parametrize(
    ("opening", "code"),
    [
        ({"birth_date": "1959-10-02"}, "age_excludes"),
        ({"birth_date": "1959-10-03"}, None),
        ({"birth_date": "1984-11-01"}, None),
        ({"birth_date": "1984-11-02"}, "age_excludes"),
        ({"insured_number": "0000000001"}, "insured_differs"),
        ({"insured": None}, "insured_differs"),
    ],
)
def test_a_claim_that_public_assistance_can_t_be_right_for_is_left_out(
    opening: dict[str, Any], code: str | None
) -> None:
    """40 to 64 years of age, under a number that begins with H."""
    at = october(told(), notified_on="2024-10-10", **opening)
    assert left_out(at) == ([code] if code else [])


def test_one_comes_of_age_on_the_day_before_the_birthday() -> None:
    assert age_excludes(date(1960, 2, 29), Month(2025, 3)) is not None
    assert age_excludes(date(1960, 3, 2), Month(2025, 3)) is not None
    assert age_excludes(date(1960, 3, 3), Month(2025, 3)) is None


def test_numbers_that_can_t_be_read_leave_the_claim_out() -> None:
    at = october(told())
    for place, event in enumerate(at.events):
        if event.type == "PublicAssistanceRecorded":
            at.events[place] = event._replace(personal={**NUMBERS, "payer_number": "erased"})
    assert left_out(at) in (["assistance_missing"], ["unwritable"])


def test_the_ward_s_medium_has_no_items_for_public_assistance() -> None:
    """A-Q33: nothing is written that the medium can't say."""
    at = january()
    at.events = [
        each._replace(data={**each.data, "insured": False}, personal={**(each.personal or {}), **PERSONAL})
        if each.type == "CaseOpened"
        else each
        for each in at.events
    ]
    at.given(told())
    found = bundle(at, CENTRE, "ward", Month(2025, 2))
    assert [each.code for each in found.left_out if each.month == "2025-01"] == ["no_public_items"]


PERSONAL = {"insured_number": "H000000001", "birth_date": "1970-05-03"}


# --- where the numbers come from ---


def ward(**opening: Any) -> Desk:
    return desk(WARD, *model(), opened(**opening), today=date(2024, 10, 3))


def record(at: Desk, **fields: Any) -> Any:
    given = {"told_on": "2024-10-02", "valid_from": "2024-10-01", **NUMBERS, **fields}
    return at.when("RecordPublicAssistance", **given)


def test_the_ward_tells_care_and_billing_what_the_welfare_office_told_it() -> None:
    """A-Q20."""
    decision = record(ward(), payer_number="１２１３９００２")
    (event,) = decision.events
    assert event.type == "PublicAssistanceRecorded"
    assert set(event.to) == {OFFICE, CENTRE, BILLING}
    assert (event.data["payer_number"], event.data["valid_to"]) == ("12139002", None)
    assert decision.advice == []


def test_a_failed_check_digit_warns_only() -> None:
    decision = record(ward(), recipient_number="0000019", payer_number="12139003")
    assert len(decision.events) == 1
    assert [each.rule for each in decision.advice] == ["A-Q20", "A-Q20"]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"payer_number": "54139002"}, "number_wrong"),
        ({"recipient_number": "123456"}, "number_wrong"),
        ({"valid_to": "2024-09-30"}, "period_reversed"),
    ],
)
def test_what_can_be_no_number_or_no_period_is_refused(fields: dict[str, Any], code: str) -> None:
    with refused(code, "A-Q20"):
        record(ward(), **fields)


@pytest.mark.parametrize(("number", "insured"), [("H000000001", False), ("0000000001", None)])
def test_the_number_on_the_card_says_whether_the_person_is_insured(number: str, insured: bool | None) -> None:
    """T-33: whoever claims must know it before it reads any personal field."""
    at = desk(OFFICE, *model())
    person = {
        "name": "見本 あお",
        "kana": "ミホン アオ",
        "birth_date": "1970-05-03",
        "sex": "male",
        "address": "東京都豊島区見本町一丁目9番1号",
        "insured_number": number,
    }
    (event, *_) = at.when(
        "OpenCase",
        insurer=WARD,
        centre=CENTRE,
        contact_agreed_on="2024-10-07",
        status="support2",
        certified_from="2024-09-12",
        certified_to="2025-03-31",
        **person,
    ).events
    assert event.data["insured"] is insured
