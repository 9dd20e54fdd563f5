"""How project services of a month are paid, on the worksheet and from the report's log (A-Q20, A-Q47 to A-Q62)."""

from datetime import date
from typing import Any

import pytest

from contracts.events.sample import DAY_SERVICE, OFFICE, RENTAL
from services.billing.worksheet import Figure, Worksheet, worksheet
from shared.care import month_occasions
from shared.care.case import evolve_case
from shared.care.state import Case
from shared.eventlog.model import Event
from shared.policy.dates import Month
from shared.policy.parameters import parameters
from tests.care.stage import Desk, made
from tests.care.test_planning import internal
from tests.care.test_received_use import in_february, received
from tests.services.test_claims import used
from tests.services.test_submission_adachi import ADACHI, GOING_ON, adachi
from tests.services.test_worksheet import with_papers

MONTH = "2019-05"
"""Thirty-one days."""
DAYS = "A6"
BUNDLE = "月額包括報酬（日割りしない）"
SECOND_THEN_FIRST, FIRST_THEN_SECOND = (
    "日割り 要支援2 15日＋要支援1 16日",
    "日割り 要支援1 15日＋要支援2 16日",
)
DAY_CARE: dict[str, Any] = {"service": "A6", "provider": DAY_SERVICE, "units": 1655}
OWN: dict[str, Any] = {**DAY_CARE, "service": "A7"}


def weeks(first: str, last: str, per_week: int | None, service: str = "A6") -> dict[str, Any]:
    return {"service": service, "provider": DAY_SERVICE, "first": first, "last": last, "per_week": per_week}


def occasion(
    name: str, first: str | None, last: str | None = None, *, of: str | None = None
) -> dict[str, Any]:
    return {
        "occasion": name,
        "service": of,
        "provider": DAY_SERVICE if of else None,
        "first": first,
        "last": last,
    }


def reported(*services: dict[str, Any], month: str = MONTH, **more: Any) -> Event:
    told: dict[str, Any] = {"planned": None, "occasions": [], "additions": [], **more}
    return with_papers(used(month, *services), **told)


def known(*events: Event, status: str = "support2") -> Desk:
    at = adachi("2019-04", date(2019, 5, 7), **{**GOING_ON, "status": status})
    at.given(*events)
    return at


def changed(before: str, after: str, on: int = 16) -> tuple[Event, ...]:
    """The certification results by which the state changes in the month."""
    until = date(2019, 5, on - 1).isoformat()
    return tuple(
        made("CertificationResult", ADACHI, date(2019, 5, 20), status=status, valid_from=since, valid_to=to)
        for status, since, to in (
            (before, "2019-04-01", until),
            (after, f"2019-05-{on:02d}", "2020-05-31"),
        )
    )


def sheet(at: Desk, month: str = MONTH) -> Worksheet:
    return worksheet(at.situation(), Month.parse(month))


def figure(at: Desk, title: str, month: str = MONTH) -> Figure | None:
    return next(
        (
            each
            for each in sheet(at, month).figures
            if each.title.startswith(("訪問型", "通所型")) and each.title.endswith(title)
        ),
        None,
    )


def told(at: Desk, title: str) -> Figure:
    found = figure(at, title)
    assert found is not None, title
    return found


# --- the weekly count before and after ---

BOTH = {
    "once a week before and since: the bundle": (
        "support1",
        "support2",
        1,
        1,
        BUNDLE,
        "A-Q48a",
    ),
    "twice, then once, with the lighter level": (
        "support2",
        "support1",
        2,
        1,
        "日割り 要支援2 15日＋要支援1 16日",
        "A-Q48b",
    ),
    "once, then twice, with the heavier level": (
        "support1",
        "support2",
        1,
        2,
        "日割り 要支援1 15日＋要支援2 16日",
        "A-Q48c",
    ),
    "as often before as since, lighter": (
        "support2",
        "support1",
        2,
        2,
        BUNDLE,
        "A-Q48a",
    ),
}


@pytest.mark.parametrize(
    ("before", "after", "then", "since", "value", "rule"), BOTH.values(), ids=BOTH.keys()
)
def test_a_change_of_level_is_paid_by_the_counts_planned_before_and_after_it(
    before: str, after: str, then: int, since: int, value: str, rule: str
) -> None:
    """A-Q48a, A-Q48b, A-Q48c, decision 12: changed on 2019-05-16."""
    counts = [weeks("2019-05-01", "2019-05-15", then, "A7"), weeks("2019-05-16", "2019-05-31", since, "A7")]
    at = known(*changed(before, after), reported(OWN, weekly_counts=counts), status=before)
    found = told(at, "の算定")
    assert found.value == value
    assert rule in found.rules
    assert found.sources
    assert f"週{then}回から週{since}回" in found.derivation


