"""What cells of the matrix ask for at a time of their own: contracts, records, assessments, evaluations, results."""

from datetime import date
from typing import Any

import pytest

from contracts.events.sample import BILLING, CENTRE, OFFICE, WARD
from shared.eventlog.model import Event
from shared.policy.obligation_due import Ground
from shared.policy.obligation_facts import facts_of
from shared.policy.obligations import Obligation, standing
from tests.care.stage import made, opened
from tests.care.test_planning import ASSESSED, DELIVERED, DRAFTED, internal
from tests.rules.owing import ENDED, ENTRUSTED, RENEWED, SIGNED_BY_CENTRE, SIGNED_BY_OFFICE, only, owed, start


def rows(*events: Event, today: date) -> list[str]:
    return [each.row for each in owed(*events, today=today)]


# --- contracts ---

BY_CENTRE = opened(procedure="principle", contract_by="hokatsu")


def test_entrusted_or_direct_the_centre_owes_the_contract_with_the_person() -> None:
    """T-07R."""
    before = only("T-07-begin", BY_CENTRE, today=date(2024, 10, 8))
    assert (before.debtor, before.creditor, before.due, before.state) == (CENTRE, "person", None, "open")
    by_office = only("T-07-begin", BY_CENTRE, SIGNED_BY_OFFICE, today=date(2024, 10, 10))
    assert by_office.state == "open"
    assert only("T-07-begin", BY_CENTRE, SIGNED_BY_CENTRE, today=date(2024, 10, 10)).state == "done"
    assert only("T-07-begin", BY_CENTRE, DELIVERED, today=date(2024, 10, 19)).state == "overdue"


def test_a_transfer_to_an_office_before_the_centre_contracted_leaves_the_office_to_contract() -> None:
    """T-07M."""
    assigned = made("OfficeAssigned", CENTRE, date(2024, 11, 1))
    assert only("T-07-begin", BY_CENTRE, assigned, today=date(2024, 11, 2)).state == "void"


def test_an_office_that_joins_to_be_entrusted_leaves_the_contract_with_the_centre() -> None:
    """T-07R."""
    assigned = made("OfficeAssigned", CENTRE, date(2024, 11, 1), track="entrusted")
    assert only("T-07-begin", BY_CENTRE, assigned, today=date(2024, 11, 2)).state == "open"


def test_outside_the_model_the_office_owes_its_own_contract_before_the_plan() -> None:
    """T-07N, T-66."""
    alone = opened(procedure="principle")
    before = only("T-07-begin-office", alone, today=date(2024, 10, 8))
    assert (before.debtor, before.creditor, before.state) == (OFFICE, "person", "open")
    assert only("T-07-begin-office", alone, SIGNED_BY_CENTRE, today=date(2024, 10, 10)).state == "open"
    assert only("T-07-begin-office", alone, SIGNED_BY_OFFICE, today=date(2024, 10, 10)).state == "done"
    assert "T-07-begin" not in rows(alone, today=date(2024, 10, 8))


def test_under_the_model_procedure_the_contract_is_owed_after_the_agreement_or_the_refusal() -> None:
    """T-07N, T-08N."""
    assert "T-07-begin-office" not in rows(opened(), today=date(2024, 10, 8))
    declined = made("SimultaneousContractDeclined", CENTRE, date(2024, 10, 8))
    assert only("T-07-declined", opened(), declined, today=date(2024, 10, 9)).debtor == OFFICE
    assert (
        only("T-07-declined", opened(), declined, SIGNED_BY_OFFICE, today=date(2024, 10, 10)).state == "done"
    )
    agreed = made("SimultaneousContractAgreed", CENTRE, date(2024, 10, 9))
    assert only("T-07-declined", opened(), declined, agreed, today=date(2024, 10, 10)).state == "void"


# --- records and assessment ---


def test_designated_and_new_the_office_asks_the_ward_for_the_records() -> None:
    """T-18N."""
    asked = made("RecordsRequested", OFFICE, date(2024, 10, 11))
    before = only("T-18-request", opened(), today=date(2024, 10, 8))
    assert (before.debtor, before.creditor, before.state) == (OFFICE, WARD, "open")
    assert only("T-18-request", opened(), DRAFTED, today=date(2024, 10, 17)).state == "overdue"
    assert only("T-18-request", opened(), asked, DRAFTED, today=date(2024, 10, 17)).state == "done"


