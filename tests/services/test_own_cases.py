"""A centre's own cases: their type, and how an office takes one over (T-04, T-07M, T-18M, T-61, decision 21)."""

from datetime import date
from typing import Any

import pytest

from contracts.events.sample import BILLING, CENTRE, DAY_SERVICE, OFFICE, RENTAL, WARD
from shared.eventlog.model import Event
from shared.node.errors import Refused
from shared.policy.dates import Month
from tests.care.stage import CASE, CENTRE_OUTSIDE, OFFICE_UNDESIGNATED, Desk, Town, desk, made, model

CARD: dict[str, Any] = {"status": "support2", "valid_from": "2025-03-01", "valid_to": "2026-02-28"}
ALONE = {CENTRE: "hokatsu", WARD: "ward", BILLING: "billing"}
CONTRACTED = date(2025, 3, 24)
TAKEN_OVER = date(2025, 6, 1)
ASSIGN: dict[str, Any] = {"office": OFFICE, "track": "designated", "taken_over_on": "2025-06-01"}
JOINED = made(
    "OfficeAssigned", CENTRE, date(2025, 5, 20), taken_over_on="2025-06-01", centre_until="2025-05-31"
)
BY_OFFICE = made("ContractSigned", OFFICE, date(2025, 5, 28), signed_on="2025-05-28")


def own(**changes: Any) -> Event:
    return made(
        "CaseOpened", CENTRE, CONTRACTED, parties=ALONE, certification=CARD, procedure="principle", **changes
    )


def signed(**changes: Any) -> Event:
    given = {
        "agency": CENTRE,
        "contract": "preventive_support_and_care_management",
        "signed_on": CONTRACTED.isoformat(),
        "simultaneous": False,
        "role": "hokatsu",
    }
    return made("ContractSigned", CENTRE, CONTRACTED, **{**given, **changes})


def centre(*events: Event, on: date = date(2025, 5, 20), opening: Event | None = None) -> Desk:
    return desk(CENTRE, *model(), opening or own(), signed(), *events, today=on)


def refusal(at: Desk, name: str, **fields: Any) -> tuple[str, str | None]:
    with pytest.raises(Refused) as refused:
        at.when(name, **fields)
    assert not refused.value.message.isascii()
    return refused.value.code, refused.value.rule


# --- an office takes over ---


def test_the_office_the_ward_and_billing_learn_who_takes_over_and_from_when() -> None:
    """T-07M."""
    decision = centre().when("AssignOffice", **ASSIGN)
    (event,) = decision.events
    assert event.to == (OFFICE, WARD, BILLING)
    assert (event.data["taken_over_on"], event.data["centre_until"]) == (TAKEN_OVER, date(2025, 5, 31))
    assert event.data["procedure"] == "toshima_2024"
    assert [each.rule for each in decision.advice] == ["T-18", "T-08"]


def test_the_centre_does_the_case_until_the_day_before_whenever_the_contract_is_signed() -> None:
    """T-07M."""
    for contract in (BY_OFFICE, made("ContractSigned", OFFICE, TAKEN_OVER, signed_on="2025-06-01")):
        case = centre(JOINED, contract).situation(CASE).case
        tracks = [(each.effective_from, each.track, each.provider) for each in case.modes]
        assert tracks == [(CONTRACTED, "direct", CENTRE), (TAKEN_OVER, "designated", OFFICE)]


def test_a_late_contract_begins_the_designated_track_late() -> None:
    late = made("ContractSigned", OFFICE, date(2025, 6, 3), signed_on="2025-06-03")
    case = centre(JOINED, late).situation(CASE).case
    assert case.done_by_centre(date(2025, 6, 2))
    assert not case.done_by_centre(date(2025, 6, 3))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"office": OFFICE_UNDESIGNATED}, ("not_designated", "T-03")),
        ({"office": BILLING}, ("agency_unknown", None)),
        ({"taken_over_on": "2024-09-30"}, ("not_designated", "T-03")),
        ({"taken_over_on": "2026-03-01"}, ("status_excluded", "T-04")),
    ],
)
def test_only_a_designated_office_takes_over_and_only_of_a_support_level(
    changes: dict[str, str], expected: tuple[str, str | None]
) -> None:
    assert refusal(centre(), "AssignOffice", **{**ASSIGN, **changes}) == expected


def test_a_month_of_care_management_a_is_not_handed_to_a_designated_office() -> None:
    changed = made("TypeChanged", CENTRE, date(2025, 4, 30), effective_from="2025-05-01")
    assert refusal(centre(changed), "AssignOffice", **ASSIGN) == ("type_excluded", "T-04")


def test_without_the_person_s_consent_no_office_learns_of_the_case() -> None:
    """T-11."""
    at = desk(CENTRE, *model(), own(), signed(consented_on=None), today=date(2025, 5, 20))
    assert refusal(at, "AssignOffice", **ASSIGN) == ("consent_missing", "T-11")


