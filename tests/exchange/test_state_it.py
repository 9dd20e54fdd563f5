"""Everything that waits is visible, partner by partner, and names no person."""

from dataclasses import asdict
from datetime import timedelta
from uuid import uuid4

import pytest

from deploy.cli.commands.exchange import lines_of
from services.kyotaku.definition import SERVICE as KYOTAKU
from shared.console.awaiting import own_requests
from shared.console.timeline import answer_to
from shared.exchange.state import PartnerState, exchange_state
from shared.node.node import Node
from tests.exchange.conftest import CENTRE, CLOCK, OFFICE, WARD, Town, example, open_case, record, stored


def partner(town: Town, node: str, other: str) -> PartnerState:
    found = {each.partner: each for each in exchange_state(town.exchanges[node].node).partners}
    return found[other]


def test_what_is_sent_receipted_and_refused_is_shown_for_each_partner(town: Town) -> None:
    case_id = open_case(town.office, to=(CENTRE,))
    record(town.office, "CertificationResult", example("CertificationResult"), case_id=case_id, to=(CENTRE,))
    town.drain()
    seen = partner(town, OFFICE, CENTRE)
    assert (seen.name, seen.listed, seen.problem) == (f"見本事業所 {CENTRE}", True, None)
    assert (seen.sent_through, seen.receipted_through, seen.undelivered, seen.undelivered_since) == (
        2,
        2,
        0,
        None,
    )
    assert seen.refused_there == 1
    [refusal] = seen.refusals
    assert (refusal.type, refusal.code) == ("CertificationResult", "sender_not_authorised")
    assert "役割" in refusal.message
    assert partner(town, CENTRE, OFFICE).received_through == 2
    assert partner(town, CENTRE, OFFICE).parked == 1


def test_what_is_not_delivered_yet_says_since_when_and_why(town: Town) -> None:
    town.exchanges.pop(CENTRE).close()
    open_case(town.office, to=(CENTRE,))
    [opened] = stored(town.office, "CaseOpened")
    assert partner(town, OFFICE, CENTRE).undelivered == 1  # before any relay has looked at it
    town.turn(OFFICE)
    seen = partner(town, OFFICE, CENTRE)
    assert (seen.sent_through, seen.undelivered, seen.undelivered_since) == (1, 1, opened.recorded_at)
    assert exchange_state(town.office).undelivered == 1


def test_what_is_held_and_what_waits_is_shown_since_when(town: Town) -> None:
    voice = town.voice(OFFICE, CENTRE)
    town.send_raw(CENTRE, voice.say("PlanSubmitted", case=uuid4()))
    voice.say("PlanSubmitted", case=uuid4())
    town.send_raw(CENTRE, voice.say("PlanSubmitted", case=uuid4()))
    town.turn(CENTRE)
    seen = partner(town, CENTRE, OFFICE)
    assert (seen.received_through, seen.waiting, seen.held) == (1, 1, 1)
    assert seen.waiting_since is not None
    assert seen.held_since is not None
    assert exchange_state(town.centre).waiting == 1


def test_acceptance_and_return_are_shown_beside_delivery(empty_town: Town) -> None:
    town = empty_town
    town.add(WARD)
    town.add(OFFICE, KYOTAKU)
    town.list_agencies([WARD, OFFICE], (OFFICE,))
    town.drain()
    case_id = open_case(town.office)
    filed = example("NotificationFiled", filer=OFFICE)
    record(town.office, "NotificationFiled", filed, case_id=case_id, to=(WARD,))
    town.drain()
    seen = partner(town, OFFICE, WARD)
    assert (seen.receipted_through, seen.unanswered, seen.returned) == (2, 1, 0)
    returned = example(
        "NotificationReturned", notification_id=filed["notification_id"], revision=filed["revision"]
    )
    record(town.ward, "NotificationReturned", returned, case_id=case_id, to=(OFFICE,))
    town.drain()
    seen = partner(town, OFFICE, WARD)
    assert (seen.unanswered, seen.returned, seen.accepted) == (0, 1, 0)
    assert (seen.returned_on, seen.accepted_on) == (CLOCK.date(), None)
    corrected = {**filed, "revision": 2, "corrects": 1}
    record(town.office, "NotificationFiled", corrected, case_id=case_id, to=(WARD,))
    accepted = example(
        "NotificationAccepted", notification_id=filed["notification_id"], revision=2, filer=OFFICE
    )
    town.ward.set_clock(CLOCK + timedelta(days=3))
    record(town.ward, "NotificationAccepted", accepted, case_id=case_id, to=(OFFICE,))
    town.drain()
    seen = partner(town, OFFICE, WARD)
    assert (seen.unanswered, seen.returned, seen.accepted) == (0, 1, 1)
    assert seen.accepted_on == (CLOCK + timedelta(days=3)).date()


