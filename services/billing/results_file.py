"""A file (CSV) of what the examiner said: claims returned (返戻) and decided (決定・査定), also from other software.

Reading is lenient: encoding, width of letters, the order of the columns, how a month or a day is written. Checking is
strict: no unknown column and no row that does not fit the header is passed over. What is wrong is named by line and
column with its value and what is expected, and then nothing of the file counts.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from contracts.claim_codes import CLAIM_RETURNS
from shared.care.csv_file import FaultyFile, Problem, insured, office, text_of
from shared.policy.dates import DateError, Month, parse_date, parse_month
from shared.policy.full_width import normalise

MOST_BYTES: Final = 5 << 20
KINDS: Final = {"返戻": "returned", "決定": "decided"}
SLIP_RETURNED: Final = "slip_returned"
"""What a list of the federation says of a benefit slip that came back; no column of a table says it."""
_NEEDED: Final = ("結果", "事業所番号", "被保険者番号", "サービス提供年月", "通知日")
_COLUMNS: Final = (*_NEEDED, "単位数", "決定額", "返戻の理由", "備考")
_SHOWN: Final = 40


@dataclass(frozen=True, slots=True)
class ExaminersResult:
    """One line: whose claim of which month, and what was said. ``units`` and ``yen`` are None for 請求のとおり."""

    line: int
    kind: str
    office: str
    insured_number: str
    service_month: Month
    on: date
    units: int | None
    yen: int | None
    reason_code: str | None
    note: str | None


def read_results(content: bytes) -> tuple[ExaminersResult, ...]:
    """The lines of a file.

    :raises FaultyFile: names every problem of it.
    """
    (_, header), *rows = _rows(text_of(content, MOST_BYTES)) or [(1, [])]
    names = [normalise(each).strip() for each in header]
    unfit = list(_unfit_header(names))
    if unfit:
        raise FaultyFile(unfit)
    found, problems = list[ExaminersResult](), list[Problem]()
    for number, cells in rows:
        if not any(each.strip() for each in cells):
            continue
        wrong = list(_unfit_width(number, names, cells))
        if not wrong:
            texts = dict(zip(names, (each.strip() for each in cells), strict=True))
            wrong = list(_wrong(number, texts))
        problems += wrong
        if not wrong:
            found.append(_result(number, texts))
    problems += _repeated(found)
    if not found and not problems:
        problems.append(Problem(2, "", "", "見出しの下に1行以上のデータが必要です"))
    if problems:
        raise FaultyFile(sorted(problems, key=lambda each: each.line))
    return tuple(found)


def _rows(text: str) -> list[tuple[int, list[str]]]:
    """Every row with the line on which it begins.

    :raises FaultyFile: it can't be taken apart into cells.
    """
    reader, rows, begins = csv.reader(io.StringIO(text, newline=""), strict=True), [], 1
    try:
        for cells in reader:
            rows.append((begins, cells))
            begins = reader.line_num + 1
    except csv.Error:
        expected = f"引用符が閉じていて、1つの欄が{csv.field_size_limit():,}文字以下のCSV"
        raise FaultyFile([Problem(begins, "行", "読めない行", expected)]) from None
    return rows


def _unfit_header(names: Sequence[str]) -> Iterator[Problem]:
    """A column that is lacking, unknown, or there twice: none of them is passed over."""
    for each in _NEEDED:
        if each not in names:
            yield Problem(1, each, "", "見出しに、この列が必要です")
    for place, each in enumerate(names, start=1):
        if each not in _COLUMNS:
            yield Problem(1, f"{place}列目", each[:_SHOWN], f"見出しは {'、'.join(_COLUMNS)} のどれか")
        elif each in names[: place - 1]:
            yield Problem(1, f"{place}列目", each, "同じ見出しの列は1つだけです")


def _unfit_width(number: int, names: Sequence[str], cells: Sequence[str]) -> Iterator[Problem]:
    """A row has a cell under each name, empty ones too, and none beside them."""
    expected = f"見出しと同じ{len(names)}列が必要です（この行は{len(cells)}列）"
    if len(cells) < len(names):
        yield Problem(number, names[len(cells)], "", expected)
    elif len(cells) > len(names):
        yield Problem(number, f"{len(names) + 1}列目", cells[len(names)][:_SHOWN], expected)


def _wrong(number: int, texts: Mapping[str, str]) -> Iterator[Problem]:
    kind = normalise(texts.get("結果", ""))
    if kind not in KINDS:
        yield Problem(number, "結果", texts.get("結果", ""), f"{'、'.join(KINDS)} のどれか")
    for column, read in _READERS.items():
        text = texts.get(column, "")
        if not text and column not in _NEEDED:
            continue
        try:
            read(text)
        except ValueError as problem:
            yield Problem(number, column, text, str(problem))
    returned = KINDS.get(kind) == "returned"
    if returned and not texts.get("返戻の理由"):
        yield Problem(
            number, "返戻の理由", "", f"返戻には理由が必要です: {'、'.join(CLAIM_RETURNS.values())}"
        )
    if returned and (texts.get("単位数") or texts.get("決定額")):
        yield Problem(number, "決定額", texts.get("決定額", ""), "返戻の行では空にします")


def _result(number: int, texts: Mapping[str, str]) -> ExaminersResult:
    values: dict[str, Any] = {
        column: read(texts[column]) if texts.get(column) else None for column, read in _READERS.items()
    }
    return ExaminersResult(
        number,
        KINDS[normalise(texts["結果"])],
        values["事業所番号"],
        values["被保険者番号"],
        values["サービス提供年月"],
        values["通知日"],
        values["単位数"],
        values["決定額"],
        values["返戻の理由"],
        texts.get("備考") or None,
    )


def _repeated(found: Sequence[ExaminersResult]) -> list[Problem]:
    seen: dict[tuple[str, str, Month], int] = {}
    problems = []
    for each in found:
        key = (each.office, each.insured_number, each.service_month)
        if key in seen:
            problems.append(
                Problem(
                    each.line, "被保険者番号", each.insured_number, f"{seen[key]}行目と同じ人の同じ月です"
                )
            )
        seen.setdefault(key, each.line)
    return problems


def _month(text: str) -> Month:
    try:
        return parse_month(text)
    except DateError:
        raise ValueError("年月（2025-06、202506、令和7年6月 など）") from None


def _day(text: str) -> date:
    try:
        return parse_date(text)
    except DateError:
        raise ValueError("実在する日付（2025-06-05、令和7年6月5日 など）") from None


def _whole(text: str) -> int:
    digits = normalise(text).replace(",", "").removesuffix("単位").removesuffix("円")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 8):
        raise ValueError("0以上の整数")
    return int(digits)


def _reason(text: str) -> str:
    wanted = normalise(text)
    for code, title in CLAIM_RETURNS.items():
        if wanted in (code, normalise(title)):
            return code
    raise ValueError(f"{'、'.join(CLAIM_RETURNS.values())} のどれか")


_READERS: Final = {
    "事業所番号": office,
    "被保険者番号": insured,
    "サービス提供年月": _month,
    "通知日": _day,
    "単位数": _whole,
    "決定額": _whole,
    "返戻の理由": _reason,
}
