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
from shared.policy.dates import DateError, Month, parse_date, parse_month
from shared.policy.full_width import normalise
from shared.policy.identifiers import insured_number, office_number

MOST_BYTES: Final = 5 << 20
KINDS: Final = {"返戻": "returned", "決定": "decided"}
_NEEDED: Final = ("結果", "事業所番号", "被保険者番号", "サービス提供年月", "通知日")
_COLUMNS: Final = (*_NEEDED, "単位数", "決定額", "返戻の理由", "備考")
_SHOWN: Final = 40


@dataclass(frozen=True, slots=True)
class FileProblem:
    """What is wrong in a file: line (the first is 1), column, the value that stands there, what is expected."""

    line: int
    column: str
    value: str
    expected: str

    @property
    def text(self) -> str:
        """In Japanese."""
        return f"{self.line}行目 {self.column}「{self.value}」: {self.expected}"


class FaultyResults(Exception):
    """A file of which nothing is taken in; ``problems`` are all that were found."""

    def __init__(self, problems: Sequence[FileProblem]) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = tuple(problems)


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

    :raises FaultyResults: names every problem of it.
    """
    (_, header), *rows = _rows(_text(content)) or [(1, [])]
    names = [normalise(each).strip() for each in header]
    unfit = list(_unfit_header(names))
    if unfit:
        raise FaultyResults(unfit)
    found, problems = list[ExaminersResult](), list[FileProblem]()
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
        problems.append(FileProblem(2, "", "", "見出しの下に1行以上のデータが必要です"))
    if problems:
        raise FaultyResults(sorted(problems, key=lambda each: each.line))
    return tuple(found)


def _rows(text: str) -> list[tuple[int, list[str]]]:
    """Every row with the line on which it begins.

    :raises FaultyResults: it can't be taken apart into cells.
    """
    reader, rows, begins = csv.reader(io.StringIO(text, newline=""), strict=True), [], 1
    try:
        for cells in reader:
            rows.append((begins, cells))
            begins = reader.line_num + 1
    except csv.Error:
        expected = f"引用符が閉じていて、1つの欄が{csv.field_size_limit():,}文字以下のCSV"
        raise FaultyResults([FileProblem(begins, "行", "読めない行", expected)]) from None
    return rows


def _unfit_header(names: Sequence[str]) -> Iterator[FileProblem]:
    """A column that is lacking, unknown, or there twice: none of them is passed over."""
    for each in _NEEDED:
        if each not in names:
            yield FileProblem(1, each, "", "見出しに、この列が必要です")
    for place, each in enumerate(names, start=1):
        if each not in _COLUMNS:
            yield FileProblem(1, f"{place}列目", each[:_SHOWN], f"見出しは {'、'.join(_COLUMNS)} のどれか")
        elif each in names[: place - 1]:
            yield FileProblem(1, f"{place}列目", each, "同じ見出しの列は1つだけです")


def _unfit_width(number: int, names: Sequence[str], cells: Sequence[str]) -> Iterator[FileProblem]:
    """A row has a cell under each name, empty ones too, and none beside them."""
    expected = f"見出しと同じ{len(names)}列が必要です（この行は{len(cells)}列）"
    if len(cells) < len(names):
        yield FileProblem(number, names[len(cells)], "", expected)
    elif len(cells) > len(names):
        yield FileProblem(number, f"{len(names) + 1}列目", cells[len(names)][:_SHOWN], expected)


def _text(content: bytes) -> str:
    if len(content) > MOST_BYTES:
        raise FaultyResults(
            [FileProblem(1, "", f"{len(content)} バイト", f"{MOST_BYTES} バイト以下のファイル")]
        )
    for encoding in ("utf-8-sig", "cp932"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FaultyResults([FileProblem(1, "", "読めない文字", "文字コードは UTF-8 か Shift_JIS（cp932）です")])


def _wrong(number: int, texts: Mapping[str, str]) -> Iterator[FileProblem]:
    kind = normalise(texts.get("結果", ""))
    if kind not in KINDS:
        yield FileProblem(number, "結果", texts.get("結果", ""), f"{'、'.join(KINDS)} のどれか")
    for column, read in _READERS.items():
        text = texts.get(column, "")
        if not text and column not in _NEEDED:
            continue
        try:
            read(text)
        except ValueError as problem:
            yield FileProblem(number, column, text, str(problem))
    returned = KINDS.get(kind) == "returned"
    if returned and not texts.get("返戻の理由"):
        yield FileProblem(
            number, "返戻の理由", "", f"返戻には理由が必要です: {'、'.join(CLAIM_RETURNS.values())}"
        )
    if returned and (texts.get("単位数") or texts.get("決定額")):
        yield FileProblem(number, "決定額", texts.get("決定額", ""), "返戻の行では空にします")


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


def _repeated(found: Sequence[ExaminersResult]) -> list[FileProblem]:
    seen: dict[tuple[str, str, Month], int] = {}
    problems = []
    for each in found:
        key = (each.office, each.insured_number, each.service_month)
        if key in seen:
            problems.append(
                FileProblem(
                    each.line, "被保険者番号", each.insured_number, f"{seen[key]}行目と同じ人の同じ月です"
                )
            )
        seen.setdefault(key, each.line)
    return problems


def _office(text: str) -> str:
    verdict = office_number(text)
    if not verdict.valid:
        raise ValueError(verdict.warnings[0])
    return verdict.number


def _insured(text: str) -> str:
    number = normalise(text).upper()
    verdict = insured_number(number.zfill(10) if number.isdigit() else number)
    if not verdict.valid:
        raise ValueError(verdict.warnings[0])
    return verdict.number


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
    "事業所番号": _office,
    "被保険者番号": _insured,
    "サービス提供年月": _month,
    "通知日": _day,
    "単位数": _whole,
    "決定額": _whole,
    "返戻の理由": _reason,
}
