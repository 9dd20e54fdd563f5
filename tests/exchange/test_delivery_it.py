"""Delivery between two real nodes: once, in order, answered; whatever is lost on the way comes again."""

import json
import random
import threading
import time
from collections.abc import Callable
from uuid import uuid4

import pytest

from contracts.envelope import parse_frame
from contracts.receipt import ResendRequest, build_resend_request, parse_receipt
from contracts.topology import inbox_queue
from shared.exchange import jose
from shared.exchange.evidence import verify_node
from shared.exchange.relay import RELAY_LOCK, Relay
from tests.exchange.conftest import (
    CENTRE,
    CLOCK,
    OFFICE,
    WARD,
    Town,
    example,
    listing,
    open_case,
    parked,
    receipted,
    received,
    record,
    rows,
    stored,
)


def submit(town: Town, number: int, to: tuple[str, ...] = (CENTRE,)) -> None:
    """So many plans of one case, each marked with its place."""
    case_id = open_case(town.office, to=to)
    for version in range(1, number + 1):
        record(
            town.office,
            "PlanSubmitted",
            example("PlanSubmitted", plan_version=version),
            case_id=case_id,
            to=to,
        )


def versions(town: Town) -> list[int]:
    return [json.loads(row.data)["plan_version"] for row in stored(town.centre, "PlanSubmitted")]


def test_an_event_is_stored_verbatim_by_its_recipient_and_receipted(town: Town) -> None:
    case_id = open_case(town.office, to=(CENTRE,))
    town.drain()
    sent, arrived = stored(town.office, "CaseOpened")[0], stored(town.centre, "CaseOpened")[0]
    assert (arrived.id, arrived.data, arrived.case_id) == (sent.id, sent.data, case_id)
    [(jws,)] = rows(town.office, "select jws from sent where partner = %s", CENTRE)
    assert arrived.origin == jws
    personal = town.centre.replay(case_id).events[0].personal
    assert personal is not None
    assert personal["name"] == "見本 はな"
    assert rows(town.office, "select status, partner_position from receipted where partner = %s", CENTRE) == [
        ("stored", arrived.position)
    ]


def test_the_senders_log_keeps_the_signed_receipt_verbatim(town: Town) -> None:
    open_case(town.office, to=(CENTRE,))
    town.drain()
    row = stored(town.office, "ReceiptReceived")[-1]
    assert row.origin is not None
    jose.verify(row.origin, jose.public_key(town.maker.keys_of(CENTRE).anchor()))
    receipt = parse_receipt(jose.peek(row.origin).payload)
    assert (row.stream, row.sender, receipt.recipient) == (f"partner:{CENTRE}", CENTRE, OFFICE)
    head = rows(town.centre, "select hash from events where position = %s", receipt.head_position)
    assert head == [(receipt.head_hash,)]


def test_messages_are_numbered_and_linked_in_order(town: Town) -> None:
    submit(town, 5)
    town.drain()
    assert versions(town) == [1, 2, 3, 4, 5]
    tokens = [
        jws
        for (jws,) in rows(town.office, "select jws from sent where partner = %s order by sequence", CENTRE)
    ]
    frames = [parse_frame(jose.peek(each).payload) for each in tokens]
    assert [each.sequence for each in frames] == [1, 2, 3, 4, 5, 6]
    assert [each.previous_digest for each in frames] == [None, *map(jose.digest, tokens[:-1])]


def test_nothing_that_a_person_could_be_known_by_is_on_the_wire(town: Town) -> None:
    open_case(town.office, to=(CENTRE,))
    town.turn(OFFICE, 1)
    bodies = town.take_raw(CENTRE)
    assert len(bodies) == 1
    for word in ("見本", "ミホン", "1942", "CaseOpened", OFFICE):
        assert word.encode() not in bodies[0]


def test_a_message_that_arrives_twice_is_stored_once_and_its_receipt_repeated(town: Town) -> None:
    submit(town, 1)
    town.turn(OFFICE, 1)
    bodies = town.take_raw(CENTRE)
    for body in bodies * 3:
        town.send_raw(CENTRE, body)
    town.turn(CENTRE)
    town.take_raw(OFFICE)  # the receipts are lost
    for body in bodies:
        town.send_raw(CENTRE, body)
    town.drain()
    assert versions(town) == [1]
    assert receipted(town.office, CENTRE) == [(1, "stored", None), (2, "stored", None)]
    assert parked(town.centre) == []


