"""The pages of the ward: desks, reviews, designations, register, evaluation, closing list."""

import re
from collections.abc import Callable
from datetime import datetime
from html import unescape
from typing import Any
from uuid import UUID, uuid4

from contracts.catalogue import CROSSING
from contracts.events.sample import APPLICATION, CENTRE, OFFICE, WARD
from services.ward.definition import SERVICE
from services.ward.events import WARD_EVENTS
from services.ward.pages import PAGES
from shared.console.accounts import Accounts
from shared.console.app import create_app
from shared.eventlog.model import NewEvent
from tests.care.stage import ADACHI, ADACHI_CENTRE
from tests.console.conftest import NAME, PASSWORD, Browser, Console, MakeNode, event, take_in

DOUBLED = '<span class="mark mark-bad">二つ目の届出</span>'
ADACHIS = {ADACHI_CENTRE: "hokatsu", ADACHI: "ward"}


def test_the_wards_desks_show_what_waits_and_lead_to_the_decision(
    console_of: Callable[[str], Console],
) -> None:
    node, browser, case_id = console_of("ward")
    take_in(node, CENTRE, event("NotificationFiled", case_id, blank=["kana"]))
    text = browser.get("/desks").text
    for shown in (NAME, "高齢者福祉課 総合事業グループ", "空欄 1か所", "未決定"):
        assert shown in text
    link = re.search(r'href="(/cases/[^"]*/notifications/[^"]*)"', text)
    assert link is not None
    form = browser.get(unescape(link[1])).text
    for shown in ("届いた届出書", "「フリガナ」が空欄です", "差し戻してください"):
        assert shown in form


def test_the_ward_sees_whose_plan_is_due_for_review_and_the_sheet_says_what_came_of_it(
    console_of: Callable[[str], Console],
) -> None:
    """T-50 to T-54."""
    node, browser, case_id = console_of("ward")
    assert "いま居宅指定として届け出られているケースはありません" in browser.get("/reviews").text
    designated = {"filer": OFFICE, "type": "preventive_support", "track": "designated"}
    first = {"notification_id": str(uuid4()), "revision": 1, "start_date": "2024-10-01"}
    take_in(node, WARD, event("OfficeDesignated", case_id))
    take_in(node, OFFICE, event("NotificationFiled", case_id, **designated, **first))
    take_in(node, WARD, event("NotificationAccepted", case_id, filer=OFFICE, **first))
    text = browser.get("/reviews").text
    for shown in (
        NAME,
        "提案の時期",
        "令和6年10月から令和8年10月まで",
        "認定の終わり 令和7年3月31日",
        "検証の予定",
        "R6.10",
        'class="cell-window"',
    ):
        assert shown in text
    link = re.search(r'href="([^"]*RequestReview[^"]*)"', text)
    assert link is not None
    assert "計画の検証を依頼する" in browser.get(unescape(link[1])).text
    take_in(node, WARD, event("ReviewRequested", case_id))
    assert "結果待ち" in browser.get("/reviews").text
    take_in(node, CENTRE, event("ReviewConcluded", case_id))
    sheet = re.search(r'href="(/cases/[^"]*/reviews/[^"]*)"', browser.get("/reviews").text)
    assert sheet is not None
    text = browser.get(sheet[1]).text
    for shown in (
        "ともに介護予防・自立支援に資するケアマネジメントに向けたスキルアップを図る",
        "事業所の採点はしません",
        "通いの場への参加を次の計画の目標に加えることを提案する",
    ):
        assert shown in text
    assert text.count("★ ") == 9
    assert browser.get(f"/cases/{case_id}/reviews/{uuid4()}").status_code == 404
    assert browser.get(f"/cases/{uuid4()}/reviews/{uuid4()}").status_code == 404


