"""Adachi's document table: forms 1 and 2 go to the ward, the centre keeps the contract, the office the care."""

from datetime import date

import pytest

from shared.policy.documents import COLUMNS, DocumentRow, document, documents, starred
from shared.policy.obligation_table import table
from shared.policy.rules import catalogue

ADACHI = "131219"
ON = date(2019, 5, 10)
TABLE = documents(ADACHI, ON)

WHO = {
    # document, track → who writes, who holds the original, who gets it, when, as what
    ("checklist_request", "direct"): (["centre"], "ward", [("ward", "at_checklist", "original")]),
    ("checklist_request", "entrusted"): (["centre"], "ward", [("ward", "at_checklist", "original")]),
    ("centre_notification", "entrusted"): (["centre"], "ward", [("ward", "at_start", "original")]),
    ("centre_contract", "entrusted"): (["centre"], "centre", []),
    ("basic_checklist", "entrusted"): (["centre"], "centre", []),
    ("assessment", "entrusted"): (["office"], "office", []),
    ("plan", "direct"): (
        ["centre"],
        "centre",
        [("person", "each_plan", "copy"), ("provider", "each_plan", "copy")],
    ),
    ("meeting_record", "entrusted"): (["office"], "office", []),
    ("monitoring", "entrusted"): (["office"], "office", []),
    ("evaluation", "direct"): (["centre"], "centre", []),
    ("claim", "entrusted"): (["centre"], "centre", []),
}


def row(code: str) -> DocumentRow:
    found = document(ADACHI, code, ON)
    assert found is not None
    return found


@pytest.mark.parametrize(("code", "column"), WHO, ids=lambda each: str(each))
def test_each_cell_says_who_writes_who_holds_and_who_gets_it(code: str, column: str) -> None:
    """A-Q3, A-Q7, A-Q12a, A-Q28, A-Q29, A-Q31a, A-Q31b, A-Q41, A-Q44."""
    cell = row(code).cells[column]
    handed = [(each.to, each.when, each.form) for each in cell.handed]
    assert (list(cell.writers), cell.original, handed) == WHO[code, column]


@pytest.mark.parametrize("each", TABLE, ids=lambda each: each.code)
def test_every_row_and_cell_is_adachi_s_own_with_its_passage(each: DocumentRow) -> None:
    """Nothing of Toshima's procedure stands in it."""
    known = catalogue()
    for rule in (each.rule, *(cell.rule for cell in each.cells.values())):
        assert rule in known
        assert rule.startswith("A-")
    assert "足立区" in each.entry.source.document
    assert "「" in each.entry.source.passage
    assert all(cell.text for cell in each.cells.values())


@pytest.mark.parametrize("each", TABLE, ids=lambda each: each.code)
def test_what_it_says_of_offices_with_their_own_designation_is_assumed(each: DocumentRow) -> None:
    """The manual is of 2019; offices do 介護予防支援 themselves since 2024."""
    about = [
        each.cells[column] for column in COLUMNS if column.startswith("designated") and column in each.cells
    ]
    assert all(cell.assumed or cell.writers == ("ward",) for cell in about)


@pytest.mark.parametrize("each", TABLE, ids=lambda each: each.code)
def test_every_obligation_that_a_document_names_binds_in_adachi(each: DocumentRow) -> None:
    bound = {one.id for one in table() if not one.insurers or ADACHI in one.insurers}
    assert all(
        any(each.speaks_of(one) for one in bound if one.startswith(named)) for named in each.obligations
    )


ABOUT_DOCUMENTS = {
    "A-Q12a": "checklist_request",
    "A-Q31b": "centre_notification",
    "A-Q31b-entrusted": "centre_notification",
    "A-Q21a": "basic_checklist",
    "A-Q21a-entrusted": "basic_checklist",
    "A-Q12b-plan": "plan",
    "A-Q38b-plan": "plan",
    "A-Q38b-meeting-entrusted": "meeting_record",
    "A-Q30": "monitoring",
    "A-Q38a": "evaluation",
    "A-Q38a-next": "evaluation",
    "A-Q12b-register": "registration",
    "A-Q22-issue": "cards",
    "A-Q17-settle": "provisional_plan",
}


@pytest.mark.parametrize(("obligation", "code"), ABOUT_DOCUMENTS.items())
def test_an_obligation_is_found_at_its_document(obligation: str, code: str) -> None:
    """A-Q12a, A-Q12b, A-Q17, A-Q21a, A-Q22, A-Q30, A-Q31b, A-Q38a, A-Q38b."""
    assert row(code).speaks_of(obligation)
    assert obligation in {each.id for each in table()}


def test_no_document_is_starred_because_the_plan_review_is_toshima_s() -> None:
    assert starred(ADACHI, ON) == ()


def test_the_table_holds_from_the_first_day_of_the_services_at_a_monthly_price() -> None:
    assert documents(ADACHI, date(2016, 9, 30)) == ()
    assert documents(ADACHI, date(2016, 10, 1)) == TABLE
