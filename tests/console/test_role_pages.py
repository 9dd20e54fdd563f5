"""The pages that each of the four services adds for its role."""

import re
from collections.abc import Callable
from datetime import datetime
from html import unescape
from importlib import import_module
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts.catalogue import CROSSING
from contracts.events.sample import BILLING, CENTRE, OFFICE, PERSON, WARD
from shared.console.accounts import Accounts
from shared.console.app import create_app
from shared.console.offering import subject_of
from shared.eventlog.model import NewEvent
from shared.node.node import Node
from tests.console.conftest import PASSWORD, Browser, MakeNode, take_in

AGENCIES = {"ward": WARD, "hokatsu": CENTRE, "kyotaku": OFFICE, "billing": BILLING}
ROLES = {"ward": "clerk", "hokatsu": "staff", "kyotaku": "care_manager", "billing": "billing"}
NAME = str(PERSON["name"])

Console = tuple[Node, Browser, UUID]


@pytest.fixture
def console_of(make_node: MakeNode) -> Callable[[str], Console]:
    """A node of a real service that knows one case, and a signed-in browser."""

    def make(service: str) -> Console:
        definition = import_module(f"services.{service}.definition").SERVICE
        pages = import_module(f"services.{service}.pages").PAGES
        node = make_node(service=definition, agency=AGENCIES[service])
        case_id = uuid4()
        opener = CENTRE if service == "kyotaku" else OFFICE
        take_in(node, opener, event("CaseOpened", case_id))
        Accounts(node.database).add("hanako", ROLES[service], "見本 花子", PASSWORD)
        browser = Browser(create_app(node, role_pages=(pages,)).test_client())
        assert browser.sign_in("hanako").status_code == 302
        return node, browser, case_id

    return make


def event(name: str, case_id: UUID, **changes: Any) -> NewEvent:
    return NewEvent(name, {**CROSSING[name].example, **changes}, case_id=case_id)


def actions(page: str) -> tuple[str, str]:
    """What can be done, and what can't with its reason, as the case page says."""
    found = page.split('<h2 id="commands">', 1)[1].split('<h2 id="duties">', 1)[0]
    possible, _, refused = found.partition('<details class="not-now">')
    return possible, refused


def test_actions_are_grouped_by_subject_and_what_the_state_refuses_stands_apart_with_the_reason(
    console_of: Callable[[str], Console],
) -> None:
    node, browser, case_id = console_of("hokatsu")
    possible, refused = actions(browser.get(f"/cases/{case_id}").text)
    assert (
        possible.index("<h3>契約</h3>") < possible.index("契約を記録する") < possible.index("<h3>届出書</h3>")
    )
    assert "同時契約を断る" not in possible
    assert "同時契約を断る" in refused
    assert "T-08" in refused.split("同時契約を断る", 1)[1].split("</dd>", 1)[0]
    before = node.log.head().position
    take_in(node, OFFICE, event("SimultaneousContractRequested", case_id))
    possible, refused = actions(browser.get(f"/cases/{case_id}").text)
    assert "同時契約を断る" in possible
    assert "同時契約を断る" not in refused
    assert node.log.head().position == before + 1  # asking recorded nothing


@pytest.mark.parametrize(
    ("title", "subject"),
    [
        ("契約書類を補う", "契約"),
        ("届出書を差し戻す", "届出書"),
        ("サービス担当者会議を記録する", "アセスメントと計画"),
        ("サービスの利用終了を記録する", "サービス・モニタリング・実績"),
        ("支援経過記録を包括に提出する", "類型の変更と委託"),
        ("支援を終える", "認定・状況の変化・支援の終了"),
        ("まだ知らないことをする", "その他"),
    ],
)
def test_a_command_s_subject_follows_from_its_title(title: str, subject: str) -> None:
    assert subject_of(title) == subject


@pytest.mark.parametrize("service", sorted(AGENCIES))
def test_each_role_page_stands_in_the_menu_and_answers_when_there_is_nothing(
    console_of: Callable[[str], Console], service: str
) -> None:
    _, browser, _ = console_of(service)
    pages = import_module(f"services.{service}.pages").PAGES
    start = browser.get("/").text
    for entry in pages.menu:
        assert f">{entry.title}</a>" in start
    assert browser.get(
        {"ward": "/desks", "hokatsu": "/shelf", "kyotaku": "/months", "billing": "/claims"}[service]
    )


