"""``./renkei parameters``: which value holds when, and where it comes from."""

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from datetime import date
from difflib import get_close_matches
from typing import Final

from shared.policy.dates import DateError, day_text, parse_date
from shared.policy.insurer_asked import insurer_asked
from shared.policy.parameter_files import plain, read_entries
from shared.policy.parameters import FOLDER, Entry, ParameterError, parameters

DESCRIPTION: Final = """\
日付のあるパラメータ（単位数・単価・期限など）の値・有効期間・出典を表示します。
資料に定めがなく、こちらで決めた値には「仮定」と表示します。

例:
  ./renkei parameters
  ./renkei parameters fee --insurer 131169 --on 2025-01-01
  ./renkei parameters addition.linkage --insurer 131219 --on 令和7年1月1日 --json

終了ステータス: 0 成功、1 その日に有効な値がない、2 その名前のパラメータはない・使い方の誤り"""


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command to ``argparse``."""
    parser = subparsers.add_parser(
        "parameters",
        help="パラメータの値・有効期間・出典を表示する",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("name", nargs="?", metavar="NAME", help="名前、またはその先頭（例 fee）")
    parser.add_argument("--insurer", metavar="CODE", help="保険者番号6桁（省略時は全国と全区）")
    parser.add_argument("--on", metavar="DATE", help="この日に有効な値だけ（例 2025-01-01、令和7年1月1日）")
    parser.add_argument("--json", action="store_true", help="1行1件の JSON で出力する")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Run the command; returns its exit status."""
    try:
        day = parse_date(args.on) if args.on else None
        insurer = insurer_asked(args.insurer).insurer.number if args.insurer else None
        entries = list(_chosen(args.name, insurer, day))
        missing = "" if entries else _missing(args.name, insurer, day)
    except DateError as problem:
        print(problem, file=sys.stderr)
        return 2
    except ParameterError as problem:
        print(problem.message, file=sys.stderr)
        return 2 if problem.code == "unknown_insurer" else 1
    if not entries:
        print(missing, file=sys.stderr)
        return 2 if _unheard(args.name, insurer) else 1
    print("\n".join(_as_json_lines(entries) if args.json else _as_text(entries)))
    return 0


def _unheard(name: str | None, insurer: str | None) -> bool:
    """Whether nobody has ever given that name a value."""
    return name is not None and next(_chosen(name, insurer, None), None) is None


def _missing(name: str | None, insurer: str | None, day: date | None) -> str:
    """What to say where no value was found: since when there are some, or that there is no such name."""
    existing = list(_chosen(name, insurer, None))
    if name and not existing:
        return _unknown(name, sorted({each.name for each in _entries(None, insurer, None)}))
    said = f"{f'{day_text(day)}に' if day else ''}該当するパラメータの値はありません。"
    if not name:
        first = min((each.valid_from for each in existing), default=None)
        return f"{said}いちばん早い値は{day_text(first)}からです。" if first else said
    periods: dict[str, list[str]] = {}
    for each in existing:
        periods.setdefault(f"{each.name}（{each.folder}）", []).append(each.period_text())
    return "\n".join([f"{said}登録済み:", *(f"  {of}　{'、'.join(its)}" for of, its in periods.items())])


def _unknown(name: str, known: list[str]) -> str:
    """What to say of a name that nobody has given a value, on any day: the nearest names, or the beginnings of all."""
    beginnings = list(dict.fromkeys(each.partition(".")[0] for each in known))
    near = [each for each in known if name.lower() in each] or get_close_matches(
        name, [*beginnings, *known], 5, 0.5
    )
    said = f"近い名前: {'、'.join(near)}" if near else f"名前の先頭: {'、'.join(beginnings)}"
    return f"「{name}」というパラメータはありません。{said}（一覧は ./renkei parameters）"


def _chosen(name: str | None, insurer: str | None, day: date | None) -> Iterator[Entry]:
    for each in _entries(name, insurer, day):
        if name is None or each.name == name or each.name.startswith(f"{name}."):
            yield each


def _entries(wanted: str | None, insurer: str | None, day: date | None) -> Iterator[Entry]:
    if insurer is None:
        everywhere = (each for folder in sorted(FOLDER.glob("*/")) for each in read_entries(folder).values())
        yield from (each for values in everywhere for each in values if day is None or each.covers(day))
        return
    known = parameters(insurer)
    if wanted is not None and day is not None and wanted in known.names:
        yield known.entry(wanted, day)  # says from when values exist, if none does on that day
        return
    for name in known.names:
        if day is None:
            yield from known.history(name)
        elif (found := known.find(name, day)) is not None:
            yield found


def _as_json_lines(entries: Iterable[Entry]) -> Iterator[str]:
    return (json.dumps(each.as_json(), ensure_ascii=False) for each in entries)


def _as_text(entries: Iterable[Entry]) -> Iterator[str]:
    shown = None
    for each in entries:
        if shown != (each.name, each.folder):
            shown = (each.name, each.folder)
            yield f"{each.name}（{each.folder}） {each.unit}"
        value = plain(each.value)
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        mark = "【仮定】" if each.assumed else ""
        yield f"  {each.period_text()}　{mark}{each.title}: {text}"
        yield f"  {'':<22} 出典 {each.source.document} {each.source.passage}"
        if each.note:
            yield f"  {'':<22} 注 {each.note}"