@pytest.mark.parametrize(
    ("then", "since", "side"),
    [(None, 1, "変更前に"), (2, None, "変更後に"), (None, None, "変更前と変更後に")],
)
def test_the_side_of_which_no_plan_tells_the_count_is_named(
    then: int | None, since: int | None, side: str
) -> None:
    """A-Q48a, A-Q48b: nothing is decided by a count that nobody planned."""
    counts = [weeks("2019-05-01", "2019-05-15", then, "A7"), weeks("2019-05-16", "2019-05-31", since, "A7")]
    at = known(*changed("support2", "support1"), reported(OWN, weekly_counts=counts))
    assert told(at, "の算定").value == "決められない"
    assert side in told(at, "の算定").derivation


def test_a_report_without_days_counts_by_the_services_of_the_plan_that_it_names() -> None:
    """A-Q48b: reports of before the counts were told are read as they were."""
    rows = [
        {**OWN, "starts_on": "2019-04-01", "ends_on": "2019-05-15", "per_week": 2},
        {**OWN, "starts_on": "2019-05-16", "ends_on": None, "per_week": 1},
    ]
    at = known(*changed("support2", "support1"), reported(OWN, planned=rows))
    assert "A-Q48b" in told(at, "の算定").rules


# --- what else happens in the middle of a month ---

STAY = occasion("short_stay", "2019-05-03", "2019-05-09")
OCCASIONS = {
    "a contract from the 16th": (
        [occasion("contract_started", "2019-05-16", of=DAYS)],
        "日割り 16日",
        "A-Q47",
    ),
    "a contract from the first": (
        [occasion("contract_started", "2019-05-01", of=DAYS)],
        BUNDLE,
        "A-Q47",
    ),
    "a contract from the last day": (
        [occasion("contract_started", "2019-05-31", of=DAYS)],
        "日割り 1日",
        "A-Q47",
    ),
    "a contract that ends on the 15th": (
        [occasion("contract_ended", "2019-05-15", of=DAYS)],
        "日割り 15日",
        "A-Q47",
    ),
    "a contract that ends on the last day": (
        [occasion("contract_ended", "2019-05-31", of=DAYS)],
        BUNDLE,
        "A-Q47",
    ),
    "seven days in a short stay": ([STAY], "日割り 24日", "A-Q61"),
    "two short stays": ([STAY, occasion("short_stay", "2019-05-30", "2019-05-31")], "日割り 22日", "A-Q61"),
    "a stay before the contract began": (
        [STAY, occasion("contract_started", "2019-05-16", of=DAYS)],
        "日割り 16日",
        "A-Q61",
    ),
    "a stay inside the contract": (
        [STAY, occasion("contract_ended", "2019-05-15", of=DAYS)],
        "日割り 8日",
        "A-Q61",
    ),
    "a stay in hospital": (
        [occasion("hospital", "2019-05-03", "2019-05-20")],
        BUNDLE,
        "A-Q47",
    ),
    "a contract whose day nobody told": (
        [occasion("contract_started", None, of=DAYS)],
        "決められない",
        "A-Q47",
    ),
}


@pytest.mark.parametrize(("happened", "value", "rule"), OCCASIONS.values(), ids=OCCASIONS.keys())
def test_what_happens_in_mid_month_decides_the_days_that_are_paid(
    happened: list[dict[str, Any]], value: str, rule: str
) -> None:
    """A-Q47, A-Q61."""
    found = told(known(reported(DAY_CARE, occasions=happened)), "の算定")
    assert found.value == value
    assert rule in found.rules
    assert found.derivation


def test_a_contract_of_another_service_changes_nothing() -> None:
    at = known(reported(DAY_CARE, occasions=[occasion("contract_started", "2019-05-16", of="A2")]))
    assert figure(at, "の算定") is None


