"""``./renkei rules``: every rule, the code that implements it and the tests that hold it."""

import argparse
import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from deploy.cli.rule_mentions import Evidence, Mentions, evidence, scan, unknown
from shared.policy.full_width import normalise
from shared.policy.rules import KINDS, catalogue, id_of, written

DESCRIPTION: Final = """\
規則と、資料にない点の決定ごとに、出典、実装しているコードの場所、確かめている試験を表示します。コードと試験は読み込まずに、
規則の番号を文字として探します。最後に件数を表示します。

例:
  ./renkei rules
  ./renkei rules T-16            その行と、行のすべての欄（T-16D など）
  ./renkei rules A-Q30 A-Q38a    いくつでも並べられます
  ./renkei rules 決定28          資料にない点の決定（decision 28 とも書けます）
  ./renkei rules T-07N --json    1行1件の JSON

「実装済み」はコードと試験がそろった規則、「一部」は足りないもののある規則、「これから」は手をつけていない規則です。
終了ステータス: 0 成功、1 実装済みとある規則にコードか試験がない・一覧にない番号が使われている、
2 その番号の規則はない・使い方の誤り"""

_TYPED: Final = re.compile(r"(?:decision|決定)\s*\d+|[^\s,、]+", re.IGNORECASE)
_LACKING: Final = {"code": "コード", "test": "試験"}


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command to ``argparse``."""
    parser = subparsers.add_parser(
        "rules",
        help="規則と、そのコード・試験を表示する",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("id", nargs="*", metavar="ID", help="規則または決定の番号（例 T-16、A-Q50、決定28）")
    parser.add_argument("--json", action="store_true", help="1行1件の JSON で出力する")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Run the command; returns its exit status."""
    rules, mentions = catalogue(), scan()
    found = evidence(rules, mentions)
    wanted = _wanted(arguments.id)
    absent = [each for each in wanted if not any(_named(each, one.rule.id) for one in found)]
    if absent:
        print(
            f"規則 {'、'.join(map(written, absent))} はありません。番号を確かめてください（一覧は ./renkei rules）。",
            file=sys.stderr,
        )
        return 2
    chosen = [one for one in found if not wanted or any(_named(each, one.rule.id) for each in wanted)]
    for one in chosen:
        print(_as_json(one) if arguments.json else "\n".join(_as_text(one)))
    if not wanted:
        print(json.dumps({"totals": _totals(found)}) if arguments.json else "\n".join(_totals_text(found)))
    problems = list(_problems(chosen, mentions))
    if not wanted:
        problems += [f"一覧にない番号が使われています: {each}" for each in unknown(rules, mentions)]
    for problem in problems:
        print(problem, file=sys.stderr)
    if not mentions.tests_present:
        print("この環境には試験のファイルがないため、試験は表示していません。", file=sys.stderr)
    return 1 if problems else 0


def _wanted(words: Sequence[str]) -> list[str]:
    """The ids that somebody typed: several in a row, full width, and ``decision 28`` also as two words."""
    return [id_of(each) for each in _TYPED.findall(normalise(" ".join(words)))]


def _named(wanted: str, rule_id: str) -> bool:
    """Whether it is the rule or a part of it: T-16 names T-16 and T-16D."""
    return re.fullmatch(re.escape(wanted) + "[A-Za-z]?", rule_id, re.IGNORECASE) is not None


def _state(found: Evidence) -> str:
    if found.rule.held:
        return "実装済み"
    return "一部" if found.begun else "これから"


def _as_text(found: Evidence) -> Iterator[str]:
    rule = found.rule
    yield f"{written(rule.id)}【{_state(found)}】{rule.title}"
    yield f"  {rule.english}"
    yield f"  種類  {'・'.join(KINDS[each] for each in rule.kind)}"
    yield f"  出典  {rule.source.document} {rule.source.passage}"
    yield from _listed("実装", found.code)
    yield from _listed("試験", found.tests)
    if rule.untestable:
        yield f"  試験できない理由  {rule.untestable}"
    if rule.reason:
        yield f"  残り  {rule.reason}"


def _listed(title: str, places: Sequence[str]) -> Iterator[str]:
    for index, place in enumerate(places):
        yield f"  {'    ' if index else title}  {place}"


def _as_json(found: Evidence) -> str:
    rule = found.rule
    shown: dict[str, Any] = {
        "id": rule.id,
        "title": rule.title,
        "english": rule.english,
        "source": {"document": rule.source.document, "passage": rule.source.passage},
        "kind": rule.kind,
        "status": rule.status,
        "begun": found.begun,
        "reason": rule.reason or None,
        "untestable": rule.untestable or None,
        "code": found.code,
        "tests": found.tests,
    }
    return json.dumps(shown, ensure_ascii=False)


def _totals(found: Sequence[Evidence]) -> Mapping[str, Mapping[str, int]]:
    """Document → how many rules it has, and how many of them are held, begun, and not begun."""
    totals = {}
    for document in dict.fromkeys(each.rule.source.document for each in found):
        its = [each for each in found if each.rule.source.document == document]
        held, begun = sum(each.rule.held for each in its), sum(each.begun for each in its)
        totals[document] = {
            "rules": len(its),
            "held": held,
            "begun": begun,
            "not_begun": len(its) - held - begun,
        }
    return totals


def _totals_text(found: Sequence[Evidence]) -> Iterator[str]:
    for document, its in _totals(found).items():
        yield (
            f"{document}: {its['rules']}件（実装済み {its['held']}、一部 {its['begun']}、これから {its['not_begun']}）"
        )


def _problems(chosen: Sequence[Evidence], mentions: Mentions) -> Iterator[str]:
    for each in chosen:
        lacking = [name for name in each.lacking if name == "code" or mentions.tests_present]
        if lacking:
            named = "と".join(_LACKING[name] for name in lacking)
            yield f"{written(each.rule.id)} は実装済みとありますが、番号を名指しする{named}がありません。"
