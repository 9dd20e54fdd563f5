"""類型の変更: what a change of type brings about is shown, and only then done (T-04, T-16, T-33, T-61)."""

import re
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts.events.sample import CENTRE, OFFICE, RENTAL, WARD
from shared.eventlog.model import NewEvent
from shared.node.node import Node
from tests.console.conftest import Browser, Console, event, take_in

MakeConsole = Callable[[str], Console]


def learned(node: Node, *events: NewEvent, by: str = OFFICE) -> None:
    take_in(node, by, *events)


def office_in_use(console_of: MakeConsole) -> Console:
    """An office with a simultaneous contract whose person used equipment until today."""
    node, browser, case_id = console_of("kyotaku")
    both = {
        "simultaneous": True,
        "signed_on": "2024-10-01",
        "explained_on": "2024-10-01",
        "consented_on": "2024-10-01",
    }
    own = NewEvent(
        "ContractSigned",
        {**_example("ContractSigned"), **both, "agency": OFFICE, "role": "kyotaku"},
        case_id=case_id,
    )
    learned(node, own)
    centres = {
        **both,
        "agency": CENTRE,
        "role": "hokatsu",
        "contract": "preventive_support_and_care_management",
    }
    learned(node, event("ContractSigned", case_id, **centres), by=CENTRE)
    learned(node, event("NotificationPrepared", case_id, filer=CENTRE), by=CENTRE)
    started = {"service": "67", "provider": RENTAL, "started_on": "2024-10-01", "month": "2024-10"}
    learned(node, NewEvent("ServiceStarted", {**started, "first": True, "leads_to": None}, case_id=case_id))
    ended = {"service": "67", "provider": RENTAL, "last_used_on": "2024-10-04"}
    after = {"leads_to": "care_management_a", "leads_to_from": "2024-11-01", "changed_month": "2024-11"}
    learned(node, NewEvent("ServiceEnded", {**ended, **after, "reason": None}, case_id=case_id))
    return node, browser, case_id


def _example(name: str) -> dict[str, Any]:
    return dict(event(name, uuid4()).data)


def section(page: str, name: str) -> str:
    return page.split(f'<h2 id="{name}">', 1)[1].split("<h2", 1)[0]


def seen(page: str) -> str:
    found = re.search(r'name="seen" value="([^"]*)"', page)
    assert found is not None
    return found[1]


def send(browser: Browser, case_id: UUID, name: str, **form: Any) -> Any:
    return browser.post(f"/cases/{case_id}/switch/{name}", form)


def test_what_a_switch_brings_about_at_each_party_is_shown_and_nothing_recorded(
    console_of: MakeConsole,
) -> None:
    node, browser, case_id = office_in_use(console_of)
    before = node.log.head().position
    page = browser.get(f"/cases/{case_id}/switch/to-care-management-a").text
    change = page.split('id="change"', 1)[1].split("</section>", 1)[0]
    assert "介護予防支援（居宅指定）" in change
    assert "再委託" in change
    assert "令和6年11月1日" in change
    filings = section(page, "filings")
    assert CENTRE in filings
    assert "総合事業" in filings
    assert "令和6年11月30日" in filings
    assert "T-16" in filings
    assert "保管している届出書を使う" in filings
    billing = section(page, "billing")
    november = billing.split("令和6年11月", 1)[1].split("</tr>", 1)[0]
    assert OFFICE in november.split("変更のあと", 1)[0]
    assert CENTRE in november.split("変更のあと", 1)[1]
    assert "変わる" in november
    duties = section(page, "duties")
    assert "T-68" in duties
    assert "T-15" in duties
    assert "これで済む" in duties
    assert "類型の変更の報告" in section(page, "sent") or "ModeSwitched" not in section(page, "sent")
    assert node.log.head().position == before


def test_it_is_confirmed_with_one_form_and_sent_twice_done_once(console_of: MakeConsole) -> None:
    node, browser, case_id = office_in_use(console_of)
    page = browser.get(f"/cases/{case_id}/switch/to-care-management-a").text
    form = {
        "command_id": str(uuid4()),
        "seen": seen(page),
        "_occurred_on": "令和6年10月7日",
        "reason": "歩行器を返却した",
        "record": "yes",
    }
    for _ in range(2):
        answer = send(browser, case_id, "to-care-management-a", **form)
        assert answer.status_code == 302
    switched = [each for each in node.replay(case_id).events if each.type == "ModeSwitched"]
    assert len(switched) == 1
    assert switched[0].data["to_type"] == "care_management_a"
    changed = send(browser, case_id, "to-care-management-a", **{**form, "reason": "別の理由"})
    assert changed.status_code == 422
    assert "前の内容はもう記録済みです" in changed.text
    assert form["command_id"] not in changed.text


