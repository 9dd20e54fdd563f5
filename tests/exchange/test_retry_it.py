"""A retry stores what it says it stored, or says that it did not."""

from collections.abc import Sequence

import pytest

from shared.eventlog.model import Event, NewEvent, WrongExpectedVersion
from shared.exchange import inbox as inbox_module
from shared.exchange.inbox import ATTEMPTS, Inbox
from shared.exchange.parked import NotRetried, parked_list, retry
from shared.node.service import Situation
from tests.exchange.conftest import (
    CENTRE,
    OFFICE,
    WARD,
    Town,
    example,
    listing,
    open_case,
    record,
    rows,
    stored,
)
from tests.exchange.test_reactions_it import agreement, fail, reacting, request


def refused_request(town: Town) -> int:
    """A request that was refused for its sender's role, which was corrected meanwhile; its number on the list."""
    record(town.ward, "AgencyListed", listing(town.maker, OFFICE, roles=["billing"]), to=(CENTRE,))
    town.drain()
    case_id, voice = open_case(town.centre), town.voice(OFFICE, CENTRE)
    town.send_raw(CENTRE, voice.say("SimultaneousContractRequested", case=case_id))
    town.turn(CENTRE)
    record(town.ward, "AgencyListed", listing(town.maker, OFFICE), to=(CENTRE,))
    town.drain(WARD, CENTRE)
    [entry] = parked_list(town.centre)
    return entry.id


class Busy:
    """A reaction during which somebody else writes to the case, all but the last time it is tried."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.calls = 0

    def __call__(self, situation: Situation, event: Event) -> Sequence[NewEvent]:
        self.calls += 1
        if self.calls < ATTEMPTS:
            data = example("CircumstanceChanged")
            record(self.town.centre, "CircumstanceChanged", data, case_id=event.case_id)
        return [agreement(event.case_id)]


def test_a_retried_message_that_always_meets_a_newer_state_is_stored_under_the_lock_at_last(
    town: Town,
) -> None:
    number = refused_request(town)
    busy = Busy(town)
    node = town.replace(town.centre, reacting(busy))
    assert retry(node, Inbox(node), number) == "stored"
    assert busy.calls == ATTEMPTS
    assert len(stored(node, "SimultaneousContractRequested")) == 1
    assert len(stored(node, "SimultaneousContractAgreed")) == 1
    assert parked_list(node) == []


def test_a_message_that_could_not_be_stored_stays_parked(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    number = refused_request(town)

    def conflict(*_: object) -> None:
        raise WrongExpectedVersion

    with monkeypatch.context() as always:
        always.setattr(inbox_module, "settle_number", conflict)
        with pytest.raises(NotRetried, match="もう一度"):
            retry(town.centre, Inbox(town.centre), number)
    assert [each.id for each in parked_list(town.centre)] == [number]
    assert rows(town.centre, "select status from received where partner = %s", OFFICE) == [("refused",)]
    assert retry(town.centre, Inbox(town.centre), number) == "stored"


def test_a_retried_reaction_that_always_meets_a_newer_state_is_done_under_the_lock_at_last(
    town: Town,
) -> None:
    town.replace(town.centre, reacting(fail))
    request(town)
    town.drain()
    [entry] = parked_list(town.centre)
    busy = Busy(town)
    node = town.replace(town.centre, reacting(busy))
    assert retry(node, Inbox(node), entry.id) == "done"
    assert len(stored(node, "SimultaneousContractAgreed")) == 1
    assert parked_list(node) == []


def test_what_is_settled_keeps_its_digest_and_size_but_no_body(town: Town) -> None:
    number = refused_request(town)
    retry(town.centre, Inbox(town.centre), number)
    [(body, digest, size)] = rows(town.centre, "select body, body_digest, body_bytes from parked")
    assert body is None
    assert len(digest) == 32
    assert size > 0
