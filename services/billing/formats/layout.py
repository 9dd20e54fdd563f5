"""Record layouts: what stands in which item, how a value is written, and how a stranger's value is read."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import yaml

from services.billing.formats.text import in_cp932
from shared.policy.dates import DateError, Month
from shared.policy.identifiers import KINDS

Value = str | int | Month | date | None
Values = Mapping[str, Value]

_EXPECTED: Final[Mapping[str, str]] = {
    "code": "数字または英大文字{size}桁",
    "short_code": "数字または英大文字{size}桁以内",
    "digits": "数字{size}桁",
    "number": "{size}桁以内の整数",
    "month": "年月（YYYYMM）",
    "day": "年月日（YYYYMMDD）",
    "text": "シフトJISで{size}バイト以内の文字",
}
"""Kind of an item → what it must hold, in words for people."""

_NUMBERS: Final[Mapping[str, str]] = {
    "insurer": "都道府県番号（01〜47）で始まり検証番号の合う6桁の保険者番号",
    "insured": "10桁の数字（生活保護だけの方はHと9桁）の被保険者番号",
    "office": "都道府県番号（01〜47）で始まる10桁の事業所番号（英字は I・O・Q 以外）",
    "care_manager": "都道府県番号（01〜47）で始まる8桁の介護支援専門員番号",
}
"""Kind of a number that ``shared.policy.identifiers`` knows → what it must be, in words for people."""

_INSURER_DIGITS: Final = 6


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one item: the line of the file (0: not written yet), record, item, value and expectation."""

    line: int
    record: str
    item: int
    title: str
    value: str
    expected: str

    @property
    def text(self) -> str:
        """For people."""
        where = f"{self.line}行目 " if self.line else ""
        item = f"項目{self.item}「{self.title}」" if self.item else self.title
        value = f"「{self.value}」" if self.value else "空欄"
        return f"{where}{self.record} {item}: {value}です。{self.expected}にしてください"


class Unwritable(ValueError):
    """A value that its record can't hold; nothing was written."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.text)
        self.problem = problem


class Unreadable(ValueError):
    """A file that can't be read as what it should be; nothing of it is taken over."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(each.text for each in problems))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a record; ``fixed`` is the value that it always has, ``also`` what others write for it.

    ``allowed`` are the codes that it may hold (any where empty), ``identifier`` the kind of its number.
    """

    number: int
    key: str
    title: str
    kind: str
    size: int
    optional: bool = False
    fixed: str | None = None
    padded: bool = False
    also: str | None = None
    allowed: tuple[str, ...] = ()
    identifier: str | None = None

    @property
    def expected(self) -> str:
        """What it must hold, for people."""
        if self.fixed is not None:
            return f"「{self.fixed}」"
        if self.allowed:
            return "か".join(f"「{each}」" for each in self.allowed)
        if self.identifier is not None:
            return _NUMBERS[self.identifier]
        return _EXPECTED[self.kind].format(size=self.size)

    def shown(self, value: object) -> str:
        """A value as the file writes it, for people."""
        if isinstance(value, date):
            return f"{value:%Y%m%d}"
        if isinstance(value, Month):
            return f"{value.year:04d}{value.month:02d}"
        return "" if value is None else str(value)

    def write(self, value: Value) -> str | None:
        """The cell of a value, None where the item can't hold it."""
        if self.fixed is not None:
            return self.fixed if value is None or value == self.fixed else None
        if value is None:
            return "" if self.optional else None
        return self._written(value)

    def _written(self, value: Value) -> str | None:
        if isinstance(value, bool):
            return None
        if self.kind == "number":
            fits = isinstance(value, int) and 0 <= value < 10**self.size
            return str(value) if fits else None
        if self.kind == "month":
            return f"{value.year:04d}{value.month:02d}" if isinstance(value, Month) else None
        if self.kind == "day":
            return f"{value:%Y%m%d}" if isinstance(value, date) and value.year >= 1000 else None
        if not isinstance(value, str):
            return None
        cell = value.zfill(self.size) if self.padded and self.kind == "digits" else value
        if self.kind == "text":
            return cell if cell and in_cp932(cell, self.size) else None
        return cell if self._shaped(cell) else None

    def _shaped(self, cell: str) -> bool:
        sizes = f"1,{self.size}" if self.kind == "short_code" else str(self.size)
        letters = "0-9" if self.kind == "digits" else "0-9A-Z"
        shaped = re.fullmatch(rf"[{letters}]{{{sizes}}}", cell) is not None
        return shaped and (not self.allowed or cell in self.allowed)

    def read(self, cell: str) -> Value:
        """The value of a cell as others write it: full-width digits, spaces; zeros too few only in padded items.

        A number of a person, an office or an insurer is never made longer: a shortened one is another's.

        :raises ValueError: the cell holds nothing of the kind.
        """
        cell = cell.strip() if self.kind == "text" else unicodedata.normalize("NFKC", cell).strip().upper()
        unused = self.kind in ("code", "digits", "month", "day") and set(cell) == {"0"}
        if not cell or (self.optional and unused):
            if not self.optional:
                raise ValueError("empty")
            return None
        value = self.fixed if cell == self.also else self._read(cell)
        if self.write(value) is None or not self._identifies(value):
            raise ValueError(cell)
        return value

    def _identifies(self, value: Value) -> bool:
        if self.identifier is None or value is None:
            return True
        number = str(value)
        return KINDS[self.identifier](number[2:] if self._long_insurer else number).valid

    @property
    def _long_insurer(self) -> bool:
        """An insurer's six digits behind two zeros."""
        return self.identifier == "insurer" and self.size > _INSURER_DIGITS

    def _read(self, cell: str) -> Value:
        if self.kind == "number":
            if not re.fullmatch("[0-9]+", cell):
                raise ValueError(cell)
            return int(cell)
        if self.kind == "month":
            return Month(*_split(cell, 6))
        if self.kind == "day":
            return date(*_split(cell, 8))
        if self.kind == "digits":
            if self.identifier == "insurer" and len(cell) < _INSURER_DIGITS:
                raise ValueError(cell)
            cell = cell.zfill(self.size) if self.padded else cell
            surplus = max(0, len(cell) - self.size)
            return cell[surplus:] if set(cell[:surplus]) <= {"0"} else cell
        return cell


