"""計画: sheets A to F read and written as on paper, without JavaScript (T-23, T-24, T-27, T-30)."""

import re
from collections.abc import Callable, Mapping
from html import unescape
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts.events.plan_paper import WEEKDAYS
from contracts.events.sample import RENTAL
from shared.console.week_picture import DAY, HEAD, HOUR, LEFT, picture
from shared.forms.plan import week_on_paper
from shared.node.node import Node
from tests.console.conftest import Browser, Console
from tests.console.test_late_forms import end_sessions, sign_in_again

MakeConsole = Callable[[str], Console]

WRITTEN: Mapping[str, Any] = {
    "_occurred_on": "令和6年10月7日",
    "occasion": "first",
    "period_from": "R6.10.21",
    "period_to": "20250331",
    "notes": "外出の機会を増やす",
    "paper.planner": "見本 花子",
    "paper.course": "first",
    "paper.life_day": "午前中に近所を歩く",
    "paper.movement.current": "屋外は歩行器を使う",
    "paper.movement.issue_present": "yes",
    "paper.goals.0.synthesis": "外出が減っている",
    "paper.goals.0.goal": "公園まで歩く",
    "paper.supports.0.goal": "１",
    "paper.supports.0.points": "距離を延ばす",
    "paper.supports.0.service": "67",
    "paper.supports.0.provider": RENTAL,
    "paper.supports.0.starts_on": "令和6年10月21日",
    "paper.week.0.days": ["tue", "fri"],
    "paper.week.0.begins": "9時30分",
    "paper.week.0.ends": "1200",
    "paper.week.0.what": "通所型サービス",
    "paper.week.0.kind": "insured",
}


def send(browser: Browser, case_id: UUID, of: str = "write", **changes: Any) -> Any:
    form = {"command_id": str(uuid4()), **WRITTEN, **changes}
    return browser.post(
        f"/cases/{case_id}/plans/{of}", {name: each for name, each in form.items() if each != ""}
    )


def drafted(node: Node, case_id: UUID) -> list[Any]:
    return [each for each in node.replay(case_id).events if each.type == "PlanDrafted"]


def value_of(page: str, name: str) -> str:
    """What stands in an input or a text box."""
    found = re.search(rf'name="{re.escape(name)}" value="([^"]*)"', page)
    if found is None:
        found = re.search(rf'<textarea[^>]*name="{re.escape(name)}"[^>]*>([^<]*)</textarea>', page)
    assert found is not None, name
    return unescape(found[1])


def given(node: Node, case_id: UUID, name: str, **fields: Any) -> None:
    node.handle(node.parse(name, fields, actor="hanako", command_id=uuid4(), case_id=case_id))


def delivered(node: Node, browser: Browser, case_id: UUID) -> str:
    """A plan written on the page and delivered; what names it."""
    assert send(browser, case_id).status_code == 302
    given(node, case_id, "RecordPlanConsent", signed_by="person")
    given(node, case_id, "DeliverPlan", sheets=["A", "B", "C", "D"])
    [plan] = node.situation(case_id).case.plans
    return f"{plan.id}-{plan.version}"


def test_the_page_asks_for_sheets_a_to_d_in_the_papers_order(console_of: MakeConsole) -> None:
    _, browser, case_id = console_of("kyotaku")
    page = browser.get(f"/cases/{case_id}/plans/write").text
    wanted = (
        "A表",
        "目標とする生活",
        "運動・移動について",
        "日常生活（家庭生活）について",
        "社会参加、対人関係・コミュニケーションについて",
        "健康管理について",
        "B表",
        "総合的課題",
        "課題に対する目標と具体策の提案",
        "具体策についての意向",
        "C表",
        "目標についての支援のポイント",
        "本人等のセルフケアや家族の支援",
        "介護保険サービス又は地域支援事業",
        "健康状態について",
        "総合的な方針",
        "必要な事業プログラム",
        "D表",
        "週単位以外のサービス",
    )
    places = [page.index(each, page.index("novalidate")) for each in wanted]
    assert places == sorted(places)
    inputs = re.findall(r'<(?:input type="text"|select|textarea)[^>]*id="([^"]+)"', page)
    labels = set(re.findall(r'<label[^>]*for="([^"]+)"', page))
    assert inputs
    assert [each for each in inputs if each not in labels] == []


