"""Providers of a ward's project: whose designation they need, how often a week they come, who plans."""

from datetime import date
from typing import Any

import pytest

from contracts.events.sample import CENTRE, DAY_SERVICE, RENTAL, WARD
from shared.node.errors import Refused
from tests.care.stage import ADACHI, ADACHI_CENTRE, BORDER_OFFICE, Town
from tests.care.test_two_wards import PERSON, town

DAY = date(2025, 6, 2)
OTHER_DAY_SERVICE = "13A2100025"
PLAN: dict[str, Any] = {
    "occasion": "first",
    "sheets": ["A", "B", "C", "D"],
    "period_from": "2025-06-03",
    "period_to": "2026-03-31",
    "goals": "週に一度は外出する",
}
ASSESSED: dict[str, Any] = {
    "occasion": "first",
    "documents": ["basic_information", "basic_checklist", "assessment", "interest_checklist"],
    "findings": "外出が減った",
}


def planned(
    provider: str = DAY_SERVICE, service: str = "A6", starts_on: str = "2025-06-03", **more: Any
) -> dict[str, Any]:
    row = {"service": service, "provider": provider, "starts_on": starts_on, "ends_on": None, **more}
    return {**PLAN, "services": [row]}


@pytest.fixture
def where() -> Town:
    return town()


def opened(where: Town, insurer: str = ADACHI, status: str = "support1", **more: Any) -> Any:
    centre = {ADACHI: ADACHI_CENTRE, WARD: CENTRE}[insurer]
    return (
        where.act(centre, "OpenCase", insurer=insurer, **{**PERSON, "status": status, **more})
        .events[0]
        .case_id
    )


def designated(where: Town, ward: str = ADACHI, provider: str = DAY_SERVICE, **more: Any) -> None:
    fields = {
        "provider_name": "見本デイサービス",
        "services": ["A6", "A7"],
        "designated_from": "2025-04-01",
        **more,
    }
    where.act(ward, "DesignateProvider", provider=provider, **fields)


def drafted(where: Town, case: Any, agency: str = ADACHI_CENTRE, **plan: Any) -> list[str]:
    decision = where.act(agency, "DraftPlan", case, **(plan or planned()))
    return [each.rule for each in decision.advice]


def refused(where: Town, case: Any, agency: str = ADACHI_CENTRE, **plan: Any) -> Refused:
    with pytest.raises(Refused) as problem:
        where.act(agency, "DraftPlan", case, **plan)
    return problem.value


# --- designation ---


def test_a_provider_that_the_insurer_designated_is_planned_without_a_word(where: Town) -> None:
    """A-Q25a, A-Q49."""
    case = opened(where)
    designated(where)
    assert not {"A-Q49", "A-Q25a"} & set(drafted(where, case))


def test_a_provider_that_the_ward_designated_for_something_else_is_refused_by_name(where: Town) -> None:
    """A-Q49."""
    case = opened(where)
    designated(where, services=["A2"])
    problem = refused(where, case, **planned())
    assert (problem.code, problem.rule, problem.field) == ("provider_not_designated", "A-Q49", "services")


def test_while_a_ward_still_enters_its_list_a_provider_of_which_it_has_not_told_is_advised_on(
    where: Town,
) -> None:
    """A-Q49: nothing says that the list is complete."""
    case = opened(where)
    designated(where, provider=OTHER_DAY_SERVICE)
    decision = where.act(ADACHI_CENTRE, "DraftPlan", case, **planned())
    (told,) = [each.message for each in decision.advice if each.rule == "A-Q49"]
    assert DAY_SERVICE in told
    assert "まだありません" in told


@pytest.mark.parametrize(
    ("starts_on", "allowed"),
    [("2025-06-09", False), ("2025-06-10", True), ("2025-12-31", True), ("2026-01-01", False)],
)
def test_a_designation_holds_from_its_first_to_its_last_day(
    where: Town, starts_on: str, allowed: bool
) -> None:
    """A-Q49."""
    case = opened(where)
    designated(where, designated_from="2025-06-10")
    designated(where, designated_from="2025-06-10", designated_to="2025-12-31")
    if allowed:
        assert "A-Q49" not in drafted(where, case, **planned(starts_on=starts_on))
    else:
        assert refused(where, case, **planned(starts_on=starts_on)).rule == "A-Q49"


