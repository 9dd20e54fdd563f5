"""Pages: what each person sees and may do, and that every look at a case is recorded."""

import re
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from contracts.catalogue import CROSSING
from contracts.events.sample import CENTRE
from shared.console.pages import today
from shared.eventlog.model import NewEvent
from shared.exchange.erasing import erase_person
from shared.node.node import Node
from tests.console import sample
from tests.console.conftest import Browser, take_in

SignIn = Callable[[str], Browser]
Rows = Callable[..., list[tuple[Any, ...]]]


def command_id_of(text: str) -> str:
    found = re.search(r'name="command_id" value="([^"]+)"', text)
    assert found is not None
    return found[1]


def test_a_case_is_opened_shown_and_found(sign_in: SignIn) -> None:
    browser = sign_in("care.manager")
    page = browser.get("/commands/OpenSample")
    form = {"command_id": command_id_of(page.text), "name": "見本 二郎", "status": "support1"}
    response = browser.post("/commands/OpenSample", form)
    assert response.status_code == 302
    shown = browser.get(response.headers["Location"]).text
    assert "見本 二郎 さん" in shown
    assert "記録しました：ケースを開く" in shown
    assert "要支援" in shown
    assert "見本 二郎" in browser.get("/cases?q=見本").text
    assert "見本 二郎" in browser.get("/cases?q=みほん").text
    assert "見本 二郎" not in browser.get("/cases?q=どこにもない").text


def test_a_double_submit_does_nothing_twice_and_what_was_changed_afterwards_can_be_recorded_too(
    sign_in: SignIn, case_id: UUID, rows: Rows
) -> None:
    browser = sign_in("care.manager")
    address = f"/cases/{case_id}/commands/RecordSample"
    form = {
        "command_id": command_id_of(browser.get(address).text),
        "month": "令和6年10月",
        "findings": "歩行は安定",
    }
    first, second = browser.post(address, form), browser.post(address, form)
    assert (first.status_code, second.status_code) == (302, 302)
    assert first.headers["Location"] == second.headers["Location"]
    assert rows("select count(*) from events where type = 'MonitoringRecorded'") == [(1,)]
    changed = browser.post(address, {**form, "findings": "杖で歩く"})
    assert changed.status_code == 422
    assert (
        "前の内容はもう記録済みです。変えた内容を別に記録するときは、確かめてからもう一度押してください"
        in changed.text
    )
    assert "杖で歩く" in changed.text
    assert "UUID" not in changed.text
    anew = command_id_of(changed.text)
    assert anew != form["command_id"]
    again = {**form, "findings": "杖で歩く", "command_id": anew}
    assert [browser.post(address, again).status_code for _ in range(2)] == [302, 302]
    assert rows("select count(*) from events where type = 'MonitoringRecorded'") == [(2,)]


def test_advice_is_shown_after_recording(sign_in: SignIn, case_id: UUID) -> None:
    browser = sign_in("care.manager")
    form = {"command_id": str(uuid4()), "month": "2024-10", "findings": "歩行は安定"}
    response = browser.post(f"/cases/{case_id}/commands/RecordSample", form)
    text = browser.get(response.headers["Location"]).text
    assert "次の月の記録も忘れないでください" in text
    assert "T-28" in text


def test_wrong_fields_are_named_beside_the_field_and_nothing_typed_is_lost(
    sign_in: SignIn, case_id: UUID
) -> None:
    browser = sign_in("care.manager")
    form = {"command_id": str(uuid4()), "month": "らいげつ", "findings": "歩行は安定"}
    response = browser.post(f"/cases/{case_id}/commands/RecordSample", form)
    assert response.status_code == 400
    assert "年月は 2024-10 の形で入力してください" in response.text
    assert 'aria-invalid="true"' in response.text
    assert "らいげつ" in response.text
    assert "歩行は安定" in response.text


def test_a_day_after_today_is_refused_beside_the_day(sign_in: SignIn, case_id: UUID) -> None:
    browser = sign_in("care.manager")
    form = {"month": "2024-10", "findings": "歩行は安定", "_occurred_on": "令和6年10月8日"}
    response = browser.post(f"/cases/{case_id}/commands/RecordSample", form)
    assert response.status_code == 400
    assert "以前の日付" in response.text


def test_a_refusal_shows_code_rule_message_and_what_to_do(sign_in: SignIn, case_id: UUID, rows: Rows) -> None:
    browser = sign_in("care.manager")
    address = f"/cases/{case_id}/commands/RefuseSample"
    command_id = command_id_of(browser.get(address).text)
    response = browser.post(address, {"command_id": command_id})
    assert response.status_code == 422
    for said in ("start_date_missing", "T-16", "開始日がありません", "開始日を入力してください"):
        assert said in response.text
    assert command_id_of(response.text) == command_id
    assert rows("select count(*) from commands where name = 'RefuseSample'") == [(0,)]


