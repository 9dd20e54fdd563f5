"""Every person in examples and scenarios is invented, and so is every number on a card (decision 19)."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from contracts.catalogue import CROSSING
from services.hokatsu.events import CENTRE_EVENTS
from services.ward.events import WARD_EVENTS
from shared.care.events import CARE_EVENTS

SCENARIOS = sorted(Path("deploy/scenarios").glob("*.yaml"))
EXAMPLES = {**CROSSING, **CARE_EVENTS, **CENTRE_EVENTS, **WARD_EVENTS}
SAYS = {
    "name": r"見本.*|.*(包括|居宅|センター|事業所|区).*",
    "kana": r"ミホン.*",
    "insured_number": r"[0H]0{6}\d{3}",
}
"""Field → what an invented value looks like; a name may be an agency's instead of a person's."""


def values(found: Any) -> Iterator[tuple[str, str]]:
    """Every such field of a person with a text, however deep; what has a name alone is no person."""
    if isinstance(found, dict):
        person = "kana" in found or "insured_number" in found
        for key, value in found.items():
            if person and key in SAYS and isinstance(value, str):
                yield key, value
            yield from values(value)
    elif isinstance(found, list):
        for each in found:
            yield from values(each)


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_a_scenario_names_only_invented_persons(path: Path) -> None:
    """見本, and numbers that no insurer gives (decision 19)."""
    found = list(values(yaml.safe_load(path.read_text(encoding="utf-8"))))
    assert [each for each in found if not re.fullmatch(SAYS[each[0]], each[1])] == []


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_of_an_event_names_only_invented_persons(name: str) -> None:
    found = list(values(dict(EXAMPLES[name].example)))
    assert [each for each in found if not re.fullmatch(SAYS[each[0]], each[1])] == []


def test_the_example_file_of_service_offices_names_only_invented_persons() -> None:
    lines = Path("deploy/examples/provider_results.csv").read_text(encoding="utf-8").splitlines()
    numbers = [line.split(",")[1] for line in lines[1:] if line.startswith(("実績", "個別", "モニ"))]
    assert numbers
    assert all(re.fullmatch(SAYS["insured_number"], each) for each in numbers)
