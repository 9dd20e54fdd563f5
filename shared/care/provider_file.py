"""A file (CSV) of what service offices hand in: results, individual plans, monitoring records (T-29, T-32).

Reading is lenient: encoding, width, the order of the columns, the era of a date. Checking is strict: whatever is not
what it should be is named by line and column with its value and what is expected, and then nothing of the file counts.
"""

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from contracts.codes import SERVICE_KINDS
from shared.care.csv_file import FaultyFile, Problem, insured, office, text_of
from shared.policy.dates import DateError, parse_date, parse_month
from shared.policy.full_width import normalise

MOST_BYTES: Final = 512 * 1024
MOST_LINES: Final = 2000

KIND: Final = "種別"
INSURED_NUMBER: Final = "被保険者番号"
CASE: Final = "ケース番号"

KINDS: Final[Mapping[str, tuple[str, Mapping[str, str]]]] = {
    "実績": (
        "ReceiveProviderPerformance",
        {
            "service_month": "サービス提供月",
            "provider": "サービス事業所番号",
            "service": "サービス種類",
            "units": "単位数",
            "last_used_on": "最終利用日",
        },
    ),
    "個別サービス計画書": (
        "ReceiveProviderDocument",
        {"provider": "サービス事業所番号", "dated": "書類の日付", "content": "内容"},
    ),
    "モニタリング": (
        "ReceiveProviderDocument",
        {"provider": "サービス事業所番号", "dated": "書類の日付", "content": "内容"},
    ),
}
"""Kind of line → the command by which the same is entered by hand, and the column of each of its fields."""

_DOCUMENTS: Final = {"個別サービス計画書": "individual_plan", "モニタリング": "provider_monitoring"}
_MAY_BE_EMPTY: Final = frozenset({"最終利用日", "内容", CASE})
COLUMNS: Final = tuple(
    dict.fromkeys(
        (KIND, INSURED_NUMBER, *(each for _, fields in KINDS.values() for each in fields.values()), CASE)
    )
)
"""Every column that a file may have, as its first line names them."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line: for whom (insured number, or the beginning of a case's number), and the command with its fields.

    ``texts`` are the values as they were written, by column.
    """

    number: int
    kind: str
    insured_number: str
    case: str
    command: str
    fields: Mapping[str, Any]
    texts: Mapping[str, str]

    def problem(self, field: str | None, expected: str) -> Problem:
        """What is wrong with a field of this line's command; None is the line as a whole."""
        column = KINDS[self.kind][1].get(field or "", KIND if field else INSURED_NUMBER)
        return Problem(self.number, column, self.texts.get(column, ""), expected)


def read(content: bytes) -> list[Line]:
    """The lines of a file.

    :raises FaultyFile: names every problem of the form; who a line is about is not looked up here.
    """
    records = _records(text_of(content, MOST_BYTES))
    _, header = next(records, (1, []))
    names = _names(header)
    problems, lines = list[Problem](), list[Line]()
    for number, cells in records:
        found = _line(number, names, cells)
        if isinstance(found, Line):
            lines.append(found)
        else:
            problems.extend(found)
    problems.extend(_repeated(lines))
    if not lines and not problems:
        problems.append(Problem(2, "", "", "見出しの下に1行以上のデータが必要です"))
    if problems:
        raise FaultyFile(sorted(problems, key=lambda each: each.line))
    return lines


