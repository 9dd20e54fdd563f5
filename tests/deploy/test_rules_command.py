"""``./renkei rules``: where an id is looked for, what counts as code and as a test, and what is shown."""

import argparse
import json
from pathlib import Path

import pytest

from deploy.cli.commands import rules as command
from deploy.cli.rule_mentions import Evidence, Mentions, evidence, scan, unknown
from shared.policy.parameters import Source
from shared.policy.rules import Rule

# --- where ids are looked for ---


def project(root: Path, **files: str) -> Mentions:
    """Scan a project of these files; a double underscore stands for a slash, the last one for the dot."""
    for name, text in files.items():
        *folders, stem, suffix = name.split("__")
        file = root.joinpath(*folders, f"{stem}.{suffix}")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return scan(root)


def test_docstrings_comments_and_strings_of_code_count_by_their_lines(tmp_path: Path) -> None:
    text = '"""File it (T-16)."""\n# 届出書はT-12Rの窓口へ\nRefused(rule="T-17")\n'
    found = project(tmp_path, services__ward__case__py=text)
    assert found.code == {
        "T-16": ("services/ward/case.py:1",),
        "T-12R": ("services/ward/case.py:2",),
        "T-17": ("services/ward/case.py:3",),
    }


def test_nothing_that_is_scanned_is_run(tmp_path: Path) -> None:
    found = project(tmp_path, shared__care__case__py="raise SystemExit  # T-16\n")
    assert found.code == {"T-16": ("shared/care/case.py:1",)}


@pytest.mark.parametrize("text", ["T-12 to T-17", "T-12〜T-17", "A-Q34a to c"])
def test_a_range_is_a_heading_and_claims_nothing(text: str, tmp_path: Path) -> None:
    found = project(tmp_path, shared__care__case__py=f'"""Filing ({text}, T-60)."""\n')
    assert found.code == {"T-60": ("shared/care/case.py:1",)}
    assert len(found.anywhere) > 1


def test_of_the_obligations_the_rules_of_a_row_count(tmp_path: Path) -> None:
    text = "# T-13\n- id: T-08-answer\n  rules: [T-08, decision 9]\n  explanation: T-66\n"
    found = project(tmp_path, shared__policy__obligations__yaml=text)
    place = ("shared/policy/obligations.yaml:3",)
    assert found.code == {"T-08": place, "decision 9": place}
    assert set(found.anywhere) == {"T-08", "T-13", "T-66", "decision 9"}


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("(decision 28)", [28]),
        ("decisions 7, 22 and 24", [7, 22, 24]),
        ("T-17, decision 9", [9]),
        ("T-61、決定22・24", [22, 24]),
        ("indecision 3", []),
        ("decision tables of 2024", []),
    ],
)
def test_decisions_are_found_alone_in_lists_and_in_japanese(
    text: str, numbers: list[int], tmp_path: Path
) -> None:
    found = project(tmp_path, shared__care__case__py=f'"""{text}"""\n')
    assert [each for each in found.code if each.startswith("decision")] == [
        f"decision {each}" for each in numbers
    ]


@pytest.mark.parametrize(
    "name",
    [
        "shared__node__errors__py",
        "shared__exchange__inbox__py",
        "shared__eventlog__log__py",
        "shared__policy__rules__py",
        "shared__policy__parameters__toshima__model__yaml",
        "deploy__demo__stage__py",
    ],
)
def test_elsewhere_an_id_is_found_but_is_no_implementation(name: str, tmp_path: Path) -> None:
    found = project(tmp_path, **{name: "# T-16\n"})
    assert found.code == {}
    assert list(found.anywhere) == ["T-16"]


TESTS = '''\
"""Claims: T-33, and T-04 to T-06."""

HELD = "T-14"


def given():
    """T-15."""


@pytest.mark.parametrize("rule", ["T-32"])
def test_the_fifth(rule):
    """T-16."""
    assert rule == "T-17"


class TestDesk:
    def test_a_method(self):
        assert "T-12" in HELD
'''


def test_a_test_holds_what_its_function_names_and_a_module_what_its_docstring_names(tmp_path: Path) -> None:
    found = project(tmp_path, tests__rules__test_claim__py=TESTS)
    assert found.tests == {
        "T-33": ("tests/rules/test_claim.py",),
        "T-32": ("tests/rules/test_claim.py::test_the_fifth",),
        "T-16": ("tests/rules/test_claim.py::test_the_fifth",),
        "T-17": ("tests/rules/test_claim.py::test_the_fifth",),
        "T-12": ("tests/rules/test_claim.py::test_a_method",),
    }


