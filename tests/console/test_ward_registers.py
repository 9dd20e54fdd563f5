"""The ward's registers: beneficiaries, certifications, cards, notifications; narrowed, in pages, as files."""

import csv
import io
from collections.abc import Callable
from datetime import datetime
from uuid import UUID, uuid4

from contracts.events.case import OPENING_EXAMPLE
from contracts.events.sample import CENTRE, NOTIFICATION, OFFICE, WARD
from services.ward.definition import SERVICE
from services.ward.events import WARD_EVENTS
from services.ward.pages import PAGES
from shared.console.accounts import Accounts
from shared.console.app import create_app
from shared.eventlog.model import NewEvent
from shared.node.node import Node
from tests.care.stage import ADACHI, ADACHI_CENTRE, BORDER_OFFICE
from tests.console.conftest import NAME, PASSWORD, Browser, Console, MakeNode, event, take_in


def opened(node: Node, **changes: object) -> UUID:
    case_id = uuid4()
    take_in(node, OFFICE, NewEvent("CaseOpened", {**OPENING_EXAMPLE, **changes}, case_id=case_id))
    return case_id


def later(node: Node, browser: Browser, moment: str) -> None:
    node.set_clock(datetime.fromisoformat(f"{moment}T09:00:00+09:00"))
    assert browser.sign_in("hanako").status_code == 302


def viewed(node: Node, what: str) -> list[UUID | None]:
    with node.database.connection() as connection:
        rows = connection.execute("select case_id from accesses where what = %s", (what,)).fetchall()
    return [case_id for (case_id,) in rows]


def test_the_register_of_beneficiaries_says_what_each_is_certified_as_and_narrows(
    console_of: Callable[[str], Console],
) -> None:
    """A-Q12b, A-Q20."""
    node, browser, case_id = console_of("ward")
    other = opened(
        node, name="試験 たろう", kana="シケン タロウ", insured_number="0000000009", status="support1"
    )
    take_in(node, OFFICE, event("CopaymentShareSet", case_id, percent="20"))
    text = browser.get("/beneficiaries").text
    for shown in (
        NAME,
        "試験 たろう",
        "要支援1",
        "要支援2",
        "令和7年3月31日まで",
        "2割",
        "2人",
        "0000000009",
    ):
        assert shown in text
    only = browser.get("/beneficiaries?status=support1").text
    assert "試験 たろう" in only
    assert NAME not in only
    assert "条件に合わない 1人" in only
    found = browser.get("/beneficiaries?q=しけん").text
    assert "試験 たろう" in found
    assert NAME not in found
    take_in(node, OFFICE, event("SupportEnded", other, ended_on="2024-10-06", reason_code="died"))
    assert "試験 たろう" not in browser.get("/beneficiaries").text
    assert "令和6年10月6日まで" in browser.get("/beneficiaries?support=over").text
    assert viewed(node, "受給者台帳") != []


def test_a_registered_person_has_no_end_and_a_result_takes_the_place_of_what_was_known(
    console_of: Callable[[str], Console],
) -> None:
    """A-Q12b, A-Q24."""
    node, browser, case_id = console_of("ward")
    take_in(node, WARD, event("ProjectEligibilityRegistered", case_id, eligible_from="2024-10-03"))
    text = browser.get("/beneficiaries?ends=none").text
    assert "事業対象者" in text
    assert "期限なし" in text
    take_in(node, WARD, event("CertificationResult", case_id, status="care1", valid_to="2024-10-06"))
    text = browser.get("/beneficiaries?ends=over").text
    assert "要介護1" in text
    assert "期限切れ" in text
    assert NAME not in browser.get("/beneficiaries?ends=none").text


