"""Another office takes over: what ends, what is new, who records it, what is still owed (T-07, T-12, T-31R, T-35)."""

from datetime import date
from typing import Any

import pytest

from contracts.events.sample import BILLING, CENTRE, OFFICE, WARD
from shared.care.office_change import ends_with_office, new_with_office
from shared.eventlog.model import Event
from shared.node.errors import Refused
from tests.care.stage import CASE, OFFICE_UNDESIGNATED, Desk, desk, made, model, opened, signed_by_both
from tests.care.test_notifications import held, switched
from tests.care.test_planning import internal
from tests.rules.owing import only, owed

DAY = date(2025, 5, 30)
CERTIFIED = {"status": "support2", "valid_from": "2025-04-01", "valid_to": "2026-03-31"}
DESIGNATED_TOO = made(
    "OfficeDesignated", WARD, date(2025, 4, 1), agency=OFFICE_UNDESIGNATED, designated_from="2025-04-01"
)
ENTRUSTED = (switched(), made("EntrustmentStarted", CENTRE, date(2025, 1, 6)))
CHANGE: dict[str, Any] = {
    "last_day": "2025-05-31",
    "new_office": OFFICE_UNDESIGNATED,
    "new_track": "entrusted",
}
CHANGED = made("OfficeChanged", OFFICE, DAY)


def at(agency: str, *events: Event, on: date = DAY) -> Desk:
    return desk(agency, *model(), opened(certification=CERTIFIED), *signed_by_both(), *events, today=on)


def refused(where: Desk, **changes: Any) -> tuple[str, str | None]:
    with pytest.raises(Refused) as caught:
        where.when("ChangeOffice", **{**CHANGE, **changes})
    assert caught.value.todo
    return caught.value.code, caught.value.rule


# --- what ends, what is new ---


def test_with_the_office_end_its_contract_the_simultaneous_one_and_what_the_centre_holds() -> None:
    ends = ends_with_office(at(OFFICE, held()).situation().case)
    assert ends == ("office_contract", "simultaneous_contract", "held_notification")
    entrusted = ends_with_office(at(CENTRE, held(), *ENTRUSTED).situation().case)
    assert entrusted[0] == "entrustment"


@pytest.mark.parametrize(
    ("track", "known", "anew"),
    [
        ("entrusted", [], ("case", "entrustment", "notification")),
        (
            "designated",
            [DESIGNATED_TOO],
            ("case", "simultaneous_contract", "held_notification", "notification"),
        ),
    ],
)
def test_what_begins_follows_from_the_new_office_s_track(
    track: str, known: list[Event], anew: tuple[str, ...]
) -> None:
    situation = at(OFFICE, *known).situation()
    found = new_with_office(situation.case, situation.agency, OFFICE_UNDESIGNATED, track, date(2025, 6, 1))
    assert found == anew


def test_outside_the_model_the_risk_report_comes_first_and_contracts_are_single() -> None:
    """T-66, T-67."""
    events = [each for each in model() if each.type != "ModelEnrolled"]
    where = desk(
        OFFICE, *events, DESIGNATED_TOO, opened(certification=CERTIFIED, procedure="principle"), today=DAY
    )
    situation = where.situation()
    found = new_with_office(
        situation.case, situation.agency, OFFICE_UNDESIGNATED, "designated", date(2025, 6, 1)
    )
    assert found == ("case", "risk_report", "office_contract", "notification")


# --- who records it ---


def test_designated_the_office_ends_its_own_contract_and_tells_centre_and_ward() -> None:
    decision = at(OFFICE, held()).when("ChangeOffice", **CHANGE)
    changed, ended = decision.events
    assert (changed.type, changed.to) == ("OfficeChanged", (CENTRE, WARD))
    assert (changed.data["track"], changed.data["held_notification"]) == ("designated", True)
    assert (ended.type, ended.data["reason_code"], ended.data["ended_on"]) == (
        "SupportEnded",
        "office_changed",
        date(2025, 5, 31),
    )
    assert {each.rule for each in decision.advice} == {"T-35"}
    assert refused(at(CENTRE, held())) == ("not_responsible", "T-35")


def test_entrusted_the_centre_ends_the_entrustment_and_the_originals_come_back() -> None:
    """T-31R, T-35R."""
    decision = at(CENTRE, *ENTRUSTED).when("ChangeOffice", **CHANGE)
    assert [each.type for each in decision.events] == ["OfficeChanged", "SupportEnded", "EntrustmentEnded"]
    assert decision.events[0].to == (OFFICE, WARD)
    ended = decision.events[2]
    assert (ended.data["ended_on"], ended.to) == (date(2025, 5, 31), (OFFICE, BILLING))
    assert refused(at(OFFICE, *ENTRUSTED)) == ("not_responsible", "T-35")