def test_a_designation_is_for_the_services_that_it_names(where: Town) -> None:
    """A-Q49."""
    case = opened(where)
    designated(where)
    assert refused(where, case, **planned(service="A2")).rule == "A-Q49"


def test_of_a_ward_that_has_told_of_no_provider_nothing_is_refused_and_it_is_said_to_ask(where: Town) -> None:
    """A-Q49."""
    assert "A-Q49" in drafted(where, opened(where))


def test_a_provider_of_preventive_benefits_needs_no_designation_of_the_ward(where: Town) -> None:
    """A-Q49."""
    case = opened(where)
    designated(where)
    assert "A-Q49" not in drafted(where, case, **planned(RENTAL, "67"))


def test_the_insurer_s_own_rules_are_asked_and_toshima_states_none(where: Town) -> None:
    """A-Q49."""
    case = opened(where, WARD)
    designated(where, provider=OTHER_DAY_SERVICE)
    designated(where, WARD, provider=OTHER_DAY_SERVICE)
    assert "A-Q49" not in drafted(where, case, CENTRE)


def test_under_the_address_exception_the_municipality_of_residence_designates(where: Town) -> None:
    """A-Q25a: the insurer's own designation is of no use there."""
    case = opened(where)
    where.act(ADACHI_CENTRE, "RecordAssessment", case, resident_of=WARD, **ASSESSED)
    designated(where)
    designated(where, WARD, provider=OTHER_DAY_SERVICE)
    assert "A-Q25a" in drafted(where, case)
    designated(where, WARD, services=["A2"])
    assert refused(where, case, **planned()).rule == "A-Q25a"
    drafted(where, case, **planned(OTHER_DAY_SERVICE))


@pytest.mark.parametrize("number", [ADACHI, "131210"])
def test_the_residence_is_another_municipality_by_its_right_number(where: Town, number: str) -> None:
    """A-Q25a."""
    with pytest.raises(Refused) as problem:
        where.act(ADACHI_CENTRE, "RecordAssessment", opened(where), resident_of=number, **ASSESSED)
    assert (problem.value.code, problem.value.field) == ("residence_not_elsewhere", "resident_of")


def test_a_service_begins_with_a_designated_provider_only(where: Town) -> None:
    """A-Q49: also where the plan was made while the designation held."""
    case = opened(where)
    designated(where)
    where.act(ADACHI_CENTRE, "DraftPlan", case, **planned())
    where.act(ADACHI_CENTRE, "RecordPlanConsent", case, signed_by="person")
    where.act(ADACHI_CENTRE, "DeliverPlan", case, sheets=["A", "B", "C", "D"])
    designated(where, designated_to="2025-06-03")
    with pytest.raises(Refused) as problem:
        where.act(
            ADACHI_CENTRE, "StartService", case, service="A6", provider=DAY_SERVICE, started_on="2025-06-04"
        )
    assert problem.value.rule == "A-Q49"


def test_of_what_was_used_without_a_designation_the_report_tells(where: Town) -> None:
    """A-Q49."""
    case = opened(where)
    designated(where, designated_to="2025-06-20")
    where.advance(date(2025, 7, 2))
    used = {"service": "A6", "provider": DAY_SERVICE, "units": 1798, "last_used_on": None}
    decision = where.act(ADACHI_CENTRE, "ReportPerformance", case, service_month="2025-06", services=[used])
    assert "A-Q49" in [each.rule for each in decision.advice]


def test_of_a_used_provider_that_the_list_lacks_the_report_says_to_ask_and_no_more(where: Town) -> None:
    """A-Q49."""
    case = opened(where)
    designated(where, provider=OTHER_DAY_SERVICE)
    where.advance(date(2025, 7, 2))
    used = {"service": "A6", "provider": DAY_SERVICE, "units": 1798, "last_used_on": None}
    decision = where.act(ADACHI_CENTRE, "ReportPerformance", case, service_month="2025-06", services=[used])
    (told,) = [each.message for each in decision.advice if each.rule == "A-Q49"]
    assert "まだありません" in told


