"""``./renkei submit``: the files of a claimant's examination month, and the record of their submission."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Final
from uuid import UUID

from contracts.claim_codes import ROUTES, SUBMISSION_MEANS, SUBMITTED_KINDS
from deploy.cli.at_node import month, node_of
from deploy.cli.progress import along
from deploy.local.errors import CannotRun
from services.billing.books import NodeBooks
from services.billing.filing import Bundle, File, bundle
from services.billing.keeping import OtherContent, keep
from services.billing.past import CannotRestore, files_again
from services.billing.people import people
from shared.node.errors import InvalidFields, Refused
from shared.node.node import Node
from shared.policy.dates import Month, day_text, month_text

DESCRIPTION: Final = """\
請求する事業所が確認した請求と給付管理票のファイルを、様式ごとに作ります。入れられないものは、人・月・理由・
することを示して外します。ファイルは DIR の下の、請求する事業所の番号のフォルダに、本人だけが読めるように置きます
（別の内容のファイルは上書きしません）。
--record を付けると、提出を記録します（区への提出は、このとき初めて区に届きます）。
--again は、前に提出したファイルを同じ内容で作り直します（ハッシュ値で確かめます）。閲覧は閲覧記録に残ります。

例:
  ./renkei submit --claimant 1371600014 --route federation --examination-month 2024-11 --out 提出 --node billing
  ./renkei submit --claimant 1301600019 --route ward --examination-month 2025-02 --out 提出 --node billing \\
      --record --means courier --contents medium receipt_slip
  ./renkei submit --again 3f0c… --out 提出 --node billing