def test_the_wards_desks_show_what_waits_and_lead_to_the_decision(
    console_of: Callable[[str], Console],
) -> None:
    node, browser, case_id = console_of("ward")
    take_in(node, CENTRE, event("NotificationFiled", case_id, blank=["kana"]))
    text = browser.get("/desks").text
    for shown in (NAME, "高齢者福祉課 総合事業グループ", "空欄 1か所", "未決定"):
        assert shown in text
    link = re.search(r'href="([^"]*AcceptNotification[^"]*)"', text)
    assert link is not None
    form = browser.get(unescape(link[1])).text
    assert "届出書を受理する" in form
    assert "selected" in form


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
    for shown in (NAME, "提案の時期", "令和6年10月から令和8年10月まで", "認定の終わり 令和7年3月31日"):
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


def test_the_centre_sees_on_the_sheet_which_of_the_nine_documents_are_missing(
    console_of: Callable[[str], Console],
) -> None:
    """T-50, T-51."""
    node, browser, case_id = console_of("hokatsu")
    take_in(node, WARD, event("ReviewRequested", case_id))
    take_in(node, OFFICE, event("ReviewDocumentsSubmitted", case_id))
    sheet = re.search(r'href="(/cases/[^"]*/reviews/[^"]*)"', browser.get(f"/cases/{case_id}").text)
    assert sheet is not None
    text = browser.get(sheet[1]).text
    assert (text.count(">あり</span>"), text.count(">不足</span>")) == (2, 7)
    assert "残りの書類は来週お届けします" in text


@pytest.mark.parametrize("service", ["kyotaku", "hokatsu"])
def test_the_risk_of_full_self_payment_stands_on_the_case_until_the_ward_has_the_report_and_after(
    console_of: Callable[[str], Console], service: str
) -> None:
    """T-67."""
    node, browser, case_id = console_of(service)
    take_in(node, WARD, event("OfficeDesignated", case_id, designated_from="2024-10-01"))
    text = browser.get(f"/cases/{case_id}").text
    assert "全額本人負担のおそれ" in text
    assert "区へのリスク対応策の報告がまだありません" in text
    take_in(node, OFFICE, event("RiskReported", case_id))
    take_in(node, WARD, event("RiskReportAccepted", case_id))
    text = browser.get(f"/cases/{case_id}").text
    assert "リスク対応策は区へ報告済みです（令和7年5月12日報告、令和7年5月14日受理）" in text
    take_in(node, WARD, event("ModelEnrolled", case_id))
    assert "全額本人負担のおそれ" not in browser.get(f"/cases/{case_id}").text


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
        "project": "AcceptNotification",
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
    assert "二つ目の届出" not in text
    other = uuid4()
    take_in(node, OFFICE, event("CaseOpened", other, insured_number="0000000009"))
    accepted(other, **office, start_date="2024-10-02")
    assert "二つ目の届出" not in browser.get("/register").text
    same = uuid4()
    take_in(node, OFFICE, event("CaseOpened", same))
    accepted(same, **office, start_date="2024-10-02")
    text = browser.get("/register").text
    assert (text.count("二つ目の届出"), text.count("別のケース")) == (2, 2)
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
    assert "二つ目の届出" in browser.get("/register").text
    take_in(node, OFFICE, event("CaseMoved", case_id, moved_on="2024-10-08"))
    assert "二つ目の届出" in browser.get("/register").text  # it is still to come
    node.set_clock(datetime.fromisoformat("2024-10-08T09:00:00+09:00"))
    assert browser.sign_in("hanako").status_code == 302
    text = browser.get("/register").text
    assert "二つ目の届出" not in text
    assert "令和6年10月8日に区内転居" in text


def test_the_evaluation_counts_what_was_filed_between_two_days(
    console_of: Callable[[str], Console],
) -> None:
    """T-00."""
    node, browser, case_id = console_of("ward")
    take_in(node, CENTRE, event("NotificationFiled", case_id, filed_on="2024-10-05"))
    take_in(node, WARD, event("NotificationAccepted", case_id, decided_on="2024-10-07"))
    text = browser.get("/evaluation").text
    for shown in (
        "省けた契約",
        "省けた自署",
        "担当の継続",
        "平均 2.0日、最長 2日（1件）",
        "期限を過ぎた提出",
    ):
        assert shown in text
    assert "（1件）" not in browser.get("/evaluation?first=令和6年10月6日").text
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


