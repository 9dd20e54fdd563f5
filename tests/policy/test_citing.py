"""Which passage is named in which ward's case."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.policy import citing
from shared.policy.citing import cited, cited_for, cited_rules, source_of
from shared.policy.obligation_table import table
from shared.policy.parameters import Parameters, load, parameters
from shared.policy.rules import catalogue

TOSHIMA, ADACHI, THIRD = "131169", "131219", "131045"


def third_ward(folder: Path) -> Parameters:
    (folder / "kakuu").mkdir()
    text = 'insurer: "131045"\nname: 架空区\nfolder: kakuu\ninherits: national\n'
    (folder / "kakuu" / "insurer.yaml").write_text(text, encoding="utf-8")
    return load(folder / "kakuu")


@pytest.fixture
def third(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """An insurer with no document of its own."""
    ward = third_ward(tmp_path)
    monkeypatch.setattr(citing, "parameters", lambda number: ward if number == THIRD else parameters(number))
    return THIRD


@pytest.fixture(autouse=True)
def nothing_remembered() -> Iterator[None]:
    """What is named is remembered by number; another test's ward of that number is none of this one's."""
    yield
    citing.cited.cache_clear()
    citing._instead.cache_clear()


def test_a_ward_s_own_rules_and_decisions_are_named_as_they_are() -> None:
    for insurer, rule in ((TOSHIMA, "T-23"), (TOSHIMA, "T-30R"), (ADACHI, "A-Q12b"), (ADACHI, "decision 9")):
        assert cited(rule, insurer) == rule


@pytest.mark.parametrize(
    ("rule", "named"),
    [
        ("T-23", "A-Q12b"),
        ("T-27", "A-Q41"),
        ("T-33", "A-Q35a"),
        ("T-33N", "A-Q35a"),
        ("T-28", "A-Q30"),
        ("T-10", "指定介護予防支援等の基準第4条"),
    ],
)
def test_in_adachi_its_own_question_is_named_or_the_law_where_the_manual_is_silent(
    rule: str, named: str
) -> None:
    assert cited(rule, ADACHI) == named


def test_a_ward_without_a_document_names_the_law(third: str) -> None:
    assert cited("T-33", third) == "指定介護予防支援等の基準第13条"
    assert cited_rules(("T-23", "T-24", "decision 9"), third) == (
        "指定介護予防支援等の基準第30条",
        "decision 9",
    )


def test_of_cases_of_several_wards_what_they_share_is_named() -> None:
    assert cited_for("T-33", (ADACHI,)) == "A-Q35a"
    assert cited_for("T-33", (TOSHIMA, ADACHI)) == "指定介護予防支援等の基準第13条"
    assert cited_for("T-33", ()) == "T-33"


def test_an_obligation_of_both_documents_names_the_ward_s_own_rules_and_passage() -> None:
    rules = ("T-27", "A-Q41", "decision 9")
    assert cited_rules(rules, ADACHI) == ("A-Q41", "decision 9")
    assert cited_rules(rules, TOSHIMA) == rules
    assert "足立区" in source_of(rules, "豊島区の資料", ADACHI)
    assert "Q41" in source_of(rules, "豊島区の資料", ADACHI)
    assert source_of(rules, "豊島区の資料", TOSHIMA) == "豊島区の資料"
    assert source_of(("T-10",), "豊島区の資料", ADACHI) == "指定介護予防支援等の基準第4条"


def test_every_rule_of_toshima_that_code_or_table_names_has_something_to_be_named_instead() -> None:
    named = set()
    for folder in ("services", "shared"):
        for file in Path(folder).rglob("*.py"):
            named |= set(re.findall(r'"(T-[0-9]+[A-Z]?)"', file.read_text(encoding="utf-8")))
    named |= {each for row in table() if not row.insurers for each in row.rules if each.startswith("T-")}
    assert len(named) > 40
    assert {each for each in named if cited(each, ADACHI).startswith("T-")} == set()


def test_what_is_named_in_adachi_exists_in_its_manual() -> None:
    (entry,) = parameters(ADACHI).own["citation.instead"]
    assert all(each in catalogue() for each in entry.value.values())
    assert all(each in catalogue() for each in entry.value)
