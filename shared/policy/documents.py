"""The document table: who writes each document of the procedure, who holds its original, who gets it, and when.

The rows are parameters (``document.<code>``), so a ward states its own; decisions, obligations, ledger, matrix and
screens ask here. A ward that states none has no table.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final

from shared.policy.parameter_files import Entry
from shared.policy.parameters import parameters

PROCESSES: Final[Mapping[str, str]] = {
    "preparation": "受託・指定準備",
    "contract": "契約等説明および同意",
    "notification": "作成届",
    "assessment": "アセスメント",
    "planning": "プラン確定・交付",
    "monitoring": "モニタリング",
    "evaluation": "評価",
    "progress": "支援の経過",
    "claims": "給付・請求等",
    "provisional": "暫定プラン",
    "register": "台帳管理",
    "review": "計画の検証",
}
"""Headings of the matrix, in its order."""

COLUMNS: Final[Mapping[str, str]] = {
    "entrusted": "再委託",
    "designated_new": "居宅指定（新規利用者）",
    "designated_transfer": "居宅指定（包括からの移行）",
    "direct": "包括直営",
}
"""Tracks of the matrix; 直営 is ours, because the document speaks only of what offices do."""

TIMES: Final[Mapping[str, str]] = {
    "before_entrustment": "委託の前",
    "before_designation": "指定の前",
    "before_contract": "契約の前",
    "at_contract": "契約のとき",
    "at_checklist": "基本チェックリストを行ったとき",
    "at_start": "サービスを始めるとき",
    "at_switch": "類型が変わるとき",
    "at_transfer": "包括から移るとき",
    "on_request": "申請・依頼があったとき",
    "each_plan": "計画を作るたび",
    "main_plans": "初回・更新・区分変更の計画",
    "changed_months": "初回と変更の月",
    "when_needed": "必要なとき",
    "when_recorded": "記録したとき",
    "monthly": "毎月",
    "fifth": "翌月5日まで",
    "half_yearly": "6か月に一度と、残りの期間の終わり",
    "plan_end": "計画期間の終わり・評価のとき",
    "after_comment": "包括のコメントのあと",
    "on_receipt": "受け取ったとき",
    "before_result": "認定の結果が出る前",
    "entrustment_end": "委託が終わったとき",
    "on_circumstance": "利用者の状況が変わったとき",
}

WRITERS: Final[Mapping[str, str]] = {
    "office": "居宅",
    "centre": "包括",
    "ward": "区",
    "person": "本人",
    "provider": "サービス事業所",
}

FORMS_HANDED: Final[Mapping[str, str]] = {"original": "原本", "copy": "写し", "unstated": "提出"}

_NAME: Final = "document."
_ROW: Final = {"process", "rule", "starred", "obligations", "needs", *COLUMNS}
_CELL: Final = {"rule", "writers", "original", "made", "handed", "assumed", "note", "each"}
_HANDED: Final = {"to", "when", "form"}


class MalformedDocuments(ValueError):
    """A row of the document table that is not what it should be; the message names the document."""

    def __init__(self, code: str, problem: str) -> None:
        super().__init__(f"{_NAME}{code}: {problem}")


@dataclass(frozen=True, slots=True)
class Handing:
    """Who gets a document, when, and as ``original``, ``copy`` or ``unstated`` (the passage says only 提出)."""

    to: str
    when: str
    form: str

    @property
    def text(self) -> str:
        """In Japanese: 包括に写し（計画を作るたび）."""
        return f"{WRITERS[self.to]}に{FORMS_HANDED[self.form]}（{TIMES[self.when]}）"


@dataclass(frozen=True, slots=True)
class Cell:
    """What one track asks of a document. ``writers`` in order: the first writes the first one.

    ``each``: every one of them writes its own and keeps its original, ``original`` names the first (T-10, T-11).

    ``assumed``: the ward's document has no such cell, or it is lost.
    """

    rule: str
    writers: tuple[str, ...]
    original: str
    made: str
    handed: tuple[Handing, ...]
    assumed: bool
    note: str
    each: bool = False

    @property
    def text(self) -> str:
        """In Japanese: who writes it and when, who holds the original, who gets it."""
        writers = [WRITERS[each] for each in self.writers]
        if self.each:
            parts = [f"{'・'.join(writers)}がそれぞれ作る（{TIMES[self.made]}）", "原本はそれぞれ"]
        else:
            parts = [f"{'→'.join(writers)}が作る（{TIMES[self.made]}）", f"原本は{WRITERS[self.original]}"]
        return "、".join([*parts, *(each.text for each in self.handed)])

    def goes_to(self, party: str) -> Handing | None:
        """How and when ``party`` gets it, or None if it does not."""
        return next((each for each in self.handed if each.to == party), None)


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """One document of the procedure. ``starred``: one of the nine that a plan review asks for (T-50).

    ``obligations`` are ids, or beginnings of ids, of rows of the table of obligations; ``needs`` the documents without
    which law or a contract forbids this one.
    """

    code: str
    title: str
    process: str
    rule: str
    starred: bool
    obligations: tuple[str, ...]
    needs: tuple[str, ...]
    cells: Mapping[str, Cell]
    entry: Entry

    def speaks_of(self, obligation_row: str) -> bool:
        """Whether a row of the table of obligations is about this document."""
        return any(_begins(obligation_row, each) for each in self.obligations)


def _begins(row: str, beginning: str) -> bool:
    """Whether it is that row, or one of that rule: a rule's number begins the ids of its cells and of its rows."""
    if row == beginning:
        return True
    of_rule = re.fullmatch(r"T-\d+", beginning) is not None
    return of_rule and re.fullmatch(rf"{re.escape(beginning)}(?!\d).*", row) is not None