def test_messages_in_any_order_are_stored_in_theirs(town: Town) -> None:
    submit(town, 12)
    town.turn(OFFICE, 1)
    bodies = town.take_raw(CENTRE)
    random.Random(7).shuffle(bodies)
    for body in bodies:
        town.send_raw(CENTRE, body)
    town.turn(CENTRE)
    assert versions(town) == list(range(1, 13))
    assert rows(town.centre, "select count(*) from held") == [(0,)]


def test_a_dropped_message_is_asked_for_and_those_behind_it_are_held(town: Town) -> None:
    submit(town, 4)
    town.turn(OFFICE, 1)
    bodies = town.take_raw(CENTRE)
    for body in bodies[:1] + bodies[3:]:
        town.send_raw(CENTRE, body)
    town.turn(CENTRE)
    assert rows(town.centre, "select sequence from held order by sequence") == [(4,), (5,)]
    town.drain()
    assert versions(town) == [1, 2, 3, 4]
    assert receipted(town.office, CENTRE) == [(number, "stored", None) for number in range(1, 6)]


def test_when_the_brokers_data_is_wiped_everything_without_a_receipt_comes_again(town: Town) -> None:
    open_case(town.office, to=(CENTRE,))
    town.drain()
    submit(town, 3)
    town.turn(OFFICE, 1)
    assert len(town.take_raw(CENTRE)) == 4
    town.drain()  # the centre connects anew, finds nothing and asks
    assert versions(town) == [1, 2, 3]


def test_without_a_question_a_late_receipt_alone_makes_the_sender_try_again(town: Town) -> None:
    centre = town.exchanges.pop(CENTRE)
    submit(town, 3)
    town.turn(OFFICE)
    centre.close()
    assert len(town.take_raw(CENTRE)) == 4
    rows(town.office, "update partners set next_attempt = '-infinity' returning 1")
    town.turn(OFFICE)
    [probe] = town.take_raw(CENTRE)
    town.send_raw(CENTRE, probe)
    town.exchanges[CENTRE] = centre
    town.drain()
    assert versions(town) == [1, 2, 3]


def test_a_repeated_receipt_leaves_nothing_behind(town: Town) -> None:
    submit(town, 1)
    town.turn(OFFICE, 1)
    town.turn(CENTRE)
    receipts = town.take_raw(OFFICE)
    for body in receipts * 3:
        town.send_raw(OFFICE, body)
    before = len(stored(town.office, "ReceiptReceived"))
    town.turn(OFFICE)
    assert len(stored(town.office, "ReceiptReceived")) == before + 1


def test_a_receipt_for_other_bytes_than_were_sent_is_an_alarm(town: Town) -> None:
    submit(town, 1)
    town.turn(OFFICE, 1)
    town.take_raw(CENTRE)
    voice = town.voice(OFFICE, CENTRE)
    case_id = open_case(town.centre)
    town.send_raw(CENTRE, voice.say("PlanSubmitted", case=case_id))
    town.turn(CENTRE)
    town.turn(OFFICE)
    assert ("alarm", "receipt_mismatch", CENTRE) in parked(town.office)
    assert receipted(town.office, CENTRE) == []


def test_one_request_to_send_again_brings_what_was_receipted_before(town: Town) -> None:
    submit(town, 2)
    town.drain()
    request = ResendRequest(uuid4(), CENTRE, OFFICE, True, CLOCK, 1, 1)
    keys = town.maker.keys_of(CENTRE)
    token = jose.sign(build_resend_request(request), keys.signing_key(), jose.RESEND)
    town.send_raw(OFFICE, town.voice(CENTRE, OFFICE).seal(token))
    town.turn(OFFICE, 2)
    again = [jose.unseal(body, keys).jws for body in town.take_raw(CENTRE)]
    assert [parse_frame(jose.peek(each).payload).sequence for each in again] == [2, 3]