@pytest.mark.parametrize("changes", [{"contract_by": "hokatsu"}, {"status": "none", "certification": None}])
def test_nobody_asks_for_records_that_the_centre_gives_or_that_do_not_exist_yet(
    changes: dict[str, Any],
) -> None:
    """T-18N."""
    assert "T-18-request" not in rows(opened(**changes), today=date(2024, 10, 8))


def test_a_case_opened_before_the_certification_asks_for_the_records_after_it() -> None:
    """T-18N."""
    before = opened(status="none", certification=None)
    result = made("CertificationResult", WARD, date(2024, 10, 14), occasion="new")
    row, today = "T-18-request-certified", date(2024, 10, 17)
    assert row not in rows(before, today=today)
    waiting = only(row, before, result, today=today)
    assert (waiting.debtor, waiting.creditor, waiting.state) == (OFFICE, WARD, "open")
    assert waiting.since == date(2024, 10, 14)
    assert only(row, before, result, DRAFTED, today=today).state == "overdue"
    asked = made("RecordsRequested", OFFICE, date(2024, 10, 15))
    assert only(row, before, result, asked, DRAFTED, today=today).state == "done"
    care = made("CertificationResult", WARD, date(2024, 10, 14), occasion="new", status="none")
    assert row not in rows(before, care, today=today)
    by_centre = opened(status="none", certification=None, contract_by="hokatsu")
    assert row not in rows(by_centre, result, today=today)
    assert row not in rows(opened(), result, today=today)


def given(*kinds: str) -> Event:
    records = [{"kind": each, "dated": "2024-12-20"} for each in kinds]
    return made("RecordsProvided", CENTRE, date(2025, 1, 7), request_id=None, records=records)


HANDED = {
    "nothing": ((), "open", "open"),
    "the survey": (("certification_survey",), "done", "open"),
    "the opinion": (("doctor_opinion",), "done", "open"),
    "the basic information": (("basic_information",), "open", "done"),
    "both": (("certification_survey", "basic_information"), "done", "done"),
    "a plan": (("plan",), "open", "open"),
}


@pytest.mark.parametrize(("kinds", "survey", "information"), HANDED.values(), ids=HANDED)
def test_entrusted_the_centre_owes_the_records_and_the_first_basic_information_apart(
    kinds: tuple[str, ...], survey: str, information: str
) -> None:
    """T-18R, T-19R."""
    new = made("EntrustmentStarted", CENTRE, date(2025, 1, 6), new_to_office=True)
    events = [new, *([given(*kinds)] if kinds else [])]
    found = {
        each.row: (each.debtor, each.creditor, each.due, each.state)
        for each in owed(*events, today=date(2025, 1, 7))
    }
    assert found["T-18-entrusted"] == (CENTRE, OFFICE, date(2025, 1, 8), survey)
    assert found["T-19R-first"] == (CENTRE, OFFICE, date(2025, 1, 8), information)


def test_a_project_eligible_person_has_no_survey_to_hand_over() -> None:
    """T-18R."""
    eligible = made("EntrustmentStarted", CENTRE, date(2025, 1, 6), new_to_office=True, certified=False)
    found = rows(eligible, today=date(2025, 1, 7))
    assert "T-18-entrusted" not in found
    assert "T-19R-first" in found


def test_an_assessment_is_owed_before_the_first_draft() -> None:
    """T-19, T-20, T-21, T-22."""
    for row in OF_DOCUMENT.values():
        assert only(row, opened(), today=date(2024, 10, 8)).debtor == OFFICE
        assert only(row, opened(), DRAFTED, today=date(2024, 10, 17)).state == "overdue"
        assert only(row, opened(), ASSESSED, DRAFTED, today=date(2024, 10, 17)).state == "done"


OF_DOCUMENT = {
    "basic_information": "T-19",
    "basic_checklist": "T-20",
    "assessment": "T-21",
    "interest_checklist": "T-22",
}
PARTS = [
    {"interest_checklist"},
    {"basic_information", "assessment"},
    {"basic_checklist"},
    {"basic_information", "basic_checklist", "assessment"},
]


