"""A person's support that goes on in a new case: the case before is offered, what it says need not be typed again."""

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest

from contracts.events.sample import OFFICE, PERSON
from tests.console.conftest import NAME, Console, event, take_in

ENDED = {"reason_code": "office_changed", "ended_on": "2024-10-06"}


def changed(case_id: UUID, track: str = "entrusted") -> tuple[object, ...]:
    return (
        event("OfficeChanged", case_id, last_day="2024-10-06", new_track=track),
        event("SupportEnded", case_id, agency=OFFICE, **ENDED),
    )


def moved(case_id: UUID) -> tuple[object, ...]:
    return (
        event("CaseMoved", case_id, moved_on="2024-10-07"),
        event("SupportEnded", case_id, agency=OFFICE, reason_code="moved_within", ended_on="2024-10-06"),
    )


def test_after_an_entrusted_office_changed_the_centre_goes_on_from_the_old_case(
    console_of: Callable[[str], Console],
) -> None:
    """T-35: the new office is an entrusted one, so the centre opens its case."""
    node, browser, case_id = console_of("hokatsu")
    link = f"/commands/OpenCase?previous_case={case_id}"
    assert link not in browser.get(f"/cases/{case_id}").text
    take_in(node, OFFICE, *changed(case_id))
    assert link in browser.get(f"/cases/{case_id}").text
    text = browser.get(link).text
    assert f'<option value="{case_id}" selected>{NAME} さん（居宅の変更、令和6年10月6日まで）' in text
    assert f'value="{PERSON["insured_number"]}"' in text
    assert f'value="{PERSON["address"]}"' in text
    assert 'name="office" value="1371600048"' in text


def test_after_a_move_the_office_goes_on_with_the_new_centre_and_asks_for_the_new_address(
    console_of: Callable[[str], Console],
) -> None:
    """T-35D."""
    node, browser, case_id = console_of("kyotaku")
    take_in(node, OFFICE, *moved(case_id))
    link = f"/commands/OpenCase?previous_case={case_id}"
    assert link in browser.get(f"/cases/{case_id}").text
    text = browser.get(link).text
    assert 'name="centre" value="1301600092"' in text
    assert f'value="{PERSON["insured_number"]}"' in text
    assert PERSON["address"] not in text


@pytest.mark.parametrize(("service", "track"), [("kyotaku", "entrusted"), ("hokatsu", "designated")])
def test_whoever_does_not_open_the_next_case_is_offered_nothing(
    console_of: Callable[[str], Console], service: str, track: str
) -> None:
    node, browser, case_id = console_of(service)
    take_in(node, OFFICE, *changed(case_id, track))
    assert "previous_case" not in browser.get(f"/cases/{case_id}").text


def test_an_opening_offers_only_cases_that_ended_so_and_chooses_none_by_itself(
    console_of: Callable[[str], Console],
) -> None:
    node, browser, case_id = console_of("hokatsu")
    other = uuid4()
    take_in(node, OFFICE, event("CaseOpened", other))
    take_in(
        node, OFFICE, event("SupportEnded", other, agency=OFFICE, reason_code="died", ended_on="2024-10-06")
    )
    assert "前のケース" in browser.get("/commands/OpenCase").text
    take_in(node, OFFICE, *changed(case_id))
    text = browser.get("/commands/OpenCase").text
    assert f'<option value="{case_id}">' in text
    assert str(other) not in text


@pytest.mark.parametrize("number", ["nothing", "6f1d7f0a-3f0e-4c39-8a8e-0c8f3a1f0b11"])
def test_a_case_that_is_not_here_is_not_found(console_of: Callable[[str], Console], number: str) -> None:
    _, browser, _ = console_of("hokatsu")
    assert browser.get(f"/commands/OpenCase?previous_case={number}").status_code == 404


def test_that_the_old_case_was_read_for_the_new_one_is_in_its_access_log(
    console_of: Callable[[str], Console],
) -> None:
    node, browser, case_id = console_of("hokatsu")
    take_in(node, OFFICE, *changed(case_id))
    browser.get(f"/commands/OpenCase?previous_case={case_id}")
    with node.database.connection() as connection:
        found = connection.execute("select what from accesses where case_id = %s", (case_id,)).fetchall()
    assert any("この方の続き" in str(what) for (what,) in found)
