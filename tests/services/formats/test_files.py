"""Files of claim data: written as the layouts say, read back equal, what is wrong is named (T-33R, A-Q33, A-Q53)."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from services.billing.formats import benefit_slip, care_management_claim, support_claim, ward_medium
from services.billing.formats.covered import ClaimLine
from services.billing.formats.frame import Header, Written
from services.billing.formats.layout import Problem, Unreadable, Unwritable, layouts
from shared.policy.dates import Month
from shared.policy.parameters import parameters
from tests.services.formats import invented
from tests.services.formats.invented import CARE_MANAGEMENT, CENTRE, CLAIM, MEDIUM_ROW, SLIP, SLIP_HEADER

GOLDEN = Path(__file__).parent / "golden"
OFFICE = "1371600014"
SUPPORT_HEADER = Header("711", OFFICE, "7", Month(2024, 11))
CARE_HEADER = Header("71R", "1301600019", "7", Month(2025, 3))
MEDIUM_HEADER = Header("WAR", CENTRE, "4", Month(2019, 5))
EARLIER = replace(MEDIUM_ROW, kind="2", service_month=Month(2019, 3), cost_code="1001", units=430, yen=4902)
CANCELLED = replace(EARLIER, office_yen=4412, centre_yen=490)

PUBLIC: dict[str, Any] = {
    "insured_number": "H000000001",
    "birth_date": date(1970, 5, 3),
    "payer": "12139002",
    "recipient": "0000018",
}
"""Who is not insured: public assistance alone pays (公費12)."""
PUBLIC_CLAIM = replace(CLAIM, **PUBLIC, notified_on=None)
PUBLIC_CARE_MANAGEMENT = replace(CARE_MANAGEMENT, **PUBLIC)

WRITTEN: dict[str, Callable[[], Written]] = {
    "benefit_slip.csv": lambda: benefit_slip.write([SLIP], SLIP_HEADER),
    "benefit_slip_cancelled.csv": lambda: benefit_slip.write([replace(SLIP, kind="3")], SLIP_HEADER),
    "support_claim.csv": lambda: support_claim.write([CLAIM], SUPPORT_HEADER),
    "care_management_claim.csv": lambda: care_management_claim.write([CARE_MANAGEMENT], CARE_HEADER),
    "support_claim_public.csv": lambda: support_claim.write([CLAIM, PUBLIC_CLAIM], SUPPORT_HEADER),
    "care_management_claim_public.csv": lambda: care_management_claim.write(
        [CARE_MANAGEMENT, PUBLIC_CARE_MANAGEMENT], CARE_HEADER
    ),
    "ward_medium.csv": lambda: ward_medium.write([MEDIUM_ROW, CANCELLED], MEDIUM_HEADER),
}


def lines(content: bytes) -> list[list[str]]:
    assert content.endswith(b"\r\n")
    return [each.split(",") for each in content.decode("cp932").split("\r\n")[:-1]]


def problems(read: Callable[[bytes], Any], content: bytes) -> tuple[Problem, ...]:
    with pytest.raises(Unreadable) as unreadable:
        read(content)
    return unreadable.value.problems


# --- as the layouts say ---


@pytest.mark.parametrize("name", WRITTEN)
def test_a_file_is_written_byte_for_byte_as_the_golden_one(name: str) -> None:
    assert WRITTEN[name]().content == (GOLDEN / name).read_bytes()


def test_a_layout_has_as_many_items_as_the_national_form() -> None:
    numbers = {"control": 12, "8222": 27, "8125": 24, "7111": 18, "7113": 12}
    numbers |= {"8171-01": 56, "8171-02": 18, "8171-10": 38}
    assert {name: len(layouts()[name].items) for name in numbers} == numbers


def test_the_slip_of_an_entrusted_month_names_office_and_care_manager_in_items_26_and_27_of_its_total() -> (
    None
):
    # T-33R: the centre's own slip, with the office that does the work
    _, row, total, _ = lines(benefit_slip.write([SLIP], SLIP_HEADER).content)
    assert row[2:][24:27] == ["", "", ""]
    assert total[2:][24:27] == ["", "1372100014", "13000002"]
    assert total[2:][7] == "99"


def test_the_control_record_counts_data_records_and_names_the_month_of_examination() -> None:
    first, *data, last = lines(benefit_slip.write([SLIP], SLIP_HEADER).content)
    assert (first[3], first[10]) == (str(len(data)), "202407")
    assert last == ["3", str(len(data) + 2)]


def test_whom_public_assistance_alone_pays_for_stands_in_the_public_cover() -> None:
    """A-Q20: the payer and the recipient are items 8 and 9 of the detail, item 15 stays empty."""
    written = lines(support_claim.write([CLAIM, PUBLIC_CLAIM], SUPPORT_HEADER).content)
    covers = [each[2:] for each in written if each[2:3] == ["7111"]]
    details = [each[2:] for each in written if each[2:3] == ["8125"]]
    assert [each[7:9] for each in details] == [["", ""]] * 2 + [["12139002", "0000018"]] * 2
    assert [each[14] for each in details] == ["20241010"] * 2 + [""] * 2
    assert [each[3:6] for each in covers] == [["1", "00", "02"], ["2", "12", "02"]]
    assert [each[9:11] for each in covers] == [["8800", "0"], ["0", "8800"]]


# --- read back ---


@settings(max_examples=40, deadline=None)
@given(some.lists(invented.slips, min_size=1, max_size=5, unique_by=lambda slip: slip.key))
def test_any_slips_are_read_back_equal(slips: list[benefit_slip.Slip]) -> None:
    assert list(benefit_slip.read(benefit_slip.write(slips, SLIP_HEADER).content).slips) == slips


@settings(max_examples=40, deadline=None)
@given(some.lists(invented.support_claims(), min_size=1, max_size=5, unique_by=lambda claim: claim.key))
def test_any_claims_of_preventive_support_are_read_back_equal(
    claims: list[support_claim.SupportClaim],
) -> None:
    assert list(support_claim.read(support_claim.write(claims, SUPPORT_HEADER).content).claims) == claims


@settings(max_examples=40, deadline=None)
@given(
    some.lists(invented.care_management_claims(), min_size=1, max_size=5, unique_by=lambda claim: claim.key)
)
def test_any_claims_of_care_management_are_read_back_equal(
    claims: list[care_management_claim.CareManagementClaim],
) -> None:
    assert (
        list(care_management_claim.read(care_management_claim.write(claims, CARE_HEADER).content).claims)
        == claims
    )


@settings(max_examples=40, deadline=None)
@given(some.lists(invented.medium_rows(), min_size=1, max_size=5, unique_by=lambda row: row.key))
def test_any_rows_of_a_data_medium_are_read_back_cancellations_first(
    rows: list[ward_medium.MediumRow],
) -> None:
    read = ward_medium.read(ward_medium.write(rows, MEDIUM_HEADER).content)
    assert list(read.rows) == sorted(rows, key=lambda row: row.kind != "2")
    assert read.header == MEDIUM_HEADER


# --- read leniently ---


def test_quoted_items_short_zeros_and_line_feeds_of_other_programs_are_read() -> None:
    content = b"1,1,0,2,821,0,0,1302100019,0,7,202407,0\n"
    for row in lines(WRITTEN["benefit_slip.csv"]().content)[1:3]:
        row[4] = row[4].lstrip("0")
        content += ",".join(f'"{each}"' for each in row).encode("cp932") + b"\n"
    content += b"3,4\x1a"
    assert benefit_slip.read(content).slips == (SLIP,)


def test_zeros_in_items_17_to_19_of_the_total_are_read_as_empty() -> None:
    rows = lines(WRITTEN["benefit_slip.csv"]().content)
    rows[2][18:21] = ["0", "0", "0"]
    content = "".join(",".join(each) + "\r\n" for each in rows).encode("cp932")
    assert benefit_slip.read(content).slips == (SLIP,)


def test_a_detail_is_written_under_the_id_8125_and_one_under_the_other_id_is_read_as_ours() -> None:
    """decision 2: public sources name both."""
    assert [line[2] for line in lines(WRITTEN["support_claim.csv"]().content)[1:3]] == ["7111", "8125"]
    content = WRITTEN["support_claim.csv"]().content.replace(b",8125,", b",8124,")
    assert support_claim.read(content).claims == (CLAIM,)


def test_no_service_code_stands_in_the_code() -> None:
    """decision 5: codes of claim lines are dated parameters."""
    root = Path(__file__).parents[3]
    found = {
        (file.name, code)
        for folder in ("services", "shared", "contracts")
        for file in (root / folder).rglob("*.py")
        for code in re.findall(r"[\"']((?:46|AF|A6|A2)\d{4})[\"']", file.read_text(encoding="utf-8"))
    }
    assert found == set()
    known = parameters("131169").value("claim.service_code", date(2024, 10, 1))
    assert known["office"] in [line[18] for line in lines(WRITTEN["support_claim.csv"]().content)[2:3]]


def test_full_width_digits_are_read() -> None:
    content = WRITTEN["support_claim.csv"]().content.replace(
        b"0000000001", "００００００００01".encode("cp932")
    )
    assert support_claim.read(content).claims == (CLAIM,)


# --- what is wrong is named, and nothing is taken over ---


@pytest.mark.parametrize(
    ("old", "new", "item", "title", "value", "expected"),
    [
        (b",19450401,", b",19450231,", 10, "生年月日", "19450231", "年月日（YYYYMMDD）"),
        (b",202406,", b",202413,", 2, "対象年月", "202413", "年月（YYYYMM）"),
        (b",1798,,1372100014", b",1799,,1372100014", 24, "給付計画合計単位数", "1799", "明細の合計（1798）"),
        (b",99,0000012345", b",02,0000012345", 8, "明細行番号", "02", "合計行は99"),
        (b",13A2100017,", b",,", 17, "サービス事業所番号", "", "明細行には必要な値"),
    ],
)
def test_a_wrong_item_is_named_with_its_record_value_and_what_was_expected(
    old: bytes, new: bytes, item: int, title: str, value: str, expected: str
) -> None:
    content = WRITTEN["benefit_slip.csv"]().content
    assert old in content
    found = problems(benefit_slip.read, content.replace(old, new))[0]
    assert (found.record, found.item, found.title, found.value) == ("8222", item, title, value)
    assert expected in found.expected
    assert found.line in (2, 3)
    assert f"項目{item}「{title}」" in found.text


def test_a_slip_twice_in_a_file_is_refused() -> None:
    rows = lines(WRITTEN["benefit_slip.csv"]().content)
    rows[0][3] = "4"
    twice = [rows[0], *rows[1:3], *rows[1:3], ["3", "6"]]
    content = "".join(",".join(each) + "\r\n" for each in twice).encode("cp932")
    assert "1人1か月に1件" in problems(benefit_slip.read, content)[0].expected


@pytest.mark.parametrize(
    ("content", "title"),
    [
        (b"", "ファイル"),
        (b"1,1,0,0,711,0,000000,1371600014,00,7,202411,0\r\n", "レコード種別"),
        (b"\x81\xff\x00", "文字コード"),
        (b'1,1,"0', "行"),
    ],
)
def test_what_is_no_claim_file_says_so(content: bytes, title: str) -> None:
    assert title in {each.title for each in problems(support_claim.read, content)}


def test_a_truncated_file_is_noticed() -> None:
    content = WRITTEN["support_claim.csv"]().content
    short = content[: content.rindex(b"3,5")]
    assert {"レコード種別"} <= {each.title for each in problems(support_claim.read, short)}
    rows = lines(content)
    without = "".join(",".join(each) + "\r\n" for each in [*rows[:2], *rows[3:]]).encode("cp932")
    assert "レコード件数" in {each.title for each in problems(support_claim.read, without)}


def test_another_kind_of_file_is_refused_by_its_data_kind() -> None:
    found = problems(support_claim.read, WRITTEN["benefit_slip.csv"]().content)
    assert ("データ種別", "821", "「711」") in {(each.title, each.value, each.expected) for each in found}


@settings(max_examples=40, deadline=None)
@given(some.binary(max_size=300) | some.text(max_size=200).map(lambda text: text.encode("cp932", "replace")))
def test_whatever_comes_is_read_or_refused_by_name(content: bytes) -> None:
    for read in (benefit_slip.read, support_claim.read, care_management_claim.read, ward_medium.read):
        with pytest.raises(Unreadable):
            read(content)


@settings(max_examples=40, deadline=None)
@given(some.data())
def test_a_file_with_any_one_byte_changed_is_read_or_refused_by_name(data: some.DataObject) -> None:
    name = data.draw(some.sampled_from(sorted(WRITTEN)))
    content = bytearray(WRITTEN[name]().content)
    content[data.draw(some.integers(0, len(content) - 1))] = data.draw(some.integers(0, 255))
    module: Any = {
        "benefit_slip.csv": benefit_slip,
        "benefit_slip_cancelled.csv": benefit_slip,
        "support_claim.csv": support_claim,
        "care_management_claim.csv": care_management_claim,
        "support_claim_public.csv": support_claim,
        "care_management_claim_public.csv": care_management_claim,
        "ward_medium.csv": ward_medium,
    }[name]
    found: tuple[Problem, ...] = ()
    try:
        module.read(bytes(content))
    except Unreadable as unreadable:
        found = unreadable.problems
    assert all(each.text and each.expected for each in found)


# --- nothing is written that can't be right ---


@pytest.mark.parametrize(
    ("wrong", "title"),
    [
        (replace(CLAIM, yen=8801), "請求金額"),
        (replace(CLAIM, notified_on=None), "居宅サービス計画作成依頼届出年月日"),
        (replace(CLAIM, lines=()), "明細行番号"),
        (replace(CLAIM, insured_number="123"), "被保険者番号"),
        (replace(CLAIM, insured_number="H000000001"), "公費負担者番号・公費受給者番号"),
        (replace(CLAIM, lines=(ClaimLine("46212", 772),)), "サービスコード"),
    ],
)
def test_a_claim_that_can_not_be_right_is_not_written(wrong: support_claim.SupportClaim, title: str) -> None:
    with pytest.raises(Unwritable) as unwritable:
        support_claim.write([wrong], SUPPORT_HEADER)
    assert unwritable.value.problem.title == title


def test_a_month_is_written_once_only() -> None:
    for write, one, header in (
        (benefit_slip.write, SLIP, SLIP_HEADER),
        (support_claim.write, CLAIM, SUPPORT_HEADER),
        (care_management_claim.write, CARE_MANAGEMENT, CARE_HEADER),
        (ward_medium.write, MEDIUM_ROW, MEDIUM_HEADER),
    ):
        with pytest.raises(Unwritable, match="1人1か月に1件"):
            write([one, one], header)  # type: ignore[operator]


def test_a_slip_has_one_to_ninety_eight_rows() -> None:
    row = SLIP.rows[0]
    assert benefit_slip.write([replace(SLIP, rows=(row,) * 98)], SLIP_HEADER).records == 99
    for rows in ((), (row,) * 99):
        with pytest.raises(Unwritable, match="1行から98行"):
            benefit_slip.write([replace(SLIP, rows=rows)], SLIP_HEADER)


def test_the_shares_of_an_entrusted_fee_sum_to_the_fee() -> None:
    # A-Q35c: 7,490 and 832 of 8,322
    with pytest.raises(Unwritable, match="合わせて請求額"):
        ward_medium.write([replace(MEDIUM_ROW, centre_yen=833)], MEDIUM_HEADER)


def test_characters_that_a_file_can_not_hold_are_replaced_and_reported() -> None:
    # a quote, an emoji, and a character that a maker defined
    odd = replace(MEDIUM_ROW, kana="みほん'ウメ\U0001f338\ue000")
    written = ward_medium.write([odd], MEDIUM_HEADER)
    assert "ﾐﾎﾝ?ｳﾒ??".encode("cp932") in written.content
    assert [each.character for each in written.replaced] == ["'", "\U0001f338", "\ue000"]
    assert {each.place for each in written.replaced} == {"0000012345"}


def test_long_kana_are_cut_where_no_voiced_mark_is_parted() -> None:
    written = ward_medium.write([replace(MEDIUM_ROW, kana="ア" * 24 + "ガ")], MEDIUM_HEADER)
    (row,) = ward_medium.read(written.content).rows
    assert row.kana == "ｱ" * 24


def test_a_date_before_the_first_millennium_is_not_written() -> None:
    with pytest.raises(Unwritable):
        support_claim.write([replace(CLAIM, birth_date=date(19, 5, 3))], SUPPORT_HEADER)