@lru_cache(maxsize=64)
def documents(insurer: str, on: date) -> tuple[DocumentRow, ...]:
    """The document table of an insurer on a day, in the order of the matrix; empty where it states none.

    :raises ParameterError: the insurer has no parameters at all.
    :raises MalformedDocuments: a row is not what it should be.
    """
    known = parameters(insurer)
    names = [name for name in known.own if name.startswith(_NAME)]
    rows = [read_row(each) for name in names if (each := known.find(name, on)) is not None]
    codes = {row.code for row in rows}
    for row in rows:
        if unknown := sorted(set(row.needs) - codes):
            raise MalformedDocuments(row.code, f"needs unknown documents {unknown}")
    order = list(PROCESSES)
    return tuple(sorted(rows, key=lambda row: order.index(row.process)))


def document(insurer: str, code: str, on: date) -> DocumentRow | None:
    """One row of the table, or None where the insurer states none."""
    return next((row for row in documents(insurer, on) if row.code == code), None)


def starred(insurer: str, on: date) -> tuple[DocumentRow, ...]:
    """The ★ documents that a plan review asks for: nine in Toshima (T-50)."""
    return tuple(row for row in documents(insurer, on) if row.starred)


def read_row(entry: Entry) -> DocumentRow:
    """The row of one parameter.

    :raises MalformedDocuments: it lacks something or says something unknown.
    """
    code, raw = entry.name.removeprefix(_NAME), entry.value
    _must_have(code, raw, needed={"process", "rule", "obligations"}, known=_ROW)
    _must_be(code, raw["process"], PROCESSES)
    cells = {column: _cell(code, raw[column]) for column in COLUMNS if column in raw}
    if not cells:
        raise MalformedDocuments(code, "no track asks for it")
    return DocumentRow(
        code=code,
        title=entry.title,
        process=raw["process"],
        rule=raw["rule"],
        starred=raw.get("starred", False),
        obligations=tuple(raw["obligations"]),
        needs=tuple(raw.get("needs", ())),
        cells=MappingProxyType(cells),
        entry=entry,
    )


def _cell(code: str, raw: Any) -> Cell:
    _must_have(code, raw, needed={"rule", "writers", "original", "made"}, known=_CELL)
    for party in (*raw["writers"], raw["original"]):
        _must_be(code, party, WRITERS)
    _must_be(code, raw["made"], TIMES)
    return Cell(
        rule=raw["rule"],
        writers=tuple(raw["writers"]),
        original=raw["original"],
        made=raw["made"],
        handed=tuple(_handing(code, each) for each in raw.get("handed", ())),
        assumed=raw.get("assumed", False),
        note=raw.get("note", ""),
        each=raw.get("each", False),
    )


def _handing(code: str, raw: Any) -> Handing:
    _must_have(code, raw, needed=_HANDED, known=_HANDED)
    _must_be(code, raw["to"], WRITERS)
    _must_be(code, raw["when"], TIMES)
    _must_be(code, raw["form"], FORMS_HANDED)
    return Handing(raw["to"], raw["when"], raw["form"])


def _must_have(code: str, raw: Any, needed: set[str], known: set[str]) -> None:
    if not isinstance(raw, Mapping):
        raise MalformedDocuments(code, f"expected a mapping, found {raw!r:.80}")
    if lacking := sorted(needed - set(raw)):
        raise MalformedDocuments(code, f"lacks {lacking}")
    if unknown := sorted(set(raw) - known):
        raise MalformedDocuments(code, f"unknown keys {unknown}")


def _must_be(code: str, value: Any, known: Mapping[str, str]) -> None:
    if value not in known:
        raise MalformedDocuments(code, f"{value!r} is none of {sorted(known)}")
