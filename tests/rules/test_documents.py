"""The document table: who writes what, who holds the original, who gets it and when, on each track (T-06 to T-35)."""

import re
from dataclasses import replace
from datetime import date

import pytest

from contracts.codes import ORIGINALS, STARRED
from shared.policy.documents import (
    COLUMNS,
    PROCESSES,
    DocumentRow,
    MalformedDocuments,
    document,
    documents,
    read_row,
    starred,
)
from shared.policy.obligation_table import Row, table
from shared.policy.parameters import ParameterError, parameters
from shared.policy.rules import catalogue

TOSHIMA, ADACHI = "131169", "131219"
ON = date(2025, 1, 6)
TABLE = documents(TOSHIMA, ON)


def row(code: str) -> DocumentRow:
    found = document(TOSHIMA, code, ON)
    assert found is not None
    return found


WHO = {
    # document, track → who writes, who holds the original, who gets it, when, as what
    ("centre_contract", "entrusted"): (["centre"], "centre", []),
    ("office_contract", "designated_new"): (["office"], "office", []),
    ("explanation", "entrusted"): (["centre"], "centre", []),
    ("explanation", "designated_new"): (["office", "centre"], "office", []),
    ("consent", "designated_transfer"): (["office", "centre"], "office", []),
    ("office_notification", "designated_new"): (["office"], "ward", [("ward", "at_contract", "original")]),
    ("centre_notification", "entrusted"): (["centre"], "ward", [("ward", "at_start", "original")]),
    ("centre_notification", "designated_new"): (["centre"], "centre", [("ward", "at_switch", "original")]),
    ("certification_records", "entrusted"): (["centre"], "ward", [("office", "each_plan", "copy")]),
    ("certification_records", "designated_new"): (["office"], "ward", [("office", "on_request", "copy")]),
    ("certification_records", "designated_transfer"): (
        ["centre", "office"],
        "ward",
        [("office", "at_transfer", "copy")],
    ),
    ("basic_information", "entrusted"): (
        ["centre", "office"],
        "office",
        [("office", "at_start", "unstated"), ("centre", "each_plan", "unstated")],
    ),
    ("basic_information", "designated_new"): (["office"], "office", []),
    ("basic_checklist", "entrusted"): (["office"], "office", [("centre", "each_plan", "unstated")]),
    ("assessment", "entrusted"): (["office"], "office", [("centre", "each_plan", "unstated")]),
    ("interest_checklist", "entrusted"): (["office"], "office", [("centre", "each_plan", "unstated")]),
    ("plan", "entrusted"): (["office"], "office", [("centre", "each_plan", "copy")]),
    ("plan", "designated_new"): (["office"], "office", [("centre", "main_plans", "copy")]),
    ("weekly_plan", "designated_transfer"): (["office"], "office", [("centre", "main_plans", "copy")]),
    ("use_sheet", "designated_new"): (["office"], "office", [("person", "changed_months", "copy")]),
    ("provision_sheet", "entrusted"): (["office"], "office", [("provider", "when_needed", "copy")]),
    ("meeting_record", "entrusted"): (["office"], "office", [("centre", "when_recorded", "unstated")]),
    ("meeting_record", "designated_new"): (["office"], "office", []),
    ("monitoring", "entrusted"): (["office"], "office", [("centre", "plan_end", "unstated")]),
    ("monitoring", "designated_new"): (["office"], "office", []),
    ("individual_plan", "entrusted"): (
        ["provider"],
        "office",
        [("office", "on_receipt", "unstated"), ("centre", "on_receipt", "unstated")],
    ),
    ("individual_plan", "designated_new"): (["provider"], "office", [("office", "on_receipt", "unstated")]),
    ("evaluation", "entrusted"): (["office"], "office", [("centre", "after_comment", "copy")]),
    ("evaluation", "designated_new"): (["office"], "office", []),
    ("progress_record", "entrusted"): (["office"], "office", [("centre", "entrustment_end", "original")]),
    ("performance", "entrusted"): (["office"], "centre", [("centre", "fifth", "original")]),
    ("performance", "designated_new"): (["provider", "office"], "office", []),
    ("claim", "entrusted"): (["centre"], "centre", []),
    ("claim", "designated_new"): (["office"], "office", []),
    ("originals", "entrusted"): (["office"], "office", [("centre", "entrustment_end", "original")]),
    ("originals", "designated_new"): (["office"], "office", [("centre", "on_circumstance", "unstated")]),
    ("review", "designated_transfer"): (["office"], "office", [("centre", "on_request", "unstated")]),
}