def assessed(*kinds: str, on: date = date(2024, 10, 15), **changes: Any) -> Event:
    return internal("AssessmentRecorded", on, documents=sorted(kinds), **changes)


@pytest.mark.parametrize("kinds", PARTS, ids=["+".join(sorted(each)) for each in PARTS])
def test_an_assessment_fulfils_only_what_it_made(kinds: set[str]) -> None:
    """T-19, T-20, T-21, T-22: and the rest when another makes it, late after the draft."""
    rest = assessed(*(set(OF_DOCUMENT) - kinds), on=date(2024, 10, 18))
    for kind, row in OF_DOCUMENT.items():
        part = only(row, opened(), assessed(*kinds), DRAFTED, today=date(2024, 10, 17))
        assert part.state == ("done" if kind in kinds else "overdue")
        both = only(row, opened(), assessed(*kinds), DRAFTED, rest, today=date(2024, 10, 18))
        assert both.state == ("done" if kind in kinds else "late")
        again = only(f"{row}-again", EVALUATED, assessed(*kinds, on=EVALUATED.occurred_on), today=AFTER)
        assert again.state == ("done" if kind in kinds else "open")


@pytest.mark.parametrize("kinds", PARTS, ids=["+".join(sorted(each)) for each in PARTS])
def test_entrusted_only_what_was_made_has_to_reach_the_centre(kinds: set[str]) -> None:
    """T-19R, T-20, T-21, T-22."""
    found = rows(assessed(*kinds, track="entrusted", occasion="renewal"), today=date(2024, 10, 16))
    wanted = {"T-19R" if kind == "basic_information" else f"{OF_DOCUMENT[kind]}-copy" for kind in kinds}
    assert set(found) == wanted


def sheet(sender: str, document: str) -> Event:
    on = date(2024, 10, 14)
    return made("DocumentHandedOver", sender, on, document=document, dated=on, month=None, handed_over_on=on)


FIRST_SHEETS = {
    "records with it": (lambda: given("basic_information"), "done"),
    "the sheet itself": (lambda: sheet(CENTRE, "basic_information"), "done"),
    "the survey": (lambda: given("certification_survey"), "open"),
    "another sheet": (lambda: sheet(CENTRE, "basic_checklist"), "open"),
    "an assessment with it": (lambda: assessed("basic_information"), "done"),
    "an assessment without": (lambda: assessed("assessment"), "open"),
}


@pytest.mark.parametrize(("event", "state"), FIRST_SHEETS.values(), ids=FIRST_SHEETS)
def test_the_centres_first_basic_information_does_for_an_entrusted_office(event: Any, state: str) -> None:
    """T-19R: 「初回は包括 ⇒その後は居宅」; of the other documents it makes none."""
    found = {each.row: each.state for each in owed(BY_CENTRE, event(), today=date(2025, 1, 7), me=OFFICE)}
    assert found["T-19-begin"] == state
    assert "T-19" not in found
    assert found["T-20"] == "open"


def test_the_centre_does_not_follow_what_an_entrusted_office_makes_itself() -> None:
    assert "T-19-begin" not in {each.row for each in owed(BY_CENTRE, today=date(2024, 10, 8), me=CENTRE)}


def test_designated_the_office_makes_its_own_basic_information() -> None:
    """T-19N, T-19M."""
    assert only("T-19", opened(), given("basic_information"), today=date(2025, 1, 7)).state == "open"
    assigned = made("OfficeAssigned", CENTRE, date(2024, 11, 1))
    events = (BY_CENTRE, assigned, given("basic_information"))
    assert only("T-19-transfer", *events, today=date(2025, 1, 7)).state == "open"
    assert only("T-19-begin", *events[:2], today=date(2025, 1, 7)).state == "void"
    own = assessed("basic_information", on=date(2025, 1, 7))
    assert only("T-19-transfer", *events, own, today=date(2025, 1, 7)).state == "done"