def test_the_centres_shelf_offers_to_void_what_the_end_of_the_model_left_unused(
    console_of: Callable[[str], Console],
) -> None:
    """T-01, decision 25."""
    node, browser, case_id = console_of("hokatsu")
    take_in(node, CENTRE, event("NotificationPrepared", case_id))
    assert "VoidHeldNotification" not in browser.get("/shelf").text
    take_in(node, WARD, event("ModelEnded", case_id, ended_on="2024-10-06"))
    assert "VoidHeldNotification" in browser.get("/shelf").text
    take_in(node, CENTRE, event("NotificationVoided", case_id, voided_on="2024-10-07"))
    text = browser.get("/shelf").text
    assert "VoidHeldNotification" not in text
    assert "無効" in text


def test_the_centres_shelf_shows_held_notifications_and_missing_originals(
    console_of: Callable[[str], Console],
) -> None:
    node, browser, case_id = console_of("hokatsu")
    take_in(node, CENTRE, event("NotificationPrepared", case_id))
    take_in(
        node,
        CENTRE,
        event("EntrustmentStarted", case_id, starts_on="2024-09-01"),
        event("EntrustmentEnded", case_id),
    )
    text = browser.get("/shelf").text
    assert text.count(NAME) == 3
    assert "未返却" in text
    take_in(node, OFFICE, event("OriginalsReturned", case_id, remaining=["assessment"]))
    text = browser.get("/shelf").text
    assert "未返却" in text
    assert "残り アセスメント" in text
    take_in(node, OFFICE, event("OriginalsReturned", case_id, documents=["assessment"]))
    text = browser.get("/shelf").text
    assert "返却済み" in text
    assert "残り" not in text


def test_the_centre_sees_by_office_which_originals_are_still_out(
    console_of: Callable[[str], Console],
) -> None:
    """T-35R."""
    node, browser, case_id = console_of("hokatsu")
    assert "戻っていない原本はありません" in browser.get("/shelf").text
    take_in(
        node,
        CENTRE,
        event("EntrustmentStarted", case_id, starts_on="2024-09-01"),
        event("EntrustmentEnded", case_id),
    )
    assert "居宅からの一覧を待っています" in browser.get("/shelf").text
    take_in(node, OFFICE, event("OriginalsListed", case_id))
    assert "1点：モニタリングの記録（令和7年1月分）" in browser.get("/shelf").text
    take_in(node, OFFICE, event("OriginalsReturned", case_id), event("OriginalsListed", case_id, papers=[]))
    assert "戻っていない原本はありません" in browser.get("/shelf").text


def test_the_ledger_of_a_case_shows_where_each_document_is(console_of: Callable[[str], Console]) -> None:
    """T-31, T-35."""
    node, browser, case_id = console_of("hokatsu")
    assert "書類の記録はまだありません" in browser.get(f"/cases/{case_id}/documents").text
    take_in(
        node,
        OFFICE,
        event("ContractSigned", case_id),
        event("PlanSubmitted", case_id),
        event("DocumentHandedOver", case_id),
    )
    case_page = browser.get(f"/cases/{case_id}").text
    assert f"/cases/{case_id}/documents" in case_page
    text = browser.get(f"/cases/{case_id}/documents").text
    for shown in (
        "介護予防支援利用契約書",
        "★",
        "本人の署名",
        "同時契約",
        "モニタリングの記録",
        "令和7年1月分",
    ):
        assert shown in text
    assert "評価表にコメントする" in text


@pytest.mark.parametrize("service", ["kyotaku", "hokatsu", "ward"])
def test_the_process_matrix_of_a_case_opens_from_its_page(
    console_of: Callable[[str], Console], service: str
) -> None:
    """T-06 to T-35: rows are the documents, the column is the case's track, each cell has a word and a reason."""
    node, browser, case_id = console_of(service)
    assert f"/cases/{case_id}/matrix" in browser.get(f"/cases/{case_id}").text
    take_in(node, OFFICE, event("ContractSigned", case_id, signed_on="2024-10-07", explained_on="2024-10-07"))
    text = browser.get(f"/cases/{case_id}/matrix").text
    for shown in (
        "受託・指定準備",
        "利用者基本情報",
        "★",
        "済み",
        "いまは不要",
        "T-19N",
        'scope="rowgroup"',
        "<caption>",
    ):
        assert shown in text
    assert "契約の締結" in text
    assert browser.get(f"/cases/{uuid4()}/matrix").status_code == 404


