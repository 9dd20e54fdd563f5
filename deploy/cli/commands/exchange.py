"""``./renkei exchange``: what went to each partner, what came back, what waits."""

import argparse
import json
from dataclasses import asdict
from datetime import datetime
from typing import Final

from deploy.cli.at_node import add_node, node_of
from shared.exchange.state import ExchangeState, PartnerState, exchange_state
from shared.node.recording import plain
from shared.policy.dates import TOKYO

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
        undelivered = _since(each.undelivered, each.undelivered_since)
        print(f"    送信 {each.sent_through}　到達 {each.receipted_through}　未到達 {undelivered}")
        unanswered = _since(each.unanswered, each.unanswered_since)
        print(f"    こちらの届出・依頼: 受理 {each.accepted}　差戻し {each.returned}　回答待ち {unanswered}")
        held = _since(each.held, each.held_since)
        waiting = _since(each.waiting, each.waiting_since)
        parked = _since(each.parked, each.parked_since)
        print(f"    受信 {each.received_through}　順番待ち {held}　待機 {waiting}　要確認 {parked}")
        for remark in _remarks(each):
            print(f"    ※ {remark}")
    if state.parked:
        print(f"\n要確認 {state.parked}件。./renkei parked list で確認してください")


def _since(count: int, since: object) -> str:
    if not count or since is None:
        return str(count)
    if isinstance(since, datetime):
        since = since.astimezone(TOKYO).strftime("%Y-%m-%d %H:%M")
    return f"{count}（{since}から）"


def _remarks(state: PartnerState) -> list[str]:
    remarks = [] if state.listed else ["名簿にありません"]
    remarks += [state.problem] if state.problem else []
    remarks += [f"相手で待機 {state.waiting_there}件"] if state.waiting_there else []
    return remarks + [f"通番{each.sequence} 相手が拒否: {each.message}" for each in state.refusals]
