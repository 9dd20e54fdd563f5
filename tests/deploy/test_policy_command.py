"""``./renkei policy`` and ``./renkei parameters`` as a person or a program meets them."""

import argparse
import io
import json
import tracemalloc
from datetime import date, datetime
from typing import Any

import pytest

from deploy.cli.at_node import day, moment, month
from deploy.cli.commands import parameters as parameters_command
from deploy.cli.commands import policy as policy_command
from shared.node.node import end_of_day
from shared.policy.dates import TOKYO, Month
from shared.policy.evaluators import EVALUATORS
from shared.policy.parameters import parameters

PRICE = '{"month":"2025-01","service":"A6","units":1655}'


def run(*arguments: str) -> int:
    parser = argparse.ArgumentParser()
    subparsers = parser.add_subparsers(required=True)
    policy_command.add_parser(subparsers)
    parameters_command.add_parser(subparsers)
    args = parser.parse_args(arguments)
    status: int = args.run(args)
    return status


def answers(
    given: bytes, monkeypatch: pytest.MonkeyPatch, name: str = "price", insurer: str = "131169"
) -> tuple[int, list[dict[str, Any]]]:
    target = io.BytesIO()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(given)))
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(target))
    status = run("policy", name, "--insurer", insurer)
    return status, [json.loads(each) for each in target.getvalue().decode().splitlines()]


def test_each_line_is_answered_by_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    status, lines = answers(f"{PRICE}\n{PRICE}".encode(), monkeypatch)
    assert status == 0
    assert [each["yen"] for each in lines] == [18039, 18039]


