"""The 25 questions as people fill them in, and as the evaluator asks for them (A-Q2a, A-Q4)."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from marshmallow import validate

from contracts.events.intake import answers_schema
from shared.policy.checklist import ITEMS, ChecklistFacts
from shared.policy.full_width import normalise

MEASURE: Final = validate.Regexp(
    r"^\d{2,3}([.．]\d{1,2})?\Z", error="数字（小数は2桁まで）で入力してください。例：152.5"
)
"""Height in cm or weight in kg."""

AnswersOnForm: Final = answers_schema("AnswersOnForm", load_default=None)


def facts_on_form(fields: Mapping[str, Any], on: date) -> ChecklistFacts:
    """What a form with ``answers``, ``age``, ``height_cm`` and ``weight_kg`` says."""
    answers = {item: fields["answers"].get(f"q{item}") for item in ITEMS}
    measures = (_measure(fields["height_cm"]), _measure(fields["weight_kg"]))
    return ChecklistFacts(on, fields["age"], answers, *measures)


def _measure(text: str | None) -> Decimal | None:
    return Decimal(normalise(text)) if text else None
