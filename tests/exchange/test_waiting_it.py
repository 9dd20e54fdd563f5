"""What overtakes the thing it needs is kept, waits, and is applied when it can be."""

from uuid import UUID, uuid4

import pytest

from shared.exchange.evidence import verify_node
from shared.exchange.inbox import Inbox
from shared.exchange.parked import NotRetried, parked_list, retry
from shared.node.agency_keys import AgencyKeys
from tests.exchange.conftest import (
    CENTRE,
    OFFICE,
    ROLES,
    WARD,
    Town,
    Voice,
    example,
    listing,
    named_alike,
    open_case,
    parked,
    receipted,
    received,
    record,
    rows,
    stored,
)

OTHER = "1301600027"


def waiting(town: Town) -> list[tuple[object, ...]]:
    return rows(town.centre, "select partner, sequence, reason from waiting order by id")


def let_a_day_pass(town: Town) -> None:
    rows(town.centre, "update waiting set since = since - interval '25 hours' returning 1")


def test_a_certification_result_that_overtakes_the_opening_of_its_case_waits_for_it(town: Town) -> None:
    case_id = open_case(town.office, to=(WARD,))
    town.drain(OFFICE, WARD)
    record(town.ward, "CertificationResult", example("CertificationResult"), case_id=case_id, to=(CENTRE,))
    town.drain(WARD, CENTRE)
    assert waiting(town)[0][1:] == (receipted(town.ward, CENTRE)[-1][0], "unknown_case")
    assert receipted(town.ward, CENTRE)[-1][1:] == ("waiting", "unknown_case")
    record(town.office, "PlanSubmitted", example("PlanSubmitted"), case_id=case_id, to=(CENTRE,))
    town.drain()
    order = [row.type for row in town.centre.log.case(case_id)]
    assert sorted(order) == ["CaseOpened", "CertificationResult", "PlanSubmitted"]
    assert order[0] == "CaseOpened"
    assert waiting(town) == []
    assert receipted(town.ward, CENTRE)[-1][1:] == ("stored", None)


def test_the_word_of_an_office_that_overtakes_the_word_that_it_joined_waits_for_it(town: Town) -> None:
    """T-07M: the centre's word reaches the office before it reaches the ward."""
    case_id, alone = uuid4(), {CENTRE: "hokatsu", WARD: "ward"}
    record(town.centre, "CaseOpened", example("CaseOpened", parties=alone), case_id=case_id, to=(WARD,))
    town.drain(CENTRE, WARD)
    assigned = example("OfficeAssigned")
    record(town.centre, "OfficeAssigned", assigned, case_id=case_id, to=(OFFICE,))
    town.drain(CENTRE, OFFICE)
    assert [row.type for row in town.office.log.case(case_id)] == ["CaseOpened", "OfficeAssigned"]
    filed = example("NotificationFiled", filer=OFFICE)
    record(town.office, "NotificationFiled", filed, case_id=case_id, to=(WARD,))
    town.drain(OFFICE, WARD)
    assert receipted(town.office, WARD)[-1][1:] == ("waiting", "unknown_party")
    record(town.centre, "OfficeAssigned", assigned, case_id=case_id, to=(WARD,))
    town.drain()
    assert receipted(town.office, WARD)[-1][1:] == ("stored", None)
    assert [row.type for row in town.ward.log.case(case_id)] == [
        "CaseOpened",
        "OfficeAssigned",
        "NotificationFiled",
    ]


def opened_without_office(town: Town) -> UUID:
    """A case of the centre, of which the ward knows."""
    case_id = uuid4()
    alone = {CENTRE: "hokatsu", WARD: "ward"}
    record(town.centre, "CaseOpened", example("CaseOpened", parties=alone), case_id=case_id, to=(WARD,))
    town.drain(CENTRE, WARD)
    return case_id


def file(town: Town, case_id: UUID, **changes: object) -> tuple[object, ...]:
    """What the ward answers the centre that files a notification."""
    filed = example("NotificationFiled", filer=CENTRE, **changes)
    record(town.centre, "NotificationFiled", filed, case_id=case_id, to=(WARD,))
    town.drain(CENTRE, WARD)
    status, code, field = rows(
        town.ward,
        "select status, code, field from received where partner = %s order by sequence desc limit 1",
        CENTRE,
    )[0]
    return status, code, field


