"""``./renkei claim``: a service month's claims: what each figure comes from, what blocks, and files checked."""

import argparse
import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Final
from uuid import UUID

from deploy.cli.at_node import case_of, month, node_of
from deploy.cli.printing import names_of
from deploy.cli.progress import along
from deploy.local.errors import CannotRun
from services.billing.books import NodeBooks
from services.billing.checking import problems_at_insurers
from services.billing.formats.layout import Unreadable
from services.billing.formats.reading import read_claim_file
from services.billing.people import Person, case_ids, people
from services.billing.results import take_in_results
from services.billing.results_file import SLIP_RETURNED
from services.billing.worksheet import STATES, Worksheet, concerned, worksheet
from shared.care.csv_file import FaultyFile
from shared.console.wareki import wareki_month
from shared.node.errors import Refused
from shared.node.node import Node
from shared.policy.dates import Month, month_text
from shared.policy.rules import written
from shared.policy.unreadable import why

DESCRIPTION: Final = """\
サービス提供月の請求を、一人ずつ示します。請求できないものは、理由・根拠の規則・することを示します。
--explain を付けると、各数字の求め方と、使ったパラメータの出典も示します。閲覧は閲覧記録に残ります。
--close は、実績が届いている人の給付管理票と請求案をまとめて作成します。
--check は請求データのファイル（給付管理票、介護予防支援費、介護予防ケアマネジメント費、区への媒体）を確かめます。
ほかのソフトが書いたファイルも読みます。誤りは、行・レコード・項目・値・あるべき値を示します。
--results は審査の結果（返戻・決定）のファイルを読み、すべての行を一度に記録します。誤りがあれば何も記録しません。
国保連の返戻一覧表（7411）と支払決定額内訳書（7521・7551）、または見出しのあるCSVを読みます。内訳書は、
提出して返戻になっていない請求の件数・単位数・額と同じときだけ、請求のとおりの決定として記録します。
CSVの見出しは 結果（返戻／決定）、事業所番号、被保険者番号、サービス提供年月、通知日、単位数、決定額、返戻の理由、備考。

例:
  ./renkei claim --service-month 2024-10 --explain --node billing
  ./renkei claim --service-month 2025-01 --node billing --case 600c --json
  ./renkei claim --service-month 2025-01 --node billing --close
  ./renkei claim --check K202411.CSV
  ./renkei claim --results 審査結果.csv --node billing --try

終了ステータス: 0 請求できないものも誤りも注意もない、1 ある、2 使い方の誤り"""

_AT_ONCE: Final = 100
"""Persons whose month is closed in one act."""
_LARGEST: Final = 100 << 20
"""Bytes of a file that is read."""


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command to ``argparse``."""
    parser = subparsers.add_parser(
        "claim", description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    asked = parser.add_mutually_exclusive_group(required=True)
    asked.add_argument(
        "--service-month", type=month, metavar="MONTH", help="サービス提供月（2024-10、令和6年10月）"
    )
    asked.add_argument("--results", type=Path, metavar="FILE", help="返戻・決定を記録するファイル（CSV）")
    asked.add_argument("--check", type=Path, metavar="FILE", help="確かめる請求データのファイル")
    parser.add_argument(
        "--node", metavar="N", help="請求のノードの名前（デモの billing）、または設定ファイルのパス"
    )
    parser.add_argument("--case", metavar="ID", help="一つのケースだけ（番号、またはその先頭）")
    parser.add_argument(
        "--close",
        action="store_true",
        help="この月の請求案と給付管理票をまとめて作成する（--service-month と）",
    )
    parser.add_argument("--explain", action="store_true", help="各数字の求め方と出典を示す")
    parser.add_argument(
        "--try", dest="only_try", action="store_true", help="--results を確かめるだけで記録しない"
    )
    parser.add_argument("--json", action="store_true", help="JSON で出力する")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Run the command; returns its exit status."""
    if arguments.check is not None:
        return _check(arguments.check)
    if arguments.node is None:
        raise CannotRun("--node で請求のノードを指定してください（デモでは --node billing）")
    with node_of(arguments.node) as node:
        if node.service.role != "billing":
            raise CannotRun(f"{arguments.node} は請求のノードではありません。請求のノードを指定してください")
        if arguments.results is not None:
            return _results(node, _content(arguments.results), arguments.only_try)
        wanted = [case_of(node, arguments.case)] if arguments.case else case_ids(node)
        if arguments.close:
            return _close(node, wanted, arguments.service_month)
        return _sheets(node, wanted, arguments)


def _close(node: Node, wanted: list[UUID], of: Month) -> int:
    """Close the month of these persons, some at a time: a fact that arrives meanwhile makes few of them wait."""
    reported = set(NodeBooks(node).reported(of))
    cases = [each for each in wanted if each in reported]
    at_once = [cases[begun : begun + _AT_ONCE] for begun in range(0, len(cases), _AT_ONCE)]
    made, advice = dict[str, int](), list[tuple[str, str]]()
    for some in along(f"{month_text(of)}の締め", at_once, len):
        fields = {"service_month": str(of), "cases": [str(each) for each in some]}
        try:
            result = node.handle(node.parse("CloseMonth", fields, actor="command-line"))
        except Refused as refused:
            if refused.code != "nothing_to_draft":
                raise
            continue
        for each in result.events:
            made[each["type"]] = made.get(each["type"], 0) + 1
        advice += [(each.rule, each.message) for each in result.advice[1:]]
    for rule, message in advice:
        print(f"！注意［{rule}］{message}")
    print(
        f"{wareki_month(str(of))}提供分　実績が届いている人 {len(cases)}人　"
        f"請求案 {made.get('ClaimDrafted', 0)}件　給付管理票 {made.get('BenefitSlipPrepared', 0)}件を作成しました"
    )
    return 1 if advice else 0


