"""The catalogue of rules is whole, and it is true: what it calls held has code and a test that name it."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.cli.rule_mentions import Evidence, evidence, scan, unknown
from shared.policy.obligation_table import Row, table
from shared.policy.rules import (
    KINDS,
    MalformedRules,
    Rule,
    catalogue,
    id_of,
    joined,
    read_stated,
    written,
)

RULES = catalogue()
MENTIONS = scan()
FOUND = evidence(RULES, MENTIONS)
HELD = [each for each in FOUND if each.rule.held]
DECIDED = [each for each in RULES.values() if each.id.startswith("decision ")]
STATED = [each for each in RULES.values() if each not in DECIDED]
DOCUMENTS = {"T": "000_f73aac61ef8be17b.txt", "A": "001_41dc3741611a329f.txt"}

# --- what the catalogue claims ---


@pytest.mark.parametrize("found", HELD, ids=lambda each: each.rule.id)
def test_a_held_rule_is_named_by_code_and_by_a_test(found: Evidence) -> None:
    assert found.lacking == ()


def test_every_id_that_stands_in_code_parameters_obligations_scenarios_and_tests_is_in_the_catalogue() -> (
    None
):
    assert unknown(RULES, MENTIONS) == []


@pytest.mark.parametrize("row", table(), ids=lambda row: row.id)
def test_an_obligation_names_rules_and_decisions_only(row: Row) -> None:
    assert [each for each in row.rules if each not in RULES] == []


# --- what is in it ---


def test_no_rule_of_the_two_documents_is_left_out() -> None:
    rows = [int(each.id.removeprefix("T-")) for each in STATED if each.row is None and each.id[0] == "T"]
    assert sorted(rows) == [*range(42), *range(50, 56), 60, 61, *range(66, 71)]
    questions = {int(found[1]) for each in RULES if (found := re.match(r"A-Q(\d+)", each))}
    assert questions == set(range(1, 63))
    sheet = {int(found[1]) for each in RULES if (found := re.match(r"A-S(\d+)", each))}
    assert sheet == set(range(1, 13))


@pytest.mark.parametrize("rule", STATED, ids=lambda rule: rule.id)
def test_a_rule_is_told_in_japanese_and_english_with_its_passage(rule: Rule) -> None:
    assert not rule.title.isascii()
    assert rule.english.endswith((".", ".)"))
    assert rule.source.document == DOCUMENTS[rule.id[0]]
    assert not rule.source.passage.isascii()
    assert rule.kind
    assert set(rule.kind) <= set(KINDS)


@pytest.mark.parametrize("rule", DECIDED, ids=lambda rule: rule.id)
def test_a_decision_is_told_in_japanese_and_english_with_the_rules_that_it_is_about(rule: Rule) -> None:
    assert not rule.title.isascii()
    assert rule.english.endswith(".")
    assert rule.source.document == "資料にない点の決定"
    assert [
        each for each in re.findall(r"[TA]-[A-Z]?\d+[A-Za-z]?", rule.source.passage) if each not in RULES
    ] == []


def test_the_decisions_are_numbered_without_a_gap() -> None:
    assert [each.id for each in DECIDED] == [f"decision {number}" for number in range(1, len(DECIDED) + 1)]


@pytest.mark.parametrize(
    "text", ["decision 28", "決定28", "決定 28", " Decision 28", "decision28", "決定\uff12\uff18"]
)
def test_a_decision_is_found_however_it_is_written_and_written_in_one_way(text: str) -> None:
    assert id_of(text) == "decision 28"
    assert written(id_of(text)) == "決定28"
    assert (id_of("T-16"), written("T-16")) == ("T-16", "T-16")


@pytest.mark.parametrize("rule", [each for each in STATED if each.id[0] == "A"], ids=lambda rule: rule.id)
def test_a_rule_of_adachis_manual_quotes_its_own_question(rule: Rule) -> None:
    assert re.search("「[^「」]+」", rule.source.passage)
    question = re.match(r"A-Q(\d+)", rule.id)
    assert rule.source.passage.startswith(f"Q{question[1]}「" if question else ("(", "Q33「"))


def test_a_row_holds_only_what_its_cells_hold() -> None:
    assert RULES["T-07N"].row == "T-07"
    assert RULES["T-07"].row is None
    for rule in STATED:
        if rule.row and RULES[rule.row].held:
            assert rule.held


# --- reading a catalogue ---

GOOD: dict[str, Any] = {
    "id": "T-16",
    "title": "題",
    "english": "A line.",
    "source": {"document": "file.txt", "passage": "見出し"},
    "kind": ["obliges"],
    "status": "later",
    "reason": "まだない",
}


def stated(folder: Path, *entries: Any) -> list[Rule]:
    file = folder / "rules.yaml"
    file.write_text(yaml.safe_dump(list(entries), allow_unicode=True), encoding="utf-8")
    return read_stated(file)


def test_a_rule_is_read(tmp_path: Path) -> None:
    (rule,) = stated(tmp_path, GOOD)
    assert (rule.id, rule.kind, rule.source.passage, rule.held) == ("T-16", ("obliges",), "見出し", False)


@pytest.mark.parametrize("lacking", list(GOOD))
def test_a_rule_that_lacks_something_is_refused(lacking: str, tmp_path: Path) -> None:
    with pytest.raises(MalformedRules, match=r"rules\.yaml"):
        stated(tmp_path, {name: value for name, value in GOOD.items() if name != lacking})


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "no id of ours": ({"id": "R-16"}, "not a rule's id"),
    "an unknown kind": ({"kind": ["asks"]}, "`kind`"),
    "no kind": ({"kind": []}, "`kind`"),
    "a kind that is no list": ({"kind": "obliges"}, "`kind`"),
    "an unknown status": ({"status": "done"}, "`status`"),
    "an unknown key": ({"titel": "題"}, "unknown keys ['titel']"),
    "an empty title": ({"title": " "}, "`title`"),
    "a title that is no text": ({"title": 16}, "`title`"),
    "a title of two lines": ({"title": "一\n二"}, "`title`"),
    "a source without a passage": ({"source": {"document": "file.txt"}}, "`source`"),
    "an empty passage": ({"source": {"document": "file.txt", "passage": ""}}, "`passage`"),
    "held and yet not": ({"status": "held"}, "yet gives a `reason`"),
}


@pytest.mark.parametrize(("changes", "problem"), WRONG.values(), ids=WRONG)
def test_a_rule_that_says_something_unknown_is_refused_and_named(
    changes: dict[str, Any], problem: str, tmp_path: Path
) -> None:
    with pytest.raises(MalformedRules, match=re.escape(problem)) as refused:
        stated(tmp_path, {**GOOD, **changes})
    assert str(changes.get("id", "T-16")) in str(refused.value)


@pytest.mark.parametrize("text", ["- [", "", "id: T-16", "- T-16", "[]"])
def test_a_file_that_is_no_list_of_rules_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "rules.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(MalformedRules, match=r"rules\.yaml"):
        read_stated(tmp_path / "rules.yaml")


def test_a_catalogue_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(MalformedRules, match=r"absent\.yaml"):
        read_stated(tmp_path / "absent.yaml")


def test_an_id_stands_once(tmp_path: Path) -> None:
    rules = stated(tmp_path, GOOD)
    with pytest.raises(MalformedRules, match="T-16: the id stands twice"):
        joined(rules, rules)


def test_a_cell_belongs_to_a_row(tmp_path: Path) -> None:
    cell = {**GOOD, "id": "T-16D"}
    with pytest.raises(MalformedRules, match="a cell of T-16, which does not exist"):
        joined(stated(tmp_path, cell))
    assert list(joined(stated(tmp_path, GOOD, cell))) == ["T-16", "T-16D"]


def test_a_row_is_not_held_before_its_cells(tmp_path: Path) -> None:
    held = {name: value for name, value in GOOD.items() if name != "reason"} | {"status": "held"}
    with pytest.raises(MalformedRules, match="T-16: is held, but its cell T-16D is not"):
        joined(stated(tmp_path, held, {**GOOD, "id": "T-16D"}))