@pytest.mark.parametrize("answer", ["SimultaneousContractAgreed", "SimultaneousContractDeclined"])
def test_a_request_that_the_partner_declined_was_not_accepted(empty_town: Town, answer: str) -> None:
    town = empty_town
    for agency in (WARD, CENTRE):
        town.add(agency)
    town.add(OFFICE, KYOTAKU)
    town.list_agencies([WARD, OFFICE, CENTRE], (OFFICE, CENTRE))
    town.drain()
    case_id = open_case(town.office, to=(CENTRE,))
    asked = "SimultaneousContractRequested"
    record(town.office, asked, example(asked), case_id=case_id, to=(CENTRE,))
    town.drain()
    record(town.centre, answer, example(answer), case_id=case_id, to=(OFFICE,))
    town.drain()
    seen, today = partner(town, OFFICE, CENTRE), CLOCK.date()
    agreed = answer == "SimultaneousContractAgreed"
    assert (seen.accepted, seen.accepted_on) == ((1, today) if agreed else (0, None))
    assert (seen.declined, seen.declined_on) == ((0, None) if agreed else (1, today))
    assert (seen.returned, seen.unanswered) == (0, 0)


def test_the_last_receipt_is_dated_by_the_clock_of_the_node_that_has_it(town: Town) -> None:
    town.centre.set_clock(CLOCK + timedelta(days=20))
    open_case(town.office, to=(CENTRE,))
    town.office.set_clock(CLOCK + timedelta(days=1))
    town.drain()
    assert partner(town, OFFICE, CENTRE).receipted_at == CLOCK + timedelta(days=1)


def test_the_command_line_says_when_what_was_sent_was_last_receipted_and_answered() -> None:
    seen = PartnerState(
        CENTRE,
        "見本",
        True,
        sent_through=4,
        receipted_through=3,
        receipted_at=CLOCK,
        undelivered=1,
        undelivered_since=CLOCK + timedelta(hours=1),
        returned=2,
        returned_on=CLOCK.date(),
    )
    told = "\n".join(lines_of(seen))
    assert "到達 3（最後 令和6年10月7日 9:00）" in told
    assert "未到達 1（令和6年10月7日 10:00から）" in told
    assert "差戻し 2（最後 令和6年10月7日）" in told
    assert "受理・承諾 0　" in told


def test_the_state_names_no_person(town: Town) -> None:
    open_case(town.office, to=(CENTRE,))
    town.drain()
    assert "見本 はな" not in str(asdict(exchange_state(town.office)))


def test_a_declined_request_that_is_asked_again_waits_again_for_its_own_answer(town: Town) -> None:
    node = town.replace(town.office, KYOTAKU)
    case_id = open_case(node, to=(CENTRE,))

    def say(speaker: Node, name: str, to: str) -> None:
        record(
            speaker,
            f"SimultaneousContract{name}",
            example(f"SimultaneousContract{name}"),
            case_id=case_id,
            to=(to,),
        )
        town.drain()

    def counted() -> tuple[int, int, int]:
        seen = partner(town, OFFICE, CENTRE)
        return seen.declined, seen.unanswered, seen.accepted

    def shown() -> list[str]:
        events = node.replay(case_id).events
        found = [answer_to(each, events) for each in events if each.type == "SimultaneousContractRequested"]
        return [each.word for each in found if each]

    say(node, "Requested", CENTRE)
    assert (counted(), shown()) == ((0, 1, 0), [""])
    say(town.centre, "Declined", OFFICE)
    assert (counted(), shown(), own_requests(node)) == ((1, 0, 0), ["辞退"], [])
    say(node, "Requested", CENTRE)
    assert (counted(), shown(), len(own_requests(node))) == ((0, 1, 0), ["辞退", ""], 1)
    say(town.centre, "Agreed", OFFICE)
    assert (counted(), shown(), own_requests(node)) == ((0, 0, 1), ["辞退", "承諾"], [])
