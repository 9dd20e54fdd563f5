"""What refuses rests on law, a contract, the facts or whose place it is, never on a recommendation (decision 28)."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]

LAW: Final = "law"
CONTRACT: Final = "contract"
FACT: Final = "fact"
PLACE: Final = "place"

GROUNDS: Final = {
    # what law wants first, or the ward's own decision by law
    "plan_missing": LAW,
    "plan_not_consented": LAW,
    "not_designated": LAW,
    "status_excluded": LAW,
    "type_excluded": LAW,
    "contract_of_centre": LAW,
    "explained_after_signing": LAW,
    "consent_missing": LAW,
    "wish_missing": LAW,
    "signature_missing": LAW,
    "hearing_missing": LAW,
    "day_not_permitted": LAW,
    "office_not_in_model": LAW,
    "not_in_model": LAW,
    "benefit_in_use": LAW,
    "still_designated": LAW,
    "care_expected": LAW,
    "examined_too_early": LAW,
    "not_entrusted": LAW,
    "already_claimed": LAW,
    "claimed_in_next_case": LAW,
    "claimed_elsewhere": LAW,
    "window_closed": LAW,
    # what a contract wants first
    "contract_missing": CONTRACT,
    "contract_without_a": CONTRACT,
    "contract_not_simultaneous": CONTRACT,
    "entrustment_contract_missing": CONTRACT,
    "billing_not_entrusted": CONTRACT,
    "entrustment_missing": CONTRACT,
    # whose act it is: another agency does it, or the ward decides it
    "not_carer": PLACE,
    "not_direct": PLACE,
    "another_office": PLACE,
    "not_responsible": PLACE,
    "centre_missing": PLACE,
    "not_an_office": PLACE,
    "review_not_requested": PLACE,
    "review_under_way": PLACE,
    "model_not_running": PLACE,
    "model_running": PLACE,
    "model_ended": PLACE,
    "held_notification_void": PLACE,
    "centre_unchanged": PLACE,
    "office_unchanged": PLACE,
    "agency_unknown": PLACE,
    "not_claimant": PLACE,
}
"""Code of a refusal → its ground. What is not named here says that the facts are otherwise than the act supposes."""

FACTS: Final = frozenset(
    {
        "already_confirmed",
        "nothing_to_close",
        "nothing_to_confirm",
        "nothing_to_draft",
        "sum_differs",
        "already_designated",
        "application_missing",
        "application_unknown",
        "benefit_never_used",
        "benefit_not_started",
        "beyond_support",
        "change_missing",
        "claim_missing",
        "claimant_missing",
        "death_to_come",
        "document_missing",
        "document_of_the_future",
        "draft_missing",
        "ended_before_start",
        "entrustment_open",
        "evaluation_empty",
        "evaluation_missing",
        "goal_missing",
        "held_notification_missing",
        "held_notification_needed",
        "last_use_outside_month",
        "mode_unknown",
        "month_before_case",
        "month_not_begun",
        "month_not_over",
        "more_than_claimed",
        "move_to_come",
        "never_entrusted",
        "no_switch",
        "not_assisted",
        "not_requested",
        "not_submitted",
        "nothing_to_submit",
        "notification_exists",
        "performance_missing",
        "used_and_not_used",
        "period_reversed",
        "person_incomplete",
        "provisional_elsewhere",
        "provisional_plan_missing",
        "report_decided",
        "report_unknown",
        "request_answered",
        "request_unknown",
        "result_missing",
        "resumed_before_end",
        "review_meeting_missing",
        "services_missing",
        "start_date_differs",
        "support_goes_on",
        "support_over",
        "type_unchanged",
        "type_unknown",
    }
)


def refusals() -> Iterator[tuple[str, str]]:
    """Code and rule of every refusal that names a rule of Toshima's document."""
    for folder in ("shared/care", "services"):
        for file in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Refused":
                    yield from _named(node)


def _named(call: ast.Call) -> Iterator[tuple[str, str]]:
    rules = [each.value for each in call.keywords if each.arg == "rule"]
    codes = [each.value for each in ast.walk(call.args[0]) if isinstance(each, ast.Constant)]
    for rule in rules:
        if isinstance(rule, ast.Constant) and str(rule.value).startswith("T-"):
            yield from ((str(code), str(rule.value)) for code in codes if isinstance(code, str))


def test_every_refusal_by_a_rule_of_the_document_has_a_ground_other_than_its_recommendation() -> None:
    """Decision 28."""
    unknown = {code for code, _ in refusals()} - GROUNDS.keys() - FACTS
    assert unknown == set()


def test_no_ground_is_stated_for_what_is_not_refused_any_more() -> None:
    assert (GROUNDS.keys() | FACTS) - {code for code, _ in refusals()} == set()


def test_what_the_document_asks_for_and_no_law_or_contract_wants_refuses_nothing() -> None:
    """Decision 28: it obliges and warns."""
    recommended = {
        "T-08",
        "T-15",
        "T-20",
        "T-21",
        "T-22",
        "T-24",
        "T-25",
        "T-26",
        "T-27",
        "T-40",
        "T-41",
        "T-60",
    }
    found = {(code, rule) for code, rule in refusals() if rule in recommended}
    assert {code for code, _ in found} <= FACTS
