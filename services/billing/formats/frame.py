"""The frame of a claim file: a control record, data records, an end record; cp932, CRLF, items parted by commas.

Written strictly, read leniently: other programs quote items, write zeros short or leave empty items out at the end.
What is wrong is named by line, record, item, value and expectation, and nothing of such a file is taken over.
"""

import csv
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from io import StringIO
from typing import Final

from services.billing.formats.layout import Layout, Problem, Unreadable, Values, layouts
from services.billing.formats.text import ENCODING, Replaced
from shared.policy.dates import Month

NO_INSURER: Final = "000000"
NO_PREFECTURE: Final = "00"
MOST_PROBLEMS: Final = 100
"""Problems that are listed of one file."""


@dataclass(frozen=True, slots=True)
class Header:
    """What the control record says. ``examination_month`` (処理対象年月) is not the month of service."""

    data_kind: str
    office: str
    medium: str
    examination_month: Month
    insurer: str = NO_INSURER
    prefecture: str = NO_PREFECTURE
    file_number: int = 0


@dataclass(frozen=True, slots=True)
class Written:
    """A file: its bytes, how many data records, and the characters that had to be replaced."""

    content: bytes
    records: int
    replaced: tuple[Replaced, ...] = ()

    @property
    def sha256(self) -> str:
        """Digest of the bytes, in hexadecimal: what an event says of the file."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True, slots=True)
class Record:
    """One data record: the name of its layout, its values, and the line on which it was read (0: not read)."""

    layout: str
    values: Values
    line: int = 0

    def problem(self, key: str, value: object, expected: str) -> Problem:
        """What is wrong with one item of this record."""
        item = next(each for each in layouts()[self.layout].items if each.key == key)
        return Problem(self.line, self.layout, item.number, item.title, item.shown(value), expected)


@dataclass(frozen=True, slots=True)
class ReadFile:
    """What was read: the control record and the data records in order."""

    header: Header
    records: tuple[Record, ...] = field(default=())


def write_frame(header: Header, records: Sequence[Record], replaced: Sequence[Replaced] = ()) -> Written:
    """The bytes of a file.

    :raises Unwritable: a value that its item can't hold.
    """
    control = layouts()["control"].write(
        {
            "sequence": 1,
            "volume": 0,
            "records": len(records),
            "data_kind": header.data_kind,
            "welfare_office": 0,
            "insurer": header.insurer,
            "office": header.office,
            "prefecture": header.prefecture,
            "medium": header.medium,
            "examination_month": header.examination_month,
            "file_number": header.file_number,
        }
    )
    lines = [control]
    for sequence, each in enumerate(records, start=2):
        lines.append(["2", str(sequence), *layouts()[each.layout].write(each.values)])
    lines.append(layouts()["end"].write({"sequence": len(records) + 2}))
    text = "".join(",".join(cells) + "\r\n" for cells in lines)
    return Written(text.encode(ENCODING), len(records), tuple(replaced))


def read_frame(content: bytes, data_kinds: Sequence[str], named: Callable[[Sequence[str]], str]) -> ReadFile:
    """Read a file of one of the ``data_kinds``; ``named`` tells the layout of a data record from its items.

    :raises Unreadable: anything is wrong; all that was found is named.
    """
    rows = _rows(content)
    if not rows:
        raise Unreadable([Problem(1, "control", 0, "ファイル", "", "コントロールレコードで始まるファイル")])
    problems: list[Problem] = []
    control, found = _read("control", rows[0])
    problems += found
    if not found and control["data_kind"] not in data_kinds:
        title = "データ種別"
        expected = "か".join(f"「{each}」" for each in data_kinds)
        problems.append(Problem(rows[0][0], "control", 5, title, str(control["data_kind"]), expected))
    problems += _ending(rows)
    records, wrong = _data(rows[1:], named)
    problems += wrong
    if not found and control["records"] != len(records) + _unread(wrong):
        count = str(len(records) + _unread(wrong))
        shown = f"{control['records']}件"
        problems.append(
            Problem(rows[0][0], "control", 4, "レコード件数", shown, f"データレコードの数（{count}件）")
        )
    if problems:
        raise Unreadable(problems[:MOST_PROBLEMS])
    return ReadFile(_header(control), tuple(records))


def _unread(problems: Sequence[Problem]) -> int:
    return len({each.line for each in problems})


def _rows(content: bytes) -> list[tuple[int, list[str]]]:
    """Line number and cells of every line that is not empty."""
    content = content.rstrip(b"\x1a")
    try:
        text = content.decode("utf-8-sig" if content.startswith(b"\xef\xbb\xbf") else ENCODING)
    except UnicodeDecodeError as problem:
        line = content[: problem.start].count(b"\n") + 1
        shown = content[problem.start : problem.start + 4].hex(" ")
        raise Unreadable([Problem(line, "文字", 0, "文字コード", shown, "シフトJIS（cp932）")]) from problem
    reader = csv.reader(StringIO(text, newline=""), strict=True)
    rows = []
    try:
        for cells in reader:
            if any(cells):
                rows.append((reader.line_num, cells))
    except csv.Error as problem:
        expected = "コンマで区切った項目（引用符は対にする）"
        raise Unreadable([Problem(reader.line_num, "CSV", 0, "行", "", expected)]) from problem
    return rows


def _read(layout: str, row: tuple[int, list[str]]) -> tuple[Values, list[Problem]]:
    line, cells = row
    return layouts()[layout].read(line, cells)


def _ending(rows: Sequence[tuple[int, list[str]]]) -> list[Problem]:
    line, cells = rows[-1]
    if cells[0].strip() != "3":
        return [Problem(line, "end", 1, "レコード種別", cells[0][:20], "最後の行はエンドレコード（「3」）")]
    return _read("end", rows[-1])[1]


def _data(
    rows: Sequence[tuple[int, list[str]]], named: Callable[[Sequence[str]], str]
) -> tuple[list[Record], list[Problem]]:
    records, problems = [], []
    for line, cells in rows:
        if cells[0].strip() == "3":
            continue
        if cells[0].strip() != "2":
            expected = "データレコード（「2」）"
            problems.append(Problem(line, "data", 1, "レコード種別", cells[0][:20], expected))
            continue
        layout = _layout(named(cells[2:]))
        if layout is None:
            shown = "".join(cells[2:3])[:20]
            problems.append(Problem(line, "data", 1, "交換情報識別番号", shown, "この様式の識別番号"))
            continue
        values, found = layout.read(line, cells[2:])
        problems += found
        if not found:
            records.append(Record(layout.name, values, line))
    return records, problems


def _layout(name: str) -> Layout | None:
    return layouts().get(name)


def _header(values: Values) -> Header:
    month = values["examination_month"]
    number = values["file_number"]
    assert isinstance(month, Month)
    assert isinstance(number, int)
    return Header(
        str(values["data_kind"]),
        str(values["office"]),
        str(values["medium"]),
        month,
        str(values["insurer"]),
        str(values["prefecture"]),
        number,
    )
