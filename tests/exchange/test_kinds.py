"""What is parked has one word for each kind, wherever it is shown."""

from pathlib import Path
from typing import get_args

from shared.console import stuck
from shared.exchange.parking import KINDS, Kind


def test_every_kind_has_its_word_and_screens_use_that_word() -> None:
    assert set(KINDS) == set(get_args(Kind))
    assert dict(stuck.KINDS) == {**KINDS, "waiting": "待機"}
    assert KINDS["unauthentic"] == "署名・暗号を確かめられないもの"


def test_the_command_line_says_them_in_the_same_words() -> None:
    text = Path("deploy/cli/commands/parked.py").read_text(encoding="utf-8")
    assert "from shared.exchange.parking import KINDS" in text
    for word in KINDS.values():
        assert word in text