@pytest.mark.parametrize(("last_day", "rules"), [("2025-05-31", {"T-35"}), ("2025-05-30", {"T-35", "T-33"})])
def test_a_change_in_the_middle_of_a_month_says_who_claims_for_it(last_day: str, rules: set[str]) -> None:
    """T-33, decision 30."""
    decision = at(OFFICE).when("ChangeOffice", **{**CHANGE, "last_day": last_day})
    assert {each.rule for each in decision.advice} == rules
    told = [each.message for each in decision.advice if each.rule == "T-33"]
    assert all("令和7年5月の請求と給付管理は、月の末日に担当する側" in each for each in told)


@pytest.mark.parametrize(
    ("changes", "code", "rule"),
    [
        ({"new_office": OFFICE}, "office_unchanged", "T-35"),
        ({"new_office": CENTRE}, "agency_unknown", None),
        ({"new_track": "designated"}, "not_designated", "T-03"),
    ],
)
def test_the_next_is_another_office_with_the_designation_that_it_needs(
    changes: dict[str, Any], code: str, rule: str | None
) -> None:
    assert refused(at(OFFICE), **changes) == (code, rule)


@pytest.mark.parametrize(("last_day", "allowed"), [("2025-03-30", False), ("2025-03-31", True)])
def test_the_designation_holds_from_the_day_after_the_last(last_day: str, allowed: bool) -> None:
    """T-03: the new office is designated from 2025-04-01."""
    where, change = at(OFFICE, DESIGNATED_TOO), {**CHANGE, "new_track": "designated", "last_day": last_day}
    if allowed:
        assert where.when("ChangeOffice", **change).events
    else:
        assert refused(where, **change) == ("not_designated", "T-03")


def test_a_support_that_is_over_has_no_office_to_change() -> None:
    over = made("SupportEnded", OFFICE, date(2025, 5, 1), ended_on="2025-05-01")
    assert refused(at(OFFICE, over), last_day="2025-05-01") == ("support_over", "T-35")


# --- what is owed afterwards ---


def test_the_centre_voids_what_it_holds_and_then_it_is_done() -> None:
    """T-14, decision 25: kept as void, never deleted."""
    row = only("T-35-held-office", CHANGED, today=date(2025, 6, 2))
    assert (row.debtor, row.creditor, row.state) == (CENTRE, WARD, "open")
    (voided,) = at(CENTRE, held(), CHANGED).when("VoidHeldNotification").events
    assert voided.data["reason_code"] == "office_changed"
    done = made("NotificationVoided", CENTRE, date(2025, 6, 2), reason_code="office_changed")
    assert only("T-35-held-office", CHANGED, done, today=date(2025, 6, 2)).state == "done"
    none_held = made("OfficeChanged", OFFICE, DAY, held_notification=False)
    assert not [each for each in owed(none_held, today=DAY) if each.row == "T-35-held-office"]


def test_results_and_originals_of_the_old_office_stay_owed_and_can_still_be_given() -> None:
    """T-31R, T-32R."""
    record = internal("MonitoringRecorded", date(2025, 5, 20), month="2025-05", recorded_on="2025-05-20")
    over = [
        made("OfficeChanged", CENTRE, DAY, agency=CENTRE, track="entrusted", held_notification=False),
        made("SupportEnded", CENTRE, DAY, agency=CENTRE, reason_code="office_changed", ended_on="2025-05-31"),
        made("EntrustmentEnded", CENTRE, DAY, ended_on="2025-05-31", reason_code="case_closed"),
    ]
    where = at(OFFICE, *ENTRUSTED, record, *over, on=date(2025, 6, 4))
    still = {each.row for each in where.obligations(CASE) if each.open}
    assert {"T-32", "T-35"} <= still
    used = [{"service": "A6", "provider": "13A1600017", "units": 3621}]
    assert where.when("ReportPerformance", service_month="2025-05", services=used).events
    assert where.when("ReturnOriginals", documents=["monitoring"]).events


def test_the_next_case_says_which_one_it_follows() -> None:
    before = "11111111-1111-5111-8111-111111111111"
    where = desk(CENTRE, *model(), today=date(2025, 6, 2))
    card = {
        "insurer": WARD, "office": OFFICE_UNDESIGNATED, "contact_agreed_on": "2025-06-02", "status": "support2",
        "certified_from": "2025-04-01", "certified_to": "2026-03-31", "name": "見本 はな", "kana": "ミホン ハナ",
        "birth_date": "1942-05-03", "sex": "female", "address": "東京都豊島区見本町一丁目1番1号",
        "insured_number": "0000000001", "previous_case": before,
    }  # fmt: skip
    (event,) = where.when("OpenCase", case_id=None, **card).events
    assert str(event.data["previous_case"]) == before
