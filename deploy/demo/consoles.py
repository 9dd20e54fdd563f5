"""The consoles of a stage that stays open: where they are, who can sign in, and the wait for Ctrl-C."""

import json
import time

from deploy.demo.stage import Stage


def print_sign_ins(made: Stage) -> None:
    """Print each node's address with the names and passwords of its people."""
    print("\n════ 画面とサインイン（名前 / パスワード） ════")
    titles = {
        node.member.name: {account: title for account, _, title in node.member.accounts}
        for node in made.nodes
    }
    for name, entry in json.loads(made.sign_ins.read_text(encoding="utf-8")).items():
        people = "　".join(
            f"{titles[name].get(account, '')} {account} / {password}"
            for account, password in entry["passwords"].items()
        )
        print(f"  {entry['url']}  {entry['title']}（{name}）\n      {people}")
    print(f"  API の説明: 各アドレスの /api/v1/openapi.json　トークン: {made.sign_ins}")


def stay_open(made: Stage) -> None:
    """Print the sign-ins and return when somebody presses Ctrl-C or sends SIGTERM."""
    print_sign_ins(made)
    print("\nCtrl-C で終了します。", flush=True)
    try:
        while True:
            time.sleep(3600)
    except KeyboardInterrupt:
        print("停止しています", flush=True)
