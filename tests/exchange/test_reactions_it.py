"""What a service does about a partner's event happens in the transaction that stores it, or is parked alone."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

import pytest

from shared.eventlog.model import Event, NewEvent
from shared.exchange.inbox import Inbox
from shared.exchange.parked import NotRetried, acknowledge, parked_list, retry, show
from shared.node.node import Node
from shared.node.service import Reaction, Service, Situation
from tests.exchange.conftest import (
    CENTRE,
    OFFICE,
    ROLES,
    WARD,
    Town,
    example,
    listing,
    open_case,
    parked,
    receipted,
    record,
    rows,
    silent_service,
    stored,
)

AGREED = frozenset({"SimultaneousContractAgreed"})


def agreement(case_id: UUID | None) -> NewEvent:
    return NewEvent(
        "SimultaneousContractAgreed", example("SimultaneousContractAgreed"), case_id=case_id, to=(OFFICE,)
    )


def agree(situation: Situation, event: Event) -> Sequence[NewEvent]:
    """Agrees at once, and needs to see the request in the case."""
    assert situation.case.parties == ROLES
    return [agreement(event.case_id)]


def fail(situation: Situation, event: Event) -> Sequence[NewEvent]:
    raise KeyError("見本 はな")


def emit_nonsense(situation: Situation, event: Event) -> Sequence[NewEvent]:
    return [replace(agreement(event.case_id), data={})]


def reacting(react: object) -> Service:
    reaction = Reaction(react, emits=AGREED)  # type: ignore[arg-type]
    return replace(silent_service("hokatsu"), reactions={"SimultaneousContractRequested": reaction})


def request(town: Town) -> UUID:
    case_id = open_case(town.office, to=(CENTRE,))
    data = example("SimultaneousContractRequested")
    record(town.office, "SimultaneousContractRequested", data, case_id=case_id, to=(CENTRE,))
    return case_id


def test_a_reaction_is_stored_with_its_cause_and_delivered(town: Town) -> None:
    town.replace(town.centre, reacting(agree))
    case_id = request(town)
    town.drain()
    [requested] = stored(town.centre, "SimultaneousContractRequested")
    [agreed] = stored(town.office, "SimultaneousContractAgreed")
    assert (agreed.causation, agreed.correlation, agreed.sender) == (
        requested.id,
        requested.correlation,
        CENTRE,
    )
    assert [row.type for row in town.office.log.case(case_id)] == [
        "CaseOpened",
        "SimultaneousContractRequested",
        "SimultaneousContractAgreed",
    ]


def test_a_message_that_comes_again_makes_no_second_reaction(town: Town) -> None:
    town.replace(town.centre, reacting(agree))
    request(town)
    town.turn(OFFICE, 1)
    for body in town.take_raw(CENTRE) * 2:
        town.send_raw(CENTRE, body)
    town.drain()
    assert len(stored(town.office, "SimultaneousContractAgreed")) == 1


@pytest.mark.parametrize("react", [fail, emit_nonsense])
def test_when_a_reaction_fails_the_event_stays_and_only_the_reaction_is_parked(
    town: Town, react: object
) -> None:
    town.replace(town.centre, reacting(react))
    request(town)
    town.drain()
    [requested] = stored(town.centre, "SimultaneousContractRequested")
    assert receipted(town.office, CENTRE)[-1][1:] == ("stored", None)
    assert parked(town.centre) == [("reaction", "reaction_failed", OFFICE)]
    assert rows(town.centre, "select position from parked") == [(requested.position,)]
    assert stored(town.centre, "SimultaneousContractAgreed") == []


def test_what_is_parked_of_a_failed_reaction_names_no_person(town: Town) -> None:
    town.replace(town.centre, reacting(fail))
    request(town)
    town.drain()
    [entry] = parked_list(town.centre)
    assert entry.detail == "KeyError"


def test_a_failed_reaction_can_be_retried_once_its_cause_is_gone(town: Town) -> None:
    town.replace(town.centre, reacting(fail))
    request(town)
    town.drain()
    [entry] = parked_list(town.centre)
    with pytest.raises(NotRetried, match="KeyError"):
        retry(town.centre, Inbox(town.centre), entry.id)
    mended = town.replace(town.centre, reacting(agree))
    assert retry(mended, Inbox(mended), entry.id) == "done"
    assert parked_list(mended) == []
    town.drain()
    assert len(stored(town.office, "SimultaneousContractAgreed")) == 1
    with pytest.raises(NotRetried, match="処理済み"):
        retry(mended, Inbox(mended), entry.id)


def test_a_reaction_is_decided_again_when_the_case_moved_on_meanwhile(town: Town) -> None:
    seen: list[int] = []

    def interrupted(situation: Situation, event: Event) -> Sequence[NewEvent]:
        """While it thinks, a person of the same agency writes to the case."""
        seen.append(len(town.centre.log.case(event.case_id or UUID(int=0))))
        if len(seen) == 1:
            record(town.centre, "CircumstanceChanged", example("CircumstanceChanged"), case_id=event.case_id)
        return [agreement(event.case_id)]

    town.replace(town.centre, reacting(interrupted))
    request(town)
    town.drain()
    assert seen == [1, 2]
    assert len(stored(town.office, "SimultaneousContractAgreed")) == 1


def test_a_reaction_that_always_meets_a_newer_state_is_decided_under_the_lock_at_last(town: Town) -> None:
    calls: list[Node] = []

    def busy(situation: Situation, event: Event) -> Sequence[NewEvent]:
        calls.append(town.centre)
        if len(calls) < 4:
            record(town.centre, "CircumstanceChanged", example("CircumstanceChanged"), case_id=event.case_id)
        return [agreement(event.case_id)]

    town.replace(town.centre, reacting(busy))
    request(town)
    town.drain()
    assert len(calls) == 4
    assert len(stored(town.office, "SimultaneousContractAgreed")) == 1


def test_a_refused_message_can_be_tried_again_and_its_sender_learns_of_it(town: Town) -> None:
    as_biller = listing(town.maker, OFFICE, roles=["billing"])
    record(town.ward, "AgencyListed", as_biller, to=(CENTRE,))
    town.drain()
    case_id, voice = open_case(town.centre), town.voice(OFFICE, CENTRE)
    town.send_raw(CENTRE, voice.say("PlanSubmitted", case=case_id))
    town.turn(CENTRE)
    [entry] = parked_list(town.centre)
    assert (entry.code, entry.message) == (
        "sender_not_authorised",
        "この役割の差出人は、このイベントを送れません",
    )
    with pytest.raises(NotRetried, match="まだ受け入れられません"):
        retry(town.centre, Inbox(town.centre), entry.id)
    record(town.ward, "AgencyListed", listing(town.maker, OFFICE), to=(CENTRE,))
    town.drain(WARD, CENTRE)
    town.take_raw(OFFICE)
    assert retry(town.centre, Inbox(town.centre), entry.id) == "stored"
    assert len(stored(town.centre, "PlanSubmitted")) == 1
    assert rows(town.centre, "select status, answered from received where partner = %s", OFFICE) == [
        ("stored", True)
    ]
    assert len(town.take_raw(OFFICE)) == 1


def test_a_parked_message_is_shown_without_personal_fields(town: Town) -> None:
    case_id, voice = open_case(town.centre), town.voice(OFFICE, CENTRE)
    town.send_raw(CENTRE, voice.say("CaseOpened", example("CaseOpened", status="x"), case=case_id))
    town.turn(CENTRE)
    [entry] = parked_list(town.centre)
    shown = show(town.centre, entry.id)
    assert shown.envelope is not None
    assert shown.envelope["type"] == "jp.renkei.CaseOpened.v1"
    assert "見本" not in str(shown.envelope)
    assert entry.detail == "項目 status"


def test_an_alarm_is_acknowledged_not_retried(town: Town) -> None:
    case_id, voice = open_case(town.centre), town.voice(OFFICE, CENTRE)
    for version in (1, 2):
        data = example("PlanSubmitted", plan_version=version)
        town.send_raw(CENTRE, voice.say("PlanSubmitted", data, case=case_id, sequence=1))
    town.turn(CENTRE)
    [entry] = parked_list(town.centre)
    with pytest.raises(NotRetried, match="警告"):
        retry(town.centre, town.exchanges[CENTRE].reception.inbox, entry.id)
    acknowledge(town.centre, entry.id)
    assert parked_list(town.centre) == []
    assert [each.id for each in parked_list(town.centre, resolved=True)] == [entry.id]
    with pytest.raises(NotRetried):
        show(town.centre, 999)
