"""The worksheet of a service month: each figure derived, and what blocks (T-16, T-23, T-32, T-33, A-Q37)."""

from datetime import date
from typing import Any

import pytest

from contracts.events.sample import BILLING, CENTRE, OFFICE, WARD
from services.billing.worksheet import Worksheet, concerned, worksheet
from shared.eventlog.model import Event
from shared.policy.dates import Month
from tests.care.stage import Desk, desk, made, model, opened
from tests.services.test_claims import DAY_CARE, DECEMBER, JANUARY, RENTED, STARTED, billing, draft, used

PAPERS: dict[str, Any] = {
    "planned": [
        {**each, "starts_on": "2024-10-21", "ends_on": None}
        for each in (
            {"service": "67", "provider": RENTED["provider"]},
            {"service": "A6", "provider": DAY_CARE["provider"]},
        )
    ],
    "plan_delivered_on": "2024-10-18",
    "notified_on": "2024-10-10",
}


def with_papers(event: Event, **changes: Any) -> Event:
    return event._replace(data={**event.data, **PAPERS, **changes})


OCTOBER = with_papers(used("2024-10", RENTED, DAY_CARE))


def knowing(*events: Event, slip: str | None = "2024-10") -> Desk:
    """The billing desk that knows these, with the benefit slip of a month made."""
    at = billing(*events)
    if slip is not None:
        (prepared,) = at.when("PrepareBenefitSlip", service_month=slip).events
        at.given(made(prepared.type, BILLING, date(2024, 11, 6), prepared.data))
    return at


def sheet(at: Desk, month: str = "2024-10") -> Worksheet:
    return worksheet(at.situation(), Month.parse(month))


def value(found: Worksheet, title: str) -> str:
    return next(each.value for each in found.figures if each.title == title)


def blocked_by(found: Worksheet) -> list[str]:
    assert all(each.todo for each in found.blockers)
    return [each.rule for each in found.blockers]


def test_a_month_that_has_everything_is_explained_figure_by_figure() -> None:
    found = sheet(knowing(OCTOBER))
    assert (found.state, found.blockers, found.notes) == ("open", (), ())
    told = {each.title: (each.value, each.derivation) for each in found.figures}
    assert told["請求額"] == ("8,800円", "772×11.40＝8,800.80円、1円未満切り捨て")
    assert told["単位数の合計"] == ("772単位", "472＋300")
    assert told["類型"][1].startswith(
        "令和6年11月4日の実績報告（事業所1371600014）: 介護予防福祉用具貸与 500単位"
    )
    assert told["初回加算の算定"][0] == "あり"
    assert told["区分支給限度基準額"] == ("10,531単位", "要支援2（月の中で重い区分）。超過 0単位")
    assert all(each.rules for each in found.figures)


def test_every_amount_names_the_parameter_that_it_comes_from() -> None:
    found = sheet(knowing(OCTOBER))
    for title in ("介護予防支援費（Ⅱ）", "初回加算", "単価", "類型", "区分支給限度基準額"):
        (source, *_) = next(each.sources for each in found.figures if each.title == title)
        assert "から、" in source


def test_the_shares_of_an_entrusted_month_are_shown_as_assumed() -> None:
    january = with_papers(JANUARY, planned=PAPERS["planned"][1:], notified_on="2025-01-06")
    found = sheet(knowing(OCTOBER, DECEMBER, STARTED, january, slip="2025-01"), "2025-01")
    split = next(each for each in found.figures if each.title == "配分")
    assert split.value == "包括 845円、居宅 7,613円"
    assert "仮定" in split.derivation
    assert value(found, "委託連携加算の算定") == "あり"
    assert found.blockers == ()


# --- what blocks ---


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"notified_on": None}, "T-16"),
        ({"notified_on": "2024-11-01"}, "T-16"),
        ({"plan_delivered_on": None}, "T-23"),
        ({"plan_delivered_on": "2024-11-01"}, "T-23"),
    ],
)
def test_no_notification_or_delivered_plan_by_the_month_end_blocks(
    changes: dict[str, Any], rule: str
) -> None:
    found = sheet(knowing(with_papers(OCTOBER, **changes)))
    assert (found.state, blocked_by(found)) == ("blocked", [rule])


