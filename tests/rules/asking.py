"""Asking an evaluator as the public interface does: JSON in, JSON out."""

from typing import Any

import pytest

from shared.policy.errors import PolicyError
from shared.policy.evaluators import evaluate

TOSHIMA = "131169"
ADACHI = "131219"


def refused(name: str, insurer: str, facts: dict[str, Any]) -> dict[str, Any]:
    """The error that an evaluator answers; fails if it answers a result."""
    with pytest.raises(PolicyError) as caught:
        evaluate(name, insurer, facts)
    assert any(character > "\u3000" for character in caught.value.message), "the message is Japanese"
    return caught.value.as_json()


def validity(result: dict[str, Any], parameter: str) -> tuple[str, str | None]:
    """First and last day of validity that a result names for a parameter."""
    entry = next(each for each in result["parameters"] if each["name"] == parameter)
    return entry["from"], entry["to"]
