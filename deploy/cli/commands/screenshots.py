"""``./renkei screenshots``: pictures of every page of every role, from nodes that have lived through whole cases."""

import argparse
import shutil
import time
from pathlib import Path
from typing import Final

from deploy.browser.chromium import chromium
from deploy.browser.life import life
from deploy.browser.pictures import take_pictures
from deploy.cli.at_node import ROOT
from deploy.demo.cast import TOWN
from deploy.demo.stage import stage
from deploy.play.http import HttpTarget
from deploy.play.player import play

PICTURES: Final = ROOT / ".local" / "screenshots"
_STAGE: Final = ROOT / ".local" / "screenshots-stage"
_BROWSER: Final = ROOT / ".local" / "browser"

DESCRIPTION: Final = """\
デモのケースと足立区のケース（相談から利用開始まで、請求の一か月）を新しいノードで演じ、すべての役割のすべての画面を
Chromium で開いて、幅1366と768の画像を .local/screenshots に作ります。人物と番号はすべて架空です。
画面はリンクをたどって見つけます。ほかの役割と同じ内容の画面は一度だけ撮ります。

例:
  ./renkei screenshots
  ./renkei screenshots --node office --node ward

Chromium がないときは、導入できる環境では Debian のパッケージを導入し、できないときは何をすればよいかを示します。
終了ステータス: 0 作成した、1 演じた結果が合わない、2 この機械では実行できない"""


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command to ``argparse``."""
    parser = subparsers.add_parser(
        "screenshots", description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    names = [each.name for each in TOWN]
    parser.add_argument(
        "--node",
        action="append",
        choices=names,
        metavar="N",
        help=f"撮るノード（{', '.join(names)}）。省略時はすべて",
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Run the command; returns its exit status."""
    started, taken = time.time(), 0

    def tell(text: str) -> None:
        print(f"[{time.time() - started:5.1f}秒] {text}", flush=True)

    def note(picture: Path) -> None:
        nonlocal taken
        taken += 1
        print(picture.relative_to(ROOT), flush=True)

    scenario = life()
    playing = {each.node for each in scenario.agencies}
    members = [each for each in TOWN if each.name in playing]
    with (
        chromium(_BROWSER, tell) as browser,
        stage(_STAGE, scenario.starts_at, None, tell, members) as made,
    ):
        tell("ケースを進めています")
        played = play(scenario, HttpTarget(made.sign_ins))
        shutil.rmtree(PICTURES, ignore_errors=True)
        for node in made.nodes:
            if not arguments.node or node.member.name in arguments.node:
                tell(f"{node.member.title}の画面を撮っています")
                take_pictures(browser, node, played.cases, PICTURES, note)
    tell(f"{taken}枚を {PICTURES.relative_to(ROOT)} に作りました")
    for failure in played.failures:
        print(f"  ✗ {failure}")
    return 1 if played.failures else 0
