"""``./renkei exchange``: what went to each partner, what came back, what waits."""

import argparse
import json
from dataclasses import asdict
from datetime import date, datetime
from typing import Final

from deploy.cli.at_node import add_node, node_of
from shared.console.wareki import wareki, wareki_moment
from shared.exchange.state import ExchangeState, PartnerState, exchange_state
from shared.node.recording import plain

DESCRIPTION: Final = """\
ノードの送受信の状態を、相手ごとに表示します。送信・到達・受理／差戻し、順番待ち・待機・要確認と、それがいつからか。

例:
  ./renkei exchange --node office
  ./renkei exchange --node office --json

終了ステータス: 0 滞りなし、1 要確認のもの、または相手が拒否したものがある、2 使い方の誤り"""


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command to ``argparse``."""
    parser = subparsers.add_parser(
        "exchange", description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add_node(parser)
    parser.add_argument("--json", action="store_true", help="JSON で出力する")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Run the command; returns its exit status."""
    with node_of(arguments.node) as node:
        state = exchange_state(node)
    if arguments.json:
        print(json.dumps(plain(asdict(state)), ensure_ascii=False, indent=1))
    else:
        _print(state)
    return 1 if state.parked or any(each.refused_there for each in state.partners) else 0


def _print(state: ExchangeState) -> None:
    print(f"{state.agency} の送受信")
    for each in state.partners:
        print(f"\n■ {each.name}（{each.partner}）")
        print("\n".join(f"    {line}" for line in lines_of(each)))
    if state.parked:
        print(f"\n要確認 {state.parked}件。./renkei parked list で確認してください")


def lines_of(state: PartnerState) -> list[str]:
    """What is told of one partner: what was sent, answered and received, and what hinders it."""
    sent = [
        f"送信 {state.sent_through}",
        f"到達 {_last(state.receipted_through, state.receipted_at)}",
        f"未到達 {_since(state.undelivered, state.undelivered_since)}",
    ]
    answers = [
        f"こちらの届出・依頼: 受理・承諾 {_last(state.accepted, state.accepted_on)}",
        f"差戻し {_last(state.returned, state.returned_on)}",
        f"辞退 {_last(state.declined, state.declined_on)}",
        f"回答待ち {_since(state.unanswered, state.unanswered_since)}",
    ]
    received = [
        f"受信 {state.received_through}",
        f"順番待ち {_since(state.held, state.held_since)}",
        f"待機 {_since(state.waiting, state.waiting_since)}",
        f"要確認 {_since(state.parked, state.parked_since)}",
    ]
    lines = ["　".join(each) for each in (sent, answers, received)]
    return [*lines, *(f"※ {remark}" for remark in _remarks(state))]


def _since(count: int, since: date | None) -> str:
    return f"{count}（{_when(since)}から）" if count and since is not None else str(count)


def _last(count: int, last: date | None) -> str:
    return f"{count}（最後 {_when(last)}）" if count and last is not None else str(count)


def _when(moment: date) -> str:
    return wareki_moment(moment) if isinstance(moment, datetime) else wareki(moment)


def _remarks(state: PartnerState) -> list[str]:
    remarks = [] if state.listed else ["名簿にありません"]
    remarks += [state.problem] if state.problem else []
    remarks += [f"相手で待機 {state.waiting_there}件"] if state.waiting_there else []
    return remarks + [f"通番{each.sequence} 相手が拒否: {each.message}" for each in state.refusals]