@pytest.mark.parametrize(("code", "column"), WHO, ids=lambda each: str(each))
def test_each_cell_says_who_writes_who_holds_and_who_gets_it(code: str, column: str) -> None:
    """T-10, T-11, T-12, T-18, T-19, T-20, T-21, T-22, T-23, T-24, T-25, T-26, T-27, T-28, T-29, T-30, T-31."""
    cell = row(code).cells[column]
    handed = [(each.to, each.when, each.form) for each in cell.handed]
    assert (list(cell.writers), cell.original, handed) == WHO[code, column]


@pytest.mark.parametrize("code", ["explanation", "consent"])
def test_under_a_simultaneous_contract_each_of_the_two_writes_and_keeps_its_own(code: str) -> None:
    """T-10, T-11."""
    for track in ("designated_new", "designated_transfer"):
        assert row(code).cells[track].each
        assert "居宅・包括がそれぞれ作る" in row(code).cells[track].text
        assert "原本はそれぞれ" in row(code).cells[track].text
    assert not row(code).cells["entrusted"].each


def test_every_row_of_obligations_that_a_document_names_is_in_the_table() -> None:
    ids = {each.id for each in table()}
    named = {each for row in TABLE for each in row.obligations if re.fullmatch(r"T-\d+", each) is None}
    assert named <= ids


NOT_ASKED = [
    ("office_contract", "entrusted"),
    ("office_contract", "direct"),
    ("arrangement", "entrusted"),
    ("entrustment_contract", "designated_new"),
    ("designation", "entrusted"),
    ("office_notification", "entrusted"),
    ("originals", "direct"),
]


@pytest.mark.parametrize(("code", "column"), NOT_ASKED)
def test_a_track_that_asks_for_no_such_document_has_no_cell(code: str, column: str) -> None:
    assert column not in row(code).cells


def test_nine_documents_are_starred_and_no_other() -> None:
    """T-50: 利用者基本情報, 基本チェックリスト, アセスメント, 興味・関心, A〜C, D, 会議の要点, モニタリング, 評価表."""
    assert [each.code for each in starred(TOSHIMA, ON)] == [
        "basic_information",
        "basic_checklist",
        "assessment",
        "interest_checklist",
        "plan",
        "weekly_plan",
        "meeting_record",
        "monitoring",
        "evaluation",
    ]


def test_a_plan_review_asks_for_the_documents_that_the_table_stars() -> None:
    """T-50."""
    assert list(STARRED) == [each.code for each in starred(TOSHIMA, ON)]


def test_every_process_of_the_matrix_has_a_document_in_its_order() -> None:
    assert list(dict.fromkeys(each.process for each in TABLE)) == list(PROCESSES)


@pytest.mark.parametrize("each", TABLE, ids=lambda each: each.code)
def test_every_row_and_cell_names_a_rule_of_the_document_and_its_passage(each: DocumentRow) -> None:
    known = catalogue()
    assert each.rule in known
    assert each.entry.source.passage
    for column, cell in each.cells.items():
        assert column in COLUMNS
        assert cell.rule in known, cell.rule
        assert cell.text


@pytest.mark.parametrize("each", TABLE, ids=lambda each: each.code)
def test_what_the_document_does_not_say_of_the_centres_own_cases_is_assumed(each: DocumentRow) -> None:
    assert "direct" not in each.cells or each.cells["direct"].assumed


def test_every_original_that_an_agency_keeps_has_a_row_or_is_part_of_one() -> None:
    assert set(ORIGINALS) <= {each.code for each in TABLE}


