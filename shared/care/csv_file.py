"""What files (CSV) from other software have in common: their text, the numbers in cells, what is wrong in them."""

from collections.abc import Sequence
from dataclasses import dataclass

from shared.policy.full_width import normalise
from shared.policy.identifiers import insured_number, office_number


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in a file: line (the first is 1), column, the value that stands there, what is expected."""

    line: int
    column: str
    value: str
    expected: str

    @property
    def text(self) -> str:
        """In Japanese."""
        return f"{self.line}行目 {self.column}「{self.value}」: {self.expected}"


class FaultyFile(Exception):
    """A file of which nothing is taken in; ``problems`` are all that were found."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = tuple(problems)


def text_of(content: bytes, most_bytes: int) -> str:
    """A file's text: UTF-8 with or without BOM, else as Windows writes Japanese (cp932).

    :raises FaultyFile: it is longer than ``most_bytes``, or neither of them.
    """
    if len(content) > most_bytes:
        raise FaultyFile([Problem(1, "", f"{len(content)} バイト", f"{most_bytes} バイト以下のファイル")])
    for encoding in ("utf-8-sig", "cp932"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FaultyFile([Problem(1, "", "読めない文字", "文字コードは UTF-8 か Shift_JIS（cp932）です")])


def insured(text: str) -> str:
    """An insured number as a spreadsheet may write it, without its leading zeros. :raises ValueError: it is none."""
    number = normalise(text).upper()
    verdict = insured_number(number.zfill(10) if number.isdigit() else number)
    if not verdict.valid:
        raise ValueError(verdict.warnings[0])
    return verdict.number


def office(text: str) -> str:
    """An office's number. :raises ValueError: it is none."""
    verdict = office_number(text)
    if not verdict.valid:
        raise ValueError(verdict.warnings[0])
    return verdict.number
