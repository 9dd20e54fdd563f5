"""``./renkei settle``: what a centre owes each entrusted office for an examination month, and the list to pay by."""

import argparse
from collections import defaultdict
from collections.abc import Iterator
from typing import Final
from uuid import UUID

from deploy.cli.at_node import month
from deploy.cli.commands.submit import billing_node
from deploy.cli.printing import names_of
from services.billing.people import people
from services.billing.preparing import due_of
from shared.care.submissions import Statement
from shared.node.errors import Refused
from shared.node.node import Node
from shared.policy.dates import Month, month_text

DESCRIPTION: Final = """\
委託先の居宅ごとに、審査月の委託料の明細と、支払の一覧を示します。合計は請求額と1円もちがいません。
--record を付けると、決定したものの明細書を作り、包括と居宅に届けます。閲覧は閲覧記録に残ります。

例:
  ./renkei settle --examination-month 2025-02 --node billing
  ./renkei settle --examination-month 2025-02 --node billing --record

終了ステータス: 0 できた、1 明細書を作れないものがある、2 使い方の誤り"""


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command to ``argparse``."""
    parser = subparsers.add_parser(
        "settle", description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--node", required=True, metavar="N", help="請求のノードの名前、または設定ファイルのパス"
    )
    parser.add_argument("--examination-month", required=True, type=month, metavar="MONTH", help="審査月")
    parser.add_argument("--record", action="store_true", help="明細書を作り、届ける")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Run the command; returns its exit status."""
    with billing_node(arguments.node) as node:
        failed = _record(node, arguments.examination_month) if arguments.record else 0
        _seen(node, arguments.examination_month)
        print("\n".join(_text(node, arguments.examination_month)))
        return failed


def _seen(node: Node, examined: Month) -> None:
    """Who looks at the statements of a month is in the access log, under every person's case."""
    statements = _statements(node, examined)
    cases = [UUID(line.case) for each in statements for line in each.lines]
    node.access.record("command-line", None, "settlements", "委託料の明細書（コマンド）")
    node.access.record_each(
        "command-line", cases, "settlements", f"{month_text(examined)}審査分の委託料の明細書（コマンド）"
    )


def _statements(node: Node, examined: Month) -> list[Statement]:
    found = node.situation().agency.statements
    return [each for each in found if each.examination_month == str(examined)]


def _record(node: Node, examined: Month) -> int:
    agency = node.situation().agency
    pairs = {
        (submission.claimant, line.entrusted_office)
        for submission in agency.submissions.by_id.values()
        for line in submission.lines
        if line.entrusted_office
    }
    failed = 0
    for centre, office in sorted((one, other) for one, other in pairs if other):
        fields = {"centre": centre, "office": office, "examination_month": str(examined)}
        try:
            due = due_of(node, centre, office, examined)
            if not due.lines and not due.waiting:
                continue
            node.handle(node.parse("StateSettlement", fields, actor="command-line"))
        except Refused as refused:
            failed = 1
            print(f"✗ {office}［{refused.rule}］{refused.message}。すること: {refused.todo}")
    return failed


def _text(node: Node, examined: Month) -> Iterator[str]:
    names = names_of(node)
    statements = _statements(node, examined)
    for each in statements:
        centre, office = (names.get(agency, agency) for agency in (each.centre, each.office))
        yield f"■ {centre} → {office}　{month_text(examined)}審査分"
        yield from _lines(node, each)
    yield f"\n{month_text(examined)}審査分の支払の一覧"
    owed: dict[tuple[str, str], int] = defaultdict(int)
    for each in statements:
        owed[(each.centre, each.office)] += each.office_yen
    for (centre, office), yen in sorted(owed.items()):
        yield f"  {names.get(centre, centre)} → {names.get(office, office)}（{office}）　{yen:,}円"
    yield f"  合計 {sum(owed.values()):,}円　{len(owed)}事業所"


def _lines(node: Node, statement: Statement) -> Iterator[str]:
    persons = people(node, [UUID(each.case) for each in statement.lines])
    for each in statement.lines:
        name = persons[UUID(each.case)].name or "（氏名を読めません）"
        sign = "▲" if each.kind == "cancellation" else ""
        shares = f"居宅 {sign}{each.office_yen:,}円　包括 {sign}{each.centre_yen:,}円"
        yield f"  {month_text(each.service_month)} {name}　{sign}{each.yen:,}円　{shares}"
    yield f"  計　{statement.yen:,}円　居宅 {statement.office_yen:,}円　包括 {statement.centre_yen:,}円"
