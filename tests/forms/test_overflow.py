"""Nothing leaves its box or its sheet: names of 60 characters, notes of 2,000, everywhere a form takes one."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from shared.forms.catalogue import FORMS, printouts
from shared.forms.form import Printout
from shared.forms.matter import Matter
from tests.forms.reading import (
    LONG_NAME,
    LONG_NOTE,
    beyond_the_edge,
    fields_of,
    lengthened,
    made_pdf,
    played,
    text_of,
)

STANDS = (
    ("toshima_model", "office", None),
    ("toshima_model", "centre", None),
    ("entrusted_support", "office_undesignated", None),
    ("adachi_checklist", "adachi_centre", None),
    ("plan_review", "office", None),
    ("provisional_plan", "office", "welfare-letter"),
)
"""Scenario, agency, and the form that tells the case where it is not the first."""


@cache
def long_matter(flow: str, node: str, form: str | None = None) -> Matter:
    return lengthened(played(flow, node, form=form))


def texts_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from texts_in(each)
    elif isinstance(value, list):
        for each in value:
            yield from texts_in(each)


def each_form_once(matter: Matter) -> list[Printout]:
    """Of each form the printout that says most."""
    found: dict[str, Printout] = {}
    for each in printouts(matter):
        before = found.get(each.form)
        if before is None or said(matter, each) > said(matter, before):
            found[each.form] = each
    return list(found.values())


def said(matter: Matter, printout: Printout) -> int:
    return sum(map(len, texts_in(fields_of(matter, printout))))


@pytest.mark.parametrize(("flow", "node", "form"), STANDS)
def test_long_names_and_notes_flow_or_go_on_to_another_sheet(flow: str, node: str, form: str | None) -> None:
    matter = long_matter(flow, node, form)
    for printout in each_form_once(matter):
        if form not in (None, printout.form):
            continue
        content = made_pdf(matter, printout)
        text = text_of(content)
        assert beyond_the_edge(content) == [], printout
        assert LONG_NAME in text, printout
        for written in texts_in(fields_of(matter, printout)):
            if LONG_NOTE in written:
                missing = [each for each in LONG_NOTE.split("。") if each not in text]
                assert missing == [], printout


def test_every_form_is_tried_with_long_texts() -> None:
    tried = {each.form for stand in STANDS for each in each_form_once(long_matter(*stand))}
    assert tried == set(FORMS)
