"""Contradictions between partners: held, told to both sides, settled by a person; never merged or dropped by itself."""

from datetime import date
from typing import Any

import pytest

from contracts.catalogue import CROSSING
from contracts.events.sample import BILLING, CENTRE, OFFICE, WARD
from shared.care.case import Case, evolve_case
from shared.care.contradictions import WATCHED, contradiction
from shared.eventlog.model import Event, NewEvent
from shared.node.errors import Refused
from shared.policy.obligation_due import Ground
from shared.policy.obligation_facts import facts_of
from shared.policy.obligations import standing
from tests.care.stage import CASE, Town, made, model, opened, signed_by_both
from tests.care.test_notifications import filed_by_office

ON = date(2024, 12, 27)
SIGNED = signed_by_both()
FILED = filed_by_office(date(2024, 10, 15))
ACCEPTED: dict[str, Any] = {"notification_id": FILED.data["notification_id"], "revision": 1, "filer": OFFICE}
ENTRUSTED = made("EntrustmentStarted", CENTRE, date(2025, 1, 6))


DRAFTED = made("ClaimDrafted", BILLING, ON, claimant=CENTRE, yen=8458)


def received(name: str, sender: str, on: date = ON, **changes: Any) -> Event:
    return made(name, sender, on, **changes)._replace(received=True)


def case_of(*events: Event) -> Case:
    case = Case.empty()
    for event in events:
        case = evolve_case(case, event)
    return case


SWITCH = received("ModeSwitched", OFFICE)
TABLE: dict[str, tuple[list[Event], Event, str | None]] = {
    "a switch under a simultaneous contract that we hold": ([opened(), *SIGNED], SWITCH, None),
    "a switch for a case whose contract we don't hold": ([opened()], SWITCH, "contract_not_held"),
    "a switch where only the office signed": ([opened(), SIGNED[2]], SWITCH, "contract_not_held"),
    "a switch where both signed, but not at the same time": (
        [opened(), *signed_by_both(simultaneous=False)],
        SWITCH,
        "contract_not_held",
    ),
    "a switch in the principle's procedure needs no contract yet": (
        [opened()],
        received("ModeSwitched", OFFICE, simultaneous_contract=False),
        None,
    ),
    "a switch to the type that the case has": ([opened(), *SIGNED, SWITCH], SWITCH, "type_unchanged"),
    "an acceptance": ([opened(), FILED], received("NotificationAccepted", WARD, **ACCEPTED), None),
    "a second acceptance": (
        [opened(), FILED, made("NotificationAccepted", WARD, ON, **ACCEPTED)],
        received("NotificationAccepted", WARD, **ACCEPTED),
        "decided_twice",
    ),
    "a return after the acceptance": (
        [opened(), FILED, made("NotificationAccepted", WARD, ON, **ACCEPTED)],
        received("NotificationReturned", WARD, **ACCEPTED),
        "decided_twice",
    ),
    "an acceptance of the corrected filing after the return of the first": (
        [opened(), FILED, made("NotificationReturned", WARD, ON, **ACCEPTED)],
        received("NotificationAccepted", WARD, **{**ACCEPTED, "revision": 2}),
        None,
    ),
    "an acceptance that overtook the copy of the filing": (
        [opened()],
        received("NotificationAccepted", WARD, **ACCEPTED),
        None,
    ),
    "the same filing once more": ([opened(), FILED], FILED._replace(received=True), "filed_twice"),
    "an answer": ([opened(), SIGNED[0]], received("SimultaneousContractAgreed", CENTRE), None),
    "a second answer": (
        [opened(), *SIGNED[:2]],
        received("SimultaneousContractDeclined", CENTRE),
        "answered_twice",
    ),
    "an answer to the request that was made again": (
        [opened(), *SIGNED[:2], SIGNED[0]],
        received("SimultaneousContractDeclined", CENTRE),
        None,
    ),
    "a second entrustment": (
        [opened(), ENTRUSTED],
        received("EntrustmentStarted", CENTRE, starts_on="2025-02-01"),
        "entrusted_twice",
    ),
    "an entrustment after the first ended": (
        [opened(), ENTRUSTED, made("EntrustmentEnded", CENTRE, date(2025, 3, 3))],
        received("EntrustmentStarted", CENTRE, starts_on="2025-05-01"),
        None,
    ),
    "the end of no entrustment": ([opened()], received("EntrustmentEnded", CENTRE), "entrustment_unknown"),
    "the end that both sides recorded": (
        [opened(), made("SupportEnded", OFFICE, ON)],
        received("SupportEnded", CENTRE, agency=CENTRE),
        None,
    ),
    "another last day": (
        [opened(), made("SupportEnded", OFFICE, ON)],
        received("SupportEnded", CENTRE, agency=CENTRE, ended_on="2025-06-01"),
        "ended_twice",
    ),
    "a claim confirmed by its claimant": ([opened(), DRAFTED], received("ClaimConfirmed", CENTRE), None),
    "a claim confirmed by the office that it was entrusted to": (
        [opened(), DRAFTED],
        received("ClaimConfirmed", OFFICE, claimant=OFFICE),
        "confirmed_otherwise",
    ),
    "a claim confirmed at another amount": (
        [opened(), DRAFTED],
        received("ClaimConfirmed", CENTRE, yen=8457),
        "confirmed_otherwise",
    ),
    "an earlier draft of the claim confirmed": (
        [opened(), DRAFTED],
        received("ClaimConfirmed", CENTRE, yen=1, claim_id=FILED.data["notification_id"]),
        None,
    ),
    "the decision of a claim": ([opened()], received("ClaimDecided", WARD), None),
    "the same decision from the second agency, of another day": (
        [opened(), made("ClaimDecided", BILLING, ON)],
        received("ClaimDecided", WARD, decided_on="2025-03-02"),
        None,
    ),
    "a decision on another amount": (
        [opened(), made("ClaimDecided", BILLING, ON)],
        received("ClaimDecided", WARD, yen=8457, outcome="assessed"),
        "result_differs",
    ),
    "a return of what was decided": (
        [opened(), made("ClaimDecided", BILLING, ON)],
        received("ClaimReturned", WARD),
        "result_differs",
    ),
    "a decision of what came back": (
        [opened(), made("ClaimReturned", BILLING, ON)],
        received("ClaimDecided", WARD),
        "result_differs",
    ),
    "a return for another reason": (
        [opened(), made("ClaimReturned", BILLING, ON)],
        received("ClaimReturned", WARD, reason_code="data"),
        "result_differs",
    ),
    "a result of another claim": (
        [opened(), made("ClaimDecided", BILLING, ON)],
        received("ClaimReturned", WARD, claim_id=FILED.data["notification_id"]),
        None,
    ),
}