def test_what_is_left_out_is_named_at_its_field_and_nothing_recorded(console_of: MakeConsole) -> None:
    node, browser, case_id = office_in_use(console_of)
    page = browser.get(f"/cases/{case_id}/switch/to-care-management-a").text
    answer = send(
        browser, case_id, "to-care-management-a", seen=seen(page), command_id=str(uuid4()), record="yes"
    )
    assert answer.status_code == 400
    assert 'href="#f-reason"' in answer.text.split('id="problem"', 1)[1].split("</div>", 1)[0]
    assert 'id="filings"' in answer.text
    assert not [each for each in node.replay(case_id).events if each.type == "ModeSwitched"]


def test_when_the_case_moved_on_meanwhile_it_is_shown_again_before_it_is_done(
    console_of: MakeConsole,
) -> None:
    node, browser, case_id = office_in_use(console_of)
    page = browser.get(f"/cases/{case_id}/switch/to-care-management-a").text
    learned(
        node,
        event("NotificationVoided", case_id, filer=CENTRE, notification_id=_held(node, case_id)),
        by=CENTRE,
    )
    again = NewEvent(
        "ServiceStarted",
        {
            "service": "67",
            "provider": RENTAL,
            "started_on": "2024-10-05",
            "month": "2024-10",
            "first": False,
            "leads_to": None,
        },
        case_id=case_id,
    )
    learned(node, again)
    learned(
        node,
        NewEvent(
            "ServiceEnded",
            {
                "service": "67",
                "provider": RENTAL,
                "last_used_on": "2024-11-30",
                "leads_to": "care_management_a",
                "leads_to_from": "2024-12-01",
                "changed_month": "2024-12",
                "reason": None,
            },
            case_id=case_id,
        ),
    )
    form = {"seen": seen(page), "command_id": str(uuid4()), "reason": "返却", "record": "yes"}
    answer = send(browser, case_id, "to-care-management-a", **form)
    assert answer.status_code == 200
    assert "起こることが前に示した内容と違います" in answer.text
    assert "令和6年12月1日" in answer.text.split('id="change"', 1)[1].split("</section>", 1)[0]
    assert not [each for each in node.replay(case_id).events if each.type == "ModeSwitched"]
    form["seen"] = seen(answer.text)
    assert send(browser, case_id, "to-care-management-a", **form).status_code == 302


def _held(node: Node, case_id: UUID) -> str:
    held = node.situation(case_id).case.held_notification(CENTRE)
    assert held is not None
    return held.id


def test_what_is_refused_stands_there_with_reason_and_rule(console_of: MakeConsole) -> None:
    _, browser, case_id = office_in_use(console_of)
    page = browser.get(f"/cases/{case_id}/switch").text
    to_a = page.split("ケアマネジメントA（再委託）への変更</th>", 1)[1].split("</tr>", 1)[0]
    assert "できます" in to_a
    assert "令和6年11月1日" in to_a
    back = page.split("介護予防支援への変更</th>", 1)[1].split("</tr>", 1)[0]
    assert "できません" in back
    assert "すでに介護予防支援です" in back
    assert "T-61" in back
    refused = browser.get(f"/cases/{case_id}/switch/to-preventive-support").text
    assert "T-61" in refused.split('id="problem"', 1)[1].split("</div>", 1)[0]
    assert 'name="record"' not in refused
    assert "いまは変更できません" in refused
    assert "記録できませんでした" not in refused