def test_a_due_date_that_no_document_states_is_shown_as_assumed_with_the_passage(
    console_of: Callable[[str], Console],
) -> None:
    node, browser, case_id = console_of("hokatsu")
    take_in(node, OFFICE, event("SimultaneousContractRequested", case_id))
    passage = "返事の期限の記載はなく、日数は仮定"
    for page in ("/", f"/cases/{case_id}"):
        text = browser.get(page).text
        assert ">仮定</span>" in text
        assert passage in text


def test_a_list_at_the_billing_desk_follows_the_end_of_an_entrustment(
    console_of: Callable[[str], Console],
) -> None:
    node, browser, case_id = console_of("billing")
    take_in(node, OFFICE, event("ContractSigned", case_id))
    take_in(node, CENTRE, event("EntrustmentStarted", case_id))
    assert "介護予防ケアマネジメントA・再委託" in browser.get("/cases").text
    take_in(node, CENTRE, event("EntrustmentEnded", case_id))
    assert "介護予防支援・居宅指定" in browser.get("/cases").text


def test_the_offices_months_show_what_is_reported(console_of: Callable[[str], Console]) -> None:
    node, browser, case_id = console_of("kyotaku")
    take_in(node, OFFICE, event("PerformanceReported", case_id, service_month="2024-09"))
    text = browser.get("/months").text
    assert NAME in text
    assert "令和6年9月" in text
    assert ">実績</span>" in text


def test_the_billing_desk_sees_which_claims_are_still_to_be_drafted(
    console_of: Callable[[str], Console],
) -> None:
    node, browser, case_id = console_of("billing")
    take_in(node, OFFICE, event("PerformanceReported", case_id, service_month="2024-09"))
    assert "作成する" in browser.get("/claims").text
    take_in(node, BILLING, event("ClaimDrafted", case_id, service_month="2024-09"))
    text = browser.get("/claims").text
    assert "8,458円" in text
    assert "7,613円" in text
    assert ">仮定</span>" in text
    assert "DraftClaim" not in text
    assert "PrepareBenefitSlip" in text
    take_in(node, BILLING, event("BenefitSlipPrepared", case_id, service_month="2024-09"))
    assert "3,621単位" in browser.get("/claims").text
    assert "作成する" not in browser.get("/claims").text


@pytest.mark.parametrize("service", sorted(AGENCIES))
def test_the_version_of_the_procedure_and_the_contact_of_the_day_stand_on_the_case_and_on_their_own_page(
    console_of: Callable[[str], Console], service: str
) -> None:
    """T-05, T-70."""
    node, browser, case_id = console_of(service)
    take_in(node, WARD, event("AgencyListed", case_id))
    for day, version, group in (
        ("2025-03-31", "（令和7年3月10日一部変更）", "基幹型センターグループ"),
        ("2025-04-01", "（令和7年3月10日一部変更）", "包括支援グループ"),
    ):
        node.set_clock(datetime.fromisoformat(f"{day}T09:00:00+09:00"))
        assert browser.sign_in("hanako").status_code == 302
        for page in (f"/cases/{case_id}", "/procedure"):
            text = browser.get(page).text
            for shown in (version, group, "03-4566-2431"):
                assert shown in text, (page, day)
    assert "仮定" in browser.get("/procedure").text
    assert 'href="/procedure"' in browser.get("/").text


@pytest.mark.parametrize("service", sorted(AGENCIES))
def test_every_command_of_every_service_has_a_form(
    console_of: Callable[[str], Console], service: str
) -> None:
    node, browser, case_id = console_of(service)
    for spec in node.service.commands.values():
        if ROLES[service] not in spec.roles:
            continue
        place = f"/cases/{case_id}" if spec.needs_case and not spec.opens_case else ""
        response = browser.get(f"{place}/commands/{spec.name}")
        assert response.status_code == 200, spec.name
        assert spec.title in response.text