@pytest.mark.parametrize("folder", ["console", "deploy", "node", "exchange"])
def test_tests_of_other_things_hold_no_rule(folder: str, tmp_path: Path) -> None:
    found = project(tmp_path, **{f"tests__{folder}__test_x__py": TESTS})
    assert found.tests == {}
    assert "T-14" in found.anywhere


def test_the_catalogue_s_own_test_holds_no_rule(tmp_path: Path) -> None:
    assert project(tmp_path, tests__policy__test_rules__py=TESTS).tests == {}


def test_an_installation_without_tests_says_so(tmp_path: Path) -> None:
    assert project(tmp_path, services__ward__case__py="# T-16\n").tests_present is False
    assert project(tmp_path, tests__rules__test_claim__py=TESTS).tests_present is True


# --- what they are evidence of ---

WRITTEN = Source("file.txt", "見出し")
WHERE = "services/ward/case.py:1"
HOLDER = "tests/rules/test_x.py::test_it"


def rule(rule_id: str, status: str = "held", untestable: str = "") -> Rule:
    reason = "" if status == "held" else "まだない"
    return Rule(rule_id, WRITTEN, status, "題", "A line.", ("obliges",), reason, untestable)


def found_for(rules: list[Rule], code: str | None = None, test: str | None = None) -> dict[str, Evidence]:
    mentions = Mentions({code: (WHERE,)} if code else {}, {test: (HOLDER,)} if test else {}, {})
    return {each.rule.id: each for each in evidence({each.id: each for each in rules}, mentions)}


def test_a_held_rule_needs_both_code_and_a_test() -> None:
    assert found_for([rule("T-16")], "T-16", "T-16")["T-16"].lacking == ()
    assert found_for([rule("T-16")], "T-16")["T-16"].lacking == ("test",)
    assert found_for([rule("T-16")], None, "T-16")["T-16"].lacking == ("code",)
    assert found_for([rule("T-16")])["T-16"].lacking == ("code", "test")


def test_no_test_is_asked_for_where_none_is_possible() -> None:
    assert found_for([rule("T-16", untestable="原文がない")], "T-16")["T-16"].lacking == ()


def test_a_rule_for_later_lacks_nothing_and_may_be_begun() -> None:
    assert not found_for([rule("T-16", "later")])["T-16"].begun
    begun = found_for([rule("T-16", "later")], "T-16")["T-16"]
    assert begun.begun
    assert begun.lacking == ()


def test_a_row_is_named_by_its_cells_and_an_only_cell_by_its_row() -> None:
    only = [rule("T-16"), rule("T-16D")]
    assert found_for(only, "T-16D")["T-16"].code == (WHERE,)
    assert found_for(only, "T-16")["T-16D"].code == (WHERE,)


def test_one_cell_of_several_must_be_named_itself() -> None:
    several = [rule("T-12"), rule("T-12R"), rule("T-12N")]
    found = found_for(several, "T-12", "T-12R")
    assert found["T-12R"].lacking == ("code",)
    assert found["T-12N"].lacking == ("code", "test")
    assert found["T-12"].lacking == ()


def test_an_id_without_a_rule_is_told_with_its_places(tmp_path: Path) -> None:
    missing, misspelt = "T-" + "99", "T-" + "16d"
    mentions = project(tmp_path, shared__care__case__py=f"# {missing} {misspelt}\n# T-16\n")
    assert unknown({"T-16": rule("T-16")}, mentions) == [
        f"{missing} (shared/care/case.py:1)",
        f"{misspelt} (shared/care/case.py:1)",
    ]


# --- what is shown ---


def run(*arguments: str) -> int:
    parser = argparse.ArgumentParser()
    command.add_parser(parser.add_subparsers(required=True))
    args = parser.parse_args(["rules", *arguments])
    status: int = args.run(args)
    return status