def test_what_is_written_on_the_page_is_the_draft_and_stands_on_the_paper(console_of: MakeConsole) -> None:
    node, browser, case_id = console_of("kyotaku")
    assert send(browser, case_id).status_code == 302
    [plan] = node.situation(case_id).case.plans
    assert [(each.service, each.provider) for each in plan.services] == [("67", RENTAL)]
    assert plan.sheets == ("A", "B", "C", "D")
    page = browser.get(f"/cases/{case_id}/plans/{plan.id}-{plan.version}").text
    for found in (
        "午前中に近所を歩く",
        "屋外は歩行器を使う",
        "外出が減っている",
        "（目標1）距離を延ばす",
        "09:30〜12:00",
    ):
        assert found in page
    assert 'role="img"' in page
    pdf = browser.get(f"/cases/{case_id}/forms/plan")
    assert pdf.mimetype == "application/pdf"


def test_the_same_sheet_sent_twice_is_recorded_once(console_of: MakeConsole) -> None:
    node, browser, case_id = console_of("kyotaku")
    same = {"command_id": str(uuid4())}
    assert [send(browser, case_id, **same).status_code for _ in range(2)] == [302, 302]
    assert len(drafted(node, case_id)) == 1


def test_another_line_keeps_what_is_written_and_records_nothing_however_often(
    console_of: MakeConsole,
) -> None:
    node, browser, case_id = console_of("kyotaku")
    for _ in range(2):
        page = send(browser, case_id, more="paper.goals")
        assert page.status_code == 200
        assert value_of(page.text, "paper.goals.0.goal") == "公園まで歩く"
        assert value_of(page.text, "paper.goals.1.goal") == ""
        assert 'name="paper.goals.2.goal"' not in page.text
        assert 'name="paper.supports.1.points"' not in page.text
        assert value_of(page.text, "paper.week.0.begins") == "09:30"
        assert page.text.count('value="tue" checked') == 1
    assert drafted(node, case_id) == []


def test_errors_stand_at_their_fields_and_in_a_summary_that_leads_there(console_of: MakeConsole) -> None:
    node, browser, case_id = console_of("kyotaku")
    wrong = {
        "paper.supports.0.provider": "",
        "paper.week.0.ends": "9:00",
        "period_from": "",
        "paper.goals.0.goal": "",
    }
    page = send(browser, case_id, **wrong)
    assert page.status_code == 400
    summary = page.text.split('id="problem"', 1)[1].split("</div>", 1)[0]
    for name in ("paper.supports.0.provider", "paper.week.0.ends", "period_from", "paper.goals.0.goal"):
        target = "f-" + name.replace(".", "-")
        assert f'href="#{target}"' in summary, name
        assert f'id="{target}"' in page.text
        assert f'id="{target}-wrong"' in page.text
    assert "支援計画（C表） 1件目 事業所" in summary
    assert value_of(page.text, "paper.life_day") == "午前中に近所を歩く"
    assert drafted(node, case_id) == []


def test_a_refusal_names_its_rule_at_the_field(console_of: MakeConsole) -> None:
    _, browser, case_id = console_of("kyotaku")
    page = send(browser, case_id, **{"paper.supports.0.goal": "2"})
    assert page.status_code == 422
    assert "目標2はB表にありません" in page.text
    assert 'href="#f-paper-supports-0-goal"' in page.text
    assert "T-23" in page.text.split('id="problem"', 1)[1].split("</div>", 1)[0]


def test_checking_says_what_to_mind_draws_the_week_and_records_nothing(console_of: MakeConsole) -> None:
    node, browser, case_id = console_of("kyotaku")
    page = send(browser, case_id, check="yes").text
    assert "このまま記録できます（まだ記録していません）" in page
    assert "前の計画より後のアセスメントがありません" in page
    assert page.count('class="week-insured"') == 2
    assert "火・金" in page
    assert drafted(node, case_id) == []


def test_the_next_plan_is_copied_from_the_one_before_and_shows_what_differs(console_of: MakeConsole) -> None:
    node, browser, case_id = console_of("kyotaku")
    of = delivered(node, browser, case_id)
    overview = browser.get(f"/cases/{case_id}/plans").text
    assert f"/plans/write?from={of}" in overview
    page = browser.get(f"/cases/{case_id}/plans/write?from={of}").text
    assert value_of(page, "paper.goals.0.goal") == "公園まで歩く"
    assert value_of(page, "paper.week.0.what") == "通所型サービス"
    assert value_of(page, "period_from") == ""
    changed = send(
        browser,
        case_id,
        **{"from": of, "check": "yes", "occasion": "revision", "paper.goals.0.goal": "駅まで歩く"},
    ).text
    goal = changed.split('id="f-paper-goals-0-goal"', 1)[1].split("</td>", 1)[0]
    assert "前回と違う" in goal
    assert "前回：公園まで歩く" in goal
    assert "前回と違う" not in changed.split('id="f-paper-life_day"', 1)[1].split("</td>", 1)[0]
    assert (
        send(browser, case_id, occasion="revision", **{"paper.goals.0.goal": "駅まで歩く"}).status_code == 302
    )
    later = browser.get(f"/cases/{case_id}/plans/{of[:-1]}2").text
    differences = later.split('id="differences"', 1)[1]
    assert "目標（B表） 1件目 目標" in differences
    assert "公園まで歩く" in differences
    assert "駅まで歩く" in differences
    assert "午前中に近所を歩く" not in differences