EVALUATED = internal("EvaluationRecorded", date(2025, 3, 24))
AFTER = date(2025, 3, 25)
AGAIN = {
    # when the next assessment was made → how the one that is owed after the evaluation stands
    "more than a month before the evaluation": (date(2025, 2, 20), "open"),
    "in the month before it": (date(2025, 2, 21), "done"),
    "on its day": (date(2025, 3, 24), "done"),
    "the day after": (date(2025, 3, 25), "done"),
}


@pytest.mark.parametrize(("on", "state"), AGAIN.values(), ids=AGAIN)
def test_after_an_evaluation_the_next_plan_wants_an_assessment_of_its_own(on: date, state: str) -> None:
    """T-19N, T-19R."""
    events = sorted([EVALUATED, internal("AssessmentRecorded", on)], key=lambda each: each.occurred_on)
    assert only("T-19-again", *events, today=date(2025, 3, 25)).state == state


def test_a_plan_that_ends_for_good_wants_no_assessment() -> None:
    ended = internal("EvaluationRecorded", date(2025, 3, 24), outcome="end")
    assert "T-19-again" not in rows(ended, today=date(2025, 3, 25))


# --- the end of a plan ---

AT_THE_END = {
    # a plan until Monday 2025-03-31 → how its evaluation stands
    "31 days before": (date(2025, 2, 28), None),
    "30 days before": (date(2025, 3, 1), "open"),
    "the day before": (date(2025, 3, 30), "open"),
    "the day": (date(2025, 3, 31), "due"),
    "the day after": (date(2025, 4, 1), "overdue"),
}


@pytest.mark.parametrize(("today", "state"), AT_THE_END.values(), ids=AT_THE_END)
def test_a_plan_is_evaluated_by_its_last_day(today: date, state: str | None) -> None:
    """T-30N: without any renewal of the certification, too."""
    found = [each for each in owed(DELIVERED, today=today) if each.row == "T-30"]
    assert [each.state for each in found] == ([state] if state else [])
    assert all(each.due == date(2025, 3, 31) for each in found)


def test_an_evaluation_that_was_made_is_not_owed_again() -> None:
    assert only("T-30", DELIVERED, EVALUATED, today=date(2025, 4, 1)).state == "done"


def test_a_plan_that_was_revised_is_evaluated_once_by_the_end_of_its_last_version() -> None:
    """T-30N."""
    second = internal(
        "PlanDelivered",
        date(2024, 12, 2),
        plan_version=2,
        replaces_version=1,
        occasion="revision",
        period_from="2024-12-02",
        period_to="2025-05-31",
    )
    assert only("T-30", DELIVERED, second, today=date(2025, 4, 1)).state == "void"
    found = [each for each in owed(DELIVERED, second, today=date(2025, 5, 2)) if each.row == "T-30"]
    assert [(each.due, each.state) for each in found] == [
        (date(2025, 5, 31), "open"),
        (date(2025, 3, 31), "void"),
    ]


def test_a_renewal_asks_for_the_same_evaluation_by_its_own_date() -> None:
    """T-30N, A-Q41."""
    found = [
        each
        for each in owed(DELIVERED, RENEWED, today=date(2025, 3, 24))
        if "evaluat" in each.row + each.title
    ]
    assert [each.row for each in found] == ["renewal-evaluation"]
    assert "T-30" not in rows(DELIVERED, RENEWED, today=date(2025, 3, 24))


@pytest.mark.parametrize(
    "changes", [{"occasion": "provisional"}, {"evaluate_by": "2025-03-31"}], ids=["provisional", "by A-Q38a"]
)
def test_provisional_plans_and_evaluations_by_another_rule_are_not_owed_here(changes: dict[str, Any]) -> None:
    other = internal("PlanDelivered", date(2024, 10, 18), **changes)
    assert "T-30" not in rows(other, today=date(2025, 3, 31))


def test_entrusted_the_monitoring_records_are_due_after_the_plan_s_end_though_nobody_evaluated() -> None:
    """T-28R: 「プラン期間終了・評価のタイミングで」."""
    kept = internal("MonitoringRecorded", date(2025, 2, 20), track="entrusted", plan_to="2025-03-31")
    assert only("T-28R", kept, today=date(2025, 3, 3)).due == date(2025, 4, 3)
    earlier = internal("EvaluationRecorded", date(2025, 3, 24), track="entrusted")
    assert only("T-28R", kept, earlier, today=date(2025, 3, 25)).due == date(2025, 3, 27)
    later = internal("EvaluationRecorded", date(2025, 4, 10), track="entrusted")
    assert only("T-28R", kept, later, today=date(2025, 4, 10)).due == date(2025, 4, 3)
    without = internal("MonitoringRecorded", date(2025, 2, 20), track="entrusted")
    assert only("T-28R", without, today=date(2025, 4, 10)).due is None