def test_a_wrong_agency_is_refused_at_once_where_it_could_never_be_the_office(town: Town) -> None:
    case_id = opened_without_office(town)
    record(town.ward, "AgencyListed", listing(town.maker, OTHER, roles=["hokatsu"]), to=(OFFICE, CENTRE))
    town.drain()
    assert file(town, case_id, office=OTHER) == ("refused", "stranger_named", "office")
    assert receipted(town.centre, WARD)[-1][1:] == ("refused", "stranger_named")
    assert parked(town.ward) == [("message", "stranger_named", CENTRE)]


def test_who_has_not_joined_the_case_after_a_day_is_named_for_what_it_is(town: Town) -> None:
    """The case is known; what was waited for is that somebody joins it."""
    case_id = opened_without_office(town)
    assert file(town, case_id, office=OFFICE) == ("waiting", "unknown_party", "office")
    filed = example("NotificationFiled", filer=OFFICE)
    record(town.office, "NotificationFiled", filed, case_id=case_id, to=(WARD,))
    town.drain(OFFICE, WARD)
    rows(town.ward, "update waiting set since = since - interval '25 hours' returning 1")
    town.drain()
    assert receipted(town.centre, WARD)[-1][1:] == ("refused", "stranger_named")
    assert receipted(town.office, WARD)[-1][1:] == ("refused", "not_a_party")
    by_centre, by_office = parked_list(town.ward)
    inbox = Inbox(town.ward)
    with pytest.raises(NotRetried, match="まだ受け入れられません"):
        retry(town.ward, inbox, by_office.id)
    record(town.centre, "OfficeAssigned", example("OfficeAssigned"), case_id=case_id, to=(WARD,))
    town.drain(CENTRE, WARD)
    for each in (by_centre, by_office):
        assert retry(town.ward, inbox, each.id) == "stored"
    inbox.close()
    assert parked_list(town.ward) == []


def test_what_follows_a_waiting_message_flows_on(town: Town) -> None:
    known, unknown, voice = open_case(town.centre), uuid4(), town.voice(WARD, CENTRE)
    voice.sequence, voice.previous = _so_far(town)
    town.send_raw(CENTRE, voice.say("CertificationResult", case=unknown))
    town.send_raw(CENTRE, voice.say("CertificationResult", case=known))
    town.turn(CENTRE)
    assert [each[1:] for each in received(town.centre, WARD)][-2:] == [
        ("waiting", "unknown_case"),
        ("stored", None),
    ]


def _so_far(town: Town) -> tuple[int, bytes]:
    [(through, digest)] = rows(
        town.centre, "select received_through, received_digest from partners where partner = %s", WARD
    )
    return through, bytes(digest)


def test_a_case_opened_by_another_process_of_the_node_is_noticed(town: Town) -> None:
    case_id, voice = uuid4(), town.voice(OFFICE, CENTRE)
    town.send_raw(CENTRE, voice.say("PlanSubmitted", case=case_id))
    town.turn(CENTRE)
    assert waiting(town) == [(OFFICE, 1, "unknown_case")]
    open_case(town.centre, case_id=case_id)
    town.turn(CENTRE)
    assert len(stored(town.centre, "PlanSubmitted")) == 1
    assert received(town.centre, OFFICE) == [(1, "stored", None)]


def test_after_a_day_a_message_of_an_unknown_case_is_parked_and_its_sender_told(town: Town) -> None:
    case_id, voice = uuid4(), town.voice(OFFICE, CENTRE)
    town.send_raw(CENTRE, voice.say("PlanSubmitted", case=case_id))
    town.turn(CENTRE)
    let_a_day_pass(town)
    town.turn(CENTRE)
    assert waiting(town) == []
    assert parked(town.centre) == [("message", "unknown_case", OFFICE)]
    assert rows(town.centre, "select status, code, answered from received where partner = %s", OFFICE) == [
        ("refused", "unknown_case", True)
    ]


