"""Withdrawing and correcting a claim: A-Q53, A-Q54a, A-Q54b, A-Q54c, A-Q54d."""

from typing import Any

import pytest

from shared.policy.evaluators import evaluate
from tests.rules.asking import ADACHI, TOSHIMA, refused


def facts(what: str, state: str, form: str | None) -> dict[str, Any]:
    return {"what": what, "claim_state": state, "form": form}


FEE, SERVICE = "care_management_fee", "project_service"
CORRECTIONS = {
    "the plan fee goes with the month's own file": (
        facts(FEE, "decided", None),
        True,
        "same_file",
        None,
        None,
    ),
    "whatever the state of the old claim": (facts(FEE, "under_review", None), True, "same_file", None, None),
    "no paper corrects the plan fee": (
        facts(FEE, "decided", "project"),
        False,
        "same_file",
        None,
        "一つのファイル",
    ),
    "nor does the insurance's": (facts(FEE, "decided", "insurance"), False, "same_file", None, "A-Q53"),
    "a service of the project by its own form": (
        facts(SERVICE, "decided", "project"),
        True,
        "paper",
        "1002",
        None,
    ),
    "not before the federation has decided": (
        facts(SERVICE, "under_review", "project"),
        False,
        "paper",
        "1002",
        "審査が終わっていません",
    ),
    "not by the insurance's form": (
        facts(SERVICE, "decided", "insurance"),
        False,
        "paper",
        "1002",
        "介護保険の給付実績なし",
    ),
    "the wrong form is told before the early time": (
        facts(SERVICE, "under_review", "insurance"),
        False,
        "paper",
        "1002",
        "A-Q54c",
    ),
    "not without a form": (facts(SERVICE, "decided", None), False, "paper", "1002", "総合事業用 過誤申立書"),
}


@pytest.mark.parametrize(
    ("asked", "accepted", "route", "code", "reason"), CORRECTIONS.values(), ids=CORRECTIONS
)
def test_correction(
    asked: dict[str, Any], accepted: bool, route: str, code: str | None, reason: str | None
) -> None:
    answer = evaluate("correction", ADACHI, asked)
    assert (answer["accepted"], answer["route"], answer["code"], answer["to"]) == (
        accepted,
        route,
        code,
        "insurance",
    )
    assert (answer["reason"] is None) is accepted
    assert reason is None or reason in answer["reason"]


def test_the_paper_names_the_address_to_which_it_is_posted() -> None:
    (used,) = evaluate("correction", ADACHI, facts(SERVICE, "decided", "project"))["parameters"]
    assert used["value"]["address"].startswith("〒120-8510 足立区中央本町一丁目17番1号")


def test_a_ward_without_a_stated_way_is_named() -> None:
    problem = refused("correction", TOSHIMA, facts(SERVICE, "decided", "project"))
    assert (problem["code"], problem["field"]) == ("not_published", "insurer")


@pytest.mark.parametrize("field", ["what", "claim_state", "form"])
def test_an_unknown_word_is_refused(field: str) -> None:
    assert (
        refused("correction", ADACHI, {**facts(SERVICE, "decided", None), field: "other"})["field"] == field
    )
