"""The federation's lists of what came back and what it decided: read leniently, checked strictly (T-33, A-Q54b)."""

from collections.abc import Sequence
from datetime import date

import pytest

from services.billing.formats.layout import Problem, Unreadable
from services.billing.formats.notices import Notice, is_notice, read_notices
from shared.policy.dates import Month

OFFICE = "1371600014"
HEAD = f"7411,H1,{OFFICE},見本居宅介護支援事業所,202411,20241127,1,見本国保連合会"
DETAIL = "7411,D1,00131169,見本区,0000012345,ﾐﾎﾝ ﾊﾅ,請,202410,46,772,B,12P4:市町村の認定情報と不一致,,"
DECIDED_HEAD = HEAD.replace("7411", "7521")
DECIDED = "7521,D1,131169,202410,46,介護予防支援,2,2,944,10760,10760,0,0,0,0"


def file(*records: str, kind: str = "741", count: int | None = None) -> bytes:
    rows = [f"1,1,0,{len(records) if count is None else count},{kind},0,0,{OFFICE},13,7,202411,0"]
    rows += [f"2,{place},{each}" for place, each in enumerate(records, start=2)]
    rows.append(f"3,{len(records) + 2}")
    return "".join(f"{each}\r\n" for each in rows).encode("cp932")


def one(detail: str) -> Notice:
    (found,), nothing = read_notices(file(HEAD, detail))
    assert nothing == ()
    return found


def test_a_claim_that_came_back_is_read_with_its_reason() -> None:
    found = one(DETAIL)
    assert (found.line, found.office, found.on) == (3, OFFICE, date(2024, 11, 27))
    assert (found.insured_number, found.service_month, found.service) == ("0000012345", Month(2024, 10), "46")
    assert (found.of_slip, found.held, found.reason_code) == (False, False, "person")
    assert found.note == "B　12P4:市町村の認定情報と不一致"


@pytest.mark.parametrize(
    ("cause", "content", "reason"),
    [
        ("A", "ADD0", "data"),
        ("B", "12PA", "person"),
        ("C", "給付管理票なし", "slip"),
        ("B", "ANN2:同月に同じ請求明細書を提出済", "twice"),
        ("B", "ANN4:過去に同じ請求明細書を提出済", "twice"),
        ("Z", "", "other"),
    ],
)
def test_the_cause_tells_why_it_is_claimed_anew_or_not(cause: str, content: str, reason: str) -> None:
    """T-33."""
    assert one(DETAIL.replace("B,12P4:市町村の認定情報と不一致", f"{cause},{content}")).reason_code == reason


def test_what_is_held_and_what_is_of_a_slip_is_told_apart() -> None:
    assert one(DETAIL.replace("不一致,,", "不一致,保留,")).held
    assert one(DETAIL.replace(",請,", ",給,")).of_slip


def test_other_programs_quote_leave_out_empty_items_and_write_wide() -> None:
    quoted = ",".join(f'"{each}"' for each in DETAIL.rstrip(",").split(","))
    assert one(quoted.replace('"202410"', '"２０２４１０"')) == one(DETAIL)


def test_the_sums_of_what_was_decided_are_read_and_the_totals_passed() -> None:
    total = "7521,T1,2,2,944,10760,10760,0,0,0,0"
    nothing, (found,) = read_notices(file(DECIDED_HEAD, DECIDED, total, kind="752"))
    assert nothing == ()
    assert (found.insurer, found.service_month, found.service) == ("00131169", Month(2024, 10), "46")
    assert (found.claims, found.units, found.yen) == (2, 944, 10760)
    assert found.examination_month == Month(2024, 11)


def problems(content: bytes) -> Sequence[Problem]:
    with pytest.raises(Unreadable) as caught:
        read_notices(content)
    return caught.value.problems


@pytest.mark.parametrize(
    ("detail", "item"),
    [
        (DETAIL.replace("0000012345", "12345"), 5),
        (DETAIL.replace("202410", "202413"), 8),
        (DETAIL.replace(",請,", ",,"), 7),
        (DETAIL.replace(",B,", ",,"), 11),
    ],
)
def test_what_is_wrong_is_named_by_record_item_and_expectation(detail: str, item: int) -> None:
    (found,) = problems(file(HEAD, detail))
    assert (found.line, found.record, found.item) == (3, "7411-D1", item)
    assert found.expected


def test_a_list_that_is_cut_off_mixed_or_headless_is_refused_whole() -> None:
    assert [each.title for each in problems(file(HEAD, DETAIL, count=3))] == ["レコード件数"]
    assert problems(file(HEAD, DETAIL).rsplit(b"3,", 1)[0])
    assert problems(file(DETAIL))
    assert problems(file(HEAD, DETAIL, DECIDED))
    assert problems(file(HEAD, DETAIL.replace("7411", "7412")))


def test_only_such_a_file_is_taken_for_one() -> None:
    assert is_notice(file(HEAD, DETAIL))
    assert is_notice(file(DECIDED_HEAD, DECIDED, kind="755"))
    assert not is_notice("結果,事業所番号".encode())
    assert not is_notice(file(HEAD, kind="821"))