終了ステータス: 0 すべて入った、1 入れられないものがある、または提出できない、2 使い方の誤り"""


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command to ``argparse``."""
    parser = subparsers.add_parser(
        "submit", description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--node", required=True, metavar="N", help="請求のノードの名前、または設定ファイルのパス"
    )
    parser.add_argument(
        "--out", required=True, type=Path, metavar="DIR", help="ファイルを置くフォルダ（事業所ごとに分ける）"
    )
    parser.add_argument("--claimant", metavar="NUMBER", help="請求する事業所の番号")
    parser.add_argument("--route", choices=ROUTES, help="federation: 国保連 ／ ward: 区")
    parser.add_argument("--examination-month", type=month, metavar="MONTH", help="審査月（2024-11）")
    parser.add_argument(
        "--insurer", metavar="NUMBER", help="区への提出で、利用者の保険者がいくつかあるときの保険者の番号"
    )
    parser.add_argument("--again", metavar="ID", help="前の提出の番号")
    parser.add_argument("--record", action="store_true", help="提出を記録する")
    parser.add_argument("--means", choices=SUBMISSION_MEANS, default="transmission", help="提出の方法")
    parser.add_argument("--contents", nargs="*", default=[], help="同封したもの（medium receipt_slip）")
    parser.add_argument("--brought-at", metavar="MOMENT", help="持参した日時（2024-11-09T10:00:00+09:00）")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Run the command; returns its exit status."""
    with billing_node(arguments.node) as node:
        if arguments.again:
            return _again(node, arguments.again, arguments.out)
        if None in (arguments.claimant, arguments.route, arguments.examination_month):
            raise CannotRun("--claimant、--route、--examination-month を指定してください")
        return _submit(node, arguments)


@contextmanager
def billing_node(name: str) -> Iterator[Node]:
    """The billing node named on the command line.

    :raises CannotRun: it is another role's.
    """
    with node_of(name) as node:
        if node.service.role != "billing":
            raise CannotRun(f"{name} は請求のノードではありません。請求のノードを指定してください")
        yield node


def _submit(node: Node, arguments: argparse.Namespace) -> int:
    examined: Month = arguments.examination_month
    listed = {each.agency for each in node.situation().agency.listings.values()}
    if arguments.claimant not in listed:
        raise CannotRun(
            f"事業所 {arguments.claimant} は名簿にありません。--claimant の番号を確かめてください"
        )
    node.access.record(
        "command-line", None, "claims", f"{month_text(examined)}審査分の請求データ（コマンド）"
    )
    made = bundle(
        NodeBooks(node),
        arguments.claimant,
        arguments.route,
        examined,
        insurer=arguments.insurer,
        along=partial(along, "請求データ"),
    )
    seen = [each["case"] for each in made.lines] + [each.case_id for each in made.left_out]
    node.access.record_each(
        "command-line", seen, "claims", f"{month_text(examined)}審査分の請求データ（コマンド）"
    )
    ward = _ward_of(node, arguments.route, made)
    _write(arguments.out, arguments.claimant, ward, made.files)
    print("\n".join([*_told(node, made), *_earlier(node, arguments.claimant, examined)]))
    if not arguments.record:
        return 1 if made.left_out else 0
    fields = {
        "claimant": arguments.claimant,
        "route": arguments.route,
        "examination_month": str(examined),
        "insurer": ward,
        "means": arguments.means,
        "contents": arguments.contents,
        "brought_at": arguments.brought_at,
        "lines": [{**each, "case": str(each["case"])} for each in made.lines],
        "files": [each.row() for each in made.files],
    }
    try:
        result = node.handle(node.parse("SubmitClaims", fields, actor="command-line"))
    except Refused as refused:
        print(f"✗ 提出できません［{refused.rule}］{refused.message}。\n    すること: {refused.todo}")
        return 1
    except InvalidFields as problem:
        raise CannotRun(str(problem)) from problem
    for each in result.advice:
        print(f"！注意［{each.rule}］{each.message}")
    print("提出を記録しました。関係する事業所に届きます。")
    return 1 if made.left_out else 0


def _again(node: Node, submission_id: str, out: Path) -> int:
    node.access.record("command-line", None, "claims", "提出した請求データ（コマンド）")
    try:
        submission, files = files_again(node, submission_id)
    except CannotRestore as problem:
        print(problem)
        return 1
    cases = [UUID(each.case) for each in submission.lines]
    node.access.record_each("command-line", cases, "claims", "提出した請求データ（コマンド）")
    _write(out, submission.claimant, submission.insurer if submission.route == "ward" else None, files)
    print(f"{day_text(submission.submitted_on)}に提出したファイルと同じものを作りました。")
    print("\n".join(_files(files)))
    return 0


def _ward_of(node: Node, route: str, made: Bundle) -> str | None:
    """The ward that a medium goes to; None for the federation, and where nothing goes in.

    :raises CannotRun: it would hold persons of two insurers (A-Q33).
    """
    if route != "ward":
        return None
    insurers = sorted({node.situation(each["case"]).case.insurer for each in made.lines})
    if len(insurers) > 1:
        named = "、".join(insurers)
        raise CannotRun(f"保険者が {len(insurers)}つあります（{named}）。--insurer で一つを指定してください")
    return insurers[0] if insurers else None


def _write(out: Path, claimant: str, ward: str | None, files: tuple[File, ...]) -> None:
    """Put the files where they belong; without any nothing is made.

    :raises CannotRun: other bytes are where a file should be put.
    """
    if not files:
        return
    try:
        keep(out, claimant, ward, files)
    except OtherContent as problem:
        raise CannotRun(f"{problem}（--out）") from problem


def _told(node: Node, made: Bundle) -> Iterator[str]:
    yield from _files(made.files)
    kinds = {kind: sum(1 for each in made.lines if each["kind"] == kind) for kind in SUBMITTED_KINDS}
    yield "　".join(f"{SUBMITTED_KINDS[kind]} {number}件" for kind, number in kinds.items())
    names = people(node, list({each.case_id for each in made.left_out}))
    for each in made.left_out:
        name = names[each.case_id].name or "（氏名を読めません）"
        what = f"{name}（{str(each.case_id)[:8]}）{month_text(each.month)}の{SUBMITTED_KINDS[each.kind]}"
        yield f"✗ {what}［{each.why.rule}］{each.why.text}"
        yield f"    すること: {each.why.todo}"


def _earlier(node: Node, claimant: str, examined: Month) -> Iterator[str]:
    for each in node.situation().agency.submissions.by_id.values():
        if (each.claimant, each.examination_month) == (claimant, str(examined)):
            yield f"この審査月の提出: {day_text(each.submitted_on)}　{ROUTES[each.route]}　--again {each.id}"


def _files(files: tuple[File, ...]) -> Iterator[str]:
    if not files:
        yield "入れるものがないため、ファイルもフォルダも作りませんでした。"
    for each in files:
        yield f"{each.name}　{each.format}　{each.written.records}レコード　SHA-256 {each.written.sha256[:16]}…"
        for replaced in each.written.replaced:
            yield (
                f"    ！{replaced.place} の{replaced.title}の「{replaced.character}」は書けない文字のため置き換えました"
            )