@pytest.mark.parametrize(
    ("service", "offered"),
    [
        ("kyotaku", {"to-care-management-a", "to-preventive-support", "to-care"}),
        (
            "hokatsu",
            {"change-type", "start-entrustment", "end-entrustment", "take-over", "assign", "to-care"},
        ),
        ("ward", set()),
        ("billing", set()),
    ],
)
def test_each_role_sees_the_changes_that_it_may_start(
    console_of: MakeConsole, service: str, offered: set[str]
) -> None:
    _, browser, case_id = console_of(service)
    page = browser.get(f"/cases/{case_id}/switch")
    assert page.status_code == 200
    assert set(re.findall(rf"/cases/{case_id}/switch/([a-z-]+)", page.text)) == offered
    for name in offered:
        assert browser.get(f"/cases/{case_id}/switch/{name}").status_code == 200
    if "to-care-management-a" not in offered:
        assert browser.get(f"/cases/{case_id}/switch/to-care-management-a").status_code == 404
    assert browser.get(f"/cases/{uuid4()}/switch").status_code == 404


def test_a_change_that_needs_more_to_be_said_is_refused_where_the_state_alone_refuses_it(
    console_of: MakeConsole,
) -> None:
    _, browser, case_id = console_of("hokatsu")
    page = browser.get(f"/cases/{case_id}/switch").text
    row = page.split("居宅への委託の開始（再委託）</th>", 1)[1].split("</tr>", 1)[0]
    assert "できません" in row
    assert "T-07" in row


def test_the_end_of_the_support_by_care_shows_that_nobody_claims_afterwards(console_of: MakeConsole) -> None:
    _, browser, case_id = office_in_use(console_of)
    page = send(browser, case_id, "to-care", ended_on="R6.10.31", look="yes").text
    assert "支援が終わります" in page
    november = section(page, "billing").split("令和6年11月", 1)[1].split("</tr>", 1)[0]
    assert "請求なし" in november
    assert "要介護の認定結果がまだ届いていません" in section(page, "advice")
    assert 'name="reason_code"' not in page


def test_the_case_leads_to_the_switch_and_the_plan(console_of: MakeConsole) -> None:
    _, browser, case_id = console_of("kyotaku")
    page = browser.get(f"/cases/{case_id}").text
    assert f'href="/cases/{case_id}/switch"' in page
    assert f'href="/cases/{case_id}/plans"' in page


# --- the ward ends the model ---


def ward_with_model(console_of: MakeConsole) -> Console:
    node, browser, case_id = console_of("ward")
    for name in ("AgencyListed", "OfficeDesignated", "ModelEnrolled"):
        learned(node, event(name, case_id), by=WARD)
    for agency, role in ((CENTRE, "hokatsu"), (OFFICE, "kyotaku")):
        learned(node, event("AgencyListed", case_id, agency=agency, roles=[role]), by=WARD)
    return node, browser, case_id


def test_the_end_of_the_model_is_shown_with_every_case_before_it_is_recorded_t_01(
    console_of: MakeConsole,
) -> None:
    node, browser, case_id = ward_with_model(console_of)
    assert 'href="/closing/end"' in browser.get("/closing").text
    before = node.log.head().position
    page = browser.get("/closing/end").text
    assert node.log.head().position == before
    to_a = section(page, "switches").split("ケアマネジメントAへ</th>", 1)[1].split("</tr>", 1)[0]
    during, after = to_a.split('data-label="終了のあと"', 1)
    assert "地域包括支援センター：" in during
    assert "T-16" in during
    assert "T-66" in after
    assert "T-16" not in after
    assert f"/cases/{case_id}" in section(page, "cases")
    assert "翌日から無効になる" in section(page, "cases")
    assert "決定25" in page


def test_the_model_is_ended_as_it_was_shown_and_only_once(console_of: MakeConsole) -> None:
    node, browser, _ = ward_with_model(console_of)
    page = browser.get("/closing/end").text
    form = {"seen": seen(page), "command_id": str(uuid4()), "ended_on": "R6.11.30", "record": "yes"}
    other = browser.post("/closing/end", form)
    assert other.status_code == 200
    assert "起こることが前に示した内容と違います" in other.text
    assert node.situation().agency.model_ends == ()
    form["seen"] = seen(other.text)
    assert [browser.post("/closing/end", form).status_code for _ in range(2)] == [302, 302]
    [end] = node.situation().agency.model_ends
    assert end.ended_on.isoformat() == "2024-11-30"
    refused = browser.get("/closing/end").text
    assert "モデル実施は令和6年11月30日で終わることになっています" in refused
    assert 'name="record"' not in refused