def test_the_evaluation_has_the_plans_goals_and_stands_beside_them(console_of: MakeConsole) -> None:
    node, browser, case_id = console_of("kyotaku")
    delivered(node, browser, case_id)
    page = browser.get(f"/cases/{case_id}/plans/evaluation").text
    assert value_of(page, "goals.0.goal") == "公園まで歩く"
    assert value_of(page, "goals.0.period") == "令和6年10月21日〜令和7年3月31日"
    empty = {"command_id": str(uuid4()), "outcome": "continue", "goals.0.goal": "公園まで歩く"}
    refused = browser.post(f"/cases/{case_id}/plans/evaluation", empty)
    assert refused.status_code == 422
    assert 'href="#f-goals-0-situation"' in refused.text
    full = {
        **empty,
        "goals.0.situation": "週2回歩いた",
        "goals.0.achieved": "yes",
        "goals.0.onward": "続ける",
    }
    assert browser.post(f"/cases/{case_id}/plans/evaluation", full).status_code == 302
    beside = browser.get(f"/cases/{case_id}/plans").text.split('id="goals"', 1)[1]
    row = beside.split("公園まで歩く", 1)[1].split("</tr>", 1)[0]
    assert "週2回歩いた" in row
    assert "○ 達成" in row
    assert "続ける" in row
    assert "プラン継続" in beside
    assert "週2回歩いた" in browser.get(f"/cases/{case_id}/plans/write").text


def meetings(node: Node, case_id: UUID) -> int:
    return sum(each.type == "MeetingHeld" for each in node.replay(case_id).events)


def test_the_meeting_is_recorded_as_on_sheet_e_and_changed_afterwards_it_is_another(
    console_of: MakeConsole,
) -> None:
    node, browser, case_id = console_of("kyotaku")
    send(browser, case_id)
    form = {
        "command_id": str(uuid4()),
        "attendees": ["person", "care_manager"],
        "present.0.name": "見本 次郎",
        "present.0.affiliation": "相談員",
        "place": "自宅",
        "topics": "歩行器",
        "summary": "使い方を確かめた",
        "conclusion": "使い続ける",
    }
    again = browser.post(f"/cases/{case_id}/plans/meeting", {**form, "more": "present"})
    assert again.status_code == 200
    assert value_of(again.text, "present.0.name") == "見本 次郎"
    assert value_of(again.text, "present.1.name") == ""
    assert browser.post(f"/cases/{case_id}/plans/meeting", form).status_code == 302
    assert browser.post(f"/cases/{case_id}/plans/meeting", form).status_code == 302
    assert meetings(node, case_id) == 1, "a double click"
    changed = browser.post(f"/cases/{case_id}/plans/meeting", {**form, "place": "事業所"})
    assert changed.status_code == 422
    assert "前の内容はもう記録済みです" in changed.text
    assert "UUID" not in changed.text
    assert value_of(changed.text, "place") == "事業所"
    form["command_id"] = value_of(changed.text, "command_id")
    assert browser.post(f"/cases/{case_id}/plans/meeting", {**form, "place": "事業所"}).status_code == 302
    assert meetings(node, case_id) == 2
    [plan] = node.situation(case_id).case.plans
    page = browser.get(f"/cases/{case_id}/plans/{plan.id}-1").text
    for found in ("自宅", "相談員　見本 次郎", "使い方を確かめた", "使い続ける"):
        assert found in page


def test_a_provider_that_this_office_has_named_itself_is_given_by_a_part_of_its_name(
    console_of: MakeConsole,
) -> None:
    node, browser, case_id = console_of("kyotaku")
    fields = {"provider": RENTAL, "provider_name": "見本福祉用具"}
    node.handle(node.parse("NameProvider", fields, actor="hanako", command_id=uuid4()))
    assert f'value="{RENTAL}"' in browser.get(f"/cases/{case_id}/plans/write").text
    assert send(browser, case_id, **{"paper.supports.0.provider": "福祉用具"}).status_code == 302
    [plan] = node.situation(case_id).case.plans
    assert [each.provider for each in plan.services] == [RENTAL]
    ended = {"service": "67", "provider": "見本福祉", "last_used_on": "R6.10.4", "_occurred_on": "R6.10.7"}
    begun = {"service": "67", "provider": "福祉用具", "started_on": "R6.10.1", "month": "R6.10"}
    for name, form in (("StartService", begun), ("EndService", ended)):
        sent = browser.post(f"/cases/{case_id}/commands/{name}", {**form, "command_id": str(uuid4())})
        assert "事業所番号（10桁" not in sent.text, name