def _records(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each record that is not blank, with the number of the line on which it begins."""
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    begins = 1
    while True:
        try:
            cells = next(rows)
        except StopIteration:
            return
        except csv.Error as problem:
            expected = 'カンマ区切り（CSV）。引用符（"）は対にし、中の引用符は2つ重ねます'
            raise FaultyFile([Problem(begins, "", str(problem), expected)]) from problem
        if begins > MOST_LINES:
            raise FaultyFile([Problem(begins, "", "", f"{MOST_LINES}行までです。ファイルを分けてください")])
        if any(each.strip() for each in cells):
            yield begins, cells
        begins = rows.line_num + 1


def _names(header: Sequence[str]) -> list[str]:
    """The columns of a file, in its order."""
    names = ["".join(normalise(each).split()) for each in header]
    while names and not names[-1]:
        names.pop()
    known = "、".join(COLUMNS)
    problems = [
        Problem(1, name, header[place], f"見出しは次のどれかです: {known}")
        for place, name in enumerate(names)
        if name not in COLUMNS
    ]
    problems += [
        Problem(1, name, "", "同じ見出しは一度だけ書きます") for name in COLUMNS if names.count(name) > 1
    ]
    problems += [
        Problem(1, name, "", f"1行目に「{name}」の見出しが必要です")
        for name in (KIND, INSURED_NUMBER)
        if name not in names
    ]
    if problems:
        raise FaultyFile(problems)
    return names


def _line(number: int, names: Sequence[str], cells: Sequence[str]) -> Line | list[Problem]:
    beyond = [each for each in cells[len(names) :] if each.strip()]
    if beyond:
        return [Problem(number, "", beyond[0], f"見出しの数（{len(names)}）より多い値があります")]
    texts = {name: each.strip() for name, each in zip(names, cells, strict=False)}
    kind = normalise(texts.get(KIND, ""))
    if kind not in KINDS:
        return [Problem(number, KIND, texts.get(KIND, ""), f"{'、'.join(KINDS)} のどれか")]
    command, columns = KINDS[kind]
    values, problems = dict[str, Any](), list[Problem]()
    for column in names:
        text = texts.get(column, "")
        expected = _expected(kind, column, text, values)
        if expected:
            problems.append(Problem(number, column, text, expected))
    absent = [
        Problem(number, column, "", f"「{kind}」の行には「{column}」の列が必要です")
        for column in columns.values()
        if column not in names and column not in _MAY_BE_EMPTY
    ]
    if problems or absent:
        return [*problems, *absent]
    fields = {name: values.get(column) for name, column in columns.items()}
    if kind in _DOCUMENTS:
        fields["document"] = _DOCUMENTS[kind]
    case = normalise(texts.get(CASE, "")).lower()
    return Line(number, kind, values[INSURED_NUMBER], case, command, fields, texts)


def _expected(kind: str, column: str, text: str, values: dict[str, Any]) -> str | None:
    """Take a cell into ``values``; what is expected in its place where it is not right."""
    if column in (KIND, CASE):
        return None
    if column != INSURED_NUMBER and column not in KINDS[kind][1].values():
        return f"「{kind}」の行では空にします" if text else None
    if not text:
        values[column] = None
        return None if column in _MAY_BE_EMPTY else "空にはできません"
    try:
        values[column] = _READERS[column](text)
    except ValueError as problem:
        return str(problem)
    return None


def _service(text: str) -> str:
    wanted = normalise(text)
    for code, name in SERVICE_KINDS.items():
        if wanted.upper() == code.upper() or wanted == normalise(name):
            return code
    raise ValueError(f"サービス種類コード（{'、'.join(SERVICE_KINDS)}）か、その名前")


def _units(text: str) -> int:
    digits = normalise(text).replace(",", "").removesuffix("単位")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 6):
        raise ValueError("0以上の整数（6桁まで）")
    return int(digits)


def _day(text: str) -> str:
    try:
        return parse_date(text).isoformat()
    except DateError:
        raise ValueError("実在する日付（2025-06-05、2025/6/5、令和7年6月5日 など）") from None


def _month(text: str) -> str:
    try:
        return str(parse_month(text))
    except DateError:
        raise ValueError("年月（2025-06、2025/6、202506、令和7年6月 など）") from None


def _content(text: str) -> str:
    if len(text) > _LONGEST:
        raise ValueError(f"{_LONGEST}文字まで")
    return text


_LONGEST: Final = 4000
_READERS: Final[Mapping[str, Callable[[str], Any]]] = {
    INSURED_NUMBER: insured,
    "サービス事業所番号": office,
    "サービス提供月": _month,
    "サービス種類": _service,
    "単位数": _units,
    "最終利用日": _day,
    "書類の日付": _day,
    "内容": _content,
}


def _repeated(lines: Sequence[Line]) -> list[Problem]:
    """Lines that say of the same what an earlier one said, alike or otherwise."""
    first, problems = dict[tuple[str, ...], int](), []
    for each in lines:
        told = ("service_month", "provider", "service", "dated", "content", "document")
        about = (each.case, each.insured_number, each.kind, *(str(each.fields.get(name)) for name in told))
        if about in first:
            expected = f"{first[about]}行目と同じものについての行です。どちらか一つにします"
            problems.append(Problem(each.number, KIND, each.texts[KIND], expected))
        first.setdefault(about, each.number)
    return problems