@pytest.mark.parametrize("blank", ["", "  ", "\r"])
def test_a_blank_line_is_answered_too_so_that_answers_stay_beside_their_lines(
    blank: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    status, lines = answers(f"{PRICE}\n{blank}\n{PRICE}\n".encode(), monkeypatch)
    assert status == 1
    assert [each.get("yen") for each in lines] == [18039, None, 18039]
    assert lines[1]["error"]["code"] == "invalid_json"


@pytest.mark.parametrize(
    ("name", "insurer", "code", "field", "said"),
    [
        ("price", "131164", "unknown_insurer", "insurer", "保険者番号は 131169 です"),
        ("price", "131211", "unknown_insurer", "insurer", "保険者番号は 131219 です"),
        ("price", "131168", "unknown_insurer", "insurer", "検証番号が合いません"),
        ("price", "131045", "unknown_insurer", "insurer", "登録済み"),
        ("price", "東京", "unknown_insurer", "insurer", "6桁の数字"),
        ("prise", "131169", "unknown_evaluator", "name", "price"),
    ],
)
def test_a_wrong_insurer_or_name_is_an_error_on_every_line(
    name: str,
    insurer: str,
    code: str,
    field: str,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    status, lines = answers(f"{PRICE}\n[]\nno json\n".encode(), monkeypatch, name, insurer)
    assert status == 1
    assert len(lines) == 3
    assert {(each["error"]["code"], each["error"]["field"]) for each in lines[:2]} == {(code, field)}
    assert said in lines[0]["error"]["message"]
    assert said in capsys.readouterr().err


def test_a_wrong_insurer_without_any_line_is_status_2(monkeypatch: pytest.MonkeyPatch) -> None:
    assert answers(b"", monkeypatch, insurer="131164") == (2, [])


def test_one_bad_line_fails_the_run_and_the_rest_is_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    status, lines = answers(f'{PRICE}\n{{"month":"2025-01"}}\n{PRICE}\n'.encode(), monkeypatch)
    assert status == 1
    assert lines[0]["yen"] == lines[2]["yen"] == 18039
    assert set(lines[1]["error"]) == {"code", "field", "message"}
    assert lines[1]["error"]["field"] == "service"


UNREADABLE = {
    "no JSON": b"price",
    "two objects": PRICE.encode() + PRICE.encode(),
    "not UTF-8": "「".encode("cp932"),
    "a field twice": b'{"month":"2025-01","month":"2025-02","service":"A6","units":1}',
    "not a number": b'{"month":"2025-01","service":"A6","units":NaN}',
    "an endless number": b'{"month":"2025-01","service":"A6","units":' + b"9" * 5000 + b"}",
    "an endless nesting": b"[" * 200_000,
    "a list": b"[]",
    "a lone surrogate": b'{"month":"2025-01","service":"\\ud800","units":1}',
    "a lone surrogate as a name": b'{"\\ud800":1}',
    "a line beyond reason": b" " * (2 << 20) + b"{}",
}


@pytest.mark.parametrize("line", UNREADABLE.values(), ids=UNREADABLE)
def test_an_unreadable_line_is_one_error_and_the_next_line_is_answered(
    line: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    status, lines = answers(line + b"\n" + PRICE.encode() + b"\n", monkeypatch)
    assert status == 1
    assert len(lines) == 2
    assert lines[0]["error"]["message"]
    assert lines[1]["yen"] == 18039


def test_a_byte_order_mark_is_no_obstacle(monkeypatch: pytest.MonkeyPatch) -> None:
    assert answers(b"\xef\xbb\xbf" + PRICE.encode(), monkeypatch)[0] == 0


def test_the_list_has_one_line_for_each_evaluator(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("policy", "--list") == 0
    lines = capsys.readouterr().out.splitlines()
    assert [each.split()[0] for each in lines] == list(EVALUATORS)


def test_the_schema_is_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("policy", "fee", "--schema") == 0
    assert json.loads(capsys.readouterr().out)["additionalProperties"] is False


MISUSE = {
    "no name": ("policy",),
    "a name in another spelling": ("policy", "benefit_limit", "--schema"),
    "no insurer": ("policy", "fee"),
    "a day that is none": ("parameters", "--on", "2025-02-29"),
    "parameters of an unknown insurer": ("parameters", "--insurer", "131045"),
}


@pytest.mark.parametrize("arguments", MISUSE.values(), ids=MISUSE)
def test_misuse_is_explained_with_status_2(
    arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*arguments) == 2
    captured = capsys.readouterr()
    assert captured.err
    assert not captured.out


def test_a_parameter_is_shown_with_validity_source_and_mark(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("parameters", "fee_split", "--insurer", "131169", "--on", "令和7年1月1日") == 0
    shown = capsys.readouterr().out
    assert "平成27年4月1日から" in shown
    assert "【仮定】" in shown
    assert "Q35" in shown


def test_parameters_can_be_read_by_a_program(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("parameters", "addition.linkage", "--insurer", "131219", "--on", "2025-01-01", "--json") == 0
    (entry,) = map(json.loads, capsys.readouterr().out.splitlines())
    assert (entry["value"], entry["from"], entry["to"]) == (300, "2021-04-01", None)


def test_without_an_insurer_every_folder_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("parameters", "fee", "--json") == 0
    folders = {json.loads(each)["folder"] for each in capsys.readouterr().out.splitlines()}
    assert folders == {"national", "adachi"}


def test_a_value_that_was_never_published_says_from_when_there_is_one(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run("parameters", "addition.linkage", "--insurer", "131169", "--on", "2021-03-31") == 1
    assert "令和3年4月1日から" in capsys.readouterr().err
    assert run("parameters", "nothing.of.the.kind") == 2


class Endless(io.RawIOBase):
    """Many lines that are nowhere kept as a whole."""

    def __init__(self, line: bytes, count: int) -> None:
        self._line, self._left, self._rest = line + b"\n", count, b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if not self._rest and self._left:
            self._left, self._rest = self._left - 1, self._line
        given = self._rest[: len(buffer)]
        self._rest = self._rest[len(given) :]
        buffer[: len(given)] = given
        return len(given)


class Counting(io.BytesIO):
    """Counts lines and forgets them."""

    lines = 0

    def write(self, data: Any, /) -> int:
        self.lines += bytes(data).count(b"\n")
        return len(data)


def peak_of(count: int) -> int:
    """Bytes that answering so many lines needs at most beyond what was there before."""
    known = parameters("131219")
    asked = b'{"kind":"care_management_claim","month":"2017-10","brought_at":"2017-10-10T12:01"}'
    source, target = io.BufferedReader(Endless(asked, count)), Counting()
    tracemalloc.start()
    try:
        status = policy_command.answer_lines(
            source, target, lambda raw: EVALUATORS["deadline"].evaluate(raw, known)
        )
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert (status, target.lines) == (0, count)
    return peak


def test_many_lines_are_answered_in_the_memory_of_a_few() -> None:
    peak_of(100)  # what is read once and kept, such as holidays
    assert peak_of(2_000) < 512 * 1024, "two thousand answers kept would be some megabytes"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("frequenz", "frequency"),
        ("promptly", "notification.promptly_open_days"),
        ("会議", "名前の先頭: addition、"),
    ],
)
def test_a_parameter_that_nobody_has_is_answered_with_the_names_there_are(
    name: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("parameters", name, "--insurer", "131219") == 2
    told = capsys.readouterr().err
    assert f"「{name}」というパラメータはありません" in told
    assert said in told


def test_a_known_parameter_without_a_value_on_the_day_is_not_called_unknown(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run("parameters", "frequency", "--insurer", "131219", "--on", "H28.9.30") == 1
    assert "該当するパラメータの値はありません" in capsys.readouterr().err


def test_full_width_insurer_numbers_are_read(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("parameters", "frequency", "--insurer", "１３１２１９") == 0
    assert "adachi" in capsys.readouterr().out


@pytest.mark.parametrize("text", ["2025-01-04", "令和7年1月4日", "R7.1.4", "20250104", "2025/1/4"])
def test_a_day_of_the_command_line_is_read_as_people_write_it(text: str) -> None:
    assert day(text) == date(2025, 1, 4)
    assert moment(text) == end_of_day(date(2025, 1, 4))


@pytest.mark.parametrize("text", ["2025-01", "令和7年1月", "R7.1", "202501"])
def test_a_month_of_the_command_line_is_read_as_people_write_it(text: str) -> None:
    assert month(text) == Month(2025, 1)


def test_a_moment_with_its_time_stays_one() -> None:
    assert moment("2025-01-04T09:00") == datetime(2025, 1, 4, 9, tzinfo=TOKYO)
    with pytest.raises(argparse.ArgumentTypeError):
        moment("2025-01-04T99:00")


def test_a_day_before_all_values_says_since_when_there_are_some(capsys: pytest.CaptureFixture[str]) -> None:
    """The insurer left out; the beginning of names; no name at all."""
    assert run("parameters", "cards.colours", "--on", "2010-01-01") == 1
    told = capsys.readouterr().err
    assert "平成22年1月1日に該当するパラメータの値はありません" in told
    assert "cards.colours（adachi）　平成28年10月1日から" in told
    assert run("parameters", "frequency", "--insurer", "131219", "--on", "2010-01-01") == 1
    told = capsys.readouterr().err
    assert "frequency.every_week（adachi）　平成28年10月1日から" in told
    assert run("parameters", "--on", "1950-01-01") == 1
    assert "いちばん早い値は" in capsys.readouterr().err
