"""Adachi's route: the data medium to the ward, dates and hours, cost codes, shares to the yen (A-Q33, A-Q35c)."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts.codes import SERVICE_KINDS
from contracts.events.sample import BILLING, CENTRE, OFFICE, WARD
from services.billing.filing import bundle
from services.billing.formats import ward_medium
from services.billing.worksheet import worksheet
from shared.policy.dates import Month
from tests.care.stage import CASE, Desk, desk, directory, made, opened
from tests.services.test_claims import DAY_CARE, used
from tests.services.test_submission import chosen, prepared, refused, take, to_ward
from tests.services.test_worksheet import with_papers

ADACHI = "131219"
PARTIES = {OFFICE: "kyotaku", CENTRE: "hokatsu", ADACHI: "ward", BILLING: "billing"}
CERTIFIED = {"status": "support1", "valid_from": "2017-04-01", "valid_to": "2020-03-31"}


def adachi(month: str, on: date, **opening: Any) -> Desk:
    """An entrusted month of a person in Adachi with a day service only, drafted and confirmed."""
    first = Month.parse(month).first
    case = {
        "insurer": ADACHI,
        "parties": PARTIES,
        "status": "support1",
        "certification": CERTIFIED,
        **opening,
    }
    at = desk(
        BILLING,
        *directory(),
        made("BillingEntrusted", CENTRE, first, claimant=CENTRE, valid_from="2016-10-01"),
        opened(first, **case),
        made("EntrustmentStarted", CENTRE, first, starts_on=first, cooperation=False),
        with_papers(
            used(month, {**DAY_CARE, "units": 1798}),
            planned=None,
            notified_on=str(first),
            plan_delivered_on=str(first),
        ),
    )
    return prepared(at, month, on)


GOING_ON = {"previous_plan_end_month": "2019-03", "previous_plan_kind": "care_management_a"}


@pytest.mark.parametrize(
    ("opening", "code", "units", "yen", "office", "centre"),
    [(GOING_ON, "1001", 430, 4902, 4412, 490), ({}, "1002", 730, 8322, 7490, 832)],
)
def test_the_two_rows_of_the_manual_stand_in_the_file_to_the_yen(
    opening: dict[str, Any], code: str, units: int, yen: int, office: int, centre: int
) -> None:
    """A-Q35b, A-Q35c: 4,412 and 490, 7,490 and 832; no AF code."""
    at = adachi("2019-04", date(2019, 5, 7), **opening)
    (file,) = bundle(at, CENTRE, "ward", Month(2019, 5)).files
    (row,) = ward_medium.read(file.written.content).rows
    assert (row.cost_code, row.units, row.yen, row.office_yen, row.centre_yen) == (
        code,
        units,
        yen,
        office,
        centre,
    )
    assert b"AF" not in file.written.content


@pytest.mark.parametrize(
    ("on", "means", "brought_at", "counted", "rule"),
    [
        (date(2017, 10, 5), "courier", None, True, None),
        (date(2017, 10, 6), "courier", None, False, "A-S7"),
        (date(2017, 10, 10), "brought", "2017-10-10T12:00:00+09:00", True, None),
        (date(2017, 10, 10), "brought", "2017-10-10T12:01:00+09:00", False, "A-S6"),
    ],
)
def test_the_dispatch_day_and_the_hour_of_the_cut_off_decide_whether_it_counts(
    on: date, means: str, brought_at: str | None, counted: bool, rule: str | None
) -> None:
    """A-S3 to A-S8: the example of October 2017."""
    at = adachi("2017-09", on)
    decision = to_ward(at, on, "2017-09", means=means, brought_at=brought_at)
    assert decision.events[0].data["counted"] is counted
    assert [each.rule for each in decision.advice] == ([rule] if rule else [])


def test_what_is_brought_needs_its_hour() -> None:
    with refused("brought_at_missing", "A-S5"):
        to_ward(adachi("2017-09", date(2017, 10, 10)), date(2017, 10, 10), "2017-09", means="brought")


def test_after_the_cut_off_the_month_is_claimed_in_the_next_as_late() -> None:
    """A-S6."""
    at = adachi("2017-09", date(2017, 10, 6))
    (event,) = to_ward(at, date(2017, 10, 6), "2017-09").events
    at.given(made(event.type, BILLING, date(2017, 10, 6), event.data))
    (again,) = to_ward(at, date(2017, 11, 7), "2017-09").events
    assert (again.data["counted"], again.data["lines"][0]["late"]) == (True, "cut_off")


def figures(at: Desk, month: str) -> dict[str, tuple[str, tuple[str, ...]]]:
    sheet = worksheet(at.situation(), Month.parse(month))
    return {each.title: (each.value, each.rules) for each in sheet.figures}


@pytest.mark.parametrize(
    ("service", "before", "after", "value", "rule"),
    [
        ("A7", "support1", "support2", "月額包括報酬（日割りしない）", "A-Q48a"),
        ("A6", "support1", "support2", "日割り 要支援1 15日＋要支援2 16日", "A-Q47"),
        ("A6", "support2", "support1", "日割り 要支援2 15日＋要支援1 16日", "A-Q47"),
    ],
)
def test_the_worksheet_says_how_a_service_is_paid_in_a_month_of_change(
    service: str, before: str, after: str, value: str, rule: str
) -> None:
    """A-Q47, A-Q48a: changed on 2019-05-16, once a week as before."""
    at = adachi("2019-04", date(2019, 5, 7), **{**GOING_ON, "status": before})
    day_care = {"service": service, "provider": DAY_CARE["provider"]}
    for status, since, until in ((before, "2019-04-01", "2019-05-15"), (after, "2019-05-16", "2020-05-31")):
        told = {"status": status, "valid_from": since, "valid_to": until}
        at.given(made("CertificationResult", ADACHI, date(2019, 5, 20), **told))
    planned = [{**day_care, "starts_on": "2019-04-01", "ends_on": None, "per_week": 1}]
    at.given(with_papers(used("2019-05", {**day_care, "units": 1655}), planned=planned))
    told_value, rules = figures(at, "2019-05")[f"{SERVICE_KINDS[service]}の算定"]
    assert told_value == value
    assert rule in rules
    unknown = [{**each, "per_week": None} for each in planned]
    at.given(with_papers(used("2019-05", {**day_care, "units": 1655}), planned=unknown))
    assert figures(at, "2019-05")[f"{SERVICE_KINDS[service]}の算定"][0] == "決められない"
    assert not [each for each in figures(at, "2019-04") if each.endswith("サービスの算定")]


def test_the_worksheet_says_that_the_addition_for_small_multifunctional_homes_does_not_exist() -> None:
    """A-Q34d."""
    at = adachi("2019-04", date(2019, 5, 7))
    title = "介護予防小規模多機能型居宅介護事業所連携加算の算定"
    assert title not in figures(at, "2019-04")
    home = {"service": "75", "provider": DAY_CARE["provider"], "units": 3403}
    at.given(with_papers(used("2019-04", home), planned=None))
    assert figures(at, "2019-04")[title] == ("なし", ("A-Q34d",))


def test_a_claimant_with_persons_of_two_wards_submits_to_each_of_them() -> None:
    """A-Q33, A-Q53: each ward gets its own single file of the month, and none sees the other's persons."""
    at, on = adachi("2019-04", date(2019, 5, 7)), date(2019, 5, 7)
    other = uuid4()
    first = Month(2019, 4).first
    here = opened(first, status="support1", certification=CERTIFIED, insured_number="0000099999")
    told = [here, *(each for each in at.events if each.case_id is not None and each.type != "CaseOpened")]
    moved = {
        "ClaimDrafted": {"claim_id": str(uuid4())},
        "BenefitSlipPrepared": {"slip_id": str(uuid4())},
    }
    drafted = moved["ClaimDrafted"]
    for each in told:
        data = {**each.data, **moved.get(each.type, {})}
        if each.type == "ClaimConfirmed":
            data |= drafted
        at.given(each._replace(case_id=other, data=data))
    with refused("insurers_mixed", "A-Q33"):
        to_ward(at, on, "2019-04", lines=[])
    for insurer, case_id in ((ADACHI, CASE), (WARD, other)):
        (event,) = take(at, to_ward(at, on, "2019-04", lines=[], insurer=insurer), on).events
        assert [UUID(each["case"]) for each in event.data["lines"]] == [case_id]
        assert (event.data["insurer"], event.to) == (insurer, (CENTRE, insurer))
        (name,) = event.data["files"]
        assert name["records"] == 1
    with refused("nothing_to_submit", "T-33"):
        to_ward(at, on, "2019-04", lines=[], insurer=WARD)
    with refused("insurers_mixed", "A-Q33"):
        to_ward(adachi("2019-04", on), on, "2019-04", lines=chosen("2019-04", "claim"), insurer=WARD)


def test_who_has_to_bring_a_medium_is_told_the_desk_that_takes_it_then() -> None:
    """A-S4, A-S11."""
    on = date(2017, 10, 6)
    (advice,) = to_ward(adachi("2017-09", on), on, "2017-09").advice
    assert "区（地域包括ケア推進課）へ持参" in advice.message
