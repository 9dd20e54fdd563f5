"""Adachi: how long a plan holds, when it is evaluated, when a visit is due, what six months without use bring."""

from datetime import date
from typing import Any

import pytest

from contracts.events.sample import CENTRE, DAY_SERVICE, WARD
from shared.node.errors import Refused
from tests.care.stage import ADACHI, ADACHI_CENTRE, CASE, Desk, desk, made

SERVICE = {"service": "A6", "provider": DAY_SERVICE, "starts_on": "2019-04-01", "ends_on": None}
PLAN: dict[str, Any] = {
    "occasion": "first",
    "sheets": ["A", "B", "C", "D"],
    "period_from": "2019-04-01",
    "period_to": "2019-09-30",
    "services": [SERVICE],
    "goals": "外出する",
}


def centre(
    on: date, insurer: str = ADACHI, me: str = ADACHI_CENTRE, status: str = "project_eligible", **changes: Any
) -> Desk:
    opened = made(
        "CaseOpened",
        me,
        date(2018, 8, 1),
        insurer=insurer,
        parties={me: "hokatsu", insurer: "ward"},
        opened_on="2018-08-01",
        procedure="principle",
        status=status,
        **{"certification": None, **changes},
    )
    return desk(me, opened, made("ContractSigned", me, date(2018, 8, 1), agency=me, role="hokatsu"), today=on)


def done(where: Desk, name: str, on: date, **fields: Any) -> Desk:
    """The command was given on a day, and its events are known."""
    where.today = on
    for new in where.when(name, **fields).events:
        where.given(made(new.type, where.me, on, dict(new.data), kinds=where.kinds))
    return where


def delivered(
    period_from: str, period_to: str, insurer: str = ADACHI, me: str = ADACHI_CENTRE, **case: Any
) -> Desk:
    on = date.fromisoformat(period_from)
    where = centre(on, insurer, me, **case)
    planned = [{**SERVICE, "starts_on": period_from}]
    done(
        where,
        "DraftPlan",
        on,
        **{**PLAN, "period_from": period_from, "period_to": period_to, "services": planned},
    )
    done(where, "RecordPlanConsent", on, signed_by="person")
    return done(where, "DeliverPlan", on, sheets=["A", "B", "C", "D"])


def duties(where: Desk, row: str, on: date) -> list[tuple[date | None, str]]:
    return [(each.due, each.state) for each in where.obligations(today=on) if each.row == row]


@pytest.mark.parametrize(
    ("period_from", "period_to", "allowed"),
    [
        ("2019-04-01", "2021-03-31", True),
        ("2019-04-01", "2021-04-01", False),
        ("2019-04-01", "2021-04-30", False),
        ("2020-02-29", "2022-02-28", True),
        ("2020-02-29", "2022-03-01", False),
    ],
)
def test_a_plan_holds_two_years_at_most(period_from: str, period_to: str, allowed: bool) -> None:
    """A-Q38a."""
    where = centre(date.fromisoformat(period_from))
    fields = {**PLAN, "period_from": period_from, "period_to": period_to}
    if allowed:
        where.when("DraftPlan", **fields)
        return
    with pytest.raises(Refused) as refused:
        where.when("DraftPlan", **fields)
    assert (refused.value.code, refused.value.rule) == ("plan_too_long", "A-Q38a")


def test_where_the_ward_s_document_is_silent_nothing_is_refused_or_owed() -> None:
    """Toshima's values are assumed; its own rules on plans stand elsewhere."""
    where = delivered("2024-10-01", "2027-03-31", WARD, CENTRE)
    assert duties(where, "A-Q38a", date(2025, 4, 1)) == []


CERTIFIED = {"status": "support1", "valid_from": "2018-08-01", "valid_to": "2019-07-31"}