def _split(cell: str, size: int) -> list[int]:
    if not re.fullmatch(f"[0-9]{{{size}}}", cell):
        raise ValueError(cell)
    return [int(cell[:4]), *(int(cell[at : at + 2]) for at in range(4, size, 2))]


@dataclass(frozen=True, slots=True)
class Layout:
    """The items of one record, in order; ``assumed`` says what is left open in public and how it was decided."""

    name: str
    title: str
    items: tuple[Item, ...]
    assumed: str | None = None

    def write(self, values: Values) -> list[str]:
        """The cells of a record; what ``values`` does not name is empty.

        :raises Unwritable: a value that its item can't hold, or an item that must not be empty.
        :raises KeyError: ``values`` names no item of this record.
        """
        unknown = values.keys() - {each.key for each in self.items}
        if unknown:
            raise KeyError(f"{self.name} has no items {sorted(unknown)}")
        cells = []
        for each in self.items:
            value = values.get(each.key)
            cell = each.write(value)
            if cell is None:
                shown = "" if value is None else str(value)
                raise Unwritable(Problem(0, self.name, each.number, each.title, shown, each.expected))
            cells.append(cell)
        return cells

    def read(self, line: int, cells: Sequence[str]) -> tuple[dict[str, Value], list[Problem]]:
        """Item key → value, and what is wrong. Empty cells may lack or be too many at the end."""
        values: dict[str, Value] = {}
        problems = []
        for each in self.items:
            cell = cells[each.number - 1] if each.number <= len(cells) else ""
            try:
                values[each.key] = each.read(cell)
            except (ValueError, DateError):
                problems.append(Problem(line, self.name, each.number, each.title, cell[:40], each.expected))
        surplus = "".join(cells[len(self.items) :]).strip()
        if surplus:
            expected = f"{len(self.items)}項目"
            problems.append(Problem(line, self.name, 0, "項目の数", f"{len(cells)}項目", expected))
        return values, problems


def _item(number: int, raw: Sequence[Any]) -> Item:
    key, title, kind, size, *marks = raw
    if kind not in _EXPECTED:
        raise ValueError(f"{key}: no kind {kind}")
    fixed = next((each[1:] for each in marks if each.startswith("=")), None)
    also = next((each[5:] for each in marks if each.startswith("also ")), None)
    allowed = next((tuple(each[3:].split()) for each in marks if each.startswith("in ")), ())
    identifier = next((each[3:] for each in marks if each.startswith("as ")), None)
    return Item(
        number,
        key,
        title,
        kind,
        int(size),
        optional="optional" in marks,
        fixed=fixed,
        padded="padded" in marks,
        also=also,
        allowed=allowed,
        identifier=identifier,
    )


@cache
def layouts() -> Mapping[str, Layout]:
    """Every layout by its name: ``control``, ``end``, and the identification numbers of data records."""
    raw = yaml.safe_load(Path(__file__).with_name("layouts.yaml").read_text(encoding="utf-8"))
    found = {}
    for name, each in raw.items():
        items = tuple(_item(number, item) for number, item in enumerate(each["items"], start=1))
        found[name] = Layout(name, each["title"], items, each.get("assumed"))
    return MappingProxyType(found)
