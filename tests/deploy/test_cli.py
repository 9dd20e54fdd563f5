"""The command line's frame: its table, its help, its exit statuses."""

import argparse
import ast
import inspect
import json
import re
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from types import SimpleNamespace

import pytest

import deploy.cli.commands
from deploy.cli import __main__ as cli
from deploy.cli.commands import bench
from deploy.cli.japanese import _SAID
from deploy.local.errors import BrokerMissing

MODULES = sorted(
    path.stem for path in Path(deploy.cli.commands.__path__[0]).glob("*.py") if path.stem != "__init__"
)


def test_every_module_of_commands_is_in_the_table_and_the_table_names_no_other() -> None:
    assert sorted(cli.COMMANDS) == MODULES


@pytest.mark.parametrize("name", MODULES)
def test_every_command_has_help_with_an_example(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main([name, "--help"])
    assert ended.value.code == 0
    assert re.search(rf"例[:：]?\s(.*\n)*?.*\./renkei {name}", capsys.readouterr().out)


def test_the_help_lists_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["--help"])
    assert ended.value.code == 0
    said = capsys.readouterr().out
    assert all(name in said for name in cli.COMMANDS)


@pytest.mark.parametrize("arguments", [["no-such-command"], [], ["--no-such-option"]])
def test_bad_usage_ends_with_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    try:
        status = cli.main(arguments)
    except SystemExit as ended:
        status = int(str(ended.code))
    assert status == 2
    capsys.readouterr()


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """A command of the test's own, in the place of the module of `test`."""

    def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
        parser = subparsers.add_parser("test")
        parser.add_argument("--fine", action="store_true")
        parser.set_defaults(run=lambda arguments: module.run(arguments))

    module = SimpleNamespace(add_parser=add_parser, run=lambda arguments: 0)
    monkeypatch.setattr(cli, "import_module", lambda name: module)
    return module


def test_the_status_of_the_command_is_the_status_of_the_program(stand_in: SimpleNamespace) -> None:
    stand_in.run = lambda arguments: 1 if arguments.fine else 0
    assert cli.main(["test", "--fine"]) == 1
    assert cli.main(["test"]) == 0


def test_an_option_that_the_command_does_not_know_ends_with_2(stand_in: SimpleNamespace) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["test", "--unknown"])
    assert ended.value.code == 2


def test_what_this_machine_does_not_allow_ends_with_2_and_its_message(
    stand_in: SimpleNamespace, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(arguments: argparse.Namespace) -> int:
        raise BrokerMissing("RabbitMQ が見つかりません。")

    stand_in.run = run
    assert cli.main(["test"]) == 2
    assert capsys.readouterr().err == "RabbitMQ が見つかりません。\n"


def test_a_configuration_that_cannot_be_read_ends_with_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["node", "migrate", "--config", str(tmp_path / "absent.toml")]) == 2
    assert "設定ファイル" in capsys.readouterr().err


def test_an_interruption_ends_with_130(stand_in: SimpleNamespace) -> None:
    def run(arguments: argparse.Namespace) -> int:
        raise KeyboardInterrupt

    stand_in.run = run
    assert cli.main(["test"]) == 130


def test_unknown_arguments_of_test_go_to_pytest_in_their_order(monkeypatch: pytest.MonkeyPatch) -> None:
    from deploy.cli.commands import test

    called: list[list[str]] = []

    def call(program: list[str]) -> int:
        called.append(program[2:])
        return 0

    monkeypatch.setattr(test, "_call", call)
    assert cli.main(["test", "tests/deploy", "-k", "a and b", "--sweep", "-x"]) == 0
    assert called == [["pytest", "tests/deploy", "-k", "a and b", "--sweep", "-x"]]


def test_a_failed_check_fails_the_run_though_the_tests_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    from deploy.cli.commands import test

    monkeypatch.setattr(test, "_call", lambda program: int("mypy" in program))
    monkeypatch.setattr(test, "_beside", lambda program: nullcontext(lambda: 0))
    assert cli.main(["test"]) == 1


@pytest.mark.parametrize(("others", "browser", "status"), [(0, 0, 0), (0, 1, 1), (1, 0, 1), (5, 1, 2)])
def test_the_browser_s_tests_run_beside_the_others_and_count_as_much(
    monkeypatch: pytest.MonkeyPatch, others: int, browser: int, status: int
) -> None:
    from deploy.cli.commands import test

    beside: list[list[str]] = []

    def run(program: list[str]) -> AbstractContextManager[Callable[[], int]]:
        beside.append(program[3:])
        return nullcontext(lambda: browser)

    monkeypatch.setattr(test, "_call", lambda program: others if "pytest" in program else 0)
    monkeypatch.setattr(test, "_beside", run)
    assert cli.main(["test"]) == status
    assert beside == [[test.BROWSER]]