def test_each_group_of_the_ward_has_its_own_queue_with_what_it_takes(
    console_of: Callable[[str], Console],
) -> None:
    """T-12, T-18, T-67, T-70."""
    node, browser, case_id = console_of("ward")
    take_in(node, CENTRE, event("NotificationFiled", case_id))
    take_in(node, OFFICE, event("RecordsRequested", case_id), event("RiskReported", case_id))
    take_in(node, WARD, event("ReviewRequested", case_id))
    every = browser.get("/desks").text
    for name in ("総合事業グループ", "給付グループ", "事業者指定グループ", "基幹型センターグループ"):
        assert name in every
    wanted = {
        "project": "確かめて決める",
        "benefits": "ProvideRecords",
        "support": "AcceptRiskReport",
        "designation": "決めていないものはありません",
    }
    for group, shown in wanted.items():
        text = browser.get(f"/desks?group={group}").text
        assert [each for each in wanted.values() if each in text] == [shown], group
    assert "結果待ち" in browser.get("/desks?group=support").text
    take_in(node, WARD, event("RiskReportReturned", case_id), event("RecordsProvided", case_id))
    assert "AcceptRiskReport" not in browser.get("/desks").text
    assert "差戻し" in browser.get("/desks?group=support&decided=1").text
    node.set_clock(datetime.fromisoformat("2025-04-01T09:00:00+09:00"))
    assert browser.sign_in("hanako").status_code == 302
    assert "包括支援グループ" in browser.get("/desks?group=support").text


def test_the_designation_group_sees_applications_the_six_years_and_the_fixed_days(
    console_of: Callable[[str], Console],
) -> None:
    """T-06N."""
    node, browser, case_id = console_of("ward")
    take_in(node, WARD, event("AgencyListed", case_id))
    take_in(node, OFFICE, event("DesignationApplied", case_id))
    assert "見本居宅介護支援事業所" in browser.get("/desks?group=designation").text
    text = browser.get("/designations").text
    for shown in ("新規", "令和6年10月1日", "仮定", "DesignateOffice", "ReturnDesignationApplication"):
        assert shown in text
    link = re.search(r'href="([^"]*DesignateOffice[^"]*)"', text)
    assert link is not None
    form = browser.get(unescape(link[1])).text
    assert 'value="1371600014"' in form
    application = str(CROSSING["DesignationApplied"].example["application_id"])
    take_in(node, WARD, event("OfficeDesignated", case_id, application_id=application))
    text = browser.get("/designations").text
    assert "決めていない申請はありません" in text
    assert "令和12年9月30日" in text
    assert ">有効</span>" in text
    node.set_clock(datetime.fromisoformat("2030-04-03T09:00:00+09:00"))
    assert browser.sign_in("hanako").status_code == 302
    assert ">更新の時期</span>" in browser.get("/designations").text


def test_a_case_that_follows_a_move_leads_the_ward_to_the_one_before(
    console_of: Callable[[str], Console],
) -> None:
    node, browser, case_id = console_of("ward")
    after = uuid4()
    take_in(node, OFFICE, event("CaseOpened", after, previous_case=str(case_id)))
    assert f'href="/cases/{case_id}"' in browser.get(f"/cases/{after}").text
    assert "前のケース" not in browser.get(f"/cases/{case_id}").text


def test_the_register_shows_one_current_notification_a_person_and_warns_of_a_second(
    console_of: Callable[[str], Console],
) -> None:
    """Decision 22."""
    node, browser, case_id = console_of("ward")

    def accepted(case: UUID, **changes: Any) -> None:
        fields = {"notification_id": str(uuid4()), "revision": 1, **changes}
        take_in(node, str(fields["filer"]), event("NotificationFiled", case, **fields))
        take_in(node, WARD, event("NotificationAccepted", case, **fields))

    office = {"filer": OFFICE, "type": "preventive_support", "track": "designated"}
    accepted(case_id, **office, start_date="2024-10-01")
    text = browser.get("/register").text
    assert NAME in text
    assert "介護予防支援・居宅指定" in text
    assert DOUBLED not in text
    other = uuid4()
    take_in(node, OFFICE, event("CaseOpened", other, insured_number="0000000009"))
    accepted(other, **office, start_date="2024-10-02")
    assert DOUBLED not in browser.get("/register").text
    same = uuid4()
    take_in(node, OFFICE, event("CaseOpened", same))
    accepted(same, **office, start_date="2024-10-02")
    text = browser.get("/register").text
    assert (text.count(DOUBLED), text.count("別のケース")) == (2, 2)
    accepted(other, filer=CENTRE, start_date="2024-10-01")
    assert browser.get("/register").text.count("重なり") == 0  # the office's begins later and is current
    accepted(other, **office, start_date="2024-10-01")