def test_what_can_not_be_written_yet_says_why(console_of: MakeConsole) -> None:
    _, browser, case_id = console_of("kyotaku")
    page = browser.get(f"/cases/{case_id}/plans").text
    assert "まだできません。作成中の計画原案がありません" in page
    assert f'class="button" href="/cases/{case_id}/plans/meeting"' not in page
    assert f'class="button" href="/cases/{case_id}/plans/write"' in page
    form = browser.get(f"/cases/{case_id}/plans/meeting").text
    assert "いまは記録できません" in form


def test_the_forms_of_these_commands_lead_to_their_paper(console_of: MakeConsole) -> None:
    _, browser, case_id = console_of("kyotaku")
    for command, of in (("WritePlan", "write"), ("RecordMeeting", "meeting"), ("EvaluatePlan", "evaluation")):
        answer = browser.get(f"/cases/{case_id}/commands/{command}")
        assert answer.headers["Location"] == f"/cases/{case_id}/plans/{of}"


def test_who_writes_no_plans_reads_them_only(console_of: MakeConsole) -> None:
    _, browser, case_id = console_of("ward")
    assert "計画の記録は、この事業所にはまだありません" in browser.get(f"/cases/{case_id}/plans").text
    assert browser.get(f"/cases/{case_id}/plans/write").status_code == 404
    assert browser.get(f"/cases/{uuid4()}/plans").status_code == 404


def entry(days: list[str], begins: str, ends: str, what: str = "通所") -> dict[str, Any]:
    return {"days": days, "begins": begins, "ends": ends, "what": what, "kind": "insured"}


def drawn(*entries: Any) -> Any:
    return picture(week_on_paper({"week": list(entries)}), tuple(WEEKDAYS.values()))


def test_a_block_stands_on_its_day_from_its_hour_to_its_hour() -> None:
    [block] = drawn(entry(["wed"], "09:30", "12:00")).blocks
    assert LEFT + 2 * DAY < block.left < block.left + block.width < LEFT + 3 * DAY
    assert block.top == HEAD + 3.5 * HOUR
    assert block.height == 2.5 * HOUR


@pytest.mark.parametrize(
    ("second", "beside"),
    [(("12:00", "13:00"), False), (("11:59", "13:00"), True), (("09:00", "09:30"), False)],
)
def test_what_happens_at_once_stands_side_by_side(second: tuple[str, str], beside: bool) -> None:
    blocks = drawn(entry(["mon"], "09:30", "12:00"), entry(["mon"], *second)).blocks
    assert (len({each.left for each in blocks}) == 2) is beside
    assert all((each.width < DAY / 2) is beside for each in blocks)


@pytest.mark.parametrize(
    ("begins", "ends", "hours"),
    [
        ("09:00", "10:00", ("6:00", "20:00")),
        ("05:59", "06:30", ("5:00", "20:00")),
        ("20:00", "24:00", ("6:00", "24:00")),
    ],
)
def test_the_picture_shows_every_hour_that_is_used(begins: str, ends: str, hours: tuple[str, str]) -> None:
    found = drawn(entry(["mon"], begins, ends)).hours
    assert (found[0][0], found[-1][0]) == hours


def test_long_text_is_cut_where_it_does_not_fit_and_the_number_leads_to_the_list() -> None:
    [block] = drawn(entry(["mon"], "09:00", "10:00", "あ" * 100)).blocks
    assert block.lines[0].startswith("1 あ")
    assert block.lines[-1].endswith("…")
    assert len(block.lines) == 1


def test_sheets_that_came_after_the_session_had_ended_are_shown_again_whole(console_of: MakeConsole) -> None:
    node, browser, case_id = console_of("kyotaku")
    browser.get(f"/cases/{case_id}/plans/write")
    end_sessions(node)
    late = send(browser, case_id, record="yes")
    assert drafted(node, case_id) == []
    page = sign_in_again(browser, late, "hanako").text
    assert value_of(page, "paper.goals.0.goal") == "公園まで歩く"
    assert value_of(page, "paper.week.0.begins") == "09:30"
    assert f'action="/cases/{case_id}/plans/write"' in page
    assert f'formaction="/cases/{case_id}/plans/write#f-paper-goals"' in page
    assert drafted(node, case_id) == []
    assert send(browser, case_id).status_code == 302
    assert len(drafted(node, case_id)) == 1