def test_a_case_has_one_office() -> None:
    renewed = made(
        "OfficeDesignated", WARD, date(2025, 4, 1), agency=OFFICE_UNDESIGNATED, designated_from="2025-04-01"
    )
    at = centre(JOINED, renewed)
    assert refusal(at, "AssignOffice", **{**ASSIGN, "office": OFFICE_UNDESIGNATED})[0] == "another_office"


def test_a_second_office_that_is_named_all_the_same_changes_nothing_and_is_counted() -> None:
    other = made("OfficeAssigned", CENTRE, date(2025, 5, 21), office=OFFICE_UNDESIGNATED)
    case = centre(JOINED, other).situation(CASE).case
    assert (case.office, case.unread) == (OFFICE, {"OfficeAssigned": 1})


def test_a_party_of_the_case_keeps_its_role_and_never_becomes_its_office() -> None:
    both = made("AgencyListed", WARD, date(2025, 4, 1), agency=BILLING, roles=["billing", "kyotaku"])
    assert refusal(centre(both), "AssignOffice", **{**ASSIGN, "office": BILLING})[0] == "another_role"
    case = centre(made("OfficeAssigned", CENTRE, date(2025, 5, 21), office=BILLING)).situation(CASE).case
    assert (case.biller, case.office, case.unread) == (BILLING, None, {"OfficeAssigned": 1})


def test_an_office_to_which_the_case_was_entrusted_takes_it_over_and_the_entrustment_ends() -> None:
    """Decision 24."""
    entrusted = made(
        "EntrustmentStarted", CENTRE, date(2025, 4, 1), starts_on="2025-04-01", type="preventive_support"
    )
    at = centre(entrusted, opening=own())
    at.given(made("OfficeAssigned", CENTRE, date(2025, 3, 28), track="entrusted", taken_over_on="2025-04-01"))
    events = at.when("AssignOffice", **ASSIGN).events
    assert [each.type for each in events] == ["OfficeAssigned", "EntrustmentEnded"]
    assert (events[1].data["ended_on"], events[1].data["reason_code"]) == (
        date(2025, 5, 31),
        "returned_to_designated",
    )


def test_the_centre_names_an_office_and_then_entrusts_the_case_to_it() -> None:
    at = centre()
    (assigned,) = at.when("AssignOffice", **{**ASSIGN, "track": "entrusted"}).events
    assert assigned.data["procedure"] == "principle"
    at.given(made("OfficeAssigned", CENTRE, at.today, assigned.data))
    fields = {"starts_on": "2025-06-01", "type": "preventive_support", "cooperation": True}
    (started,) = at.when("StartEntrustment", **fields).events
    assert (started.to, started.data["new_to_office"], started.data["cooperation"]) == (
        (OFFICE, BILLING),
        True,
        True,
    )


# --- its contract stays (decision 21) ---


def asked(*events: Event) -> Desk:
    return centre(JOINED, made("SimultaneousContractRequested", OFFICE, date(2025, 5, 21)), *events)


def test_a_contract_that_covers_care_management_a_stays_and_counts_as_simultaneous() -> None:
    """T-07M."""
    agreed, kept = asked().when("AgreeToSimultaneousContract", planned_on="2025-05-28").events
    assert (agreed.type, kept.type, kept.to) == (
        "SimultaneousContractAgreed",
        "ContractKept",
        (OFFICE, BILLING),
    )
    at = asked(made("ContractKept", CENTRE, date(2025, 5, 22), kept.data), BY_OFFICE)
    assert at.situation(CASE).case.simultaneous_contract
    form = {"signed_by_person": True, "name": "見本 はる"}
    assert at.when("PrepareNotification", **form).events[0].type == "NotificationPrepared"


def test_a_contract_without_care_management_a_is_made_anew() -> None:
    """T-07M."""
    narrow = desk(
        CENTRE,
        *model(),
        own(),
        signed(contract="preventive_support"),
        JOINED,
        *asked().events[-1:],
        today=date(2025, 5, 22),
    )
    assert [each.type for each in narrow.when("AgreeToSimultaneousContract").events] == [
        "SimultaneousContractAgreed"
    ]


def test_an_office_that_joined_knows_the_centre_s_contract_by_this_word_alone() -> None:
    kept = made("ContractKept", CENTRE, date(2025, 5, 22), signed_on="2025-03-24")
    case = desk(OFFICE, *model(), own(), JOINED, kept, BY_OFFICE).situation(CASE).case
    assert case.simultaneous_contract
    assert [each.agency for each in case.contracts] == [CENTRE, OFFICE]


