"""``./renkei policy``: ask a rule, one JSON object a line in, one a line out."""

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO, Final, NoReturn

from shared.policy.errors import PolicyError
from shared.policy.evaluators import EVALUATORS, asked, evaluator

DESCRIPTION: Final = """\
判定・計算の規則に、1行1件の JSON で問い合わせます。入力1行ごとに結果を1行の JSON で出力します。

例:
  ./renkei policy --list
  ./renkei policy fee --schema
  echo '{"month":"2025-01","service":"A6","units":1655}' | ./renkei policy price --insurer 131169

規則の名前や保険者番号が違うときも、入力1行ごとにエラーを1行の JSON で出力します。

終了ステータス: 0 すべて成功、1 エラーの行あり、2 使い方の誤り"""

LONGEST_LINE: Final = 1 << 20
"""Bytes of one input line; longer ones are errors, so memory stays constant whatever comes in."""

Ask = Callable[[object], dict[str, Any]]


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command to ``argparse``."""
    parser = subparsers.add_parser(
        "policy",
        help="規則に問い合わせる（JSON Lines）",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("name", nargs="?", metavar="NAME", help="規則の名前（--list で一覧）")
    parser.add_argument("--insurer", metavar="CODE", help="保険者番号6桁（例 131169）")
    parser.add_argument("--list", action="store_true", help="規則の一覧を表示する")
    parser.add_argument("--schema", action="store_true", help="入力の JSON Schema を表示する")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Run the command; returns its exit status."""
    if args.list:
        width = max(map(len, EVALUATORS))
        print("\n".join(f"{each.name:<{width}}  {each.title}" for each in EVALUATORS.values()))
        return 0
    if args.name is None:
        return _misused("規則の名前を指定してください。一覧は ./renkei policy --list で表示できます。")
    if args.schema:
        return _schema(args.name)
    if args.insurer is None:
        return _misused("--insurer に保険者番号を指定してください（例 --insurer 131169）。")
    try:
        ask = asked(args.name, args.insurer)
    except PolicyError as problem:
        return _refused_lines(problem)
    return answer_lines(sys.stdin.buffer, sys.stdout.buffer, ask)


def _schema(name: str) -> int:
    try:
        schema = evaluator(name).json_schema()
    except PolicyError as problem:
        return _misused(problem.message)
    print(json.dumps(schema, ensure_ascii=False, indent=2))
    return 0


def _refused_lines(problem: PolicyError) -> int:
    """Answer every line by the error that they share, which also goes to who sits at the terminal."""

    def refuse(_: object) -> NoReturn:
        raise problem

    print(problem.message, file=sys.stderr, flush=True)
    return answer_lines(sys.stdin.buffer, sys.stdout.buffer, refuse) or 2


def answer_lines(source: BinaryIO, target: BinaryIO, ask: Ask) -> int:
    """Answer each line of ``source`` by one line of ``target``; returns 1 if any was an error, else 0.

    A blank line is an error too, so that the nth answer always belongs to the nth line. Every answer is flushed, so
    that another program can converse with this one.
    """
    failed = 0
    for line in _lines(source):
        answer = _answer(line, ask)
        failed |= "error" in answer
        # A lone surrogate in the input may come back in a message; it has no UTF-8 form.
        target.write(json.dumps(answer, ensure_ascii=False).encode("utf-8", "replace") + b"\n")
        target.flush()
    return int(failed)


def _lines(source: BinaryIO) -> Iterator[bytes | None]:
    """Each line; ``None`` for one that is too long, whose rest is read and dropped."""
    while line := source.readline(LONGEST_LINE):
        if len(line) < LONGEST_LINE or line.endswith(b"\n"):
            yield line
            continue
        while (rest := source.readline(LONGEST_LINE)) and not rest.endswith(b"\n"):
            pass
        yield None


def _answer(line: bytes | None, ask: Ask) -> dict[str, Any]:
    try:
        return ask(_parsed(line))
    except PolicyError as problem:
        return {"error": problem.as_json()}


def _parsed(line: bytes | None) -> object:
    if line is None:
        raise PolicyError("invalid_json", None, f"1行が長すぎます（{LONGEST_LINE} バイトまで）。")
    try:
        return json.loads(line.decode("utf-8-sig"), object_pairs_hook=_once, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as problem:
        if isinstance(problem, PolicyError):
            raise
        raise PolicyError(
            "invalid_json", None, "JSON として読めません。1行に1件を UTF-8 で入力してください。"
        ) from problem


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    read: dict[str, Any] = {}
    for name, value in pairs:
        if name in read:
            raise PolicyError("invalid_json", name, "同じ項目が二度あります。一つにしてください。")
        read[name] = value
    return read


def _refuse_constant(name: str) -> NoReturn:
    raise PolicyError("invalid_json", None, f"{name} は JSON の値ではありません。")


def _misused(message: str) -> int:
    print(message, file=sys.stderr)
    return 2
