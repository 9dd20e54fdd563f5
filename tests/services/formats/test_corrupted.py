"""One item of a valid file is corrupted: the file is refused, naming the item, and nothing of it is taken (T-33)."""

from collections.abc import Callable
from pathlib import Path

import pytest

from services.billing.formats.layout import Unreadable
from services.billing.formats.reading import read_claim_file

GOLDEN = Path(__file__).parent / "golden"
SLIP, SUPPORT, CARE = "benefit_slip.csv", "support_claim.csv", "care_management_claim.csv"
MEDIUM = "ward_medium.csv"
Rows = list[list[str]]


def rows(name: str) -> Rows:
    return [line.split(",") for line in (GOLDEN / name).read_bytes().decode("cp932").split("\r\n")[:-1]]


def problems(found: Rows) -> list[str]:
    content = "".join(",".join(each) + "\r\n" for each in found).encode("cp932")
    with pytest.raises(Unreadable) as caught:
        read_claim_file(content)
    return [each.text for each in caught.value.problems]


def put(line: int, item: int, value: str) -> Callable[[Rows], None]:
    def change(found: Rows) -> None:
        found[line][item + 1] = value

    return change


def swap(line: int, item: int, other: int) -> Callable[[Rows], None]:
    def change(found: Rows) -> None:
        row = found[line]
        row[item + 1], row[other + 1] = row[other + 1], row[item + 1]

    return change


@pytest.mark.parametrize("name", [SLIP, SUPPORT, CARE, MEDIUM])
def test_a_valid_file_is_read_without_complaint(name: str) -> None:
    assert read_claim_file((GOLDEN / name).read_bytes()).entries


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        (MEDIUM, swap(2, 5, 6), "項目5「地域包括支援センターの事業所番号」: 「0000012345」"),
        (MEDIUM, put(2, 2, "3"), "項目2「区分（1 請求・2 取消）」: 「3」です。「1」か「2」"),
        (
            MEDIUM,
            swap(2, 16, 17),
            "項目17「地域包括支援センターの額」: 「7490」です。区の配分による額（832）",
        ),
        (MEDIUM, put(2, 11, "1001"), "項目12「単位数」: 「730」です。費用コード1001の2019-04の単位数（430）"),
        (MEDIUM, put(2, 3, "201906"), "「201906」です。コントロールレコードの処理対象年月（2019-05）"),
        (MEDIUM, put(2, 5, "1372100014"), "コントロールレコードの事業所番号（1302100019）"),
        (
            SLIP,
            put(2, 15, "1000"),
            "項目15「居宅・介護予防支給限度額」: 「1000」です。明細の合計（1798）以上",
        ),
        (SLIP, put(2, 25, "13"), "項目25「担当介護支援専門員番号」: 「13」です。都道府県番号"),
        (SLIP, put(2, 27, "1300002"), "項目27「委託先の担当介護支援専門員番号」: 「1300002」"),
        (SLIP, put(1, 3, "31219"), "項目3「証記載保険者番号」: 「31219」"),
        (SLIP, put(2, 10, "19450402"), "「19450402」です。同じ人の2行目と同じ値（19450401）"),
        (SLIP, put(2, 12, "13"), "項目12「要介護状態区分」: 「13」です。同じ人の2行目と同じ値（12）"),
        (SLIP, put(1, 5, "7"), "項目5「給付管理票情報作成区分」: 「7」"),
        (SLIP, put(1, 12, "99"), "項目12「要介護状態区分」: 「99」"),
        (SLIP, put(1, 19, "ZZ"), "項目19「サービス種類コード」: 「ZZ」"),
        (SLIP, swap(2, 13, 14), "「202404」です。「限度額適用期間（開始）」（202603）以後"),
        (SUPPORT, put(3, 15, "20241011"), "「20241011」です。同じ人の3行目と同じ値（20241010）"),
        (
            SUPPORT,
            put(2, 17, "462111"),
            "項目18「単位数」: 「472」です。サービスコード462111の2024-10の単位数（442）",
        ),
        (SUPPORT, put(2, 17, "ZZ2111"), "項目17「サービスコード」: 「ZZ2111」"),
        (SUPPORT, put(1, 12, "880"), "項目12「利用者負担」: 「880」です。明細の合計（0）"),
        (CARE, swap(2, 34, 35), "項目35「保険 利用者負担額」: 「5038」です。0（利用者負担のない費用）"),
    ],
)
def test_a_corrupted_item_is_named_with_its_value_and_what_is_expected(
    name: str, change: Callable[[Rows], None], said: str
) -> None:
    found = rows(name)
    change(found)
    assert said in "\n".join(problems(found))


def test_a_detail_of_an_insured_person_needs_the_notification_date() -> None:
    """Item 15: the writer refuses it too."""
    found = rows(SUPPORT)
    for line in (2, 3):
        found[line][16] = ""
    assert any("項目15「居宅サービス計画作成依頼届出年月日」: 空欄" in each for each in problems(found))


def test_reversed_certification_dates_are_named_on_every_line() -> None:
    found = rows(SUPPORT)
    for line in (2, 3):
        swap(line, 13, 14)(found)
    assert any("項目14「認定有効期間（終了）」: 「20240912」" in each for each in problems(found))