@pytest.mark.parametrize("field", ["notified_on", "plan_delivered_on"])
def test_the_last_day_of_the_month_is_in_time(field: str) -> None:
    assert sheet(knowing(with_papers(OCTOBER, **{field: "2024-10-31"}))).blockers == ()


def test_a_month_without_a_report_is_listed_as_blocked() -> None:
    at = billing()
    mode = made("ContractSigned", OFFICE, date(2024, 10, 10))
    at.given(mode)
    assert concerned(at.situation(), Month(2024, 10))
    assert blocked_by(sheet(at)) == ["T-32"]


def test_a_month_before_care_management_began_is_not_listed() -> None:
    assert not concerned(billing().situation(), Month(2024, 8))


def test_a_month_without_a_benefit_slip_is_blocked() -> None:
    assert blocked_by(sheet(billing(OCTOBER))) == ["T-33"]


@pytest.mark.parametrize(("units", "blocked"), [(10531 - 500, []), (10532 - 500, ["A-Q37"])])
def test_units_over_the_limit_block_and_say_by_how_many(units: int, blocked: list[str]) -> None:
    october = with_papers(used("2024-10", RENTED, {**DAY_CARE, "units": units}))
    found = sheet(knowing(october))
    assert blocked_by(found) == blocked
    if blocked:
        assert "1単位超えています" in found.blockers[0].text


def test_a_claimant_that_gave_no_mandate_is_named_with_what_to_do() -> None:
    known = [each for each in model() if each.type != "BillingEntrusted"]
    at = desk(BILLING, *known, opened(), OCTOBER, made("ContractSigned", OFFICE, date(2024, 10, 10)))
    found = sheet(at)
    assert blocked_by(found) == ["T-33"]
    assert "請求事務を委任する" in found.blockers[0].todo


# --- differences and late facts are shown ---


def test_use_that_differs_from_the_plan_is_shown_and_does_not_block() -> None:
    found = sheet(knowing(with_papers(used("2024-10", RENTED))))
    assert found.blockers == ()
    assert [each.text for each in found.notes] == [
        "通所型サービス（独自）は計画にありますが、実績にありません"
    ]


def test_a_report_that_comes_after_the_draft_reopens_the_month_visibly() -> None:
    at = knowing(OCTOBER)
    for event in draft(at, "2024-10").events:
        at.given(made(event.type, BILLING, date(2024, 11, 8), event.data))
    assert sheet(at).state == "drafted"
    at.given(
        with_papers(used("2024-10", DAY_CARE)),
        made("EntrustmentStarted", CENTRE, date(2024, 10, 10), starts_on="2024-10-10"),
    )
    (prepared,) = at.when("PrepareBenefitSlip", service_month="2024-10").events
    at.given(made(prepared.type, BILLING, date(2024, 11, 12), prepared.data))
    found = sheet(at)
    assert found.state == "changed"
    assert "8,800円" in found.notes[0].text
    assert "ケアマネジメントA" in found.notes[0].text


def test_a_slip_that_does_not_state_what_is_reported_now_blocks() -> None:
    at = knowing(OCTOBER)
    at.given(with_papers(used("2024-10", RENTED, {**DAY_CARE, "units": 3000})))
    found = sheet(at)
    assert blocked_by(found) == ["T-33"]
    assert "いまの実績・認定とちがいます" in found.blockers[0].text


def test_a_person_without_certification_at_the_month_end_is_blocked() -> None:
    ended = made(
        "CertificationResult",
        WARD,
        date(2024, 10, 20),
        status="none",
        valid_from="2024-10-20",
        valid_to="2025-03-31",
    )
    found = sheet(billing(OCTOBER, ended))
    assert found.state == "blocked"
