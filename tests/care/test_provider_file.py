"""A file of what service offices hand in: read leniently, checked strictly, every fault named (T-29, T-32)."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.events.sample import DAY_SERVICE, RENTAL
from shared.care.csv_file import FaultyFile, Problem
from shared.care.provider_file import COLUMNS, MOST_LINES, read

EXAMPLE = Path(__file__).parents[2] / "deploy" / "examples" / "provider_results.csv"
HEADER = "種別,被保険者番号,サービス事業所番号,サービス提供月,サービス種類,単位数,最終利用日,書類の日付,内容,ケース番号"
USE = f"実績,0000000001,{DAY_SERVICE},2025-03,A6,3621,,,,"
PLAN = f"個別サービス計画書,0000000001,{DAY_SERVICE},,,,,2025-03-03,下肢の筋力を保つ,"


def file(*lines: str, header: str = HEADER) -> bytes:
    return "\n".join((header, *lines)).encode()


def problems(content: bytes) -> list[tuple[int, str, str]]:
    with pytest.raises(FaultyFile) as faulty:
        read(content)
    return [(each.line, each.column, each.value) for each in faulty.value.problems]


def expected(content: bytes) -> str:
    with pytest.raises(FaultyFile) as faulty:
        read(content)
    (problem,) = faulty.value.problems
    return problem.expected


def test_the_example_file_is_read_line_by_line() -> None:
    use, rental, plan, record = read(EXAMPLE.read_bytes())
    assert (use.number, use.command, use.insured_number) == (2, "ReceiveProviderPerformance", "0000000001")
    assert use.fields == {
        "service_month": "2025-03", "provider": DAY_SERVICE, "service": "A6", "units": 3621, "last_used_on": None,
    }  # fmt: skip
    assert (rental.fields["service"], rental.fields["service_month"]) == ("67", "2025-03")
    assert (plan.fields["document"], plan.fields["dated"]) == ("individual_plan", "2025-03-03")
    assert "公園まで" in plan.fields["content"]
    assert (record.number, record.fields["document"]) == (
        6,
        "provider_monitoring",
    )  # the plan takes two lines


@pytest.mark.parametrize(
    "encode",
    [
        lambda text: text.encode("utf-8"),
        lambda text: text.encode("utf-8-sig"),
        lambda text: text.encode("cp932"),
        lambda text: text.replace("\n", "\r\n").encode("cp932"),
        lambda text: (text + "\n\n,,,\n").encode(),
    ],
)
def test_encodings_line_ends_and_blank_lines_make_no_difference(encode: Callable[[str], bytes]) -> None:
    text = "\n".join((HEADER, USE, PLAN))
    assert [each.fields for each in read(encode(text))] == [each.fields for each in read(text.encode())]


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("令和７年３月", "2025-03"), ("R7.3", "2025-03"), ("2025/3", "2025-03"), ("202503", "2025-03"),
        ("２０２５－０３", "2025-03"),
    ],
)  # fmt: skip
def test_a_month_is_read_as_people_write_it(written: str, plain: str) -> None:
    (line,) = read(file(USE.replace("2025-03", written)))
    assert line.fields["service_month"] == plain


def test_width_thousands_lost_zeros_and_names_of_services_are_understood() -> None:
    row = f'実績,1,{DAY_SERVICE},2025-03,通所型サービス（独自）,"３,６２１",,,,'
    (line,) = read(file(row))
    assert (line.insured_number, line.fields["service"], line.fields["units"]) == ("0000000001", "A6", 3621)


def test_columns_stand_in_any_order_and_those_that_no_line_needs_may_be_missing() -> None:
    header = "単位数,サービス種類,サービス提供月,サービス事業所番号,被保険者番号, 種 別 "
    (line,) = read(file(f"3621,A6,2025-03,{DAY_SERVICE},0000000001,実績", header=header))
    assert line.fields["units"] == 3621


def test_every_faulty_cell_is_named_with_line_column_and_value() -> None:
    content = file(
        USE,
        f"実績,12345678901,{DAY_SERVICE},2025-13,Z9,-1,2025-02-30,,,",
        f"個別サービス計画書,0000000001,{DAY_SERVICE},2025-03,,,,,,",
        "請求,0000000001,,,,,,,,",
    )
    assert problems(content) == [
        (3, "被保険者番号", "12345678901"),
        (3, "サービス提供月", "2025-13"),
        (3, "サービス種類", "Z9"),
        (3, "単位数", "-1"),
        (3, "最終利用日", "2025-02-30"),
        (4, "サービス提供月", "2025-03"),
        (4, "書類の日付", ""),
        (5, "種別", "請求"),
    ]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "見出しが必要"),
        (file(), "1行以上のデータ"),
        (file(USE, header=HEADER.replace("単位数", "単位")), "見出しは次のどれか"),
        (file(USE, header=HEADER + ",単位数"), "一度だけ"),
        (file(USE + ",余り"), "見出しの数"),
        (file('実績,"0000000001'), "カンマ区切り"),
        (b"\xff\xfe" + HEADER.encode("utf-16-le"), "UTF-8 か Shift_JIS"),
        (b"x" * (512 * 1024 + 1), "バイト以下"),
        (file(USE, USE), "2行目と同じ"),
        (file(USE, USE.replace("3621", "3600")), "2行目と同じ"),
        (
            file(
                f"実績,0000000001,{DAY_SERVICE},2025-03,A6,3621", header=HEADER.replace("サービス種類,", "")
            ),
            "",
        ),
    ],
)
def test_what_is_no_such_file_says_what_it_should_be(content: bytes, says: str) -> None:
    with pytest.raises(FaultyFile) as faulty:
        read(content)
    assert any(says in each.expected for each in faulty.value.problems)


def test_too_many_lines_are_not_taken() -> None:
    rows = [PLAN.replace("下肢", f"下肢{n}") for n in range(MOST_LINES)]
    assert "ファイルを分けて" in expected(file(*rows))
    assert len(read(file(*rows[1:]))) == MOST_LINES - 1


def test_the_same_month_of_two_offices_or_of_two_persons_is_no_repetition() -> None:
    assert (
        len(read(file(USE, USE.replace(DAY_SERVICE, RENTAL), USE.replace("0000000001", "0000000002")))) == 3
    )


def test_a_problem_of_a_command_s_field_names_its_column() -> None:
    (line,) = read(file(USE))
    assert line.problem("units", "少ない") == Problem(2, "単位数", "3621", "少ない")
    assert line.problem(None, "だめ").column == "被保険者番号"


@given(st.text(st.characters(codec="utf-8", exclude_characters="\x00\r"), max_size=60))
def test_any_content_comes_through_a_file_as_it_was_written(text: str) -> None:
    row = {
        "種別": "モニタリング",
        "被保険者番号": "1",
        "サービス事業所番号": DAY_SERVICE,
        "書類の日付": "2025-03-28",
        "内容": text,
    }
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, COLUMNS)
    writer.writeheader()
    writer.writerow(row)
    (line,) = read(out.getvalue().encode())
    assert line.fields["content"] == (text.strip() or None)
