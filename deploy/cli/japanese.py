"""What ``argparse`` says itself, in Japanese.

``argparse`` looks its words up through ``gettext`` under the names ``_`` and ``ngettext`` of its own module; these
two are replaced. A catalogue in gettext's way would be a compiled file, chosen by the caller's locale: the command
line speaks Japanese whatever the locale is. What a later Python adds stays English until it is written here: a test
finds it.
"""

import argparse
from collections.abc import Mapping
from typing import Final

_SAID: Final[Mapping[str, str]] = {
    "usage: ": "使い方: ",
    "positional arguments": "引数",
    "options": "オプション",
    "show this help message and exit": "この説明を表示して終わる",
    "%(prog)s: error: %(message)s\n": "%(prog)s: 誤り: %(message)s\n",
    "argument %(argument_name)s: %(message)s": "%(argument_name)s: %(message)s",
    "the following arguments are required: %s": "次の引数が必要です: %s",
    "one of the arguments %s is required": "%s のどれかが必要です",
    "unrecognized arguments: %s": "不明な引数です: %s",
    "unexpected option string: %s": "不明なオプションです: %s",
    "not allowed with argument %s": "%s と一緒には使えません",
    "ignored explicit argument %r": "値は取りません: %r",
    "expected one argument": "値を1つ指定してください",
    "expected at most one argument": "値は1つまでです",
    "expected at least one argument": "値を1つ以上指定してください",
    "expected %s argument": "値を%s個指定してください",
    "expected %s arguments": "値を%s個指定してください",
    "ambiguous option: %(option)s could match %(matches)s": "%(option)s は %(matches)s のどれか分かりません",
    "invalid %(type)s value: %(value)r": "値が正しくありません: %(value)r",
    "invalid choice: %(value)r (choose from %(choices)s)": "%(value)r は選べません（%(choices)s から選んでください）",
    "unknown parser %(parser_name)r (choices: %(choices)s)": "%(parser_name)r は選べません（候補: %(choices)s）",
    "can't open '%(filename)s': %(error)s": "'%(filename)s' を開けません: %(error)s",
}
"""What ``argparse`` says in English → what is said instead."""


def speak_japanese() -> None:
    """Let every parser of this process say its own words in Japanese. Exit statuses stay as they are."""
    vars(argparse).update(_=_translated, ngettext=_counted)


def _translated(text: str) -> str:
    return _SAID.get(text, text)


def _counted(one: str, many: str, number: object) -> str:
    return _translated(one if number == 1 else many)