def test_a_partner_that_is_away_delays_nobody_and_gets_all_in_order_when_it_returns(town: Town) -> None:
    away = town.exchanges.pop(CENTRE)
    case_id = open_case(town.office, to=(CENTRE, WARD))
    for version in range(1, 6):
        data = example("PlanSubmitted", plan_version=version)
        record(town.office, "PlanSubmitted", data, case_id=case_id, to=(CENTRE,))
        record(
            town.office,
            "NotificationFiled",
            example("NotificationFiled", filer=OFFICE),
            case_id=case_id,
            to=(WARD,),
        )
        town.drain()
        rows(town.office, "update partners set next_attempt = '-infinity' returning 1")
    assert len(stored(town.ward, "NotificationFiled")) == 5
    [(attempts,)] = rows(town.office, "select attempts from partners where partner = %s", CENTRE)
    assert attempts > 0
    town.exchanges[CENTRE] = away
    town.drain()
    assert versions(town) == [1, 2, 3, 4, 5]
    assert rows(town.office, "select attempts, problem from partners where partner = %s", CENTRE) == [
        (0, None)
    ]


def test_while_a_partner_does_not_answer_it_is_probed_with_one_message_at_a_time(town: Town) -> None:
    town.exchanges.pop(CENTRE).close()
    submit(town, 9)
    town.turn(OFFICE)
    assert len(town.take_raw(CENTRE)) == 10
    for _ in range(3):
        rows(town.office, "update partners set next_attempt = '-infinity' returning 1")
        town.turn(OFFICE)
    assert len(town.take_raw(CENTRE)) == 3


def test_a_recipient_without_an_inbox_waits_and_says_so(town: Town) -> None:
    stranger = "1371699999"
    record(town.ward, "AgencyListed", listing(town.maker, stranger, roles=["kyotaku"]), to=(OFFICE,))
    town.drain()
    open_case(town.office, to=(stranger, CENTRE))
    town.drain()
    [(sent, problem)] = rows(
        town.office, "select sent_through, problem from partners where partner = %s", stranger
    )
    assert sent == 0
    assert "受信箱" in problem
    assert receipted(town.office, CENTRE) == [(1, "stored", None)]


def test_a_recipient_that_is_not_listed_waits_unsigned_until_it_is(empty_town: Town) -> None:
    town = empty_town
    for agency in (WARD, OFFICE, CENTRE):
        town.add(agency)
    town.list_agencies([WARD, OFFICE], (OFFICE,))
    town.drain()
    open_case(town.office, to=(CENTRE,))
    town.drain()
    [(problem,)] = rows(town.office, "select problem from partners where partner = %s", CENTRE)
    assert "名簿" in problem
    assert rows(town.office, "select count(*) from sent where partner = %s", CENTRE) == [(0,)]
    town.list_agencies([WARD, OFFICE, CENTRE], (OFFICE, CENTRE))
    town.drain()
    assert len(stored(town.centre, "CaseOpened")) == 1
    assert rows(town.office, "select problem from partners where partner = %s", CENTRE) == [(None,)]


def test_a_delisted_recipient_waits(town: Town) -> None:
    record(
        town.ward,
        "AgencyDelisted",
        {"insurer": WARD, "agency": CENTRE, "delisted_on": "2024-10-06"},
        to=(OFFICE,),
    )
    town.drain()
    open_case(town.office, to=(CENTRE,))
    town.drain()
    assert stored(town.centre, "CaseOpened") == []
    [(problem,)] = rows(town.office, "select problem from partners where partner = %s", CENTRE)
    assert "名簿" in problem


def test_only_one_relay_of_a_node_is_at_work(town: Town) -> None:
    stop, relay = threading.Event(), Relay(town.office)
    with town.office.connect(autocommit=True) as other:
        other.execute("select pg_advisory_lock(%s)", (RELAY_LOCK,))
        open_case(town.office, to=(CENTRE,))
        thread = threading.Thread(target=relay.run, args=(stop,))
        thread.start()
        seen = {relay.alive_at}
        while len(seen) < 3:  # it has looked for the lock and looked again
            seen.add(relay.alive_at)
            time.sleep(0.05)
        assert rows(town.office, "select count(*) from sent where partner = %s", CENTRE) == [(0,)]
    while not rows(town.office, "select 1 from partners where partner = %s and sent_through = 1", CENTRE):
        time.sleep(0.05)
    stop.set()
    thread.join()


def until(holds: Callable[[], bool]) -> None:
    """Wait for what another thread brings about."""
    for _ in range(600):
        if holds():
            return
        time.sleep(0.05)
    raise AssertionError("it never came about")