@pytest.mark.parametrize(("known", "event", "code"), TABLE.values(), ids=TABLE)
def test_what_contradicts_is_held_and_what_does_not_is_taken_in(
    known: list[Event], event: Event, code: str | None
) -> None:
    """T-09N, T-12R: a switch needs the contract that makes it possible, a filing one decision."""
    before = case_of(*known)
    assert contradiction(before, event.type, event.data) == code
    after = evolve_case(before, event)
    assert [each.code for each in after.held_events.values()] == ([code] if code else [])
    if code:
        assert after.but(held_events={}) == before.but(held_events={})
        assert after.unread == before.unread


@pytest.mark.parametrize("name", sorted({*WATCHED} - {"EntrustmentEnded"}))
def test_data_that_surprises_contradicts_nothing(name: str) -> None:
    assert contradiction(case_of(opened()), name, {}) is None


def test_our_own_event_is_never_held() -> None:
    own = made("EntrustmentEnded", CENTRE, ON)
    assert case_of(opened(), own).held_events == {}


# --- between two nodes ---


def town() -> Town:
    """Office and centre after request and agreement; a centre whose software allows it then declines after all."""
    where = Town.of(OFFICE, CENTRE, WARD, BILLING)
    for each in where.desks.values():
        each.given(*model(), opened())
    where.act(OFFICE, "RequestSimultaneousContract", CASE)
    where.act(CENTRE, "AgreeToSimultaneousContract", CASE)
    declined = CROSSING["SimultaneousContractDeclined"].example
    where.record(CENTRE, [NewEvent("SimultaneousContractDeclined", declined, case_id=CASE, to=(OFFICE,))])
    return where


def case_at(where: Town, agency: str) -> Case:
    return where.desks[agency].situation().case