def test_the_file_holds_those_who_are_shown_and_is_recorded_under_each_of_them(
    console_of: Callable[[str], Console],
) -> None:
    node, browser, case_id = console_of("ward")
    other = opened(node, name="=1+1", status="support1")
    answer = browser.get("/beneficiaries?status=support1&csv=1")
    assert answer.mimetype == "text/csv"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="beneficiaries.csv"'
    rows = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert rows[0][:3] == ["被保険者番号", "氏名", "状態区分"]
    assert [row[1:3] for row in rows[1:]] == [["'=1+1", "要支援1"]]  # no spreadsheet works it out
    assert viewed(node, "受給者台帳（CSV）") == [other]
    assert case_id not in viewed(node, "受給者台帳（CSV）")


def test_who_was_found_not_to_need_care_is_called_so_and_has_no_period(
    console_of: Callable[[str], Console],
) -> None:
    node, browser, case_id = console_of("ward")
    told = {"status": "none", "valid_from": "2024-10-01", "valid_to": "2025-09-30"}
    take_in(node, WARD, event("CertificationResult", case_id, **told))
    table = browser.get("/beneficiaries").text.partition("<tbody>")[2]
    assert '<td data-label="状態区分">非該当</td>' in table
    assert '<td data-label="有効期間"></td>' in table


def test_fifty_stand_on_a_page(console_of: Callable[[str], Console]) -> None:
    node, browser, _ = console_of("ward")
    for _ in range(51):
        opened(node)
    first = browser.get("/beneficiaries").text
    assert "2ページのうち 1" in first
    assert first.count(f">{NAME}</a>") == 50
    assert browser.get("/beneficiaries?page=2").text.count(f">{NAME}</a>") == 2


def test_applications_wait_the_oldest_first_with_thirty_days_and_lead_to_the_filled_in_result(
    console_of: Callable[[str], Console],
) -> None:
    """A-Q41."""
    node, browser, case_id = console_of("ward")
    take_in(node, OFFICE, event("CertificationApplied", case_id, applied_on="2024-10-01"))
    text = browser.get("/certifications").text
    for shown in (NAME, "更新", "6日", "令和6年10月31日", "結果を入力する", "結果を待っている申請　"):
        assert shown in text
    form = browser.get(
        f"/cases/{case_id}/commands/AnnounceCertification?occasion=renewal&applied_on=2024-10-01"
    ).text
    assert '<option value="renewal" selected>' in form
    assert "令和6年10月1日" in form or "2024-10-01" in form
    later(node, browser, "2024-10-31")
    assert "過ぎている" not in browser.get("/certifications").text
    later(node, browser, "2024-11-01")
    assert "過ぎている" in browser.get("/certifications").text
    take_in(node, WARD, event("CertificationResult", case_id, applied_on="2024-10-01", valid_to="2026-03-31"))
    assert "結果を待っている申請はありません" in browser.get("/certifications").text
    take_in(node, OFFICE, event("CertificationApplied", case_id, applied_on="2024-09-30"))
    assert (
        "結果を待っている申請はありません" in browser.get("/certifications").text
    )  # it overtook its application


def test_a_certification_that_ends_within_sixty_days_without_an_application_is_listed(
    console_of: Callable[[str], Console],
) -> None:
    node, browser, case_id = console_of("ward")
    later(node, browser, "2025-01-29")
    assert "申請のないものはありません" in browser.get("/certifications").text
    later(node, browser, "2025-01-30")
    assert "令和7年3月31日" in browser.get("/certifications").text
    take_in(node, OFFICE, event("CertificationApplied", case_id, applied_on="2025-01-30"))
    assert "申請のないものはありません" in browser.get("/certifications").text


def adachi(make_node: MakeNode) -> tuple[Node, Browser, UUID]:
    node = make_node(service=SERVICE, agency=ADACHI)
    Accounts(node.database).add("hanako", "clerk", "見本 花子", PASSWORD)
    browser = Browser(create_app(node, role_pages=(PAGES,)).test_client())
    assert browser.sign_in("hanako").status_code == 302
    parties = {ADACHI: "ward", ADACHI_CENTRE: "hokatsu", BORDER_OFFICE: "kyotaku"}
    return node, browser, opened(node, insurer=ADACHI, parties=parties, procedure="principle")


