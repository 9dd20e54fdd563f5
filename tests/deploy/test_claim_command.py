"""The command that checks a claim file names what is wrong and takes nothing over."""

from pathlib import Path

import pytest

from deploy.cli.__main__ import main

GOLDEN = Path("tests/services/formats/golden")


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("benefit_slip.csv", "給付管理票　1件"),
        ("support_claim.csv", "介護予防支援費の請求　1件"),
        ("care_management_claim.csv", "介護予防ケアマネジメント費の請求（国保連）　1件"),
        ("ward_medium.csv", "介護予防ケアマネジメント費の請求（区への媒体）　2件"),
    ],
)
def test_a_file_of_each_format_is_checked(name: str, title: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["claim", "--check", str(GOLDEN / name)]) == 0
    assert title in capsys.readouterr().out


def test_a_wrong_item_is_shown_with_line_record_item_value_and_expectation(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = tmp_path / "K.CSV"
    wrong.write_bytes(
        (GOLDEN / "benefit_slip.csv").read_bytes().replace(b",1798,,1372100014", b",1799,,1372100014")
    )
    assert main(["claim", "--check", str(wrong)]) == 1
    told = capsys.readouterr().out
    assert "3行目 8222 項目24「給付計画合計単位数」: 「1799」です。明細の合計（1798）にしてください" in told
    assert "何も取り込みません" in told


@pytest.mark.parametrize("insurer", ["00131169", "00131219"])
def test_an_af_code_in_tokyo_is_an_error(
    insurer: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A-Q35b."""
    file = tmp_path / "J.CSV"
    golden = (GOLDEN / "care_management_claim.csv").read_bytes()
    file.write_bytes(golden.replace(b"00121012", insurer.encode()))
    assert main(["claim", "--check", str(file)]) == 1
    assert "AF のサービスコードを使用していない" in capsys.readouterr().out


def test_what_is_no_file_or_of_no_known_format_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["claim", "--check", str(tmp_path / "absent.csv")]) == 2
    assert "absent.csv を読めません: ファイルがありません" in capsys.readouterr().err
    other = tmp_path / "other.csv"
    other.write_text("氏名,住所\n", encoding="utf-8")
    assert main(["claim", "--check", str(other)]) == 1
    assert "データ種別" in capsys.readouterr().out
