"""A long command shows how far it is, on a terminal's error output alone."""

import io
import sys

import pytest

from deploy.cli.progress import along


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("stream", "shown"), [(Terminal(), True), (io.StringIO(), False)])
def test_a_bar_grows_on_a_terminal_and_nothing_is_written_elsewhere(
    stream: io.StringIO, shown: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setenv("TERM", "xterm")
    assert list(along("請求の根拠", [[1, 2], [3]], len)) == [[1, 2], [3]]
    assert ("請求の根拠" in stream.getvalue()) is shown
    assert ("3/3" in stream.getvalue()) is shown
    assert capsys.readouterr().out == ""


def test_it_can_be_left_before_its_end() -> None:
    assert next(along("締め", ["a", "b"])) == "a"