def test_a_message_that_overtakes_its_senders_directory_entry_waits_for_it(empty_town: Town) -> None:
    town = empty_town
    for agency in ROLES:
        town.add(agency)
    town.list_agencies([WARD, CENTRE], (CENTRE,))
    town.drain()
    town.list_agencies([WARD, CENTRE, OFFICE], (OFFICE,))
    town.drain(WARD, OFFICE)
    case_id = open_case(town.office, to=(CENTRE,))
    record(town.office, "PlanSubmitted", example("PlanSubmitted"), case_id=case_id, to=(CENTRE,))
    town.drain(OFFICE, CENTRE)
    assert waiting(town) == [(OFFICE, None, "unknown_sender")] * 2
    assert received(town.centre, OFFICE) == []
    town.list_agencies([OFFICE], (CENTRE,))
    town.drain()
    assert [row.type for row in town.centre.log.case(case_id)] == ["CaseOpened", "PlanSubmitted"]
    assert receipted(town.office, CENTRE) == [(1, "stored", None), (2, "stored", None)]
    assert waiting(town) == []


def test_a_message_that_waits_first_for_its_sender_and_then_for_its_case_is_applied_at_last(
    empty_town: Town,
) -> None:
    town = empty_town
    for agency in (WARD, CENTRE):
        town.add(agency)
    town.list_agencies([WARD, CENTRE], (CENTRE,))
    town.drain()
    case_id, voice = uuid4(), town.voice(OFFICE, CENTRE)
    town.send_raw(CENTRE, voice.say("PlanSubmitted", case=case_id))
    town.turn(CENTRE)
    assert waiting(town) == [(OFFICE, None, "unknown_sender")]
    town.list_agencies([OFFICE], (CENTRE,))
    town.drain()
    assert waiting(town) == [(OFFICE, 1, "unknown_case")]
    open_case(town.centre, case_id=case_id)
    town.drain()
    assert waiting(town) == []
    assert received(town.centre, OFFICE) == [(1, "stored", None)]


def test_a_message_under_a_key_that_is_not_listed_yet_waits_for_it(town: Town) -> None:
    case_id, new = open_case(town.centre), AgencyKeys.generate(OFFICE)
    voice = Voice(new, town.maker.keys_of(CENTRE))
    for _ in range(3):
        town.send_raw(CENTRE, voice.say("PlanSubmitted", case=case_id))
    town.turn(CENTRE)
    assert waiting(town) == [(OFFICE, None, "unknown_key")] * 3
    town.maker.keys[OFFICE] = new
    record(town.ward, "AgencyListed", listing(town.maker, OFFICE), to=(CENTRE,))
    town.drain(WARD, CENTRE)
    assert received(town.centre, OFFICE) == [(number, "stored", None) for number in (1, 2, 3)]


def test_a_forged_message_of_an_unknown_sender_is_not_believed_when_the_sender_is_listed(
    empty_town: Town,
) -> None:
    town = empty_town
    for agency in (WARD, CENTRE):
        town.add(agency)
    town.list_agencies([WARD, CENTRE], (CENTRE,))
    town.drain()
    genuine = town.maker.keys_of(OFFICE)
    attacker = named_alike(AgencyKeys.generate(OFFICE), genuine)
    voice = Voice(attacker, town.maker.keys_of(CENTRE))
    town.send_raw(CENTRE, voice.say("PlanSubmitted", case=open_case(town.centre)))
    town.turn(CENTRE)
    assert waiting(town) == [(OFFICE, None, "unknown_sender")]
    town.list_agencies([OFFICE], (CENTRE,))
    town.drain()
    assert waiting(town) == []
    assert [each[:2] for each in parked(town.centre)] == [("unauthentic", "forged_signature")]
    assert stored(town.centre, "PlanSubmitted") == []


def test_after_a_day_a_message_of_an_unknown_sender_is_parked_apart(town: Town) -> None:
    stranger = Voice(AgencyKeys.generate("1371699999"), town.maker.keys_of(CENTRE))
    town.send_raw(CENTRE, stranger.say("PlanSubmitted", case=uuid4()))
    town.turn(CENTRE)
    let_a_day_pass(town)
    town.turn(CENTRE)
    assert waiting(town) == []
    assert parked(town.centre) == [("unauthentic", "unknown_sender", "1371699999")]


