"""The list of cases narrowed, sorted and cut into pages."""

from collections.abc import Callable
from datetime import date
from uuid import uuid4

import pytest

from contracts.events.sample import CENTRE, OFFICE
from shared.console.case_filter import agencies_among, filter_of, modes_among
from shared.console.case_rows import CaseRow
from shared.console.paging import PAGE, paged
from tests.console.conftest import Console, event, take_in

TODAY = date(2025, 1, 31)


def row(**changes: object) -> CaseRow:
    usual: dict[str, object] = {
        "case_id": uuid4(),
        "name": "見本 はな",
        "status": "support1",
        "type": "preventive_support",
        "track": "designated",
        "mode_from": date(2024, 10, 1),
        "office": OFFICE,
        "centre": CENTRE,
        "certified_to": date(2025, 3, 31),
        "ended_on": None,
        "end_reason": None,
        "opened_on": date(2024, 10, 1),
        "last_type": "CaseOpened",
        "last_on": date(2024, 10, 1),
    }
    return CaseRow(**{**usual, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("ended_on", "usual", "over"),
    [
        (None, True, False),
        (date(2025, 2, 1), True, False),
        (TODAY, True, False),  # the last day of the support is a day of it
        (date(2025, 1, 30), False, True),
    ],
)
def test_those_whose_support_goes_on_are_shown_unless_others_are_asked_for(
    ended_on: date | None, usual: bool, over: bool
) -> None:
    one = row(ended_on=ended_on)
    assert filter_of({}).shows(one, TODAY) is usual
    assert filter_of({"support": "over"}).shows(one, TODAY) is over
    assert filter_of({"support": "all"}).shows(one, TODAY)
    assert filter_of({"q": "はな", "support": ""}).shows(one, TODAY)  # as the form sends it


@pytest.mark.parametrize(
    ("certified_to", "shown_by"),
    [
        (date(2025, 1, 30), {"over"}),
        (TODAY, {"30", "60"}),
        (date(2025, 3, 2), {"30", "60"}),
        (date(2025, 3, 3), {"60"}),
        (date(2025, 4, 1), {"60"}),
        (date(2025, 4, 2), set()),
        (None, set()),
    ],
)
def test_a_certification_that_ends_is_found_by_the_days_that_are_left(
    certified_to: date | None, shown_by: set[str]
) -> None:
    one = row(certified_to=certified_to)
    asked = {each for each in ("over", "30", "60") if filter_of({"certification": each}).shows(one, TODAY)}
    assert asked == shown_by


def test_cases_are_narrowed_by_their_type_and_track_and_by_who_takes_part() -> None:
    own = row(type="care_management_a", track="direct", office=None)
    undecided = row(type=None, track=None)
    rows = [row(), own, undecided]
    assert list(modes_among(rows)) == ["preventive_support.designated", "care_management_a.direct", "none"]
    assert agencies_among(rows, CENTRE) == [OFFICE]

    def shown(**asked: str) -> list[CaseRow]:
        return [each for each in rows if filter_of(asked).shows(each, TODAY)]

    assert shown(mode="care_management_a.direct") == [own]
    assert shown(mode="none") == [undecided]
    assert shown(agency=OFFICE) == [rows[0], undecided]
    assert shown(agency=OFFICE, mode="none", certification="60") == [undecided]


def test_a_type_or_a_track_alone_is_asked_for_where_it_occurs_with_several_of_the_other() -> None:
    designated, entrusted = row(), row(track="entrusted")
    managed, undecided = row(type="care_management_a", track="entrusted"), row(type=None, track=None)
    rows = [designated, entrusted, managed, undecided]
    known = modes_among(rows)
    assert known["preventive_support."] == "介護予防支援（すべての区分）"
    assert known[".entrusted"] == "再委託（すべての類型）"
    assert "care_management_a." not in known
    assert ".designated" not in known
    shown = {
        mode: [each for each in rows if filter_of({"mode": mode}).shows(each, TODAY)]
        for mode in ("preventive_support.", ".entrusted", "preventive_support.entrusted")
    }
    assert shown["preventive_support."] == [designated, entrusted]
    assert shown[".entrusted"] == [entrusted, managed]
    assert shown["preventive_support.entrusted"] == [entrusted]


def test_cases_are_sorted_as_asked_and_who_has_no_kana_or_certification_comes_last() -> None:
    first, second, third = row(certified_to=None), row(), row(certified_to=date(2025, 2, 1))
    kana = {first.case_id: "ミホン ハナ", second.case_id: "", third.case_id: "ミホン アキ"}
    rows = [first, second, third]
    assert filter_of({}).sorted(rows, lambda one: kana[one.case_id]) == rows
    assert filter_of({"order": "kana"}).sorted(rows, lambda one: kana[one.case_id]) == [third, first, second]
    assert filter_of({"order": "certification"}).sorted(rows, lambda one: "") == [third, second, first]


@pytest.mark.parametrize(
    ("count", "asked", "number", "of", "length"),
    [
        (0, "", 1, 1, 0),
        (PAGE, "1", 1, 1, PAGE),
        (PAGE + 1, "2", 2, 2, 1),
        (PAGE + 1, "3", 2, 2, 1),
        (PAGE + 1, "0", 1, 2, PAGE),
        (PAGE + 1, "-1", 1, 2, PAGE),
        (PAGE + 1, "９" * 20, 1, 2, PAGE),
    ],
)
def test_a_page_that_is_not_there_is_the_nearest(
    count: int, asked: str, number: int, of: int, length: int
) -> None:
    cut = paged([row()] * count, asked)
    assert (cut.number, cut.of, len(cut.rows)) == (number, of, length)


def test_the_page_shows_fifty_and_leads_on_with_what_was_asked(console_of: Callable[[str], Console]) -> None:
    node, browser, _ = console_of("kyotaku")
    for _ in range(PAGE):
        take_in(node, CENTRE, event("CaseOpened", uuid4()))
    form = browser.get("/cases").text
    assert '<option value="" selected>続いている人（さがすときはすべて）' in form
    text = browser.get("/cases?order=kana&support=all&_external=1&endpoint=x").text
    assert f"{PAGE + 1}人" in text
    assert text.count('<th scope="row">') == PAGE
    assert 'href="/cases?support=all&amp;order=kana&amp;page=2"' in text
    after = browser.get("/cases?order=kana&support=all&page=2").text
    assert after.count('<th scope="row">') == 1
    assert 'rel="prev"' in after
    assert 'rel="next"' not in after
    nobody = browser.get("/cases?support=over").text
    assert "この条件に合う人はいません" in nobody
    assert f"条件に合わない {PAGE + 1}人は表示していません" in nobody
