"""``./renkei case``: how one case stands: its process matrix, or the ledger of its documents."""

import argparse
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Final
from uuid import UUID

from contracts.codes import SIGNERS
from deploy.cli.at_node import add_node, case_of, day, node_of
from deploy.cli.printing import names_of
from deploy.local.errors import CannotRun
from shared.care.ledger import LedgerRow
from shared.care.matrix import STATES, Done, Matrix, process_title
from shared.console.papers import ledger_of, matrix_of
from shared.console.wareki import wareki, wareki_month
from shared.node.errors import InvalidFields, UnknownCase
from shared.node.node import Node
from shared.node.recording import plain
from shared.policy.obligations import Obligation
from shared.policy.rules import written

DESCRIPTION: Final = """\
一つのケースの状況を、あるノードが知っているとおりに表示します。閲覧は閲覧記録に残ります。
--matrix は工程表（手順の表の帳票ごとに、済み・これから・期限超過・いまは不要・先に要るものがある）、
--documents は書類台帳（原本のありか、写しの持ち主、署名、果たした義務）です。
--as-of は、その日の終わりまでに行われたことだけで、その日の状況を示します。

例:
  ./renkei case 600c --node office --matrix
  ./renkei case 600c --node centre --matrix --json
  ./renkei case 600c --node centre --documents
  ./renkei case 600c --node office --matrix --as-of 2024-12-31

終了ステータス: 0 期限を過ぎたものはない、1 期限を過ぎたものがある、または保険者に帳票の表がない、
その日に記録がない、2 使い方の誤り"""


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command to ``argparse``."""
    parser = subparsers.add_parser(
        "case", description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("case", metavar="ID", help="ケースの番号、またはその先頭")
    add_node(parser)
    shown = parser.add_mutually_exclusive_group(required=True)
    shown.add_argument("--matrix", action="store_true", help="工程表")
    shown.add_argument("--documents", action="store_true", help="書類台帳")
    parser.add_argument("--as-of", type=day, metavar="DATE", help="この日の終わりの時点（なければ今日）")
    parser.add_argument("--json", action="store_true", help="JSON で出力する")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Run the command; returns its exit status."""
    with node_of(arguments.node) as node:
        case_id = case_of(node, arguments.case)
        what = "工程表（コマンド）" if arguments.matrix else "書類台帳（コマンド）"
        node.access.record("command-line", case_id, "case", what)
        try:
            return (
                _ledger(node, case_id, arguments)
                if arguments.documents
                else _matrix(node, case_id, arguments)
            )
        except UnknownCase as problem:
            print(problem)
            return 1
        except InvalidFields as problem:
            raise CannotRun(f"--as-of: {problem}") from problem


def _ledger(node: Node, case_id: UUID, arguments: argparse.Namespace) -> int:
    rows = ledger_of(node, case_id, arguments.as_of)
    _print(arguments, _ledger_json(rows), _ledger_text(node, rows))
    return 0


def _matrix(node: Node, case_id: UUID, arguments: argparse.Namespace) -> int:
    found, replay = matrix_of(node, case_id, arguments.as_of)
    titles = {each.id: node.titles.get(each.type, each.type) for each in replay.events}
    _print(arguments, _matrix_json(found), _matrix_text(found, titles))
    return 1 if found.overdue or not found.places else 0


def _duty(duty: Obligation) -> str:
    return f"{duty.title}［規則 {'、'.join(map(written, duty.rules))}］"


def _print(arguments: argparse.Namespace, found: object, lines: Iterator[str]) -> None:
    print(json.dumps(found, ensure_ascii=False, indent=1) if arguments.json else "\n".join(lines))


def _matrix_json(found: Matrix) -> object:
    return plain({**asdict(found), "title": found.title})


def _matrix_text(found: Matrix, titles: Mapping[UUID, str]) -> Iterator[str]:
    if not found.places:
        yield "このケースの保険者には、帳票の表がありません。"
        return
    yield f"工程表　{wareki(found.on)}現在　区分 {found.title}"
    process = ""
    for each in found.places:
        if each.process != process:
            process = each.process
            yield f"\n■ {process_title(process)}"
        star, assumed = "★" if each.starred else "", "【仮定】" if each.assumed else ""
        until = "まで" if each.state in ("due", "overdue") else ""
        day = f"　{wareki(each.on)}{until}" if each.on else ""
        event = f"　{titles[each.event]}" if each.event and each.event in titles else ""
        if each.before:
            day = f"　{_done_text(each.before, titles)}つぎは{day.strip() or 'これから'}"
        why = f"{each.reason}［規則 {written(each.rule)}］{assumed}"
        yield f"  [{STATES[each.state]}] {each.title}{star}{day}{event}　{why}"


def _done_text(done: Done, titles: Mapping[UUID, str]) -> str:
    """What is done already of a document of which something is still owed."""
    day = f" {wareki(done.on)}" if done.on else ""
    event = f" {titles[done.event]}" if done.event in titles and done.event else ""
    return f"済み{day}{event}、"


def _ledger_json(rows: list[LedgerRow]) -> object:
    def document(row: LedgerRow) -> dict[str, object]:
        return {
            **row.document._asdict(),
            "copies": [each._asdict() for each in row.document.copies],
            "attachments": [each._asdict() for each in row.document.attachments],
        }

    return plain(
        [
            {**asdict(each), "document": document(each), "fulfils": [one.row for one in each.fulfils]}
            for each in rows
        ]
    )


def _ledger_text(node: Node, rows: list[LedgerRow]) -> Iterator[str]:
    names = {**names_of(node), "person": "本人"}
    for row in rows:
        each = row.document
        of = f"{wareki_month(each.month)}分 " if each.month else ""
        version = f" 第{each.version}版" if each.version else ""
        yield f"{row.title}{'★' if row.starred else ''}　{of}{wareki(each.made_on)}{version}"
        copies = "、".join(names.get(copy.holder, copy.holder) for copy in each.copies) or "なし"
        facts = [
            f"作成 {names.get(each.author, each.author)}",
            f"原本 {names.get(each.original_at, each.original_at)}",
        ]
        facts += [f"写し {copies}"]
        facts += [f"{SIGNERS.get(each.signed_by, each.signed_by)}の署名"] if each.signed_by else []
        facts += ["同時契約"] if each.simultaneous else []
        facts += [f"果たした義務 {'、'.join(map(_duty, row.fulfils))}"] if row.fulfils else []
        yield f"    {'　'.join(facts)}"
    yield f"\n{len(rows)}件の書類"