def _sheets(node: Node, wanted: list[UUID], arguments: argparse.Namespace) -> int:
    month: Month = arguments.service_month
    node.access.record("command-line", None, "claims", f"{month_text(month)}分の請求（コマンド）")
    sheets = list(_of_month(node, wanted, month))
    shown = [each.case_id for each in sheets]
    node.access.record_each("command-line", shown, "claims", f"{month_text(month)}分の請求（コマンド）")
    persons = people(node, shown)
    if arguments.json:
        told = [_json(each, persons[each.case_id]) for each in sheets]
        print(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        print("\n".join(_text(node, sheets, persons, month, arguments.explain)))
    return 1 if any(each.blockers for each in sheets) else 0


def _of_month(node: Node, wanted: list[UUID], month: Month) -> Iterator[Worksheet]:
    for case_id in along("請求の根拠", wanted):
        situation = node.situation(case_id)
        if concerned(situation, month):
            yield worksheet(situation, month)


def _json(sheet: Worksheet, person: Person) -> dict[str, object]:
    found = sheet.assessment
    return {
        "case": str(sheet.case_id),
        "person": person.name,
        "service_month": str(sheet.month),
        "state": sheet.state,
        "claimant": sheet.claimant,
        "yen": found.amount.yen if found else None,
        "figures": [asdict(each) for each in sheet.figures],
        "blockers": [asdict(each) for each in sheet.blockers],
        "notes": [asdict(each) for each in sheet.notes],
    }


def _text(
    node: Node, sheets: list[Worksheet], persons: dict[UUID, Person], month: Month, explain: bool
) -> Iterator[str]:
    names = names_of(node)
    yield f"{wareki_month(str(month))}提供分の請求"
    for sheet in sheets:
        found = sheet.assessment
        person = persons[sheet.case_id].name or "（氏名を読めません）"
        who = names.get(sheet.claimant or "", sheet.claimant or "―")
        amount = f"{found.amount.units:,}単位 {found.amount.yen:,}円" if found else ""
        yield f"\n■ {person}（{str(sheet.case_id)[:8]}）　{STATES[sheet.state]}　{who}　{amount}".rstrip()
        if explain:
            for figure in sheet.figures:
                by = "・".join(map(written, figure.rules))
                yield f"  {figure.title}: {figure.value}　← {figure.derivation}［{by}］"
                yield from (f"      出典: {source}" for source in figure.sources)
        for mark, listed in (("✗ 請求できません", sheet.blockers), ("！注意", sheet.notes)):
            for each in listed:
                yield f"  {mark}［{written(each.rule)}］{each.text}。"
                yield f"      すること: {each.todo}"
    total = sum(each.assessment.amount.yen for each in sheets if each.assessment and not each.blockers)
    blocked = sum(1 for each in sheets if each.blockers)
    yield f"\n{len(sheets)}人　請求できる {len(sheets) - blocked}人 {total:,}円　請求できない {blocked}人"


def _results(node: Node, content: bytes, only_try: bool) -> int:
    node.access.record("command-line", None, "claims", "審査の結果のファイル（コマンド）")
    try:
        taken = take_in_results(node, content, "command-line", try_only=only_try)
    except FaultyFile as faulty:
        print("\n".join(each.text for each in faulty.problems))
        print(f"{len(faulty.problems)}件の誤りがあります。このファイルからは何も記録しません。")
        return 1
    cases = [each.case_id for each in taken.results]
    node.access.record_each("command-line", cases, "claims", "審査の結果のファイル（コマンド）")
    persons = people(node, cases)
    for each in taken.results:
        name = persons[each.case_id].name or "（氏名を読めません）"
        said = {"returned": "返戻", SLIP_RETURNED: "給付管理票の返戻"}.get(each.line.kind, "決定")
        print(f"{month_text(each.line.service_month)} {name}　{said}{'（記録済み）' if each.known else ''}")
    for passed in taken.passed_over:
        print(f"{passed.line}行目　{passed.why}")
    new = sum(1 for each in taken.results if not each.known)
    print(f"{len(taken.results)}件のうち {new}件を{'記録できます' if only_try else '記録しました'}。")
    return 0


def _content(path: Path) -> bytes:
    """:raises CannotRun: it can't be read, or is too large."""
    try:
        if path.stat().st_size > _LARGEST:
            raise CannotRun(f"{path} は大きすぎます（{_LARGEST >> 20} MB まで）")
        return path.read_bytes()
    except OSError as problem:
        raise CannotRun(f"{path} を読めません: {why(problem)}") from problem


def _check(path: Path) -> int:
    content = _content(path)
    try:
        found = read_claim_file(content)
    except Unreadable as unreadable:
        print("\n".join(each.text for each in unreadable.problems))
        print(f"{len(unreadable.problems)}件の誤りがあります。このファイルからは何も取り込みません。")
        return 1
    wrong = list(problems_at_insurers(found))
    if wrong:
        print("\n".join(each.text for each in wrong))
        return 1
    print(f"{found.title}　{len(found.entries)}件　処理対象年月 {month_text(found.header.examination_month)}")
    months = sorted({each.service_month for each in found.entries})
    print(f"サービス提供年月 {'、'.join(map(month_text, months))}　誤りはありません")
    return 0