def test_what_runs_beside_is_heard_at_its_end_and_ends_with_us(capfd: pytest.CaptureFixture[str]) -> None:
    from deploy.cli.commands import test

    with test._beside([sys.executable, "-c", "print('heard'); raise SystemExit(3)"]) as finished:
        assert finished() == 3
    assert "heard" in capfd.readouterr().out
    with test._beside([sys.executable, "-c", "import time; time.sleep(600)"]):
        pass  # whoever was interrupted does not wait for it


ENGLISH = re.compile(r"\b(usage|positional|arguments?|options?:|show this|error|required|invalid|expected)\b")
NAMED = re.compile(r"%(?:\(\w+\))?[sr]")
PROGRAMMING = re.compile(
    r"conflict|merge|invalid option string|dest=|mutually exclusive|multiple subparser|callable|not defined|"
    r"with mode|an invalid argument for positionals|deprecated"
)
"""What ``argparse`` says to who writes a parser wrongly, and never to who types a command."""


def test_every_word_that_argparse_says_of_itself_has_its_japanese() -> None:
    source = inspect.getsource(argparse)
    said = {
        ast.literal_eval(f"({found})")
        for found in re.findall(r"(?<!\w)_\(\s*((?:'[^'\n]*'|\"[^\"\n]*\"|\s)+)\)", source)
    }
    said |= set(re.findall(r"'(expected %s arguments?)'", source))
    assert len(said) > 20
    assert {text for text in said if not PROGRAMMING.search(text)} <= set(_SAID)
    for english, japanese in _SAID.items():
        assert set(re.findall(NAMED, japanese)) - {"%(type)s"} == set(re.findall(NAMED, english)) - {
            "%(type)s"
        }


@pytest.mark.parametrize(
    "words", [[], *([name] for name in MODULES), ["parked", "retry"], ["node", "account"]]
)
def test_help_is_japanese_but_for_names(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main([*words, "--help"])
    said = capsys.readouterr().out
    assert said.startswith("使い方: renkei")
    assert not ENGLISH.search(said)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["replay"], "renkei replay: 誤り: 次の引数が必要です: --node, --case"),
        (["replay", "--node"], "renkei replay: 誤り: --node: 値を1つ指定してください"),
        (
            ["parked", "retry", "x", "--node", "centre"],
            "NUMBER: 「x」は番号ではありません。./renkei parked list の左の数字を",
        ),
        (["no-such-command"], "'no-such-command' は選べません"),
        (["verify", "--node", "centre", "--unknown"], "不明な引数です: --unknown"),
        (["replay", "--node", "n", "--case", "c", "--as-of", "いつか"], "日付として読めません"),
    ],
)
def test_what_is_typed_wrongly_is_told_in_japanese_with_status_2(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(words)
    assert ended.value.code == 2
    told = capsys.readouterr().err
    assert said in told
    assert not ENGLISH.search(told)


def test_the_help_of_bench_names_every_group_that_it_can_measure() -> None:
    assert all(f"{name}（" in bench.DESCRIPTION for name in bench._GROUPS)


def test_a_renewed_key_stands_beside_the_old_ones_and_nobody_elses_file_is_touched(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "keys.json"
    asked = ["node", "keys", "--agency", "1371600014", "--file", str(file)]
    assert cli.main([*asked, "--renew"]) != 0
    assert cli.main(asked) == 0
    first = json.loads(file.read_text(encoding="utf-8"))
    assert cli.main([*asked, "--renew"]) == 0
    renewed = json.loads(file.read_text(encoding="utf-8"))
    assert [renewed[use][:1] for use in ("signing", "encryption")] == [first["signing"], first["encryption"]]
    assert [len(renewed[use]) for use in ("signing", "encryption")] == [2, 2]
    assert renewed["node_key"] == first["node_key"]
    assert file.stat().st_mode & 0o777 == 0o600
    assert cli.main(["node", "keys", "--agency", "1301600019", "--file", str(file), "--renew"]) != 0
    assert json.loads(file.read_text(encoding="utf-8")) == renewed
    assert '"d"' not in capsys.readouterr().out
