"""A file of the examiner's results: read leniently, checked strictly, all or nothing (T-33, A-Q54b)."""

from datetime import date

import pytest

from services.billing.results_file import read_results
from shared.care.csv_file import FaultyFile, Problem
from shared.policy.dates import Month

HEADER = "結果,事業所番号,被保険者番号,サービス提供年月,通知日,単位数,決定額,返戻の理由,備考"
DECIDED = "決定,1301600019,0000012345,2025-01,2025-02-28,442,5038,,"
RETURNED = "返戻,1301600019,0000012346,2025-01,2025-02-28,,,データの誤り,生年月日"


def problems(*lines: str) -> list[tuple[int, str]]:
    with pytest.raises(FaultyFile) as caught:
        read_results("\r\n".join([HEADER, *lines]).encode("cp932"))
    assert all(each.text for each in caught.value.problems)
    return [(each.line, each.column) for each in caught.value.problems]


@pytest.mark.parametrize("encoding", ["cp932", "utf-8", "utf-8-sig"])
def test_what_was_decided_and_what_came_back_is_read(encoding: str) -> None:
    first, second = read_results("\n".join([HEADER, DECIDED, "", RETURNED]).encode(encoding))
    assert (first.kind, first.office, first.service_month, first.on, first.units, first.yen) == (
        "decided",
        "1301600019",
        Month(2025, 1),
        date(2025, 2, 28),
        442,
        5038,
    )
    assert (second.kind, second.reason_code, second.note, second.yen) == (
        "returned",
        "data",
        "生年月日",
        None,
    )


def test_other_programs_write_other_orders_widths_and_eras() -> None:
    header = "通知日,サービス提供年月,被保険者番号,事業所番号,結果"
    (found,) = read_results(f"{header}\n令和7年2月28日,２０２５０１,12345,１３０１６０００１９,決定".encode())
    assert (found.insured_number, found.service_month, found.on) == (
        "0000012345",
        Month(2025, 1),
        date(2025, 2, 28),
    )
    assert (found.units, found.yen) == (None, None)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (DECIDED.replace("決定", "保留"), (2, "結果")),
        (DECIDED.replace("1301600019", "13"), (2, "事業所番号")),
        (DECIDED.replace("0000012345", "X"), (2, "被保険者番号")),
        (DECIDED.replace("2025-01,", "2025-13,"), (2, "サービス提供年月")),
        (DECIDED.replace("2025-02-28", "2025-02-30"), (2, "通知日")),
        (DECIDED.replace("5038", "-1"), (2, "決定額")),
        (RETURNED.replace("データの誤り", ""), (2, "返戻の理由")),
        (RETURNED.replace("データの誤り", "気まぐれ"), (2, "返戻の理由")),
        (RETURNED.replace(",,,データ", ",442,,データ"), (2, "決定額")),
    ],
)
def test_what_is_wrong_is_named_by_line_and_column(line: str, expected: tuple[int, str]) -> None:
    assert problems(line) == [expected]


def test_every_problem_is_named_and_a_persons_month_stands_once() -> None:
    assert problems(DECIDED, DECIDED, RETURNED.replace("返戻", "?")) == [
        (3, "被保険者番号"),
        (4, "結果"),
    ]
    assert problems() == [(2, "")]


def faults(text: str) -> list[tuple[int, str, str]]:
    with pytest.raises(FaultyFile) as caught:
        read_results(text.encode())
    assert all(each.expected for each in caught.value.problems)
    return [(each.line, each.column, each.value) for each in caught.value.problems]


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (HEADER.replace("備考", "決定額"), [(1, "9列目", "決定額")]),
        (HEADER.replace("決定額", "決定金額"), [(1, "7列目", "決定金額")]),
        (HEADER.replace("備考", ""), [(1, "9列目", "")]),
        (HEADER.replace("通知日", "決定日"), [(1, "通知日", ""), (1, "5列目", "決定日")]),
    ],
)
def test_a_column_that_is_unknown_or_there_twice_refuses_the_file(
    header: str, expected: list[tuple[int, str, str]]
) -> None:
    """Never taken for 請求のとおり."""
    assert faults(f"{header}\n{DECIDED}") == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("決定,1301600019,0000012345,2025-01,2025-02-28", (3, "単位数", "")),
        (DECIDED.removesuffix(","), (3, "備考", "")),
        (f"{DECIDED},9999", (3, "10列目", "9999")),
        (f"{DECIDED},", (3, "10列目", "")),
        (DECIDED.replace("5038", "5,038"), (3, "10列目", "")),
        (f"{DECIDED}{'x' * 131_073}", (3, "行", "読めない行")),
        (f'{DECIDED},"abc', (3, "行", "読めない行")),
    ],
)
def test_a_row_that_does_not_fit_the_header_refuses_the_file(
    line: str, expected: tuple[int, str, str]
) -> None:
    """A truncated row is not 請求のとおり, an extra cell does not vanish, and what can't be read is named."""
    assert faults(f"{HEADER}\n{RETURNED}\n{line}") == [expected]


def test_a_line_is_counted_as_an_editor_shows_it_behind_a_note_of_two_lines() -> None:
    noted = RETURNED.replace("生年月日", '"生年\n月日"')
    assert faults(f"{HEADER}\n{noted}\n{DECIDED},1") == [(4, "10列目", "1")]


def test_a_file_without_its_columns_or_letters_is_refused() -> None:
    for content in (b"", "結果,備考\n決定,".encode(), b"\x81\xff\xfe"):
        with pytest.raises(FaultyFile):
            read_results(content)
    assert Problem(2, "結果", "?", "決定").text == "2行目 結果「?」: 決定"