def test_what_is_too_long_to_be_sent_is_named_with_the_limit_and_nothing_typed_is_lost(
    sign_in: SignIn, case_id: UUID, rows: Rows
) -> None:
    browser = sign_in("care.manager")
    typed = "x" * 700_000
    response = browser.post(f"/cases/{case_id}/commands/LongSample", {"findings": typed})
    assert response.status_code == 422
    for said in ("「所見」が長すぎます", "1024 KiB", 'aria-invalid="true"', typed):
        assert said in response.text
    assert rows("select count(*) from events where type = 'LongTaken'") == [(0,)]


def test_a_row_is_added_without_recording(sign_in: SignIn, case_id: UUID) -> None:
    browser = sign_in("care.manager")
    form = {"lines.0.title": "一行目", "more": "lines"}
    text = browser.post(f"/cases/{case_id}/commands/RefuseSample", form).text
    assert 'value="一行目"' in text
    assert 'name="lines.1.title"' in text


def test_an_account_without_the_role_sees_no_button_and_is_refused(
    sign_in: SignIn, case_id: UUID, rows: Rows
) -> None:
    browser = sign_in("billing")
    assert "RecordSample" not in browser.get(f"/cases/{case_id}").text
    address = f"/cases/{case_id}/commands/RecordSample"
    assert browser.get(address).status_code == 403
    form = {"command_id": str(uuid4()), "month": "2024-10", "findings": "歩行は安定"}
    assert browser.post(address, form).status_code == 403
    assert rows("select count(*) from events where type = 'MonitoringRecorded'") == [(0,)]


def test_an_auditor_reads_and_never_writes_whatever_a_command_says(sign_in: SignIn, case_id: UUID) -> None:
    browser = sign_in("auditor")
    assert "見本" in browser.get(f"/cases/{case_id}").text
    assert browser.get(f"/cases/{case_id}/commands/RefuseSample").status_code == 403


@pytest.mark.parametrize(
    ("name", "status"), [("auditor", 200), ("administrator", 200), ("care.manager", 403)]
)
def test_the_access_log_is_for_auditors_and_administrators(sign_in: SignIn, name: str, status: int) -> None:
    browser = sign_in(name)
    assert browser.get("/accesses").status_code == status
    assert ("閲覧記録" in browser.get("/").text) is (status == 200)


def test_every_view_of_a_case_is_recorded_with_who_what_and_why(
    sign_in: SignIn, case_id: UUID, rows: Rows
) -> None:
    browser = sign_in("auditor")
    browser.get(f"/cases/{case_id}")
    browser.get(f"/cases/{case_id}/replay?purpose=disclosure")
    found = rows(
        "select actor, what, purpose from accesses where case_id = %s and what <> '今日の仕事' order by position",
        case_id,
    )
    assert found == [("auditor", "ケース", "監査"), ("auditor", "履歴の再現", "本人・家族からの照会")]


def test_lists_of_persons_are_recorded_without_what_was_searched(
    sign_in: SignIn, case_id: UUID, rows: Rows
) -> None:
    sign_in("care.manager").get("/cases?q=見本")
    found = rows("select what, case_id from accesses order by position desc limit 2")
    assert found == [("利用者・ケース一覧（検索）", case_id), ("利用者・ケース一覧（検索）", None)]


def test_the_access_log_can_be_verified_on_its_page(sign_in: SignIn, case_id: UUID) -> None:
    browser = sign_in("auditor")
    browser.get(f"/cases/{case_id}")
    text = browser.get("/accesses?verify=1").text
    assert "書き換えはありません" in text
    assert sample.NAME in text


def test_the_timeline_shows_what_was_sent_and_that_it_waits(
    sign_in: SignIn, case_id: UUID, node: Node
) -> None:
    node.handle(node.parse("AskSample", {}, actor="care.manager", case_id=case_id))
    text = sign_in("care.manager").get(f"/cases/{case_id}").text
    assert "送信待ち" in text
    assert "回答待ち" in text


