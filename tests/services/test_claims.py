"""What a service month comes to, and who claims it (T-04, T-33, T-61, T-69, decisions 1, 20, 23, 29)."""

from datetime import date
from typing import Any

import pytest

from contracts.events.sample import BILLING, CENTRE, DAY_SERVICE, OFFICE, RENTAL, WARD
from shared.eventlog.model import Event
from shared.node.errors import Refused
from tests.care.stage import Desk, desk, made, model, opened, signed_by_both
from tests.rules.owing import owed

RENTED: dict[str, Any] = {"service": "67", "provider": RENTAL, "units": 500}
DAY_CARE: dict[str, Any] = {"service": "A6", "provider": DAY_SERVICE, "units": 3621}
GUIDANCE: dict[str, Any] = {"service": "34", "provider": RENTAL, "units": 500}

STARTED = made("EntrustmentStarted", CENTRE, date(2025, 1, 6))
ENDED = made("EntrustmentEnded", CENTRE, date(2025, 3, 3))


def used(month: str, *services: dict[str, Any], office: str = OFFICE) -> Event:
    year, number = map(int, month.split("-"))
    on = date(year + number // 12, number % 12 + 1, 4)
    return made(
        "PerformanceReported",
        office,
        on,
        office=office,
        service_month=month,
        reported_on=on,
        services=[{**each, "last_used_on": None} for each in services],
        weekly_counts=None,
    )


OCTOBER, NOVEMBER, DECEMBER = (used(month, RENTED, DAY_CARE) for month in ("2024-10", "2024-11", "2024-12"))
JANUARY, FEBRUARY = used("2025-01", DAY_CARE), used("2025-02", DAY_CARE)
MARCH = used("2025-03", RENTED, DAY_CARE)
CASE_SO_FAR = (OCTOBER, NOVEMBER, DECEMBER, STARTED, JANUARY, FEBRUARY, ENDED, MARCH)


def billing(*events: Event, simultaneous: bool = True, opening: Event | None = None) -> Desk:
    signed = [each for each in signed_by_both(simultaneous=simultaneous) if each.type == "ContractSigned"]
    return desk(BILLING, *model(), opening or opened(), *signed, *events, today=date(2025, 4, 8))


def draft(at: Desk, month: str, **fields: Any) -> Any:
    return at.when("DraftClaim", service_month=month, **fields)


def claim(at: Desk, month: str) -> dict[str, Any]:
    return dict(draft(at, month).events[0].data)


# --- the case of the model, month by month ---


@pytest.mark.parametrize(
    ("month", "claimant", "kind", "units", "yen", "split"),
    [
        ("2024-10", OFFICE, "preventive_support", 772, 8800, None),
        ("2024-11", OFFICE, "preventive_support", 472, 5380, None),
        ("2024-12", OFFICE, "preventive_support", 472, 5380, None),
        ("2025-01", CENTRE, "care_management_a", 742, 8458, {"office": 7613, "centre": 845}),
        ("2025-02", CENTRE, "care_management_a", 442, 5038, {"office": 4535, "centre": 503}),
        ("2025-03", OFFICE, "preventive_support", 472, 5380, None),
    ],
)
def test_each_month_is_claimed_by_who_is_responsible(
    month: str, claimant: str, kind: str, units: int, yen: int, split: dict[str, int] | None
) -> None:
    data = claim(billing(*CASE_SO_FAR), month)
    assert (data["claimant"], data["type"], data["units"], data["yen"], data["split"]) == (
        claimant,
        kind,
        units,
        yen,
        split,
    )
    assert data["split_assumed"] is (split is not None)
    assert data["unit_price"] == "11.40"


def reasons(data: dict[str, Any]) -> list[str]:
    return [each["rule"] for each in data["reasons"]]


def test_the_reasons_name_their_rules() -> None:
    at = billing(*CASE_SO_FAR)
    assert reasons(claim(at, "2024-10")) == ["T-61", "T-33", "A-Q35a", "A-Q34a"]
    assert reasons(claim(at, "2024-11")) == ["T-61", "T-33", "A-Q35a"]
    assert reasons(claim(at, "2025-01")) == [
        "T-61",
        "T-04",
        "decision 23",
        "decision 20",
        "T-69",
        "decision 1",
    ]
    assert reasons(claim(at, "2025-02")) == ["T-61", "T-04", "decision 23", "decision 1"]
    assert reasons(claim(at, "2025-03")) == ["T-61", "T-33", "A-Q35a", "decision 20"]


def test_what_rests_on_an_assumption_says_so_in_the_reasons() -> None:
    at = billing(*CASE_SO_FAR)
    told = {each["rule"]: each["text"] for each in claim(at, "2025-01")["reasons"]}
    assert told["decision 23"] == "請求先は区（資料に記載がないため仮定）"
    assert "仮定" in told["decision 1"]
    told = {each["rule"]: each["text"] for each in claim(at, "2024-12")["reasons"]}
    assert told["A-Q35a"] == "請求先は国保連"


def test_an_assumed_amount_says_so_in_the_reasons() -> None:
    certified = made(
        "CertificationResult", WARD, date(2026, 3, 20), valid_from="2026-04-01", valid_to="2027-03-31"
    )
    june = used("2026-06", DAY_CARE)
    entrusted = made("EntrustmentStarted", CENTRE, date(2026, 6, 1), starts_on="2026-06-01")
    told = claim(billing(certified, entrusted, june), "2026-06")["reasons"]
    assert [each["text"] for each in told if each["rule"] == "decision 14"] == [
        "介護予防ケアマネジメント費の単位数は442単位（資料に記載がないため仮定）"
    ]


def test_a_claim_goes_to_the_claimant_and_when_it_is_shared_to_the_office() -> None:
    at = billing(*CASE_SO_FAR)
    assert draft(at, "2024-12").events[0].to == (OFFICE,)
    assert draft(at, "2025-01").events[0].to == (CENTRE, OFFICE)


def test_designated_care_is_claimed_at_the_federation_and_care_management_a_at_the_ward() -> None:
    at = billing(*CASE_SO_FAR)
    assert claim(at, "2024-12")["route"] == "federation"
    assert claim(at, "2025-01")["route"] == "ward"


def test_a_claim_is_examined_in_the_next_month_unless_it_is_late() -> None:
    at = billing(*CASE_SO_FAR)
    assert claim(at, "2024-12")["examination_month"] == "2025-01"
    late = draft(at, "2024-12", examination_month="2025-04").events[0].data
    assert late["examination_month"] == "2025-04"
    with pytest.raises(Refused) as refused:
        draft(at, "2024-12", examination_month="2024-12")
    assert refused.value.code == "examined_too_early"


# --- additions ---


@pytest.mark.parametrize(
    ("end", "kind", "units"),
    [
        (None, None, 772),
        ("2024-07", "preventive_support", 772),
        ("2024-08", "care_management_a", 472),
        ("2024-09", "preventive_support", 472),
        ("2024-09", "care_support", 772),
    ],
)
def test_the_initial_addition_is_for_one_with_no_plan_in_the_two_months_before(
    end: str | None, kind: str | None, units: int
) -> None:
    case = opened(previous_plan_end_month=end, previous_plan_kind=kind)
    assert claim(billing(OCTOBER, opening=case), "2024-10")["units"] == units


def test_the_linkage_addition_is_payable_once_for_a_person() -> None:
    again = made("EntrustmentStarted", CENTRE, date(2025, 6, 2), starts_on="2025-06-01")
    may, june = used("2025-05", RENTED, DAY_CARE), used("2025-06", DAY_CARE)
    renewed = made("CertificationResult", WARD, date(2025, 3, 21))
    at = billing(*CASE_SO_FAR, renewed, used("2025-04", RENTED, DAY_CARE), may, again, june)
    assert claim(at, "2025-01")["units"] == 742
    assert claim(at, "2025-06")["units"] == 442


def test_after_a_move_within_the_ward_the_biller_is_reminded_of_the_earlier_case() -> None:
    """T-69: once a person, and a person who moved has two cases."""
    moved = opened(previous_case="22222222-2222-5222-8222-222222222222")
    for opening, reminded in ((moved, True), (opened(), False)):
        at = billing(*CASE_SO_FAR, opening=opening)
        assert ("T-69" in [each.rule for each in draft(at, "2025-01").advice]) is reminded
        assert "T-69" not in [each.rule for each in draft(at, "2025-02").advice]


def test_without_a_simultaneous_contract_the_initial_addition_at_a_switch_is_left_open() -> None:
    decision = draft(billing(*CASE_SO_FAR[:5], simultaneous=False), "2025-01")
    assert decision.events[0].data["units"] == 742
    assert [each.rule for each in decision.advice] == ["decision 20"]


@pytest.mark.parametrize(
    ("month", "units", "advice"),
    [
        ("2024-11", 472, []),
        ("2024-12", 472, []),
        ("2025-01", 772, ["A-Q34a"]),
        ("2025-03", 772, ["A-Q34a"]),
    ],
)
def test_after_two_empty_months_a_person_is_new_again_for_the_same_claimant(
    month: str, units: int, advice: list[str]
) -> None:
    """A-Q34a, decision 29: one empty month is no break, two are."""
    decision = draft(billing(OCTOBER, used(month, RENTED, DAY_CARE)), month)
    assert decision.events[0].data["units"] == units
    assert [each.rule for each in decision.advice] == advice


def test_after_two_empty_months_a_person_is_new_for_another_claimant_too() -> None:
    """Nothing is switched where nothing went on (decision 29 before decision 20)."""
    april = used("2025-04", RENTED, DAY_CARE)
    renewed = made("CertificationResult", WARD, date(2025, 3, 21))
    january = (OCTOBER, NOVEMBER, DECEMBER, STARTED, JANUARY, ENDED)
    data = claim(billing(*january, renewed, april), "2025-04")
    assert (data["claimant"], data["units"]) == (OFFICE, 772)


# --- who is responsible ---


def test_a_month_with_one_preventive_benefit_is_the_office_s_whatever_was_reported() -> None:
    before = (OCTOBER, NOVEMBER, DECEMBER, STARTED)
    decision = draft(billing(*before, used("2025-01", RENTED, DAY_CARE)), "2025-01")
    assert decision.events[0].data["claimant"] == OFFICE
    assert [each.rule for each in decision.advice] == ["T-61"]


def test_a_service_outside_limit_management_does_not_count() -> None:
    at = billing(OCTOBER, STARTED, used("2025-01", DAY_CARE, GUIDANCE))
    assert claim(at, "2025-01")["type"] == "care_management_a"


def test_without_its_own_contract_an_office_claims_nothing() -> None:
    signed = [each for each in signed_by_both(simultaneous=False) if each.sender == CENTRE]
    start = made(
        "EntrustmentStarted", CENTRE, date(2024, 10, 10), starts_on="2024-10-01", type="preventive_support"
    )
    at = desk(BILLING, *model(), opened(), *signed, start, OCTOBER)
    data = claim(at, "2024-10")
    assert (data["claimant"], data["track"], data["type"]) == (CENTRE, "entrusted", "preventive_support")
    assert (data["units"], data["yen"]) == (742, 8458)
    assert data["split"] == {"office": 7613, "centre": 845}


def test_a_centre_s_own_case_is_claimed_whole() -> None:
    own = made(
        "CaseOpened", CENTRE, date(2024, 10, 7), parties={CENTRE: "hokatsu", WARD: "ward", BILLING: "billing"}
    )
    at = desk(BILLING, *model(), own, used("2024-10", DAY_CARE, office=CENTRE))
    data = claim(at, "2024-10")
    assert (data["claimant"], data["track"], data["split"], data["office"]) == (CENTRE, "direct", None, None)
    assert data["units"] == 742


# --- taken over from the centre, entrusted with co-operation, contracted again ---

OWN = made(
    "CaseOpened", CENTRE, date(2024, 10, 7), parties={CENTRE: "hokatsu", WARD: "ward", BILLING: "billing"}
)
BY_CENTRE = signed_by_both(simultaneous=False)[1]


def test_a_case_that_an_office_took_over_is_claimed_by_each_for_its_own_months() -> None:
    """T-07M, T-33: an office that signs before it takes over claims from the day it does."""
    joined = made("OfficeAssigned", CENTRE, date(2024, 11, 20), taken_over_on="2024-12-01")
    by_office = made("ContractSigned", OFFICE, date(2024, 11, 28), signed_on="2024-11-28")
    months = [used(month, RENTED, DAY_CARE, office=CENTRE) for month in ("2024-10", "2024-11")]
    at = desk(BILLING, *model(), OWN, BY_CENTRE, joined, by_office, *months, DECEMBER)
    told = [claim(at, month) for month in ("2024-10", "2024-11", "2024-12")]
    assert [(each["claimant"], each["track"], each["units"], each["yen"]) for each in told] == [
        (CENTRE, "direct", 742, 8458),
        (CENTRE, "direct", 442, 5038),
        (OFFICE, "designated", 472, 5380),
    ]
    assert "A-Q34a" in reasons(told[2])


def test_a_month_is_judged_by_the_contract_of_its_own_time() -> None:
    """T-66: a later contract of the same office does not undo the months of an earlier one."""
    again = made("ContractSigned", OFFICE, date(2025, 3, 3), signed_on="2025-03-03", simultaneous=False)
    at = billing(*CASE_SO_FAR, again, simultaneous=False)
    assert claim(at, "2024-12")["claimant"] == OFFICE


@pytest.mark.parametrize(("cooperation", "units"), [(True, 1042), (False, 742)])
def test_entrusting_with_information_and_cooperation_brings_the_linkage_addition_once(
    cooperation: bool, units: int
) -> None:
    """T-69."""
    start = made(
        "EntrustmentStarted",
        CENTRE,
        date(2024, 10, 10),
        starts_on="2024-10-10",
        type="preventive_support",
        cooperation=cooperation,
    )
    at = desk(BILLING, *model(), opened(), BY_CENTRE, start, OCTOBER, NOVEMBER)
    assert claim(at, "2024-10")["units"] == units
    assert claim(at, "2024-11")["units"] == 442


def test_within_an_entrustment_the_type_of_the_claim_follows_the_services_without_a_warning() -> None:
    """T-61: billing is not told of a change of type for which nobody else becomes responsible."""
    start = made(
        "EntrustmentStarted", CENTRE, date(2024, 10, 10), starts_on="2024-10-10", type="preventive_support"
    )
    at = desk(BILLING, *model(), opened(), BY_CENTRE, start, OCTOBER, NOVEMBER, DECEMBER, JANUARY)
    decision = draft(at, "2025-01")
    assert (decision.events[0].data["type"], list(decision.advice)) == ("care_management_a", [])


# --- what is refused ---


def refusal(at: Desk, month: str) -> tuple[str, str | None]:
    with pytest.raises(Refused) as refused:
        draft(at, month)
    assert refused.value.message
    return refused.value.code, refused.value.rule


SPLIT = {
    # why and when the case ended → whether its October is claimed in it
    "the office changed on the last day": ("office_changed", "2024-10-31", True),
    "the office changed the day before": ("office_changed", "2024-10-30", False),
    "the office changed on the first day": ("office_changed", "2024-10-01", False),
    "the office changed in the month before": ("office_changed", "2024-09-30", True),
    "a move into another centre's area": ("moved_within", "2024-10-15", False),
    "a move out of the ward": ("moved_out", "2024-10-15", True),
    "a death": ("died", "2024-10-15", True),
}


@pytest.mark.parametrize(("reason", "ended_on", "claimed"), SPLIT.values(), ids=SPLIT)
def test_a_month_that_goes_over_to_the_next_case_is_claimed_there_alone(
    reason: str, ended_on: str, claimed: bool
) -> None:
    """T-33, decision 30: whoever is responsible on the last day of the month claims the whole of it."""
    ended = made("SupportEnded", OFFICE, date(2024, 11, 1), reason_code=reason, ended_on=ended_on)
    at = billing(OCTOBER, ended)
    if claimed:
        assert claim(at, "2024-10")["claimant"] == OFFICE
    else:
        assert refusal(at, "2024-10") == ("claimed_in_next_case", "T-33")


@pytest.mark.parametrize(("ended_on", "elsewhere"), [("2024-10-31", None), ("2024-10-30", True)])
def test_a_report_says_that_its_month_is_claimed_in_the_next_case_and_then_no_claim_is_owed(
    ended_on: str, elsewhere: bool | None
) -> None:
    """T-33, decision 30."""
    ended = made("SupportEnded", OFFICE, date(2024, 11, 1), reason_code="office_changed", ended_on=ended_on)
    at = desk(OFFICE, *model(), opened(), *signed_by_both(), ended, today=date(2024, 11, 5))
    services = [{"service": "67", "provider": RENTED["provider"], "units": 500}]
    decision = at.when("ReportPerformance", service_month="2024-10", services=services)
    (event,) = decision.events
    assert event.data["claimed_in_next_case"] is elsewhere
    assert any("次のケースで" in each.message for each in decision.advice) is bool(elsewhere)
    report = used("2024-10", RENTED)
    report = report._replace(data={**report.data, "claimed_in_next_case": elsewhere})
    owed_rows = {each.row for each in owed(report, today=date(2024, 11, 6))}
    assert ("T-33" in owed_rows, "T-33-slip" in owed_rows) == (not elsewhere, not elsewhere)


def test_without_a_performance_report_nothing_is_claimed() -> None:
    assert refusal(billing(), "2024-10") == ("performance_missing", "T-32")


def test_the_centre_s_month_needs_a_recorded_entrustment() -> None:
    assert refusal(billing(OCTOBER, JANUARY), "2025-01") == ("entrustment_missing", "T-06")


def test_only_for_who_has_given_a_mandate() -> None:
    mandated = [each for each in model() if each.type != "BillingEntrusted"]
    signed = [each for each in signed_by_both() if each.type == "ContractSigned"]
    at = desk(BILLING, *mandated, opened(), *signed, OCTOBER)
    assert refusal(at, "2024-10") == ("billing_not_entrusted", "T-33")


def test_a_mandate_counts_from_its_first_day() -> None:
    later = made("BillingEntrusted", OFFICE, date(2024, 11, 1), valid_from="2024-11-01")
    others = [each for each in model() if each.type != "BillingEntrusted"]
    signed = [each for each in signed_by_both() if each.type == "ContractSigned"]
    at = desk(BILLING, *others, later, opened(), *signed, OCTOBER, NOVEMBER)
    assert refusal(at, "2024-10")[0] == "billing_not_entrusted"
    assert claim(at, "2024-11")["claimant"] == OFFICE


def test_services_for_which_no_plan_of_ours_exists_are_refused_with_the_rule_s_own_words() -> None:
    assert refusal(billing(used("2024-10", GUIDANCE)), "2024-10")[0] == "policy_excluded_combination"


def test_a_person_certified_as_needing_care_is_not_claimed_here() -> None:
    care = made("CertificationResult", WARD, date(2024, 10, 1), status="care1", valid_from="2024-10-01")
    assert refusal(billing(care, OCTOBER), "2024-10")[0] == "policy_excluded_combination"


@pytest.mark.parametrize("result", [None, {"status": "none", "valid_from": None, "valid_to": None}])
def test_after_the_certification_has_ended_nothing_is_claimed(result: dict[str, Any] | None) -> None:
    """The level of an expired certification does not go on, nor that before a result of 非該当."""
    events = [made("CertificationResult", WARD, date(2025, 3, 21), **result)] if result else []
    april = used("2025-04", RENTED)
    assert refusal(billing(*events, april), "2025-04") == ("certification_missing", "A-Q1b")
    assert claim(billing(*events, MARCH), "2025-03")["status"] == "support2"


def test_a_second_draft_of_a_month_warns() -> None:
    at = billing(OCTOBER)
    first = draft(at, "2024-10")
    at.given(made("ClaimDrafted", BILLING, date(2024, 11, 8), first.events[0].data))
    assert [each.rule for each in draft(at, "2024-10").advice] == ["T-33"]


# --- the treatment improvement addition ---


def filed(valid_from: str, valid_to: str | None = None, claimant: str = OFFICE) -> Event:
    told = {"claimant": claimant, "valid_from": valid_from, "valid_to": valid_to}
    return made("TreatmentImprovementFiled", claimant, date(2026, 5, 15), **told)


@pytest.mark.parametrize(
    ("month", "filings", "units", "yen"),
    [
        ("2026-06", [filed("2026-06")], 482, 5494),
        ("2026-06", [], 472, 5380),
        ("2026-06", [filed("2026-07")], 472, 5380),
        ("2026-06", [filed("2026-05", "2026-05")], 472, 5380),
        ("2026-06", [filed("2026-05", "2026-06")], 482, 5494),
        ("2026-06", [filed("2026-05"), filed("2026-06", "2026-05")], 472, 5380),
        ("2026-06", [filed("2026-06", claimant=CENTRE)], 472, 5380),
        ("2026-05", [filed("2026-05")], 472, 5380),
    ],
)
def test_a_fee_has_the_treatment_improvement_addition_in_the_months_for_which_its_claimant_filed(
    month: str, filings: list[Event], units: int, yen: int
) -> None:
    """Decision 4: 2.1 % of 472 are 10 units, from 2026-06."""
    certified = {"valid_from": "2026-04-01", "valid_to": "2027-03-31", "status": "support2"}
    known = [used("2026-04", RENTED), used("2026-05", RENTED), used("2026-06", RENTED), *filings]
    at = billing(made("CertificationResult", WARD, date(2026, 3, 1), **certified), *known)
    drafted = claim(at, month)
    assert (drafted["units"], drafted["yen"]) == (units, yen)
    assert ("decision 4" in reasons(drafted)) is (units == 482)


def test_who_files_for_the_addition_tells_its_billing_desk_and_its_wards() -> None:
    at = desk(OFFICE, *model(), today=date(2026, 5, 15))
    given = {"filed_on": "2026-05-15", "valid_from": "2026-06"}
    (event,) = at.when("FileTreatmentImprovement", None, case_id=None, **given).events
    assert (event.to, event.data["claimant"]) == ((BILLING, WARD), OFFICE)
    with pytest.raises(Refused) as refused:
        at.when("FileTreatmentImprovement", None, case_id=None, valid_to="2026-05", **given)
    assert refused.value.code == "period_reversed"