@pytest.mark.parametrize(
    ("ended_on", "value"),
    [("2019-05-15", "日割り 15日"), ("2019-05-30", "日割り 30日"), ("2019-05-31", None)],
)
def test_a_move_out_of_the_ward_is_paid_until_the_day_before(ended_on: str, value: str | None) -> None:
    """A-Q62: the new insurer's way has to be asked of it."""
    end = made(
        "SupportEnded",
        OFFICE,
        date(2019, 6, 3),
        reason_code="moved_out",
        ended_on=ended_on,
        reported_on=ended_on,
    )
    found = figure(known(reported(DAY_CARE), end), "の算定")
    assert (found.value if found else None) == value
    assert found is None or ("A-Q62" in found.rules and "転居先の保険者に確かめる" in found.derivation)


@pytest.mark.parametrize("service", ["A2", "A6", "A7"])
def test_another_weekly_count_in_mid_month_is_paid_as_the_month_began(service: str) -> None:
    """A-Q52: twice a week, from the 16th once."""
    counts = [weeks("2019-05-01", "2019-05-15", 2, service), weeks("2019-05-16", "2019-05-31", 1, service)]
    found = told(known(reported({**DAY_CARE, "service": service}, weekly_counts=counts)), "の算定")
    assert found.value == BUNDLE
    assert "A-Q52" in found.rules
    assert "週2回から週1回" in found.derivation


def test_without_anything_in_mid_month_nothing_is_said_of_days() -> None:
    steady = [weeks("2019-05-01", "2019-05-31", 1)]
    assert figure(known(reported(DAY_CARE, weekly_counts=steady)), "の算定") is None


# --- units and yen ---


@pytest.mark.parametrize(("attended", "shown"), [(None, False), (4, True), (3, True)])
def test_a_month_s_bundle_is_the_same_whoever_stayed_away(attended: int | None, shown: bool) -> None:
    """A-Q50, A-Q57: 1,655 units at 10.90 are 18,039 yen."""
    found = told(known(reported({**DAY_CARE, "attended": attended})), "の費用")
    assert found.value == "1,655単位 18,039円"
    assert "1655×10.90＝18039.50円" in found.derivation
    assert ("A-Q57" in found.rules, "休んだ日があっても変わらない" in found.derivation) == (shown, shown)
    assert any("10.90" in each for each in found.sources)


@pytest.mark.parametrize(("units", "notes"), [(54 * 24, 0), (54 * 25, 1)])
def test_days_are_paid_by_the_daily_units_and_a_report_that_differs_is_shown(units: int, notes: int) -> None:
    """A-Q47, A-Q61: twenty-four days of 54 units."""
    at = known(reported({**DAY_CARE, "units": units, "daily_units": 54}, occasions=[STAY]))
    assert told(at, "の費用").value == "1,296単位 14,126円"
    assert "1日 54単位×24日" in told(at, "の費用").derivation
    assert len([each for each in sheet(at).notes if "1,296単位" in each.text]) == notes


def test_without_daily_units_the_reported_units_are_shown_as_such() -> None:
    found = told(known(reported(DAY_CARE, occasions=[STAY])), "の費用")
    assert found.value == "1,655単位 18,039円"
    assert "単位数は報告のとおり" in found.derivation


def test_each_level_of_a_month_is_paid_by_its_own_daily_units() -> None:
    """A-Q47: fifteen days of the one, sixteen of the other."""
    counts = [weeks("2019-05-01", "2019-05-15", 2), weeks("2019-05-16", "2019-05-31", 1)]
    rows = [
        {**DAY_CARE, "units": 111 * 15, "daily_units": 111},
        {**DAY_CARE, "units": 54 * 16, "daily_units": 54},
    ]
    at = known(*changed("support2", "support1"), reported(*rows, weekly_counts=counts))
    assert "1日 111単位×15日＋1日 54単位×16日" in told(at, "の費用").derivation
    assert told(at, "の費用").value == "2,529単位 27,566円"
    assert [each for each in sheet(at).notes if "計算では" in each.text] == []


@pytest.mark.parametrize(("daily", "units"), [(None, 54 * 24 + 76), (3, 54 * 24 + 72)])
def test_an_addition_without_a_daily_code_is_paid_whole_by_the_level_at_the_month_s_end(
    daily: int | None, units: int
) -> None:
    """A-Q59."""
    addition = {
        "service": "A6",
        "provider": DAY_SERVICE,
        "addition": "treatment_improvement",
        "units": 76,
        "daily_units": daily,
    }
    row = {**DAY_CARE, "units": units, "daily_units": 54}
    at = known(reported(row, occasions=[STAY], additions=[addition]))
    found = told(at, "の費用")
    assert found.value.startswith(f"{units:,}単位")
    assert ("A-Q59" in found.rules) is (daily is None)
    assert [each for each in sheet(at).notes if "計算では" in each.text] == []


