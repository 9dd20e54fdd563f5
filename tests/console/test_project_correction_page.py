"""The paper application for a project service, to be printed with its address (A-Q54a)."""

from collections.abc import Callable
from datetime import date
from uuid import uuid4

from contracts.catalogue import CROSSING
from contracts.events.sample import OFFICE
from deploy.bench.writing import record
from services.billing.events import BILLING_EVENTS
from shared.eventlog.model import NewEvent
from tests.console.conftest import NAME, Console

ADACHI = "131219"


def test_the_paper_is_shown_with_its_address_and_codes(console_of: Callable[[str], Console]) -> None:
    """A-Q54a, A-Q54d."""
    node, browser, toshima = console_of("billing")
    case_id, applied = uuid4(), BILLING_EVENTS["ProjectCorrectionApplied"].example
    opening = {**CROSSING["CaseOpened"].example, "insurer": ADACHI, "parties": {OFFICE: "kyotaku"}}
    for known, opened in ((case_id, opening), (toshima, None)):
        if opened is not None:
            record(node, [NewEvent("CaseOpened", opened, case_id=known)])
        record(node, [NewEvent("ProjectCorrectionApplied", applied, known, occurred_on=date(2019, 7, 2))])
    page = f"/cases/{case_id}/project-corrections/{applied['application_id']}"
    text = browser.get(page).text
    for shown in ("〒120-8510", NAME, "様式　10", "申立理由　02", "通所型サービス（旧：予防通所介護）"):
        assert shown in text, shown
    assert node.access.of_case(case_id)[0].what == "総合事業用 過誤申立書"
    assert "申立書を印刷する" in browser.get(f"/claims/2019-05/{case_id}").text
    assert browser.get(f"/cases/{case_id}/project-corrections/{uuid4()}").status_code == 404
    unpublished = page.replace(str(case_id), str(toshima))
    assert browser.get(unpublished).status_code == 404, "Toshima has published no such form"