def test_a_rule_is_shown_with_its_source_its_code_and_its_tests(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("T-16D") == 0
    shown = capsys.readouterr().out
    for said in (
        "T-16D【実装済み】",
        "000_f73aac61ef8be17b.txt",
        "サービス開始月の末日までに",
        "義務・警告・振り分け",
        "services/hokatsu/case.py:",
        "shared/policy/obligations.yaml:",
        "tests/rules/test_obligations.py::test_the_held_one_is_due_by_the_last_day_of_the_start_s_month",
    ):
        assert said in shown


def test_a_row_is_shown_with_its_cells_however_it_is_typed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("t-07") == 0
    shown = [each for each in capsys.readouterr().out.splitlines() if each.startswith("T-")]
    assert [each.partition("【")[0] for each in shown] == ["T-07", "T-07R", "T-07N", "T-07M"]


def test_several_ids_are_shown_in_the_catalogue_s_order(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("a-q38a", "T-16D", "decision", "17", "A-S5") == 0
    shown = [each for each in capsys.readouterr().out.splitlines() if "【" in each and each[0] != " "]
    assert [each.partition("【")[0] for each in shown] == ["T-16D", "A-Q38a", "A-S5", "決定17"]


def test_of_several_ids_the_one_that_does_not_exist_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    unheard = "A-" + "Q99"
    assert run("A-Q30", unheard) == 2
    captured = capsys.readouterr()
    assert not captured.out
    assert f"規則 {unheard} はありません" in captured.err


def test_a_rule_of_adachi_is_shown_with_its_title_and_passage(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("A-Q30") == 0
    shown = capsys.readouterr().out
    for said in (
        "A-Q30【実装済み】3か月に一度",
        "001_41dc3741611a329f.txt Q30「少なくとも3ヶ月に1回",
        "義務・警告",
    ):
        assert said in shown


def test_a_rule_for_later_says_what_is_missing(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    later = rule("T-16", "later")
    monkeypatch.setattr(command, "catalogue", lambda: {later.id: later})
    assert run(later.id) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("T-16【一部】")
    assert f"残り  {later.reason}" in shown


def test_all_rules_are_followed_by_their_numbers(capsys: pytest.CaptureFixture[str]) -> None:
    run()
    *_, toshima, adachi, decided = capsys.readouterr().out.splitlines()
    assert toshima.startswith("000_f73aac61ef8be17b.txt: 95件（実装済み ")
    assert adachi.startswith("001_41dc3741611a329f.txt: 99件（実装済み ")
    assert decided.startswith("資料にない点の決定: 30件（実装済み ")


@pytest.mark.parametrize("words", [("decision", "28"), ("decision 28",), ("決定28",), ("決定\uff12\uff18",)])
def test_a_decision_is_shown_however_it_is_typed(
    words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*words) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("決定28【実装済み】")
    assert "services/kyotaku/case.py" in shown
    none = 99
    assert run(f"決定{none}") == 2
    assert f"規則 決定{none} はありません" in capsys.readouterr().err


def test_a_program_reads_one_rule_a_line_and_the_totals_last(capsys: pytest.CaptureFixture[str]) -> None:
    run("--json")
    *rules, last = [json.loads(each) for each in capsys.readouterr().out.splitlines()]
    assert len(rules) == 95 + 99 + 30
    assert {"id", "title", "kind", "status", "source", "code", "tests", "reason"} <= set(rules[0])
    for totals in last["totals"].values():
        assert totals["rules"] == totals["held"] + totals["begun"] + totals["not_begun"]


def test_a_rule_that_does_not_exist_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("T-" + "99") == 2
    captured = capsys.readouterr()
    assert not captured.out
    assert "ありません" in captured.err


def test_a_claim_without_evidence_fails_the_command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "catalogue", lambda: {"T-16": rule("T-16")})
    monkeypatch.setattr(command, "scan", lambda: Mentions({}, {}, {"T-17": (WHERE,)}))
    assert run() == 1
    told = capsys.readouterr().err
    assert "コードと試験がありません" in told
    assert f"一覧にない番号が使われています: T-17 ({WHERE})" in told


def test_where_no_tests_are_installed_their_absence_is_no_failure(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "catalogue", lambda: {"T-16": rule("T-16")})
    monkeypatch.setattr(command, "scan", lambda: Mentions({"T-16": (WHERE,)}, {}, {}, tests_present=False))
    assert run() == 0
    assert "試験のファイルがない" in capsys.readouterr().err


@pytest.mark.parametrize("typed", ["Ａ－Ｑ３", "ａ−ｑ３", "A-Q3"])
def test_an_id_may_be_typed_full_width(typed: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(typed) == 0
    assert capsys.readouterr().out.startswith("A-Q3【")