def test_sheet_f_is_due_every_six_months_and_for_the_remainder() -> None:
    """A-Q44: used from 2019-01-01 in a certification to 2019-07-31."""
    where = delivered("2019-01-01", "2020-12-31", status="support1", certification=CERTIFIED)
    assert duties(where, "A-Q38a", date(2019, 6, 30)) == [(date(2019, 6, 30), "due")]
    assert duties(where, "A-Q38a", date(2019, 7, 1)) == [(date(2019, 6, 30), "overdue")]
    done(where, "EvaluatePlan", date(2019, 6, 28), outcome="continue", comment="よい")
    assert duties(where, "A-Q38a", date(2019, 7, 1)) == [(date(2019, 6, 30), "done")]
    assert duties(where, "A-Q38a-next", date(2019, 7, 1)) == [(date(2019, 7, 31), "open")]
    done(where, "EvaluatePlan", date(2019, 7, 31), outcome="continue", comment="よい")
    assert duties(where, "A-Q38a-next", date(2019, 8, 1)) == [(date(2019, 7, 31), "done")]


def test_two_years_have_four_evaluations() -> None:
    """A-Q42."""
    where = delivered("2019-04-01", "2021-03-31")
    due = []
    for _ in range(4):
        made_by = [
            each for each in where.obligations(today=date(2019, 4, 1)) if each.row.startswith("A-Q38a")
        ]
        (open_one,) = [each for each in made_by if each.open]
        assert open_one.due
        due.append(open_one.due)
        done(where, "EvaluatePlan", open_one.due, outcome="continue", comment="よい")
    assert due == [date(2019, 9, 30), date(2020, 3, 31), date(2020, 9, 30), date(2021, 3, 31)]


@pytest.mark.parametrize(
    ("month", "marked", "means", "owed"),
    [
        ("2019-05", False, "call", False),
        ("2019-05", True, "call", True),
        ("2019-05", True, "visit", False),
        ("2019-06", False, "meet", True),
        ("2019-06", False, "visit", False),
        ("2019-09", False, "call", True),
    ],
)
def test_a_visit_that_is_due_and_was_not_made_is_owed(
    month: str, marked: bool, means: str, owed: bool
) -> None:
    """A-Q30."""
    where = delivered("2019-04-01", "2019-09-30")
    on = date(2019, int(month[-2:]), 20)
    where.today = on
    fields = {"month": month, "means": means, "marked_change": marked, "findings": "変わりない"}
    advice = [each.rule for each in where.when("RecordMonitoring", **fields).advice]
    assert ("A-Q30" in advice) is owed
    done(where, "RecordMonitoring", on, **fields)
    assert bool(duties(where, "A-Q30", on)) is owed
    if owed:
        done(where, "RecordMonitoring", on, **{**fields, "means": "visit"})
        assert [state for _, state in duties(where, "A-Q30", on)] == ["done"]


UNUSED = ("A-Q21a", "A-Q38b-plan", "A-Q38b-meeting", "A-Q38b-confirm")


def stopped(last_used_on: str) -> Desk:
    where = delivered("2018-08-01", "2020-07-31")
    done(where, "StartService", date(2018, 8, 1), service="A6", provider=DAY_SERVICE, started_on="2018-08-01")
    day = date.fromisoformat(last_used_on)
    return done(where, "EndService", day, service="A6", provider=DAY_SERVICE, last_used_on=last_used_on)


@pytest.mark.parametrize(
    ("last_used_on", "before", "required_from"),
    [
        ("2018-09-30", date(2019, 3, 31), date(2019, 4, 1)),
        ("2018-09-10", date(2019, 3, 10), date(2019, 3, 11)),
        ("2018-08-31", date(2019, 2, 28), date(2019, 3, 1)),
    ],
)
def test_after_six_months_without_use_four_things_are_owed(
    last_used_on: str, before: date, required_from: date
) -> None:
    """A-Q21a, A-Q24, A-Q38b, decision 17."""
    where = stopped(last_used_on)
    for row in UNUSED:
        assert duties(where, row, before) == []
        assert duties(where, row, required_from) == [(required_from, "due")]
    assert where.situation(CASE).case.status_on(required_from) == "project_eligible"


def test_who_uses_the_project_again_owes_none_of_it() -> None:
    """A-Q21a."""
    where = stopped("2018-09-30")
    where.given(made("ServiceStarted", ADACHI_CENTRE, date(2019, 1, 7), kinds=where.kinds, service="A7"))
    for row in UNUSED:
        assert [state for _, state in duties(where, row, date(2019, 4, 2))] == ["done"]


