"""Whatever a form is given stands on its sheets: a template that forgets a field, or one line of a list, fails here."""

from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Any, Final

import pytest

from contracts.events.sample import CENTRE
from shared.forms.catalogue import AGENCY_FORMS, FORMS, agency_printouts
from shared.forms.form import Fields
from shared.forms.rendering import pdf
from tests.care.stage import made
from tests.forms import test_agency_papers as agency
from tests.forms.reading import fields_of, text_of
from tests.forms.test_care_papers import drawn
from tests.forms.test_overflow import STANDS, each_form_once, played, said

_PERSON: Final = frozenset(
    f"person.{name}" for name in ("birth_date", "insured_number", "kana", "address", "telephone")
)
NOT_ON: Final = {
    "contract": _PERSON - {"person.address", "person.telephone"} | {"centre", "office", "insurer"},
    "consent": _PERSON - {"person.address"}
    | {"signed_on", "explained_on", "agency_number", "agency_address", "agency_telephone"},
    "plan": _PERSON,
    "weekly-plan": _PERSON
    | {
        "planner_reached",
        "centre",
        "first_made_on",
        "decided_on",
        "certified_from",
        "certified_to",
        "occasion",
    }
    | {"continued_on", "courses.title", "statuses.title", "week.kind_code", "week.days"},
    "use-sheet": frozenset({"person.address", "person.telephone"}),
    "provision-sheet": frozenset({"person.address", "person.telephone"}),
    "meeting": _PERSON,
    "evaluation": _PERSON - {"person.insured_number"},
    "progress": _PERSON - {"person.insured_number"} | {"planner_reached"},
    "viewing-request": frozenset({"person.telephone"}),
    "correction-application": frozenset({"person.address", "person.telephone", "person.birth_date"}),
    "review": _PERSON - {"person.insured_number"},
    "welfare-letter": frozenset({"person.telephone"}),
    "timeline": _PERSON - {"person.insured_number"},
}
"""Form → what its paper has no box for, though the matter of its fields tells it."""
BOUND: Final = "review-bundle"
"""Its sheets are other forms' sheets, which are read where it is tested."""


@cache
def fullest() -> dict[str, Fields]:
    """The fields of each form's printout that says most, of all that is played."""
    found: dict[str, tuple[int, Fields]] = {}
    matters = [played(flow, node, form=form) for flow, node, form in STANDS]
    matters.append(drawn("plan")[0])
    for matter in matters:
        for printout in each_form_once(matter):
            much = said(matter, printout)
            if much > found.get(printout.form, (-1,))[0]:
                found[printout.form] = much, fields_of(matter, printout)
    return {name: fields for name, (_, fields) in found.items()}


@cache
def of_agencies() -> dict[str, Fields]:
    """The fields of the forms of agencies' own dealings."""
    signed = made("EntrustmentContractSigned", CENTRE, date(2024, 9, 20))
    stated = agency.stated(lines=[agency.line(agency.CASES[0])], split_assumed=True)
    matter = agency.matter_of(agency.submitted(), stated, signed)
    return {each.form: AGENCY_FORMS[each.form].fields(matter, each) for each in agency_printouts(matter)}


def marked(value: Any, paths: list[str], path: str = "") -> Any:
    """The same fields with another text in each place, a ``M0001`` for the first of ``paths``."""
    if isinstance(value, str):
        paths.append(path)
        return f"M{len(paths):04}"
    if isinstance(value, dict):
        return {name: marked(each, paths, f"{path}.{name}".lstrip(".")) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [marked(each, paths, path) for each in value]
    return value


@pytest.mark.parametrize("form", [name for name in (*FORMS, *AGENCY_FORMS) if name != BOUND])
def test_every_text_that_a_form_is_given_stands_on_its_sheets(form: str) -> None:
    fields = {**fullest(), **of_agencies()}[form]
    template = {**FORMS, **AGENCY_FORMS}[form].template
    paths: list[str] = []
    text = text_of(pdf(template, marked(ticked(fields, True), paths)))
    missing = {path for number, path in enumerate(paths, start=1) if f"M{number:04}" not in text}
    assert missing == set(NOT_ON.get(form, ())) & set(paths)


def boxes(value: Any) -> Iterator[str]:
    """The name of each thing that can be ticked."""
    for name, each in value.items() if isinstance(value, dict) else enumerate(value):
        if isinstance(each, bool):
            yield str(name)
        elif isinstance(each, (dict, list, tuple)):
            yield from boxes(each)


@pytest.mark.parametrize("form", [name for name in (*FORMS, *AGENCY_FORMS) if name != BOUND])
def test_every_box_that_can_be_ticked_is_on_the_sheet(form: str) -> None:
    fields = {**fullest(), **of_agencies()}[form]
    template = {**FORMS, **AGENCY_FORMS}[form].template
    none, every = (text_of(pdf(template, ticked(fields, on))).count("■") for on in (False, True))
    no_boxes = NO_BOXES | (frozenset() if form in WITH_SEX else _SEXES) | NO_BOX_ON.get(form, frozenset())
    wanted = len([name for name in boxes(fields) if name not in no_boxes]) + REPEATED.get(form, 0)
    assert every - none == wanted


NO_BOXES: Final = frozenset({"bmi", "yes_counts", "entrusted", "assumed"})
"""Flags that a sheet tells in words, or by which it is laid out."""
_SEXES: Final = frozenset({"male", "female"})
WITH_SEX: Final = ("notification", "basic-information", "use-sheet", "provision-sheet")
REPEATED: Final = {"plan": 6}
"""The three courses stand at the head of each of three sheets."""
NO_BOX_ON: Final = {
    "consent": frozenset({"simultaneous"}),
    "weekly-plan": frozenset({"on", "certified", "applying"}),
    "welfare-letter": frozenset({"given"}),  # two boxes, one of which is always ticked
}


def ticked(value: Any, on: bool) -> Any:
    """The same fields with every box ticked, or none."""
    if isinstance(value, bool):
        return on
    if isinstance(value, dict):
        return {name: each if name in NO_BOXES else ticked(each, on) for name, each in value.items()}
    return [ticked(each, on) for each in value] if isinstance(value, (list, tuple)) else value
