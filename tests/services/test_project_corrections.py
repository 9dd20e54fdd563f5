"""The paper application to take back a project service's claim: preconditions, codes, address (A-Q54a to A-Q54d)."""

from datetime import date
from typing import Any

import pytest

from services.billing.project_corrections import ApplicationForm, form_of
from shared.node.recording import plain
from shared.policy.parameters import parameters
from tests.care.stage import Desk, made
from tests.services.test_claims import DAY_CARE, billing, used
from tests.services.test_submission import refused
from tests.services.test_submission_adachi import ADACHI, GOING_ON, adachi

APPLIED: dict[str, Any] = {
    "service_month": "2019-04",
    "service": "A6",
    "provider": DAY_CARE["provider"],
    "decided_on": "2019-06-28",
    "reason": "単位数の誤り",
}


def desk_of_adachi() -> Desk:
    at = adachi("2019-04", date(2019, 5, 7), **GOING_ON)
    at.today = date(2019, 7, 2)
    return at


def applied(at: Desk, **changes: Any) -> Any:
    return at.when("ApplyForProjectCorrection", **{**APPLIED, **changes})


def paper(at: Desk, **changes: Any) -> ApplicationForm:
    (event,) = applied(at, **changes).events
    at.given(made(event.type, at.me, at.today, plain(event.data), kinds=at.kinds))
    return form_of(at.situation().case.project_corrections[-1], parameters(ADACHI))


def test_the_paper_has_its_address_its_codes_and_the_services_name() -> None:
    """A-Q54a, A-Q54d: to 〒120-8510, form 10 and reason 02."""
    found = paper(desk_of_adachi())
    assert found.address.startswith("〒120-8510 足立区中央本町一丁目17番1号")
    assert "保険給付係（北館1階）" in found.address
    assert (found.title, found.form, found.reason) == ("総合事業用 過誤申立書", "10", "02")
    assert found.service == "通所型サービス（旧：予防通所介護）"


def test_what_to_do_with_it_is_told() -> None:
    """A-Q54a, A-Q54c."""
    told = {each.rule: each.message for each in applied(desk_of_adachi()).advice}
    assert "〒120-8510" in told["A-Q54a"]
    assert "給付実績なし" in told["A-Q54c"]


@pytest.mark.parametrize("decided_on", [None, "2019-07-03"])
def test_before_payment_was_decided_nobody_applies(decided_on: str | None) -> None:
    """A-Q54b: not while it is examined, nor before the day has come."""
    with refused("not_decided", "A-Q54b"):
        applied(desk_of_adachi(), decided_on=decided_on)
    assert applied(desk_of_adachi(), decided_on="2019-07-02").events


def test_a_special_reason_has_another_code_and_an_ordinary_error_has_none_to_type() -> None:
    """A-Q54d."""
    assert paper(desk_of_adachi(), inspection=True, code="1042").reason == "42"
    for wrong in ({"code": "1042"}, {"inspection": True}, {"inspection": True, "code": "4042"}):
        with refused("code_unfit", "A-Q54d"):
            applied(desk_of_adachi(), **wrong)


def test_only_what_was_used_is_taken_back_and_only_once() -> None:
    """A-Q54a."""
    at = desk_of_adachi()
    for wrong in ({"service": "A7"}, {"service_month": "2019-03"}, {"provider": "1372100014"}):
        with refused("service_not_reported", "A-Q54b"):
            applied(at, **wrong)
    paper(at)
    with refused("already_applied", "A-Q54a"):
        applied(at)


def test_a_ward_that_has_published_no_procedure_is_asked() -> None:
    at = billing(used("2024-10", DAY_CARE))
    at.today = date(2024, 12, 2)
    told = {**APPLIED, "service_month": "2024-10", "decided_on": "2024-11-28"}
    with pytest.raises(Exception, match="登録されていません"):
        at.when("ApplyForProjectCorrection", **told)