@pytest.mark.parametrize(("kind", "allowed"), [("A", True), ("B", False), ("C", False)])
def test_care_management_a_only_is_offered(kind: str, allowed: bool) -> None:
    """A-Q28."""
    where = centre(date(2019, 5, 15))
    if allowed:
        assert where.when("DecideCareManagement", kind=kind).events[0].data["kind"] == "A"
        return
    with pytest.raises(Refused) as refused:
        where.when("DecideCareManagement", kind=kind)
    assert (refused.value.code, refused.value.rule) == ("management_not_offered", "A-Q28")


@pytest.mark.parametrize(
    ("about", "desks", "told"),
    [
        ("project", ["community_care"], (ADACHI,)),
        ("designated_office", ["insurance_guidance", "federation"], (ADACHI,)),
        ("any_service", ["core_centre"], ()),
    ],
)
def test_a_complaint_goes_to_its_desks(about: str, desks: list[str], told: tuple[str, ...]) -> None:
    """A-Q27."""
    (received,) = centre(date(2019, 6, 3)).when("RecordComplaint", about=about, content="遅れる").events
    assert (received.data["desks"], received.to) == (desks, told)


def test_a_ward_without_such_a_table_says_that_none_was_published() -> None:
    where = centre(date(2024, 10, 15), WARD, CENTRE)
    for command, fields in (
        ("RecordComplaint", {"about": "project", "content": "遅れる"}),
        ("DecideCareManagement", {"kind": "A"}),
    ):
        with pytest.raises(Refused) as refused:
            where.when(command, **fields)
        assert refused.value.code == "not_published"


@pytest.mark.parametrize(
    ("moved_on", "days"), [(date(2019, 5, 16), "15日"), (date(2019, 5, 2), "1日"), (date(2019, 5, 1), None)]
)
def test_a_move_out_of_the_ward_in_mid_month_is_paid_until_the_day_before(
    moved_on: date, days: str | None
) -> None:
    """A-Q62."""
    where = delivered("2019-04-01", "2020-03-31")
    done(where, "StartService", date(2019, 4, 1), service="A6", provider=DAY_SERVICE, started_on="2019-04-01")
    where.today = moved_on
    last = date.fromordinal(moved_on.toordinal() - 1)
    decision = where.when("EndSupport", reason_code="moved_out", ended_on=str(last), note="区外へ")
    told = [each.message for each in decision.advice if each.rule == "A-Q62"]
    assert any(f"までの{days}の" in each for each in told) is (days is not None)
    where.given(made("SupportEnded", ADACHI_CENTRE, moved_on, dict(decision.events[0].data)))
    assert [state for _, state in duties(where, "A-Q62", moved_on)] == ["open"]


@pytest.mark.parametrize(
    ("residence", "rule"),
    [(None, None), ("nursing_home_for_aged", None), ("specified_facility", "A-Q45"), ("group_home", "A-Q46")],
)
def test_where_services_are_inclusive_a_plan_with_the_project_s_warns(
    residence: Any, rule: str | None
) -> None:
    """A-Q45, A-Q46."""
    where = centre(date(2019, 4, 1))
    done(
        where,
        "RecordAssessment",
        date(2019, 4, 1),
        occasion="first",
        documents=["assessment"],
        residence=residence,
        findings="変わりない",
    )
    advice = {each.rule for each in where.when("DraftPlan", **PLAN).advice}
    assert advice & {"A-Q45", "A-Q46"} == ({rule} if rule else set())


@pytest.mark.parametrize(
    ("status", "service", "rule"),
    [("project_eligible", "67", "A-Q15b"), ("care1", "A6", "A-Q11"), ("care1", "67", "A-Q15b")],
)
def test_a_plan_holds_what_the_status_allows(status: str, service: str, rule: str) -> None:
    """A-Q11, A-Q15b."""
    card = {"status": status, "valid_from": "2019-01-01", "valid_to": "2019-12-31"}
    where = centre(date(2019, 4, 1), status=status, certification=card if status == "care1" else None)
    with pytest.raises(Refused) as refused:
        where.when("DraftPlan", **{**PLAN, "services": [{**SERVICE, "service": service}]})
    assert (refused.value.code, refused.value.rule) == ("service_not_open", rule)
