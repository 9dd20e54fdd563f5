"""A submission or a statement of as many lines as its schema allows can be sent (T-33)."""

from typing import Any

import pytest

from contracts.catalogue import CROSSING
from contracts.claim_codes import LATE_REASONS, SUBMITTED_KINDS
from contracts.codes import TYPES
from contracts.envelope import body_size
from contracts.errors import MAX_BODY_BYTES
from contracts.events.submission import MOST_LINES
from shared.node.recording import canonical

LONGEST: dict[str, Any] = {
    "kind": max(SUBMITTED_KINDS, key=len),
    "type": max(TYPES, key=len),
    "units": 10**8,
    "yen": 10**9,
    "office_yen": 10**9,
    "centre_yen": 10**9,
    "late": max(LATE_REASONS, key=len),
}


def size(name: str, number: int) -> int:
    example = CROSSING[name].example
    line = example["lines"][0]
    longest = {key: LONGEST.get(key, value) for key, value in line.items()}
    data = {**example, "lines": [longest] * number}
    if name == "ClaimSubmitted":
        data["files"] = [{**example["files"][0], "name": "請" * 60}] * 20
    return body_size(canonical(data), [])


@pytest.mark.parametrize("name", ["ClaimSubmitted", "SettlementStated"])
def test_as_many_lines_as_the_schema_allows_fit_into_a_message(name: str) -> None:
    assert size(name, MOST_LINES) <= MAX_BODY_BYTES


def test_twice_as_many_would_not() -> None:
    assert size("ClaimSubmitted", 2 * MOST_LINES) > MAX_BODY_BYTES