def test_of_two_relays_of_a_node_one_publishes_and_the_other_takes_over_when_it_ends(town: Town) -> None:
    town.exchanges[OFFICE].close()
    town.exchanges.pop(CENTRE).close()
    relays = [Relay(town.office) for _ in range(2)]
    stops = [threading.Event() for _ in relays]
    threads = [
        threading.Thread(target=each.run, args=(stop,)) for each, stop in zip(relays, stops, strict=True)
    ]
    try:
        threads[0].start()
        until(lambda: relays[0].connected)
        threads[1].start()
        for number in range(1, 6):
            open_case(town.office, to=(CENTRE,))
            until(lambda number=number: town.depth(inbox_queue(CENTRE)) >= number)  # type: ignore[misc]
        assert [each.connected for each in relays] == [True, False]
        stops[0].set()
        threads[0].join()
        open_case(town.office, to=(CENTRE,))
        until(lambda: town.depth(inbox_queue(CENTRE)) >= 6)
        assert [each.connected for each in relays] == [False, True]
    finally:
        for stop, thread in zip(stops, threads, strict=True):
            stop.set()
            if thread.ident is not None:
                thread.join()
    assert len(town.take_raw(CENTRE)) == 6


def test_a_relay_is_woken_by_the_commit_of_what_it_shall_send(town: Town) -> None:
    stop, relay = threading.Event(), Relay(town.office)
    thread = threading.Thread(target=relay.run, args=(stop,))
    thread.start()
    for number in range(1, 4):
        open_case(town.office, to=(CENTRE,))
        query = "select 1 from partners where partner = %s and sent_through = %s"
        while not rows(town.office, query, CENTRE, number):
            time.sleep(0.01)
    stop.set()
    thread.join()


def test_the_first_signature_stands_however_often_a_message_is_published(town: Town) -> None:
    submit(town, 1)
    town.turn(OFFICE, 1)
    first = [jose.unseal(body, town.maker.keys_of(CENTRE)).jws for body in town.take_raw(CENTRE)]
    rows(town.office, "update partners set next_attempt = '-infinity' returning 1")
    town.turn(OFFICE, 1)
    again = [jose.unseal(body, town.maker.keys_of(CENTRE)).jws for body in town.take_raw(CENTRE)]
    assert again == first[:1]


def test_what_was_received_is_noted_number_by_number(town: Town) -> None:
    submit(town, 2)
    town.drain()
    assert received(town.centre, OFFICE) == [(1, "stored", None), (2, "stored", None), (3, "stored", None)]


@pytest.mark.parametrize("seed", range(5))
def test_whatever_the_broker_does_everything_arrives_once_and_in_order(town: Town, seed: int) -> None:
    chance = random.Random(seed)
    submit(town, 15)
    for _ in range(6):
        town.turn(OFFICE, 1)
        bodies = town.take_raw(CENTRE)
        kept = [body for body in bodies for _ in range(chance.choice((0, 1, 1, 2)))]
        chance.shuffle(kept)
        for body in kept:
            town.send_raw(CENTRE, body)
        town.turn(CENTRE, 1)
        answers = town.take_raw(OFFICE)
        for body in answers:
            if chance.random() < 0.7:
                town.send_raw(OFFICE, body)
        town.turn(OFFICE, 1)
        rows(town.office, "update partners set next_attempt = '-infinity' returning 1")
    for exchange in town.exchanges.values():
        exchange.close()
    town.drain()
    assert versions(town) == list(range(1, 16))
    assert [each[1] for each in receipted(town.office, CENTRE)] == ["stored"] * 16
    assert parked(town.centre) == parked(town.office) == []


def test_a_later_partners_added_fields_are_ignored_kept_as_signed_and_still_verify(town: Town) -> None:
    case_id = open_case(town.office, to=(CENTRE,))
    town.drain()
    known = example("PlanSubmitted")
    services = [{**each, "added_later": {"deep": "後の版"}} for each in known["services"]]
    voice = town.voice(OFFICE, CENTRE)
    [(voice.sequence, voice.previous)] = rows(
        town.office, "select sequence, digest from sent where partner = %s", CENTRE
    )
    town.send_raw(
        CENTRE, voice.say("PlanSubmitted", {**known, "services": services, "added": [1]}, case=case_id)
    )
    town.drain()
    assert parked(town.centre) == []
    [plan] = stored(town.centre, "PlanSubmitted")
    assert "後の版" in plan.data
    assert jose.peek(plan.origin or "").payload["data"] == json.loads(plan.data)
    assert verify_node(town.centre).findings == []
    [submitted] = town.centre.replay(case_id).case.plans
    assert [each.service for each in submitted.services] == [each["service"] for each in known["services"]]
