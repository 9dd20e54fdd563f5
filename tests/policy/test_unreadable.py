"""What the operating system and YAML say in English reaches people in Japanese, with the place of the mistake."""

from pathlib import Path
from urllib.error import URLError

import pytest
import yaml

from shared.policy.unreadable import why


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("nothing.yaml", "ファイルがありません"),
        (".", "フォルダーです"),
        ("here.txt/inside", "フォルダーでない"),
    ],
)
def test_a_file_that_can_t_be_read_says_why(tmp_path: Path, path: str, shown: str) -> None:
    (tmp_path / "here.txt").write_text("あ", encoding="utf-8")
    with pytest.raises(OSError, match="Errno") as caught:
        (tmp_path / path).read_bytes()
    assert shown in why(caught.value)


def test_yaml_that_is_none_names_the_line_and_the_character() -> None:
    with pytest.raises(yaml.YAMLError) as caught:
        yaml.safe_load("title: 題\ndays: [1, 2\nnext: 3\n")
    told = why(caught.value)
    assert told.startswith("3行目の")
    assert told.removesuffix("。字下げ、コロン、引用符を確かめてください") != told


def test_a_character_that_yaml_forbids_and_text_of_another_code_are_told() -> None:
    with pytest.raises(yaml.YAMLError) as caught:
        yaml.safe_load("a: \x07")
    assert why(caught.value) == "YAML に使えない文字があります"
    with pytest.raises(UnicodeDecodeError) as other:
        "区".encode("cp932").decode("utf-8")
    assert why(other.value) == "UTF-8 の文字ではありません"


@pytest.mark.parametrize(
    ("problem", "shown"),
    [
        (URLError(ConnectionRefusedError(111, "Connection refused")), "接続先が動いていません"),
        (TimeoutError("timed out"), "応答がありません"),
        (OSError(9999, "strange"), "システムの番号 9999"),
        (OSError("no number"), "原因は分かりません"),
    ],
)
def test_what_has_no_words_of_its_own_still_says_something_in_japanese(problem: OSError, shown: str) -> None:
    assert why(problem) == shown
