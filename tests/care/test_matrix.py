"""The process matrix: each document of the procedure with how it stands in a case (T-06 to T-35, T-51)."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from contracts.events.sample import CENTRE, OFFICE, WARD
from services.hokatsu.events import CENTRE_EVENTS
from shared.care.matrix import OTHER, Matrix, Place, matrix
from shared.eventlog.model import Event
from shared.policy.documents import documents
from tests.care.stage import ADACHI, ADACHI_CENTRE, CASE, desk, made, model, opened, signed_by_both
from tests.care.test_planning import ASSESSED, CONSENTED, DELIVERED, DRAFTED, MET, internal

ON = date(2024, 10, 18)
PLANNED = (ASSESSED, DRAFTED, MET, CONSENTED, DELIVERED)
SUBMITTED = made("PlanSubmitted", OFFICE, ON)
FILED = made(
    "NotificationFiled",
    OFFICE,
    date(2024, 10, 10),
    filer=OFFICE,
    desk="insurance_benefits",
    type="preventive_support",
    track="designated",
    occasion="first",
    filed_on="2024-10-10",
    held_since=None,
)
ACCEPTED = made("NotificationAccepted", WARD, date(2024, 10, 11), filer=OFFICE, desk="insurance_benefits")
HELD = made("NotificationPrepared", CENTRE, date(2024, 10, 10))
STARTED = internal("ServiceStarted", date(2024, 10, 21))
SWITCHED = made("ModeSwitched", OFFICE, date(2024, 12, 27))
ENTRUSTED = made("EntrustmentStarted", CENTRE, date(2025, 1, 6))
ENDED = made("EntrustmentEnded", CENTRE, date(2025, 3, 3))


def seen(*events: Event, on: date = ON, me: str = OFFICE, signed: bool = True) -> Matrix:
    contracts = signed_by_both() if signed else []
    at = desk(me, *model(), opened(), *contracts, *events, today=on)
    situation = at.situation(CASE)
    return matrix(situation.case, at.obligations(), situation.agency, me, on)


def place(found: Matrix, document: str) -> Place:
    (one,) = [each for each in found.places if each.document == document]
    return one


def stands(found: Matrix, document: str) -> tuple[str, date | None, str]:
    one = place(found, document)
    return one.state, one.on, one.rule


def test_under_a_simultaneous_contract_the_explanation_of_each_of_the_two_is_wanted() -> None:
    """T-10, T-11: one alone is not the whole of it."""
    requested, agreed, by_office, by_centre = signed_by_both()
    half = seen(requested, agreed, by_office, signed=False)
    whole = seen(requested, agreed, by_office, by_centre, signed=False)
    for document, rule in (("explanation", "T-10"), ("consent", "T-11")):
        assert stands(half, document) == ("due", None, rule)
        assert "包括のものがまだない" in place(half, document).reason
        assert place(whole, document).state == "done"


def test_outside_the_model_only_the_office_explains() -> None:
    """T-10, T-66."""
    (_, _, by_office, _) = signed_by_both()
    alone = by_office._replace(data={**by_office.data, "simultaneous": False})
    assert place(seen(alone, signed=False), "explanation").state == "done"


# --- each state ---


def test_a_document_that_was_made_is_done_with_its_day_its_event_and_where_it_is() -> None:
    found = place(seen(*PLANNED, SUBMITTED), "plan")
    assert (found.state, found.on, found.event, found.rule) == ("done", ON, DELIVERED.id, "T-23N")
    assert found.starred
    assert "原本は" in found.reason


def test_a_held_notification_that_was_filed_later_says_since_when_it_is_at_the_ward() -> None:
    """T-14D, T-16D: made on one day, at the ward from another."""
    later = made(
        "NotificationFiled",
        CENTRE,
        date(2025, 1, 6),
        notification_id=HELD.data["notification_id"],
        filer=CENTRE,
        filed_on="2025-01-06",
        held_since="2024-10-10",
    )
    taken = made(
        "NotificationAccepted",
        WARD,
        date(2025, 1, 7),
        notification_id=HELD.data["notification_id"],
        filer=CENTRE,
        desk="elderly_project",
    )
    at = seen(HELD), seen(HELD, later, taken, on=date(2025, 1, 7))
    before, after = (place(each, "centre_notification") for each in at)
    assert "令和7年1月6日から" not in before.reason
    assert after.reason.startswith("原本は令和7年1月6日から")
    assert after.on == date(2024, 10, 10)


DUE = {
    # days → how the copy of a plan delivered on Friday 2024-10-18 stands: three open days, until Wednesday 23
    "the day before": (date(2024, 10, 22), "due"),
    "the day": (date(2024, 10, 23), "due"),
    "the day after": (date(2024, 10, 24), "overdue"),
}


@pytest.mark.parametrize(("on", "state"), DUE.values(), ids=DUE)
def test_what_is_owed_is_due_until_its_day_and_overdue_from_the_next(on: date, state: str) -> None:
    """T-23N, with days that are assumed (decision 9)."""
    found = place(seen(*PLANNED, on=on), "plan")
    assert (found.state, found.on, found.rule, found.assumed) == (state, date(2024, 10, 23), "T-23", True)
    assert "計画書（写し）を包括に提出する" in found.reason
    assert (found in seen(*PLANNED, on=on).overdue) is (state == "overdue")


MONTHS = {
    "before the month ends": (date(2024, 10, 31), "due"),
    "from the first of the next": (date(2024, 11, 1), "overdue"),
}


@pytest.mark.parametrize(("on", "state"), MONTHS.values(), ids=MONTHS)
def test_a_month_without_monitoring_is_overdue_when_it_is_over(on: date, state: str) -> None:
    """T-28N."""
    found = place(seen(*PLANNED, SUBMITTED, STARTED, on=on), "monitoring")
    assert (found.state, found.on, found.rule) == (state, date(2024, 10, 31), "T-28")
    assert "令和6年10月分" in found.reason


OF_AN_ASSESSMENT = {
    "basic_information": "T-19",
    "basic_checklist": "T-20",
    "assessment": "T-21",
    "interest_checklist": "T-22",
}
PARTS = (
    (),
    ("interest_checklist",),
    ("basic_information", "assessment"),
    ("basic_checklist", "interest_checklist"),
)


@pytest.mark.parametrize("kinds", PARTS, ids=["+".join(each) or "none" for each in PARTS])
def test_after_the_plan_each_document_of_the_assessment_that_was_not_made_is_overdue(
    kinds: tuple[str, ...],
) -> None:
    """T-19, T-20, T-21, T-22."""
    part = [internal("AssessmentRecorded", date(2024, 10, 15), documents=list(kinds))] if kinds else []
    found = seen(*part, DRAFTED, MET, CONSENTED, DELIVERED)
    for document, rule in OF_AN_ASSESSMENT.items():
        if document in kinds:
            assert place(found, document).state == "done"
            assert stands(found, document)[1] == date(2024, 10, 15)
        else:
            assert (place(found, document).state, place(found, document).rule) == ("overdue", rule)


def test_before_the_plan_each_document_of_the_assessment_is_still_to_be_made() -> None:
    """T-19, T-20, T-21, T-22."""
    part = internal("AssessmentRecorded", date(2024, 10, 15), documents=["interest_checklist"])
    found = seen(part)
    states = {document: place(found, document).state for document in OF_AN_ASSESSMENT}
    assert states == {**dict.fromkeys(OF_AN_ASSESSMENT, "due"), "interest_checklist": "done"}


NOT_NOW = {
    "an evaluation before the plan ends": ("evaluation", "T-30N", "計画期間の終わり・評価のとき"),
    "a provision sheet": ("provision_sheet", "T-26R", "必要なとき"),
    "a review": ("review", "T-51", "申請・依頼があったとき"),
}


@pytest.mark.parametrize(("document", "rule", "when"), NOT_NOW.values(), ids=NOT_NOW)
def test_what_nothing_asks_for_yet_says_when_it_will_be(document: str, rule: str, when: str) -> None:
    found = place(seen(*PLANNED, SUBMITTED), document)
    assert (found.state, found.rule) == ("not_required", rule)
    assert when in found.reason


def test_what_the_track_never_asks_for_is_not_required() -> None:
    designated = seen(*PLANNED)
    assert stands(designated, "entrustment_contract") == ("not_required", None, "T-06")
    entrusted = seen(FILED, ACCEPTED, SWITCHED, ENTRUSTED, on=date(2025, 1, 7))
    assert place(entrusted, "office_notification").state == "not_required"
    assert "再委託では求められていない" in place(entrusted, "office_contract").reason


BLOCKED = {
    # without → what can't be done, what it waits for, by which rule
    "no contract": ((), False, "office_notification", "介護予防支援利用契約書", "T-07N"),
    "no consent": ((), False, "certification_records", "個人情報使用同意書", "T-11"),
    "no plan": ((ASSESSED,), True, "use_sheet", "サービス計画書", "T-23N"),
    "no plan to evaluate": ((ASSESSED,), True, "evaluation", "サービス計画書", "T-23N"),
    "no performance": (PLANNED, True, "claim", "実績報告書類", "T-32"),
}


@pytest.mark.parametrize(("events", "signed", "document", "first", "rule"), BLOCKED.values(), ids=BLOCKED)
def test_what_law_or_a_contract_wants_first_blocks(
    events: tuple[Event, ...], signed: bool, document: str, first: str, rule: str
) -> None:
    found = place(seen(*events, signed=signed), document)
    assert (found.state, found.rule) == ("blocked", rule)
    assert first in found.reason


def test_an_office_without_designation_is_blocked_at_its_contract() -> None:
    """T-03, T-06N."""
    at = desk(OFFICE, opened(), today=ON)
    situation = at.situation(CASE)
    found = matrix(situation.case, at.obligations(), situation.agency, OFFICE, ON)
    assert stands(found, "office_contract") == ("blocked", None, "T-06N")
    assert stands(seen(signed=False), "designation") == ("done", date(2024, 10, 1), "T-06N")


def test_what_the_end_of_the_support_made_void_is_not_required() -> None:
    """T-35D."""
    ended = made("SupportEnded", OFFICE, ON, agency=OFFICE, reason_code="died", ended_on=ON)
    found = place(seen(ended), "office_notification")
    assert (found.state, found.event) == ("not_required", ended.id)
    assert "支援の終了により不要" in found.reason


# --- who looks ---


def test_the_centre_sees_what_reaches_it_and_calls_the_rest_the_offices_records() -> None:
    found = seen(SUBMITTED, me=CENTRE)
    assert place(found, "plan").state == "done"
    for document in ("basic_information", "meeting_record", "monitoring", "evaluation"):
        assert place(found, document).state == "unseen"
    assert "居宅が扱い" in place(found, "monitoring").reason


def test_the_ward_sees_its_desk_and_what_waits_for_it() -> None:
    found = seen(FILED, me=WARD, on=date(2024, 10, 10))
    notification = place(found, "office_notification")
    assert (notification.state, notification.rule) == ("due", "T-12")
    assert "期限の定めなし" in notification.reason
    assert place(seen(FILED, ACCEPTED, me=WARD), "office_notification").state == "done"


def test_each_notification_stands_by_its_own_filer() -> None:
    """T-12N, T-14D."""
    found = seen(HELD, FILED)
    assert place(found, "office_notification").state == "due"
    assert place(found, "centre_notification").state == "done"
    assert place(seen(FILED, ACCEPTED), "office_notification").state == "done"
    assert place(seen(FILED, ACCEPTED), "centre_notification").state == "overdue"


# --- tracks ---


def test_entrusted_the_contract_and_its_papers_are_the_centres() -> None:
    """T-07R, T-10, T-11."""
    found = seen(SWITCHED, ENTRUSTED, on=date(2025, 1, 7))
    for document in ("centre_contract", "explanation", "consent"):
        assert place(found, document).state == "done"
        assert CENTRE in place(found, document).reason


def test_entrusted_what_was_made_and_not_handed_over_is_due() -> None:
    """T-19R, T-20, T-21, T-22, T-27R."""
    on = date(2025, 1, 20)
    assessed = internal("AssessmentRecorded", on, assessed_on=on)
    found = seen(SWITCHED, ENTRUSTED, assessed, on=on)
    assert found.title == "再委託"
    for document, rule in (("basic_information", "T-19R"), ("basic_checklist", "T-20")):
        assert (place(found, document).state, place(found, document).rule) == ("due", rule)
        assert "包括にまだ渡していない" in place(found, document).reason
    given = [
        made("DocumentHandedOver", OFFICE, on, document=kind, dated=on, month=None, handed_over_on=on)
        for kind in ("basic_information", "basic_checklist")
    ]
    after = seen(SWITCHED, ENTRUSTED, assessed, *given, on=on)
    assert place(after, "basic_checklist").state == "done"
    assert place(after, "assessment").state == "due"


def test_the_end_of_an_entrustment_owes_the_originals_until_they_are_back() -> None:
    """T-35R."""
    back: dict[str, Any] = {
        "from_type": "care_management_a",
        "to_type": "preventive_support",
        "from_track": "entrusted",
        "to_track": "designated",
        "effective_from": "2025-03-01",
        "reported_on": "2025-03-03",
        "first": False,
    }
    returned = made("ModeSwitched", OFFICE, date(2025, 3, 3), **back)
    events = (SWITCHED, ENTRUSTED, returned, ENDED)
    found = seen(*events, on=date(2025, 3, 4))
    assert stands(found, "originals") == ("due", date(2025, 3, 6), "T-31")
    again = seen(*events, made("OriginalsReturned", OFFICE, date(2025, 3, 5)), on=date(2025, 3, 6))
    assert stands(again, "originals")[:2] == ("done", date(2025, 3, 5))


def test_what_was_owed_before_the_track_changed_is_still_shown() -> None:
    """T-35R: without an entrustment contract the centre does the case itself, and the originals are still out."""
    ended = made("EntrustmentEnded", CENTRE, date(2025, 3, 3), reason_code="contract_ended")
    found = seen(SWITCHED, ENTRUSTED, ended, on=date(2025, 3, 7))
    assert found.title == "包括直営"
    assert stands(found, "originals")[:2] == ("overdue", date(2025, 3, 6))
    assert "（ほか" not in place(found, "originals").reason


# --- the whole table ---


def test_a_document_that_is_done_is_seen_as_done_beside_the_duty_that_follows_from_it() -> None:
    """T-60, T-68: the report of the change is there, and the centre still has to entrust; the plan is there too."""
    found = seen(*PLANNED, SUBMITTED, STARTED, SWITCHED, on=date(2024, 12, 31))
    for document, done_on, follows in (
        ("switch_report", date(2024, 12, 27), "居宅に委託し"),
        ("plan", ON, "軽微な変更として"),
    ):
        one = place(found, document)
        assert (one.state, one.before and one.before.on) == ("due", done_on), document
        assert follows in one.reason
        assert one.before is not None
        assert one.before.event is not None
        assert "原本は" in one.before.reason


def test_what_was_never_done_has_nothing_beside_its_duty() -> None:
    found = seen(*PLANNED, SUBMITTED, STARTED, SWITCHED, on=date(2024, 12, 31))
    assert place(found, "monitoring").state == "overdue"
    assert [each.document for each in found.places if each.before] == ["switch_report", "plan"]


def test_every_row_of_the_table_has_one_cell_with_a_rule_and_one_sentence() -> None:
    for me in (OFFICE, CENTRE, WARD):
        found = seen(*PLANNED, me=me)
        rows = [each for each in found.places if each.process != OTHER]
        assert [each.document for each in rows] == [each.code for each in documents("131169", ON)]
        for each in rows:
            assert each.rule
            assert each.reason.endswith("。")


def test_a_duty_that_belongs_to_no_document_stands_at_the_end() -> None:
    found = seen(*PLANNED)
    assert [each.process for each in found.places if each.process == OTHER] == []
    foreign = desk(OFFICE, *model(), opened(), today=ON)
    (duty,) = [each for each in foreign.obligations() if each.row == "T-08"]
    situation = foreign.situation(CASE)
    unknown = replace(duty, row="X-1", state="overdue", due=ON - timedelta(days=1))
    last = matrix(situation.case, [unknown], situation.agency, OFFICE, ON).places[-1]
    assert (last.process, last.state, last.on) == (OTHER, "overdue", ON - timedelta(days=1))


def test_before_its_ward_states_a_table_a_case_has_no_matrix() -> None:
    before = date(2016, 9, 30)
    at = desk(OFFICE, made("CaseOpened", OFFICE, before, insurer="131219", opened_on=before), today=before)
    situation = at.situation(CASE)
    assert matrix(situation.case, at.obligations(), situation.agency, OFFICE, before).places == ()


# --- a case of Adachi ---

ADACHI_PARTIES = {ADACHI_CENTRE: "hokatsu", ADACHI: "ward"}
CAME = made(
    "CaseOpened",
    ADACHI_CENTRE,
    date(2019, 5, 10),
    insurer=ADACHI,
    parties=ADACHI_PARTIES,
    opened_on="2019-05-10",
    procedure="principle",
    status="none",
    certification=None,
)
CHECKED = made("ChecklistRecorded", ADACHI_CENTRE, date(2019, 5, 10), kinds=CENTRE_EVENTS)
SET = made("ChecklistSubmitted", ADACHI_CENTRE, date(2019, 5, 13), centre=ADACHI_CENTRE)


def of_adachi(*events: Event, me: str = ADACHI_CENTRE, on: date = date(2019, 5, 14)) -> Matrix:
    at = desk(me, CAME, *events, today=on)
    situation = at.situation(CASE)
    return matrix(situation.case, at.obligations(), situation.agency, me, on)


def test_a_case_of_adachi_has_adachi_s_rows_and_rules_only() -> None:
    found = of_adachi(CHECKED)
    assert [each.document for each in found.places if each.process != OTHER] == [
        each.code for each in documents(ADACHI, date(2019, 5, 14))
    ]
    assert {each.rule[:2] for each in found.places} == {"A-"}


def test_form_1_is_due_with_form_2_from_the_checklist_on_and_done_when_the_ward_has_it() -> None:
    """A-Q12a."""
    assert stands(of_adachi(CHECKED), "checklist_request") == ("due", date(2019, 5, 15), "A-Q12a")
    assert stands(of_adachi(CHECKED), "basic_checklist")[0] == "done"
    filed = made(
        "NotificationFiled",
        ADACHI_CENTRE,
        date(2019, 5, 13),
        filer=ADACHI_CENTRE,
        desk="community_care",
        form="care_management_request",
        occasion="new_project_eligible",
        filed_on="2019-05-13",
        held_since=None,
    )
    assert stands(of_adachi(CHECKED, SET, filed), "checklist_request")[0] == "done"
    seen_by_ward = of_adachi(SET, filed, me=ADACHI)
    assert stands(seen_by_ward, "checklist_request")[0] == "done"


def test_without_a_checklist_nothing_of_form_1_is_asked() -> None:
    """A-Q12a."""
    assert stands(of_adachi(), "checklist_request") == ("not_required", None, "A-Q12a")