# --- the results of a month ---

BEGAN = start("67", date(2024, 10, 21))


def reported(month: str, on: date) -> Event:
    return made("PerformanceReported", OFFICE, on, service_month=month, reported_on=on)


def months(*events: Event, today: date, row: str) -> dict[str | None, tuple[date | None, str]]:
    found: list[Obligation] = owed(*events, today=today)
    return {each.period: (each.due, each.state) for each in found if each.row == row}


def test_each_designated_month_is_reported_for_its_claim() -> None:
    """T-32, T-33N: the document states no day, the examination's is assumed."""
    october = reported("2024-10", date(2024, 11, 5))
    assert months(BEGAN, october, today=date(2024, 12, 11), row="T-32-own") == {
        "2024-10": (date(2024, 11, 10), "done"),
        "2024-11": (date(2024, 12, 10), "overdue"),
        "2024-12": (date(2025, 1, 10), "open"),
    }
    found = only("T-32-own", BEGAN, today=date(2024, 10, 22), period="2024-10")
    assert (found.debtor, found.creditor, found.assumed) == (OFFICE, BILLING, True)


def test_an_entrusted_month_is_reported_to_the_centre_and_nowhere_else_twice() -> None:
    """T-32R: one act a month is one obligation."""
    events = (BEGAN, ENTRUSTED, ENDED)  # entrusted in January and February 2025
    today = date(2025, 3, 4)
    assert list(months(*events, today=today, row="T-32")) == ["2025-01", "2025-02"]
    own = months(*events, today=today, row="T-32-own")
    assert sorted(each or "" for each in own) == ["2024-10", "2024-11", "2024-12", "2025-03"]


def test_after_the_end_of_the_support_only_its_own_months_are_reported() -> None:
    over = made("SupportEnded", OFFICE, date(2024, 11, 20), ended_on="2024-11-15")
    assert list(months(BEGAN, over, today=date(2025, 3, 1), row="T-32-own")) == ["2024-10", "2024-11"]


def test_the_office_alone_follows_what_it_owes_to_its_billing_desk() -> None:
    facts = facts_of(BEGAN)
    parties = {OFFICE: "kyotaku", CENTRE: "hokatsu", WARD: "ward", BILLING: "billing"}
    for me, expected in ((OFFICE, True), (WARD, False)):
        found = standing(facts, Ground.of("131169", parties, me), date(2024, 11, 1))
        assert ("T-32-own" in {each.row for each in found}) is expected


@pytest.mark.parametrize("track", ["entrusted", "direct"])
def test_in_adachi_a_month_is_reported_by_adachis_own_row_and_nothing_of_toshimas_is_owed(track: str) -> None:
    """A-Q35a, A-Q36: whoever does the care brings the month's results together, to be claimed."""
    began = internal(
        "ServiceStarted",
        date(2024, 10, 21),
        started_on="2024-10-21",
        month="2024-10",
        first=True,
        track=track,
    )
    handed_over = [ENTRUSTED] if track == "entrusted" else []
    facts = [fact for event in [began, *handed_over] for fact in facts_of(event)]
    parties = {OFFICE: "kyotaku", CENTRE: "hokatsu", WARD: "ward", BILLING: "billing"}
    found = standing(facts, Ground.of("131219", parties), date(2024, 11, 11))
    results = [each for each in found if each.row in ("T-32", "T-32-own", "A-Q35a")]
    assert {(each.row, each.title) for each in results} == {("A-Q35a", "月の実績をまとめ、請求に回す")}
    assert all("足立区" in each.source for each in results)
    assert {each.period: each.due for each in results}["2024-10"] == date(2024, 11, 10)
    assert "A-Q35a" not in rows(BEGAN, today=date(2024, 11, 11))