def test_cards_are_followed_from_the_order_to_the_return(make_node: MakeNode) -> None:
    """A-Q21b, A-Q21c, A-Q22, A-Q23."""
    node, browser, case_id = adachi(make_node)

    def shown() -> str:
        return browser.get("/cards").text

    assert "待つ証はありません" in shown()
    registered = {"cards_to_issue": ["pink_card"], "cards_to_return": ["green_card"]}
    take_in(node, ADACHI, event("ProjectEligibilityRegistered", case_id, **registered))
    text = shown()
    assert text.count("発行を記録する") == 1
    assert "居宅・包括からの返還を待つ" in text
    assert "2件" in text
    take_in(node, ADACHI, event("CardsIssued", case_id, cards=["pink_card"], issued_on="2024-10-07"))
    take_in(node, ADACHI_CENTRE, event("CardsReturned", case_id, cards=["green_card"], agency=ADACHI_CENTRE))
    assert "待つ証はありません" in shown()
    assert "発行済み" in browser.get("/cards?card=pink_card&state=issued").text
    assert "返還済み" in browser.get("/cards?state=returned").text
    lost = {
        "colour": "pink_card",
        "counter": "ward_branch",
        "reissued_by": "community_care",
        "reported_on": "2024-10-07",
    }
    assert set(WARD_EVENTS["CardLost"].schema().fields) == set(lost)
    take_in(node, ADACHI, NewEvent("CardLost", lost, case_id=case_id))
    assert "紛失・再交付する" in shown()
    take_in(node, ADACHI, event("CardsIssued", case_id, cards=["pink_card"]))
    assert "待つ証はありません" in shown()


def test_a_ward_whose_cards_have_no_colours_has_no_page_of_cards(
    console_of: Callable[[str], Console],
) -> None:
    _, browser, _ = console_of("ward")
    assert browser.get("/cards").status_code == 404
    assert 'href="/cards"' not in browser.get("/beneficiaries").text


def test_the_register_of_notifications_narrows_by_type_state_and_filer_and_is_a_file_too(
    console_of: Callable[[str], Console],
) -> None:
    """Decision 22."""
    node, browser, case_id = console_of("ward")
    other = opened(node, name="試験 たろう", insured_number="0000000009")
    office = {
        "filer": OFFICE,
        "type": "preventive_support",
        "track": "designated",
        "start_date": "2024-10-01",
    }
    centre = {"notification_id": NOTIFICATION, "filer": CENTRE, "start_date": "2024-11-01"}
    for case, sender, fields in (
        (case_id, OFFICE, {"notification_id": str(uuid4()), "revision": 1, **office}),
        (other, CENTRE, {"revision": 1, **centre}),
    ):
        take_in(node, sender, event("NotificationFiled", case, **fields))
        take_in(node, WARD, event("NotificationAccepted", case, **fields))

    def found(asked: str) -> list[bool]:
        text = browser.get(f"/register?{asked}").text
        return [f">{name}</a>" in text for name in (NAME, "試験 たろう")]

    assert found("") == [True, True]
    assert found("type=preventive_support") == [True, False]
    assert found("state=none") == [False, True]
    assert found(f"filer={OFFICE}&track=designated") == [True, False]
    assert found("state=doubled") == [False, False]
    assert found("q=0000000009") == [False, True]
    answer = browser.get("/register?state=now&csv=1")
    rows = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert [row[1:5] for row in rows[1:]] == [[NAME, "介護予防支援", "居宅指定", OFFICE]]
    assert rows[1][-3:] == [
        "2024-10-01",
        str(event("NotificationAccepted", case_id).data["decided_on"]),
        "はい",
    ]
    assert viewed(node, "届出の台帳（CSV）") == [case_id]