def test_a_designation_does_not_end_before_it_begins(where: Town) -> None:
    """A-Q49."""
    with pytest.raises(Refused) as problem:
        designated(where, designated_to="2025-03-31")
    assert (problem.value.code, problem.value.field) == ("ended_before_start", "designated_to")


# --- how often a week ---


@pytest.mark.parametrize(
    ("status", "service", "per_week", "advised"),
    [
        ("support1", "A6", 1, False),
        ("support1", "A6", 2, True),
        ("support1", "A2", 2, False),
        ("support2", "A6", 2, False),
        ("support1", "A6", None, False),
    ],
)
def test_a_plan_with_more_day_service_than_is_usual_at_support_1_is_warned_of(
    where: Town, status: str, service: str, per_week: int | None, advised: bool
) -> None:
    """A-Q51."""
    case = opened(where, status=status)
    plan = planned(service=service, per_week=per_week)
    assert ("A-Q51" in drafted(where, case, **plan)) is advised


MAY_2025 = {"service_month": "2025-05", "provider": DAY_SERVICE, "service": "A6", "units": 1798}


@pytest.mark.parametrize(
    ("days", "missing"),
    [
        (["2025-05-07", "2025-05-14", "2025-05-21"], []),
        (["2025-05-07", "2025-05-21", "2025-05-28"], ["5月12日"]),
        (["2025-05-01", "2025-05-30"], ["5月5日", "5月12日", "5月19日"]),
        (None, []),
    ],
)
def test_a_whole_week_without_use_is_told_when_the_days_of_the_month_come_in(
    where: Town, days: list[str] | None, missing: list[str]
) -> None:
    """A-Q56: of May 2025 the weeks of the 5th, 12th and 19th lie whole in the month."""
    case = opened(where, certified_from="2025-04-01")
    decision = where.act(ADACHI_CENTRE, "ReceiveProviderPerformance", case, **MAY_2025, days=days)
    told = [each.message for each in decision.advice if each.rule == "A-Q56"]
    assert len(told) == len(missing)
    assert all(day in text for day, text in zip(missing, told, strict=True))


def test_a_day_outside_the_month_is_refused(where: Town) -> None:
    """A-Q56."""
    with pytest.raises(Refused) as problem:
        where.act(ADACHI_CENTRE, "ReceiveProviderPerformance", opened(where), **MAY_2025, days=["2025-04-30"])
    assert (problem.value.code, problem.value.field) == ("day_outside_month", "days")


def test_the_same_figures_with_days_are_news_and_again_without_them_are_none(where: Town) -> None:
    """A-Q56."""
    case = opened(where)
    where.act(ADACHI_CENTRE, "ReceiveProviderPerformance", case, **MAY_2025)
    assert where.act(
        ADACHI_CENTRE, "ReceiveProviderPerformance", case, **MAY_2025, days=["2025-05-07"]
    ).events
    assert not where.act(ADACHI_CENTRE, "ReceiveProviderPerformance", case, **MAY_2025).events


def test_in_toshima_which_says_nothing_of_weeks_nothing_is_told(where: Town) -> None:
    """A-Q51, A-Q56."""
    case = opened(where, WARD)
    assert "A-Q51" not in drafted(where, case, CENTRE, **planned(per_week=3))
    decision = where.act(CENTRE, "ReceiveProviderPerformance", case, **MAY_2025, days=["2025-05-30"])
    assert "A-Q56" not in [each.rule for each in decision.advice]