def test_replay_shows_only_what_had_happened_and_was_known(
    sign_in: SignIn, case_id: UUID, node: Node
) -> None:
    fields = {"month": "2024-10", "findings": "歩行は安定"}
    node.set_clock(node.now().replace(day=20))
    node.handle(node.parse("RecordSample", fields, actor="care.manager", case_id=case_id))
    browser = sign_in("auditor")
    now = browser.get(f"/cases/{case_id}/replay").text
    assert "モニタリングの記録" in now
    for question in ("as_of=令和6年10月10日", "known_at=R6.10.10", "known_at=2024-10-10 12:00"):
        then = browser.get(f"/cases/{case_id}/replay?{question}").text
        assert "モニタリングの記録" not in then
        assert "この条件では見えない記録が1件あります" in then
    assert "記録はまだありません" in browser.get(f"/cases/{case_id}/replay?as_of=20240101").text
    assert "日付として読めません" in browser.get(f"/cases/{case_id}/replay?as_of=いつか").text


def test_an_erased_persons_name_leaves_every_page(sign_in: SignIn, case_id: UUID, node: Node) -> None:
    browser = sign_in("care.manager")
    assert sample.NAME in browser.get("/cases").text
    erase_person(node, case_id, "administrator")
    for page in ("/", "/cases", f"/cases/{case_id}", f"/cases/{case_id}/replay"):
        assert sample.NAME not in browser.get(page).text
    assert str(case_id) not in browser.get(f"/cases?q={sample.NAME}").text


def test_an_erased_case_says_so_and_since_when(sign_in: SignIn, case_id: UUID, node: Node) -> None:
    browser = sign_in("care.manager")
    pages = (f"/cases/{case_id}", f"/cases/{case_id}/replay", f"/cases/{case_id}/replay?as_of=2024-10-07")
    for page in pages:
        assert "個人情報は消去されています" not in browser.get(page).text
    node.set_clock(node.now().replace(day=20))
    erase_person(node, case_id, "administrator")
    for page in pages:
        text = browser.get(page).text
        assert "このケースの個人情報は消去されています" in text
        assert "令和6年10月20日 9:00（日本時間）" in text


def test_agencies_are_shown_by_name_and_number_wherever_they_are_read(
    sign_in: SignIn, case_id: UUID, node: Node
) -> None:
    listed = {**CROSSING["AgencyListed"].example, "agency": CENTRE, "name": "見本包括"}
    take_in(node, str(listed["insurer"]), NewEvent("AgencyListed", listed))
    node.handle(node.parse("AskSample", {}, actor="care.manager", case_id=case_id))
    browser = sign_in("care.manager")
    for page in ("/", "/cases", f"/cases/{case_id}", f"/cases/{case_id}/replay", "/exchange"):
        text = re.sub("<[^>]*>", "", browser.get(page).text.replace("<br>", ""))
        assert f"見本包括（{CENTRE}）" in text.replace(f"見本包括{CENTRE}", f"見本包括（{CENTRE}）"), page


def test_a_person_whose_data_are_damaged_is_shown_as_damaged_not_as_erased(
    sign_in: SignIn, case_id: UUID, node: Node
) -> None:
    change = b"update events set personal = set_byte(personal, 20, get_byte(personal, 20) # 255)"

    def alter() -> None:
        with psycopg.connect(node.config.owner_database or "") as connection:
            connection.execute(b"set session_replication_role = replica")
            connection.execute(change)

    alter()
    browser = sign_in("care.manager")
    for page in ("/cases", f"/cases/{case_id}", f"/cases/{case_id}/replay"):
        text = browser.get(page).text
        assert "［破損］" in text
        assert "消去済み" not in text
    alter()
    assert sample.NAME in browser.get("/cases").text
    erase_person(node, case_id, "administrator")
    text = browser.get(f"/cases/{case_id}").text
    assert "［消去済み］" in text
    assert "破損" not in text


def test_a_key_destroyed_behind_the_consoles_back_hides_the_name_too(
    sign_in: SignIn, case_id: UUID, node: Node
) -> None:
    browser = sign_in("care.manager")
    assert sample.NAME in browser.get("/cases").text
    node.keys.destroy(case_id)
    assert sample.NAME not in browser.get("/cases").text


def test_todays_work_shows_the_most_urgent_and_leads_page_by_page_to_all_the_rest(
    sign_in: SignIn, case_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = sign_in("care.manager")
    form = {"command_id": str(uuid4()), "name": "見本 二郎", "status": "support1"}
    browser.post("/commands/OpenSample", form)
    whole = browser.get("/").text
    assert 'rel="next"' not in whole
    monkeypatch.setattr(today, "_SHOWN", 1)
    address, seen = "/", 0
    while address:
        short = browser.get(address).text
        assert short.count('<td class="what"') < whole.count('<td class="what"')
        seen += 1
        onward = re.search(r'rel="next" href="([^"]+own=[^"]+)"', short)
        address = onward[1].replace("&amp;", "&") if onward else ""
    own = whole.partition('id="own"')[2].partition("<h2")[0]
    assert seen == own.count('<td class="what"') > 1
