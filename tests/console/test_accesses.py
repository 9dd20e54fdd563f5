"""閲覧記録: narrowed by who was looked at, by who looked, by dates; page by page; as a file."""

import csv
import io
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Event
from time import monotonic, sleep
from uuid import UUID

import pytest

from shared.console import access_check
from shared.console.pages import accesses
from shared.eventlog.access import AccessLog
from shared.node.node import Node
from shared.policy.dates import TOKYO, day_text
from tests.console import sample
from tests.console.conftest import Browser

SignIn = Callable[[str], Browser]


def rows_of(page: str) -> int:
    return page.partition("<tbody>")[2].partition("</tbody>")[0].count("<tr>")


def today() -> str:
    return datetime.now(TOKYO).date().isoformat()


def test_it_is_narrowed_by_the_person_in_any_width_and_by_who_looked(
    sign_in: SignIn, node: Node, case_id: UUID
) -> None:
    node.access.record("care.manager", case_id, "ケース", "支援")
    node.access.record("care.manager", None, "利用者・ケース一覧", "支援")
    node.access.record("billing", case_id, "請求の根拠", "請求事務")
    browser = sign_in("auditor")
    family = sample.KANA.split()[0]
    for written in (sample.NAME, family, sample.NAME.replace(" ", "")):
        page = browser.get("/accesses", query_string={"q": written}).text
        assert "請求の根拠" in page, written
        assert "利用者・ケース一覧" not in page
    page = browser.get("/accesses", query_string={"q": sample.NAME, "who": "billing"}).text
    assert rows_of(page) == 1
    assert "この条件に合う記録はありません" in browser.get("/accesses?q=どこにもいない").text


@pytest.mark.parametrize(
    ("since", "until", "shown"), [(0, 0, True), (1, None, False), (None, -1, False), (-1, 1, True)]
)
def test_it_is_narrowed_by_dates_typed_in_any_form(
    sign_in: SignIn, node: Node, case_id: UUID, since: int | None, until: int | None, shown: bool
) -> None:
    node.access.record("care.manager", case_id, "工程表", "支援")
    day = datetime.now(TOKYO).date()
    asked = {
        name: written(day + timedelta(days=days))
        for name, days, written in (
            ("since", since, day_text),
            ("until", until, lambda each: each.strftime("%Y%m%d")),
        )
        if days is not None
    }
    page = sign_in("auditor").get("/accesses", query_string=asked).text
    assert ("工程表</td>" in page) is shown


def test_a_date_that_can_t_be_read_is_told_at_its_field(sign_in: SignIn) -> None:
    page = sign_in("auditor").get("/accesses?since=きのう").text
    assert "「きのう」は日付として読めません" in page
    assert 'aria-invalid="true"' in page


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("since=きのう", "「きのう」は日付として読めません"),
        ("until=2024-02-30", "2024-02-30"),
        ("since=2024-10-08&until=2024-10-07", "「この日から」（令和6年10月8日）以後の日付にしてください"),
    ],
)
@pytest.mark.parametrize("as_file", ["", "&csv=1"])
def test_nothing_is_shown_or_saved_by_half_of_what_was_asked(
    sign_in: SignIn, case_id: UUID, asked: str, told: str, as_file: str
) -> None:
    answer = sign_in("auditor").get(f"/accesses?{asked}{as_file}")
    assert (answer.status_code, answer.mimetype) == (422, "text/html")
    assert told in answer.text
    assert "今日の仕事</td>" not in answer.text
    assert "この条件に合う記録はありません" not in answer.text
    assert "CSVで保存する" not in answer.text


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("until=99991231", 200),
        ("since=0001-01-01", 200),
        ("since=2024-10-07&until=2024-10-07", 200),
        ("who=%00", 404),
        ("q=%00", 200),
        ("case=nobody", 404),
    ],
)
@pytest.mark.parametrize("as_file", ["", "&csv=1"])
def test_the_edges_of_what_can_be_asked_are_answered(
    sign_in: SignIn, case_id: UUID, asked: str, status: int, as_file: str
) -> None:
    assert sign_in("auditor").get(f"/accesses?{asked}{as_file}").status_code == status


def test_a_search_and_a_file_are_recorded_under_whom_they_show(
    sign_in: SignIn, node: Node, case_id: UUID
) -> None:
    node.access.record("care.manager", case_id, "ケース", "支援")
    browser = sign_in("auditor")
    for address, what in ((f"/accesses?q={sample.NAME}", "閲覧記録"), ("/accesses?csv=1", "閲覧記録（CSV）")):
        assert sample.NAME in browser.get(address).text
        assert node.access.of_case(case_id)[0].what == what
    before = node.access.end()
    assert sample.NAME in browser.get("/accesses").text
    assert node.access.end() == before + 1


def test_it_is_shown_fifty_on_a_page_the_latest_first(sign_in: SignIn, node: Node, case_id: UUID) -> None:
    for number in range(60):
        node.access.record("care.manager", case_id, f"{number}回目", "支援")
    browser = sign_in("auditor")
    first, second = (browser.get(f"/accesses?case={case_id}&page={each}").text for each in (1, 2))
    assert rows_of(first) == 50
    assert first.index("59回目") < first.index("58回目")
    assert "0回目</td>" in second
    assert f"case={case_id}" in first.partition('rel="next"')[2].partition(">")[0]


def test_the_auditor_takes_the_same_list_as_a_file_and_that_is_recorded(
    sign_in: SignIn, node: Node, case_id: UUID
) -> None:
    node.access.record("care.manager", case_id, "ケース", "支援")
    answer = sign_in("auditor").get(f"/accesses?case={case_id}&who=care.manager&csv=1")
    assert answer.mimetype == "text/csv"
    header, *rows = csv.reader(io.StringIO(answer.text.removeprefix("\ufeff")))
    assert [row[header.index("見た人")] for row in rows] == ["見本 care_manager"]
    assert rows[0][header.index("氏名")] == sample.NAME
    assert rows[0][header.index("日時（日本時間）")].startswith(today())
    assert node.access.latest(1)[0].what == "閲覧記録（CSV）"
    assert sign_in("care.manager").get("/accesses?csv=1").status_code == 403


def test_more_than_one_file_holds_is_not_cut_silently(
    sign_in: SignIn, node: Node, case_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(4):
        node.access.record("care.manager", case_id, "ケース", "支援")
    monkeypatch.setattr(accesses, "MOST", 3)
    answer = sign_in("auditor").get("/accesses?csv=1&who=care.manager")
    assert answer.mimetype == "text/html"
    assert "3件より多くあります" in answer.text
    assert "CSVで保存する" not in answer.text


def test_a_long_log_is_checked_beside_whoever_asked(
    sign_in: SignIn, node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Issue 6: long work shows progress and can be left."""
    monkeypatch.setattr(access_check, "_SOON", 0)
    may_go_on, verify = Event(), AccessLog.verify
    monkeypatch.setattr(
        AccessLog, "verify", lambda log, reached: verify(log, reached) if may_go_on.wait(60) else ()
    )
    browser = sign_in("auditor")
    for _ in range(2):
        assert "件まで）" in browser.get("/accesses?verify=1").text
    may_go_on.set()
    until = monotonic() + 60
    while "書き換えはありません" not in (page := browser.get("/accesses?verify=1").text):
        assert monotonic() < until, page
        sleep(0.05)
    assert "もう一度検証する" in page