def test_weeks_before_the_service_began_are_no_weeks_without_use(where: Town) -> None:
    """A-Q56: it began on Thursday 2025-06-12, so the first week that counts is that of the 16th."""
    case = opened(where)
    designated(where)
    where.act(ADACHI_CENTRE, "DraftPlan", case, **planned())
    where.act(ADACHI_CENTRE, "RecordPlanConsent", case, signed_by="person")
    where.act(ADACHI_CENTRE, "DeliverPlan", case, sheets=["A", "B", "C", "D"])
    where.act(
        ADACHI_CENTRE, "StartService", case, service="A6", provider=DAY_SERVICE, started_on="2025-06-12"
    )
    where.advance(date(2025, 7, 2))
    fields = {**MAY_2025, "service_month": "2025-06", "days": ["2025-06-12", "2025-06-26"]}
    decision = where.act(ADACHI_CENTRE, "ReceiveProviderPerformance", case, **fields)
    assert ["6月16日" in each.message for each in decision.advice if each.rule == "A-Q56"] == [True]


# --- who plans ---


@pytest.mark.parametrize(
    ("sufficient", "meeting", "advised"), [(True, "no", []), (False, "recommended", ["A-Q43"])]
)
def test_a_change_of_the_planner_recommends_a_meeting_where_the_handover_does_not_suffice(
    where: Town, sufficient: bool, meeting: str, advised: list[str]
) -> None:
    """A-Q43."""
    case = opened(where)
    decision = where.act(ADACHI_CENTRE, "ChangePlanner", case, changed_on=DAY, handover_sufficient=sufficient)
    assert decision.events[0].data["meeting"] == meeting
    assert [each.rule for each in decision.advice] == advised
    rows = {each.row for each in where.desks[ADACHI_CENTRE].obligations(case) if each.open}
    assert not {row for row in rows if "meeting" in row}


def test_where_the_ward_says_nothing_of_it_the_change_is_recorded_alone(where: Town) -> None:
    """A-Q43."""
    decision = where.act(CENTRE, "ChangePlanner", opened(where, WARD), changed_on=DAY)
    assert (decision.events[0].data["meeting"], decision.advice) == (None, [])


def test_a_change_to_come_is_not_recorded_yet(where: Town) -> None:
    """A-Q43."""
    with pytest.raises(Refused) as problem:
        where.act(ADACHI_CENTRE, "ChangePlanner", opened(where), changed_on="2025-06-03")
    assert problem.value.field == "changed_on"


def test_only_who_does_the_care_changes_its_planner(where: Town) -> None:
    """A-Q43."""
    fields = {**PERSON, "insurer": ADACHI, "centre": ADACHI_CENTRE}
    case = where.act(BORDER_OFFICE, "OpenCase", **fields).events[0].case_id
    (changed,) = where.act(BORDER_OFFICE, "ChangePlanner", case, changed_on=DAY).events
    assert tuple(changed.to) == (), "of its own designation an office answers for itself"
    with pytest.raises(Refused) as problem:
        where.act(ADACHI_CENTRE, "ChangePlanner", case, changed_on=DAY)
    assert problem.value.code == "not_carer"


def test_a_provider_is_spoken_of_by_the_name_under_which_it_was_designated(where: Town) -> None:
    case = opened(where)
    designated(where, services=["A7"])
    assert "見本デイサービス" in refused(where, case, **planned()).message


# --- what the ward's own document asks for with a plan ---


def test_a_plan_of_adachi_wants_an_assessment_by_adachis_rule_and_no_form_that_only_toshima_asks_for(
    where: Town,
) -> None:
    """A-Q12b: the manual names the assessment, and neither 利用者基本情報 nor 興味・関心チェックシート."""
    case = opened(where)
    assert "A-Q12b" in drafted(where, case)
    assessed = {**ASSESSED, "documents": ["assessment"]}
    assert where.act(ADACHI_CENTRE, "RecordAssessment", case, **assessed).advice == []
    told = drafted(where, case)
    assert not [each for each in told if each in ("A-Q12b", "T-19", "T-20", "T-21", "T-22")]


def test_a_plan_of_toshima_wants_all_four_by_toshimas_rules(where: Town) -> None:
    """T-19, T-20, T-21, T-22."""
    case = opened(where, WARD)
    decision = where.act(CENTRE, "RecordAssessment", case, **{**ASSESSED, "documents": ["assessment"]})
    assert [each.rule for each in decision.advice] == ["T-19"]
    assert {"T-20", "T-22"} <= set(drafted(where, case, CENTRE))
