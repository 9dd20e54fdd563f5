"""担当件数: who plans which case, counted; the list narrowed to one care manager; a centre's offices and shelf."""

from collections.abc import Callable
from uuid import uuid4

from contracts.events.sample import CENTRE, OFFICE, WARD
from tests.console.conftest import NAME, Console, event, take_in


def test_a_case_is_given_to_somebody_counted_and_found_by_who_plans_it(
    console_of: Callable[[str], Console],
) -> None:
    """A-Q32."""
    node, browser, case_id = console_of("kyotaku")
    take_in(node, WARD, event("AgencyListed", case_id))
    text = browser.get("/caseload").text
    for shown in ("見本 花子", "標準は1人 44件", "仮定", "1件を見る", "介護予防支援は3分の1件として数えます"):
        assert shown in text
    form = browser.get(f"/cases/{case_id}/commands/AssignPlanner").text
    assert '<option value="hanako">見本 花子</option>' in form
    answer = browser.post(
        f"/cases/{case_id}/commands/AssignPlanner", {"planner": "hanako", "command_id": str(uuid4())}
    )
    assert answer.status_code == 302
    assert "担当者の決まっていないケースはありません" in browser.get("/caseload").text
    assert f">{NAME}</a>" in browser.get("/cases?planner=hanako").text
    assert f">{NAME}</a>" not in browser.get("/cases?planner=none").text
    wrong = browser.post(f"/cases/{case_id}/commands/AssignPlanner", {"planner": "見本 花子"})
    assert wrong.status_code == 400
    with node.database.connection() as connection:
        crossing = connection.execute(
            "select count(*) from deliveries d join events e using (position) where e.type = 'PlannerAssigned'"
        ).fetchone()
    assert crossing == (0,)  # who plans is no partner's business


def test_a_centre_counts_what_it_plans_itself_and_sees_each_offices_room(
    console_of: Callable[[str], Console],
) -> None:
    """A-Q32, T-35R."""
    node, browser, case_id = console_of("hokatsu")
    take_in(node, CENTRE, event("EntrustmentContractSigned", case_id))
    take_in(node, CENTRE, event("EntrustmentStarted", case_id, starts_on="2024-10-01"))
    take_in(node, OFFICE, event("CapacityStated", case_id, most=1))
    text = browser.get("/shelf").text
    for shown in ("居宅ごとの委託と受け入れ", "余裕なし", "1件<br>", "令和6年10月1日の連絡"):
        assert shown in text
    take_in(node, OFFICE, event("CapacityStated", case_id, most=None))
    assert "上限なし" in browser.get("/shelf").text
    take_in(node, CENTRE, event("NotificationPrepared", case_id, prepared_on="2024-06-01"))
    text = browser.get("/shelf").text
    assert "91日から180日" in text
    assert "1件</td>" in text


def test_a_service_that_plans_for_nobody_has_no_caseload(console_of: Callable[[str], Console]) -> None:
    _, browser, _ = console_of("ward")
    assert browser.get("/caseload").status_code == 404
    assert "担当者ごとの件数" not in browser.get("/cases").text
