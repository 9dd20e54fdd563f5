from tests.exchange.conftest import CENTRE, OFFICE, WARD, Town, example, open_case, record, rows, stored


def test_an_event_is_stored_by_its_recipient_and_receipted(town: Town) -> None:
    case_id = open_case(town.office, to=(CENTRE,))
    town.drain()
    sent, received = stored(town.office, "CaseOpened")[0], stored(town.centre, "CaseOpened")[0]
    assert (received.id, received.data, received.case_id) == (sent.id, sent.data, case_id)
    assert received.origin == rows(town.office, "select jws from sent where partner = %s", CENTRE)[0][0]
    assert town.centre.replay(case_id).events[0].personal["name"] == "見本 はな"
    answers = rows(
        town.office, "select status, partner_position from receipted where partner = %s", CENTRE
    )
    assert answers == [("stored", received.position)]
    assert stored(town.office, "ReceiptReceived")[-1].sender == CENTRE
