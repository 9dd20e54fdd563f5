"""``./renkei erase``: destroy the key of a case's person at one node."""

import argparse
from typing import Final
from uuid import UUID

from deploy.cli.at_node import add_node, case_of, node_of
from deploy.local.errors import CannotRun
from shared.console.dossier import erased_at
from shared.console.duties import duties_of_case
from shared.console.wareki import wareki
from shared.exchange.erasing import erase_person
from shared.node.node import Node
from shared.policy.obligations import Obligation

DESCRIPTION: Final = """\
保存期間が終わったケースの個人情報を、このノードで読めなくします（本人の鍵を破棄します）。元に戻せません。
署名・ハッシュによる証明は、消去の後も検証できます。支援の終了が記録されていないケースと、この事業所のすべきことが
残っているケースは、先にそれを済ませてください。消去の後は記録を追加できず、すべきことにも表示されません。

例:
  ./renkei erase --node office --case 600c --yes

終了ステータス: 0 消去した、1 既に消去されていた、2 使い方の誤り（--yes がないとき、終わっていないケースのときも）"""


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command to ``argparse``."""
    parser = subparsers.add_parser(
        "erase", description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add_node(parser)
    parser.add_argument("--case", required=True, metavar="ID", help="ケースの番号、またはその先頭")
    parser.add_argument("--yes", action="store_true", help="元に戻せないことを確認した")
    parser.add_argument(
        "--open", action="store_true", help="支援が続いていても、すべきことが残っていても消去する"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Run the command; returns its exit status."""
    if not arguments.yes:
        raise CannotRun("個人情報の消去は元に戻せません。実行するには --yes を付けてください")
    with node_of(arguments.node) as node:
        case_id = case_of(node, arguments.case)
        if not arguments.open:
            _check_over(node, case_id)
        erased = erase_person(node, case_id, "command-line")
    print(
        f"ケース {case_id} の個人情報を消去しました" if erased else f"ケース {case_id} は既に消去されています"
    )
    return 0 if erased else 1


def _check_over(node: Node, case_id: UUID) -> None:
    """Nothing can be recorded of an erased person, so nobody could end the support or do what is owed afterwards."""
    events, situation = node.replay(case_id).events, node.situation(case_id)
    if erased_at(events) is not None:
        return  # erasing again completes what was interrupted
    first = [_WRITE_END] if situation.case.supported_on(situation.today) else []
    owed = [each for each in duties_of_case(events, situation).open if each.debtor == situation.me]
    first += [f"「{each.title}」を済ませる（{_until(each)}）" for each in owed[:_MOST]]
    first += [f"ほか{len(owed) - _MOST}件のすべきことを済ませる"] if len(owed) > _MOST else []
    if first:
        raise CannotRun("\n".join([_NOT_OVER, *(f"  ・{each}" for each in first), _ALL_THE_SAME]))


def _until(duty: Obligation) -> str:
    return f"期限 {wareki(duty.due)}" if duty.due else "期限の定めなし"


_MOST: Final = 10
_NOT_OVER: Final = (
    "このケースはまだ終わっていないため、消去していません。消去の前に、この事業所で次のことをしてください。"
)
_WRITE_END: Final = "支援の終了を記録する（「支援を終える」。最後の日が過ぎてから消去できます）"
_ALL_THE_SAME: Final = (
    "残したまま消去するときは、--yes に --open を加えてください。後から記録することはできません。"
)