def test_both_sides_learn_of_it_and_the_first_answer_holds_meanwhile() -> None:
    where = town()
    for agency in (OFFICE, CENTRE):
        (one,) = case_at(where, agency).discrepancies.values()
        assert (one.finder, one.about, one.code, one.outcome) == (OFFICE, CENTRE, "answered_twice", None)
    assert case_at(where, OFFICE).simultaneous.agreed_on is not None
    assert case_at(where, OFFICE).simultaneous.declined_on is None
    assert any(each.type == "SimultaneousContractDeclined" for each in where.desks[OFFICE].events)


def settle(where: Town, agency: str, outcome: str, **changes: Any) -> Any:
    (one,) = case_at(where, agency).discrepancies.values()
    fields = {"event_id": one.event_id, "outcome": outcome, "note": "電話で確かめた", **changes}
    return where.act(agency, "SettleDiscrepancy", CASE, **fields)


@pytest.mark.parametrize("settler", [OFFICE, CENTRE])
def test_an_event_that_stands_takes_effect_when_a_person_says_so_on_either_side(settler: str) -> None:
    where = town()
    settle(where, settler, "event_stands")
    for agency in (OFFICE, CENTRE):
        (one,) = case_at(where, agency).discrepancies.values()
        assert one.outcome == "event_stands"
    office = case_at(where, OFFICE)
    assert office.held_events == {}
    assert office.simultaneous.declined_on is not None


@pytest.mark.parametrize("settler", [OFFICE, CENTRE])
def test_an_event_that_is_void_never_takes_effect_and_its_maker_is_asked_to_correct_it(settler: str) -> None:
    where = town()
    decision = settle(where, settler, "event_void")
    assert "decision 28" in [each.rule for each in decision.advice]
    assert case_at(where, OFFICE).simultaneous.declined_on is None
    assert case_at(where, OFFICE).held_events != {}


def test_it_is_settled_once_and_only_what_was_found() -> None:
    where = town()
    settle(where, OFFICE, "event_void")
    with pytest.raises(Refused) as refused:
        settle(where, CENTRE, "event_stands")
    assert (refused.value.code, refused.value.field) == ("discrepancy_unknown", "event_id")


def test_what_follows_from_an_event_follows_only_when_it_stands() -> None:
    """T-31R: a return to designated mode ends the entrustment, once a person has let it stand."""
    where = Town.of(OFFICE, CENTRE, BILLING)
    for each in where.desks.values():
        each.given(*model(), opened(), ENTRUSTED)
    back = received(
        "ModeSwitched", OFFICE, date(2025, 3, 3),
        from_type="care_management_a", to_type="preventive_support", from_track="entrusted",
        to_track="designated", effective_from="2025-03-01", first=False,
    )  # fmt: skip
    centre = where.desks[CENTRE]
    centre.events.append(back)
    reaction = centre.service.reactions["ModeSwitched"]
    (found,) = reaction.react(centre.situation(), back)
    assert (found.type, found.data["code"], found.to) == ("DiscrepancyFound", "contract_not_held", (OFFICE,))
    where.record(CENTRE, [found])
    events = settle(where, CENTRE, "event_stands").events
    assert [each.type for each in events] == ["DiscrepancySettled", "EntrustmentEnded"]
    assert events[1].data["ended_on"] == date(2025, 2, 28)


def test_what_is_held_makes_and_fulfils_no_obligation_at_the_finder() -> None:
    """T-16: the centre owes no filing for a switch that it can't have."""
    found = made("DiscrepancyFound", CENTRE, ON, event_id=str(SWITCH.id))
    settled = made("DiscrepancySettled", CENTRE, ON, event_id=str(SWITCH.id), outcome="event_stands")
    ground = Ground.of(WARD, {OFFICE: "kyotaku", CENTRE: "hokatsu", WARD: "ward"}, CENTRE)

    def rows(*events: Event) -> set[str]:
        facts = [fact for each in events for fact in facts_of(each)]
        return {each.row for each in standing(facts, ground, ON)}

    assert "T-16" in rows(SWITCH)
    assert "T-16" not in rows(SWITCH, found)
    assert "T-16" in rows(SWITCH, found, settled)
    void = made("DiscrepancySettled", CENTRE, ON, event_id=str(SWITCH.id), outcome="event_void")
    assert "T-16" not in rows(SWITCH, found, void)
    elsewhere = made("DiscrepancyFound", OFFICE, ON, finder=OFFICE, event_id=str(SWITCH.id))
    assert "T-16" in rows(SWITCH, elsewhere)