def test_the_centre_s_simultaneous_contract_takes_effect_on_the_day_of_the_switch() -> None:
    """T-09N."""
    kept = made("ContractKept", CENTRE, date(2025, 5, 22), signed_on="2025-03-24")
    switched = made("ModeSwitched", OFFICE, date(2025, 6, 27), effective_from="2025-07-01")
    at = centre(JOINED, kept, BY_OFFICE)
    case = at.situation(CASE).case
    by_centre, by_office = case.contract_of(CENTRE), case.contract_of(OFFICE)
    assert by_centre is not None
    assert by_office is not None
    assert (case.effective_from(by_centre), case.effective_from(by_office)) == (None, date(2025, 5, 28))
    case = at.given(switched).situation(CASE).case
    assert case.effective_from(by_centre) == date(2025, 7, 1)


# --- who does the care, and records it ---


@pytest.mark.parametrize(
    ("month", "refused"), [("2025-04", False), ("2025-05", False), ("2025-06", True), ("2025-07", True)]
)
def test_a_centre_records_the_months_that_were_its_own_also_afterwards(month: str, refused: bool) -> None:
    at = centre(JOINED, BY_OFFICE, on=date(2025, 8, 1))
    fields = {"month": month, "means": "visit", "findings": "自宅で面接"}
    if refused:
        assert refusal(at, "RecordMonitoring", **fields) == ("not_carer", "T-19")
    else:
        assert at.when("RecordMonitoring", **fields).events


def test_a_centre_keeps_out_of_what_its_office_does_from_the_start() -> None:
    with_office = desk(CENTRE, *model(), made("CaseOpened", OFFICE, date(2024, 10, 7)))
    fields = {"month": "2024-10", "means": "visit", "findings": "自宅で面接"}
    assert refusal(with_office, "RecordMonitoring", **fields)[0] == "not_carer"


# --- the type of the centre's own case (T-61) ---


def used(service: str, provider: str, first: str, last: str | None = None) -> list[Event]:
    kinds = desk(CENTRE).kinds
    begun = made(
        "ServiceStarted",
        CENTRE,
        date.fromisoformat(first),
        kinds=kinds,
        service=service,
        provider=provider,
        started_on=first,
        month=first[:7],
    )
    if last is None:
        return [begun]
    over = made(
        "ServiceEnded",
        CENTRE,
        date.fromisoformat(last),
        kinds=kinds,
        service=service,
        provider=provider,
        last_used_on=last,
    )
    return [begun, over]


@pytest.mark.parametrize(
    ("last_used", "month", "to_type"),
    [("2025-05-31", "2025-06", "care_management_a"), ("2025-06-01", "2025-07", "care_management_a")],
)
def test_the_type_follows_from_the_services_of_the_month(last_used: str, month: str, to_type: str) -> None:
    at = centre(*used("A6", DAY_SERVICE, "2025-04-02"), *used("67", RENTAL, "2025-04-01", last_used))
    (event,) = at.when("ChangeType", month=month).events
    assert (event.data["to_type"], event.data["effective_from"]) == (to_type, Month.parse(month).first)
    assert (event.data["because"], event.to) == (["A6"], (BILLING,))
    case = at.given(made("TypeChanged", CENTRE, at.today, event.data)).situation(CASE).case
    assert [(each.type, each.track) for each in case.modes] == [
        ("preventive_support", "direct"),
        (to_type, "direct"),
    ]


def test_one_day_of_a_benefit_keeps_the_month_what_it_is() -> None:
    at = centre(*used("A6", DAY_SERVICE, "2025-04-02"), *used("67", RENTAL, "2025-04-01", "2025-06-01"))
    assert refusal(at, "ChangeType", month="2025-06") == ("type_unchanged", "T-61")


def test_a_month_without_services_has_no_type_to_record() -> None:
    assert refusal(centre(), "ChangeType", month="2025-06") == ("type_unknown", "T-61")


def test_a_month_of_the_office_is_not_the_centre_s_to_say() -> None:
    at = centre(JOINED, BY_OFFICE, *used("A6", DAY_SERVICE, "2025-04-02"))
    assert refusal(at, "ChangeType", month="2025-06") == ("not_direct", "T-61")


def test_a_stranger_centre_assigns_nobody() -> None:
    other = made("OfficeAssigned", CENTRE_OUTSIDE, date(2025, 5, 20), centre=CENTRE_OUTSIDE)
    assert centre(other).situation(CASE).case.office is None


def test_a_case_opened_by_a_centre_follows_the_principle_until_an_office_takes_over() -> None:
    """T-08 asks an office that opens a case to arrange a simultaneous contract, not one that is entrusted."""
    town = Town.of()
    for each in town.desks.values():
        each.given(*model()).today = date(2025, 3, 24)
    fields = {
        "insurer": WARD,
        "contact_agreed_on": "2025-03-24",
        "status": "support2",
        "certified_from": "2025-03-01",
        "certified_to": "2026-02-28",
        "office": OFFICE,
        "name": "見本 はる",
        "kana": "ミホン ハル",
        "birth_date": "1943-04-12",
        "sex": "female",
        "address": "見本町",
        "insured_number": "0000000004",
    }
    (opened,) = town.act(CENTRE, "OpenCase", **fields).events
    assert opened.data["procedure"] == "principle"
