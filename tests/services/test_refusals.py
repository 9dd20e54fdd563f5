"""Every refusal tells a person what to do next (bad input of any command, decision 28)."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

DOMAIN = ("services", "shared/care")


def refusals() -> Iterator[tuple[str, ast.Call]]:
    """Where a ``Refused`` is made in the domain, and the call."""
    for folder in DOMAIN:
        for file in sorted(Path(folder).rglob("*.py")):
            for node in ast.walk(ast.parse(file.read_text())):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Refused":
                    yield f"{file}:{node.lineno}", node


REFUSALS = dict(refusals())


def test_there_are_refusals_to_judge() -> None:
    assert len(REFUSALS) > 90


@pytest.mark.parametrize("place", REFUSALS)
def test_it_says_what_to_do(place: str) -> None:
    assert "todo" in {each.arg for each in REFUSALS[place].keywords}