def test_the_register_says_where_a_person_who_moved_within_the_ward_goes_on(
    console_of: Callable[[str], Console],
) -> None:
    """T-35D: the old case's notification is over, so the new case's is no second one."""
    node, browser, case_id = console_of("ward")
    office = {"filer": OFFICE, "type": "preventive_support", "track": "designated"}
    new = uuid4()
    take_in(node, OFFICE, event("CaseOpened", new))
    for case in (case_id, new):
        fields = {"notification_id": str(uuid4()), "revision": 1, "start_date": "2024-10-01", **office}
        take_in(node, OFFICE, event("NotificationFiled", case, **fields))
        take_in(node, WARD, event("NotificationAccepted", case, **fields))
    assert DOUBLED in browser.get("/register").text
    take_in(node, OFFICE, event("CaseMoved", case_id, moved_on="2024-10-08"))
    assert DOUBLED in browser.get("/register").text  # it is still to come
    node.set_clock(datetime.fromisoformat("2024-10-08T09:00:00+09:00"))
    assert browser.sign_in("hanako").status_code == 302
    text = browser.get("/register").text
    assert DOUBLED not in text
    assert "令和6年10月8日に区内転居" in text


def test_the_evaluation_counts_what_was_filed_between_two_days(
    console_of: Callable[[str], Console],
) -> None:
    """T-00."""
    node, browser, case_id = console_of("ward")
    take_in(node, CENTRE, event("NotificationFiled", case_id, filed_on="2024-10-05"))
    take_in(node, WARD, event("NotificationAccepted", case_id, decided_on="2024-10-07"))
    assert "届出による" in browser.get("/cases").text
    text = browser.get("/evaluation").text
    for shown in (
        "省けた契約",
        "省けた自署",
        "担当の継続",
        "平均 2.0日、最長 2日（1件）",
        "期限を過ぎた提出",
    ):
        assert shown in text
    for shown in ("<svg", "月末のケース数（類型別）", "R6.10", "保管の届出書の使用と無効の表", "凡例"):
        assert shown in text
    assert "style=" not in text
    assert "（1件）" not in browser.get("/evaluation?first=令和6年10月6日").text
    assert "数えるものはありません" in browser.get("/evaluation?first=20241006&last=20241005").text
    assert "（1件）" in browser.get("/evaluation?first=いつか").text


def test_the_closing_list_tells_which_held_forms_were_used_and_which_are_void(
    console_of: Callable[[str], Console],
) -> None:
    """T-01."""
    node, browser, case_id = console_of("ward")
    take_in(node, WARD, event("ModelEnrolled", case_id))
    text = browser.get("/closing").text
    for shown in (NAME, "参加中", "使っていない", "検証が終わったのは 0ケース", "モデル実施を終える"):
        assert shown in text
    take_in(node, WARD, event("ModelEnded", case_id, ended_on="2024-10-31"))
    node.set_clock(datetime.fromisoformat("2024-11-01T09:00:00+09:00"))
    assert browser.sign_in("hanako").status_code == 302
    assert "包括の報告待ち" in browser.get("/closing").text
    take_in(node, CENTRE, event("NotificationVoided", case_id))
    text = browser.get("/closing").text
    assert "無効" in text
    assert "最後の日 令和6年10月31日" in text
    used = {"notification_id": str(uuid4()), "held_since": "2024-10-10", "filed_on": "2024-10-28"}
    other = uuid4()
    take_in(node, OFFICE, event("CaseOpened", other))
    take_in(node, CENTRE, event("NotificationFiled", other, **used))
    assert "令和6年10月28日提出" in browser.get("/closing").text


def test_the_day_s_work_names_the_designations_that_wait_for_hearing_and_answer(
    console_of: Callable[[str], Console],
) -> None:
    """T-06N: of no case, so no person is named."""
    node, browser, case_id = console_of("ward")
    take_in(node, OFFICE, event("DesignationApplied", case_id))
    text = browser.get("/").text
    assert "届いた指定の申請・変更の届出を決める" in text
    assert "関係者の意見を伺う" in text
    take_in(node, WARD, event("OfficeDesignated", case_id, application_id=APPLICATION))
    assert "届いた指定の申請・変更の届出を決める" not in browser.get("/").text


