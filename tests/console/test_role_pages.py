"""The pages that each of the four services adds for its role."""

from collections.abc import Callable
from importlib import import_module

import pytest

from contracts.catalogue import CROSSING
from contracts.events.sample import BILLING, CENTRE, OFFICE, WARD
from tests.console.conftest import AGENCIES, NAME, ROLES, Console, event, take_in


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
        event("EntrustmentEnded", case_id, ended_on="2024-09-30"),
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
        event("EntrustmentEnded", case_id, ended_on="2024-09-30"),
    )
    assert "居宅からの一覧を待っています" in browser.get("/shelf").text
    take_in(node, OFFICE, event("OriginalsListed", case_id))
    assert "1点：モニタリングの記録（令和7年1月分）" in browser.get("/shelf").text
    take_in(node, OFFICE, event("OriginalsReturned", case_id), event("OriginalsListed", case_id, papers=[]))
    assert "戻っていない原本はありません" in browser.get("/shelf").text


@pytest.mark.parametrize(("ended_on", "out"), [("2024-10-06", True), ("2024-10-07", False)])
def test_to_the_last_day_of_an_entrustment_its_office_keeps_the_originals(
    console_of: Callable[[str], Console], ended_on: str, out: bool
) -> None:
    """T-31, T-35: nothing is out before the entrustment is over, though its end is recorded already."""
    node, browser, case_id = console_of("hokatsu")
    started = event("EntrustmentStarted", case_id, starts_on="2024-09-01")
    take_in(node, CENTRE, started, event("EntrustmentEnded", case_id, ended_on=ended_on))
    text = browser.get("/shelf").text
    assert ("未返却" in text) is out
    assert ("この日まで委託中" in text) is not out
    assert ("戻っていない原本はありません" in text) is not out


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
    assert "確認待ち" in browser.get("/claims").text


def test_who_looks_at_a_month_s_claims_is_logged_under_every_person(
    console_of: Callable[[str], Console],
) -> None:
    """A-S10."""
    node, browser, case_id = console_of("billing")
    take_in(node, OFFICE, event("PerformanceReported", case_id, service_month="2024-09"))
    take_in(node, OFFICE, event("PerformanceReported", case_id, service_month="2024-10"))
    before = len(node.access.of_case(case_id))
    assert "令和6年9月" in browser.get("/claims").text
    assert NAME in browser.get("/claims?month=2024-09").text
    assert [each.what for each in node.access.of_case(case_id)][: -before or None] == [
        "令和6年9月の請求",
        "令和6年10月の請求",
    ]
    assert not list(node.access.verify())
    assert browser.get("/claims?month=2020-01").status_code == 404


def test_a_month_s_worksheet_says_what_blocks_its_claim_and_what_to_do(
    console_of: Callable[[str], Console],
) -> None:
    node, browser, case_id = console_of("billing")
    take_in(node, OFFICE, event("PerformanceReported", case_id, service_month="2024-09"))
    page = browser.get(f"/claims/2024-09/{case_id}")
    assert "請求できない理由" in page.text
    assert "すること" in page.text
    assert browser.get(f"/claims/2024-13/{case_id}").status_code == 404


def test_what_was_submitted_and_settled_is_listed(console_of: Callable[[str], Console]) -> None:
    node, browser, case_id = console_of("billing")
    assert "提出はまだありません" in browser.get("/submissions").text
    take_in(node, BILLING, event("ClaimDrafted", case_id, service_month="2025-01"))
    line = {**CROSSING["ClaimSubmitted"].example["lines"][0], "case": str(case_id)}
    take_in(node, BILLING, event("ClaimSubmitted", None, lines=[line]))
    take_in(node, BILLING, event("SettlementStated", None))
    text = browser.get("/submissions").text
    assert "C202502.CSV" in text
    assert "7,613円" in text
    assert "提出済み" in browser.get("/claims").text


@pytest.mark.parametrize("service", sorted(AGENCIES))
def test_every_command_of_every_service_has_a_form(
    console_of: Callable[[str], Console], service: str
) -> None:
    node, browser, case_id = console_of(service)
    for spec in node.service.commands.values():
        if ROLES[service] not in spec.roles:
            continue
        place = f"/cases/{case_id}" if spec.needs_case and not spec.opens_case else ""
        response = browser.get(f"{place}/commands/{spec.name}", follow_redirects=True)
        assert response.status_code == 200, spec.name
        assert spec.title in response.text