def test_many_that_wait_for_one_thing_are_applied_in_the_order_of_their_numbers(town: Town) -> None:
    case_id, voice = uuid4(), town.voice(OFFICE, CENTRE)
    for version in range(1, 61):
        data = example("PlanSubmitted", plan_version=version)
        town.send_raw(CENTRE, voice.say("PlanSubmitted", data, case=case_id))
    town.turn(CENTRE)
    assert len(waiting(town)) == 60
    town.send_raw(CENTRE, voice.say("CaseOpened", example("CaseOpened", parties=dict(ROLES)), case=case_id))
    town.turn(CENTRE)
    versions = [town.centre.log.at(row.position).data for row in stored(town.centre, "PlanSubmitted")]  # type: ignore[union-attr]
    assert [f'"plan_version":{number},' in text for number, text in enumerate(versions, 1)] == [True] * 60


def test_what_waits_is_kept_as_ciphertext_only(town: Town) -> None:
    voice = town.voice(OFFICE, CENTRE)
    town.send_raw(CENTRE, voice.say("PlanSubmitted", case=uuid4()))
    town.turn(CENTRE)
    [(jwe,)] = rows(town.centre, "select jwe from waiting")
    assert jwe.count(".") == 4


def refused_after_a_day(town: Town) -> UUID:
    """The office's plan of a case that the centre did not know for a day; its opening came too late."""
    case_id = uuid4()
    record(town.office, "PlanSubmitted", example("PlanSubmitted"), case_id=case_id, to=(CENTRE,))
    record(town.office, "CircumstanceChanged", example("CircumstanceChanged"), case_id=case_id, to=(CENTRE,))
    town.drain()
    let_a_day_pass(town)
    town.turn(CENTRE)
    town.drain()
    assert receipted(town.office, CENTRE) == [(each, "refused", "unknown_case") for each in (1, 2)]
    return case_id


def test_a_message_refused_for_its_unknown_case_is_asked_for_again_and_stored(town: Town) -> None:
    case_id = refused_after_a_day(town)
    plan, _ = parked_list(town.centre)
    assert plan.body is None
    inbox = Inbox(town.centre)
    with pytest.raises(NotRetried, match="まだ受け入れられません"):
        retry(town.centre, inbox, plan.id)
    open_case(town.centre, case_id=case_id)
    town.drain()
    assert len(parked_list(town.centre)) == 2  # nothing comes again by itself
    assert retry(town.centre, inbox, plan.id) == "asked"
    assert len(parked_list(town.centre)) == 2  # not before it has come
    inbox.close()
    town.drain()
    assert parked_list(town.centre) == []
    assert len(stored(town.centre, "PlanSubmitted")) == len(stored(town.centre, "CircumstanceChanged")) == 1
    assert receipted(town.office, CENTRE) == [(1, "stored", None), (2, "stored", None)]
    assert verify_node(town.centre).findings == []


def test_what_was_refused_for_another_reason_is_not_judged_again_because_it_comes_again(town: Town) -> None:
    stranger = {"centre": "1309999999"}
    case_id = open_case(town.office, to=(CENTRE,))
    asked = example("SimultaneousContractRequested", **stranger)
    record(town.office, "SimultaneousContractRequested", asked, case_id=case_id, to=(CENTRE,))
    town.drain()
    assert receipted(town.office, CENTRE)[-1] == (2, "refused", "stranger_named")
    inbox = Inbox(town.centre)
    assert inbox.ask_again(OFFICE, 1, 1)
    inbox.close()
    town.drain()
    assert receipted(town.office, CENTRE) == [(1, "stored", None), (2, "refused", "stranger_named")]
    assert [each.code for each in parked_list(town.centre)] == ["stranger_named"]


def test_a_sender_that_numbers_anew_is_not_asked_for_an_old_number(town: Town) -> None:
    case_id = refused_after_a_day(town)
    town.office.raise_epoch()
    open_case(town.office, to=(CENTRE,))
    open_case(town.centre, case_id=case_id)
    town.drain()
    [plan, _] = parked_list(town.centre)
    inbox = Inbox(town.centre)
    with pytest.raises(NotRetried, match="通番を改めた"):
        retry(town.centre, inbox, plan.id)
    inbox.close()