def test_a_level_of_care_in_mid_month_is_paid_by_days_until_then_and_its_additions_elsewhere() -> None:
    """A-Q47, A-Q59: the month is not claimed here; what the project pays of it is shown all the same."""
    addition = {
        "service": "A6",
        "provider": DAY_SERVICE,
        "addition": "treatment_improvement",
        "units": 76,
        "daily_units": None,
    }
    row = {**DAY_CARE, "units": 54 * 15, "daily_units": 54}
    counts = [weeks("2019-05-01", "2019-05-31", 1)]
    at = known(*changed("support2", "care1"), reported(row, weekly_counts=counts, additions=[addition]))
    assert sheet(at).state == "blocked"
    assert told(at, "の算定").value == "日割り 要支援2 15日"
    found = told(at, "の費用")
    assert found.value == "810単位 8,829円"
    assert "処遇改善加算は月末の区分により介護給付で請求" in found.derivation
    assert "A-Q59" in found.rules


def test_a_price_by_visits_blocks_where_the_ward_has_none() -> None:
    """A-Q60."""
    found = sheet(known(reported({**DAY_CARE, "priced_by": "visit", "attended": 4})))
    assert found.state == "blocked"
    (blocker,) = [each for each in found.blockers if each.rule == "A-Q60"]
    assert "サービス提供回数に応じたサービスコードはありません" in blocker.text
    assert blocker.todo
    assert [each for each in sheet(known(reported(DAY_CARE))).blockers if each.rule == "A-Q60"] == []


@pytest.mark.parametrize(
    ("percent", "assisted", "value"),
    [
        ("10", False, "総合事業 16,235円、本人 1,804円"),
        ("20", False, "総合事業 14,431円、本人 3,608円"),
        ("10", True, "総合事業 16,235円、本人 0円、介護扶助 1,804円"),
    ],
)
def test_who_pays_a_service_is_divided_by_the_share_that_the_ward_set(
    percent: str, assisted: bool, value: str
) -> None:
    """A-Q20: of 18,039 yen."""
    share = made(
        "CopaymentShareSet",
        ADACHI,
        date(2019, 4, 1),
        percent=percent,
        valid_from="2019-04-01",
        public_assistance=assisted,
    )
    at = known(share, reported(DAY_CARE))
    assert told(at, "の負担").value == value
    assert told(at, "の負担").rules == ("A-Q20",)
    assert figure(known(reported(DAY_CARE)), "の負担") is None


def test_the_same_service_of_two_offices_is_told_apart() -> None:
    at = known(reported(DAY_CARE, {**DAY_CARE, "provider": "13A1600025", "units": 500}))
    titles = [each.title for each in sheet(at).figures if each.title.endswith("の費用")]
    assert len(titles) == len(set(titles)) == 2


# --- what the reporter tells, from its own log ---


def folded(*events: Event) -> Case:
    case = Case.empty()
    for each in events:
        case = evolve_case(case, each)
    return case


def planned(version: int, per_week: int, delivered: date, first: str = "2019-04-01") -> tuple[Event, ...]:
    named = {"plan_id": "7d5a1c52-6f0c-5f0e-9d3a-0f5b7f5d1a02", "plan_version": version}
    row = {
        "service": "A6",
        "provider": DAY_SERVICE,
        "starts_on": first,
        "ends_on": None,
        "per_week": per_week,
    }
    rental = {"service": "67", "provider": RENTAL, "starts_on": first, "ends_on": None}
    period = {"period_from": first, "period_to": "2020-03-31", "occasion": "revision", "sheets": ["A"]}
    return (
        internal(
            "PlanDrafted", delivered, **named, **period, services=[row, rental], drafted_on=str(delivered)
        ),
        internal("PlanDelivered", delivered, **named, **period, delivered_on=str(delivered)),
    )


ADACHIS = parameters(ADACHI)