def test_complaints_lie_with_their_desk_until_one_has_dealt_with_them(
    console_of: Callable[[str], Console],
) -> None:
    """A-Q27."""
    node, browser, case_id = console_of("ward")
    number = str(uuid4())
    take_in(node, CENTRE, event("ComplaintReceived", case_id, complaint_id=number))
    text = browser.get("/desks").text
    assert "苦情" not in text  # Toshima's groups have no such desk: it is the ward of Adachi that states one
    with node.database.connection() as connection:
        rows = connection.execute("select kind, key, desk, decision from view_desk_items.items").fetchall()
    assert rows == [("complaint", number, "insurance_guidance", None)]


def test_a_ward_without_a_model_operation_is_offered_nothing_of_one(make_node: MakeNode) -> None:
    """T-01, T-50: Adachi publishes neither a model programme nor plan reviews."""
    offered = {}
    for ward in (WARD, ADACHI):
        node = make_node(service=SERVICE, agency=ward)
        Accounts(node.database).add("hanako", "clerk", "見本 花子", PASSWORD)
        browser = Browser(create_app(node, role_pages=(PAGES,)).test_client())
        assert browser.sign_in("hanako").status_code == 302
        offered[ward] = browser.get("/").text
    for shown in (
        "モデルの評価",
        "モデルの終了",
        "計画の検証",
        "モデル実施への参加を認める",
        "モデル実施を終える",
    ):
        assert shown in offered[WARD]
        assert shown not in offered[ADACHI]
    for shown in ("窓口", "台帳", "介護予防支援の指定をする"):
        assert shown in offered[ADACHI]


def test_adachis_desks_show_complaints_visitors_and_its_page_of_designations_the_providers(
    make_node: MakeNode,
) -> None:
    """A-Q3, A-Q27, A-Q49."""
    node = make_node(service=SERVICE, agency=ADACHI)
    case_id, number = uuid4(), str(uuid4())
    take_in(node, ADACHI_CENTRE, event("CaseOpened", case_id, insurer=ADACHI, parties=ADACHIS))
    take_in(
        node, ADACHI_CENTRE, event("ComplaintReceived", case_id, centre=ADACHI_CENTRE, complaint_id=number)
    )
    listed = {"insurer": ADACHI, "agency": ADACHI_CENTRE, "name": "見本足立包括", "roles": ["hokatsu"]}
    take_in(node, ADACHI, NewEvent("AgencyListed", {**CROSSING["AgencyListed"].example, **listed}))
    take_in(node, ADACHI, event("ProviderDesignated", case_id, insurer=ADACHI))
    visit = {**WARD_EVENTS["VisitorGuided"].example, "visited_on": "2024-10-04", "centre": ADACHI_CENTRE}
    take_in(node, ADACHI, NewEvent("VisitorGuided", visit))
    Accounts(node.database).add("hanako", "clerk", "見本 花子", PASSWORD)
    browser = Browser(create_app(node, role_pages=(PAGES,)).test_client())
    assert browser.sign_in("hanako").status_code == 302
    text = browser.get("/desks").text
    for shown in (
        "地域包括ケア推進課",
        "介護保険課 事業者指導係",
        "苦情",
        "見本足立包括（1302100019）を案内",
        "GuideToCentre",
        number,
    ):
        assert shown in text
    assert "苦情" not in browser.get("/desks?group=insurance").text.split("<h2")[1]
    form = re.search(r'href="([^"]*AnswerComplaint[^"]*)"', browser.get("/desks?group=guidance").text)
    assert form is not None
    chosen = f'<option value="{number}" selected>令和元年6月3日に受け付けた苦情'
    page = browser.get(unescape(form[1])).text
    assert chosen in page
    text = browser.get("/designations").text
    for shown in ("総合事業のサービス事業所", "見本デイサービス", "令和6年4月1日", "DesignateProvider"):
        assert shown in text