def test_the_table_holds_from_the_first_day_of_the_model() -> None:
    """T-01: the day before there is none, on the day there is."""
    assert documents(TOSHIMA, date(2024, 9, 30)) == ()
    assert documents(TOSHIMA, date(2024, 10, 1)) == documents(TOSHIMA, date(2024, 10, 2)) != ()


def test_a_ward_that_states_no_table_has_none_and_borrows_none() -> None:
    assert document(ADACHI, "review", ON) is None
    with pytest.raises(ParameterError):
        documents("131045", ON)


@pytest.mark.parametrize(
    ("obligation", "code"),
    [
        ("T-12", "office_notification"),
        ("T-12-desk", "centre_notification"),
        ("T-16", "centre_notification"),
        ("T-17-office", "office_notification"),
        ("T-18", "certification_records"),
        ("T-23", "plan"),
        ("T-24", "weekly_plan"),
        ("T-25-change", "use_sheet"),
        ("T-27-copy", "meeting_record"),
        ("T-32", "performance"),
        ("T-35", "originals"),
        ("T-35-circumstance", "originals"),
        ("renewal-evaluation", "evaluation"),
    ],
)
def test_an_obligation_is_found_at_its_document(obligation: str, code: str) -> None:
    assert row(code).speaks_of(obligation)


def test_the_beginning_of_an_id_is_not_the_beginning_of_another_number() -> None:
    assert not row("office_notification").speaks_of("T-17-centre")
    assert not row("arrangement").speaks_of(f"{row('arrangement').rule}0")


COPIES_OWED = {
    # a row that owes something to the centre → its document: the table says that the centre gets it
    "T-23": "plan",
    "T-32": "performance",
    "T-35": "originals",
    "T-15": "switch_report",
}


@pytest.mark.parametrize(("obligation", "code"), COPIES_OWED.items())
def test_what_an_obligation_owes_to_the_centre_goes_there_by_the_table(obligation: str, code: str) -> None:
    (owed,) = [each for each in table() if each.id == obligation]
    assert (owed.debtor, owed.creditor) == ("office", "centre")
    assert row(code).speaks_of(obligation)
    assert any(cell.goes_to("centre") for cell in row(code).cells.values())


HANDING = [
    (row, pattern.when["document"])
    for row in table()
    for pattern in row.fulfilled_by
    if pattern.type == "DocumentHandedOver"
    and row.debtor != "carer"  # what is owed to the person, not handed on
]


@pytest.mark.parametrize(("owed", "code"), HANDING, ids=lambda each: getattr(each, "id", each))
def test_what_is_fulfilled_by_handing_a_document_over_goes_where_the_table_says(owed: Row, code: str) -> None:
    """T-30R, and every other document that the centre gets while it entrusts the case."""
    cell = row(code).cells["entrusted"]
    assert row(code).speaks_of(owed.id)
    assert owed.debtor in cell.writers or cell.goes_to(owed.debtor)
    assert cell.goes_to(owed.creditor)


WRONG = {
    "no process": {"process": "nowhere"},
    "no such party": {
        "entrusted": {"rule": "T-19R", "writers": ["mayor"], "original": "office", "made": "monthly"}
    },
    "no such time": {
        "entrusted": {"rule": "T-19R", "writers": ["office"], "original": "office", "made": "someday"}
    },
    "no original": {"entrusted": {"rule": "T-19R", "writers": ["office"], "made": "monthly"}},
    "no such form": {
        "entrusted": {
            "rule": "T-19R",
            "writers": ["office"],
            "original": "office",
            "made": "monthly",
            "handed": [{"to": "centre", "when": "monthly", "form": "fax"}],
        }
    },
    "an unknown key": {"colour": "red"},
    "no obligations": {"obligations": None},
}


@pytest.mark.parametrize("changes", WRONG.values(), ids=WRONG)
def test_a_row_that_says_something_unknown_is_refused(changes: dict[str, object]) -> None:
    value = {**parameters(TOSHIMA).value("document.basic_information", ON), **changes}
    kept = {name: each for name, each in value.items() if each is not None}
    entry = row("basic_information").entry
    with pytest.raises(MalformedDocuments, match="basic_information"):
        read_row(replace(entry, value=kept))