def test_the_report_tells_the_counts_of_every_plan_that_held_in_the_month() -> None:
    """A-Q48b, A-Q52: a plan counts from the day on which the person had it."""
    case = folded(*planned(1, 2, date(2019, 3, 28)), *planned(2, 1, date(2019, 5, 16)))
    assert month_occasions.weekly_counts(case, Month(2019, 5), ADACHIS) == [
        {
            "service": "A6",
            "provider": DAY_SERVICE,
            "per_week": 2,
            "first": date(2019, 5, 1),
            "last": date(2019, 5, 15),
        },
        {
            "service": "A6",
            "provider": DAY_SERVICE,
            "per_week": 1,
            "first": date(2019, 5, 16),
            "last": date(2019, 5, 31),
        },
    ]


def started(on: str, contracted_on: str | None) -> Event:
    return internal(
        "ServiceStarted",
        date.fromisoformat(on),
        service="A6",
        provider=DAY_SERVICE,
        started_on=on,
        contracted_on=contracted_on,
    )


STARTS = {
    "signed and used inside the month": ("2019-05-20", "2019-05-16", [date(2019, 5, 16)]),
    "signed before the month": ("2019-05-20", "2019-04-30", []),
    "signed on its first day": ("2019-05-20", "2019-05-01", []),
    "used from the first day": ("2019-05-01", None, []),
    "nobody told when it was signed": ("2019-05-20", None, [None]),
    "used from the month before": ("2019-04-20", "2019-04-16", []),
}


@pytest.mark.parametrize(("began", "signed", "days"), STARTS.values(), ids=STARTS.keys())
def test_the_report_tells_of_a_contract_that_began_inside_the_month(
    began: str, signed: str | None, days: list[date | None]
) -> None:
    """A-Q47: 起算日 is the day of the contract."""
    found = month_occasions.occasions(folded(started(began, signed)), Month(2019, 5), {"A6"}, ADACHIS)
    assert [each["first"] for each in found] == days
    assert {each["occasion"] for each in found} <= {"contract_started"}


@pytest.mark.parametrize(
    ("last_used", "ended", "days"),
    [
        ("2019-05-10", "2019-05-15", [date(2019, 5, 15)]),
        ("2019-05-10", None, [None]),
        ("2019-05-10", "2019-05-31", []),
        ("2019-05-31", None, []),
    ],
)
def test_the_report_tells_of_a_contract_that_ended_inside_the_month(
    last_used: str, ended: str | None, days: list[date | None]
) -> None:
    """A-Q47: until the day on which the contract ended."""
    over = internal(
        "ServiceEnded",
        date.fromisoformat(last_used),
        service="A6",
        provider=DAY_SERVICE,
        last_used_on=last_used,
        contract_ended_on=ended,
    )
    case = folded(started("2019-04-01", "2019-04-01"), over)
    found = month_occasions.occasions(case, Month(2019, 5), {"A6"}, ADACHIS)
    assert [each["first"] for each in found] == days


def test_the_report_tells_each_short_stay_by_the_days_that_its_office_told() -> None:
    """A-Q61."""
    days = ["2019-05-03", "2019-05-04", "2019-05-05", "2019-05-20"]
    received = internal(
        "ProviderPerformanceReceived",
        date(2019, 6, 3),
        service_month=MONTH,
        provider=RENTAL,
        service="24",
        units=2000,
        days=days,
        last_used_on=None,
        received_on="2019-06-03",
    )
    stays = month_occasions.occasions(folded(received), Month(2019, 5), {"24"}, ADACHIS)
    assert [(each["first"].day, each["last"].day) for each in stays] == [(3, 5), (20, 20)]
    (unknown,) = month_occasions.occasions(folded(), Month(2019, 5), {"24"}, ADACHIS)
    assert unknown["first"] is None


@pytest.mark.parametrize("given", [None, []])
def test_a_report_without_occasions_takes_them_from_the_case(given: list[Any] | None) -> None:
    """A-Q61: a form that was left empty says nothing of its own."""
    days = ["2025-01-11", "2025-01-12"]
    stay = received(1000, service="24", provider=RENTAL, days=days)
    at = in_february(received(), stay)
    (event,) = at.when("ReportPerformance", service_month="2025-01", occasions=given).events
    (row,) = event.data["occasions"]
    assert (row["occasion"], row["first"], row["last"]) == (
        "short_stay",
        date(2025, 1, 11),
        date(2025, 1, 12),
    )
    told_by_hand = [occasion("hospital", "2025-01-02", "2025-01-05")]
    (event,) = at.when("ReportPerformance", service_month="2025-01", occasions=told_by_hand).events
    assert [each["occasion"] for each in event.data["occasions"]] == ["hospital"]
