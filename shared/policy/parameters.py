"""Dated parameters: every amount, limit, day count and list that a rule uses, with where it comes from.

A parameter is an entry in a YAML file under ``parameters/<folder>/``. A municipality's folder holds
``insurer.yaml`` and only what differs from the folder it inherits from, ``national``; adding a ward means
adding a folder. Where an insurer's value covers a day it holds, otherwise the inherited one does. Nothing
is extrapolated: a day that no published value covers is a :class:`ParameterError`.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from shared.policy.dates import day_text
from shared.policy.parameter_files import (
    Entry,
    Insurer,
    MalformedParameters,
    Source,
    read_entries,
    read_insurer,
)

FOLDER: Final = Path(__file__).with_name("parameters")
"""The folders of all insurers, and ``national``."""


class ParameterError(LookupError):
    """A parameter has no value on the day asked for.

    ``code`` is ``unknown_parameter``, ``unknown_insurer`` or ``not_published``; ``name`` is the parameter
    (or the insurer number); ``message`` is Japanese and says from when values exist.
    """

    def __init__(self, code: str, name: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.name = name
        self.message = message


@dataclass(frozen=True)
class Parameters:
    """All parameters that hold for one insurer: its own over the inherited ones."""

    insurer: Insurer
    own: Mapping[str, Sequence[Entry]]
    inherited: Mapping[str, Sequence[Entry]]

    def value(self, name: str, on: date) -> Any:
        """Value of ``name`` on a day: int, str, bool, date, tuple or read-only mapping, as the file says.

        :raises ParameterError: no published value covers the day.
        """
        return self.entry(name, on).value

    def entry(self, name: str, on: date) -> Entry:
        """Value of ``name`` on a day together with its validity, its source and whether it is assumed.

        :raises ParameterError: no published value covers the day.
        """
        found = self.find(name, on)
        if found is None:
            raise self._missing(name, on)
        return found

    def find(self, name: str, on: date) -> Entry | None:
        """Like :meth:`entry`, but ``None`` where no value covers the day (the addition did not exist)."""
        for entries in (self.own.get(name, ()), self.inherited.get(name, ())):
            for each in entries:
                if each.covers(on):
                    return each
        return None

    def last(self, name: str) -> Entry:
        """The value that holds last, for a question that no date belongs to.

        :raises ParameterError: the insurer has no value at all.
        """
        listed = (*self.own.get(name, ()), *self.inherited.get(name, ()))
        if not listed:
            raise self._unstated(name)
        return max(listed, key=lambda each: each.valid_to or date.max)

    def history(self, name: str) -> tuple[Entry, ...]:
        """All values of ``name``, the insurer's own first, each list in order of time.

        :raises ParameterError: there is no parameter of that name.
        """
        entries = (*self.own.get(name, ()), *self.inherited.get(name, ()))
        if not entries:
            raise ParameterError("unknown_parameter", name, f"パラメータ「{name}」はありません。")
        return entries

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all parameters, sorted."""
        return tuple(sorted({*self.own, *self.inherited}))

    @cached_property
    def digest(self) -> str:
        """SHA-256 (hexadecimal) over every value, validity, source and mark; part of a view's VERSION."""
        listed = [(scope, each.as_json()) for scope, each in self._all()]
        text = json.dumps([self.insurer.number, listed], ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()

    def _all(self) -> Iterable[tuple[str, Entry]]:
        for scope, entries in (("own", self.own), ("inherited", self.inherited)):
            for name in sorted(entries):
                yield from ((scope, each) for each in entries[name])

    def _missing(self, name: str, on: date) -> ParameterError:
        history = (*self.own.get(name, ()), *self.inherited.get(name, ()))
        if not history:
            return self._unstated(name)
        periods = "、".join(each.period_text() for each in history)
        return ParameterError(
            "not_published",
            name,
            f"{self.insurer.name}の「{history[0].title}」（{name}）には{day_text(on)}の値が"
            f"登録されていません（登録済み: {periods}）。公表された値を確かめて登録してください。",
        )

    def _unstated(self, name: str) -> ParameterError:
        """Another ward has stated such a value, this one has not; or nobody has."""
        title = _title_elsewhere(name)
        if title is None:
            return ParameterError("unknown_parameter", name, f"パラメータ「{name}」はありません。")
        return ParameterError(
            "not_published",
            name,
            f"{self.insurer.name}の「{title}」（{name}）は登録されていません。ほかの区の値は使いません。"
            f"{self.insurer.name}の資料を確かめて登録してください。",
        )


def _title_elsewhere(name: str) -> str | None:
    stated = (parameters(each).own.get(name) for each in insurers())
    return next((each[0].title for each in stated if each), None)


def load(folder: Path, root: Path = FOLDER) -> Parameters:
    """Read the parameters of the insurer whose folder this is; what it inherits lies under ``root``.

    :raises MalformedParameters: a file is not what it should be; the message names file and entry.
    """
    insurer = read_insurer(folder)
    return Parameters(
        insurer=insurer,
        own=MappingProxyType(read_entries(folder)),
        inherited=MappingProxyType(read_entries(root / insurer.inherits)),
    )


@cache
def insurers() -> Mapping[str, Path]:
    """Insurer number → folder, for every municipality that has a folder."""
    folders = sorted(each.parent for each in FOLDER.glob("*/insurer.yaml"))
    return MappingProxyType({read_insurer(each).number: each for each in folders})


@cache
def parameters(insurer: str) -> Parameters:
    """Parameters of an insurer by its six-digit number.

    :raises ParameterError: ``unknown_insurer`` if no municipality of that number has a folder.
    """
    folder = insurers().get(insurer)
    if folder is None:
        known = "、".join(insurers())
        raise ParameterError(
            "unknown_insurer",
            insurer,
            f"保険者番号 {insurer} のパラメータはありません（登録済み: {known}）。",
        )
    return load(folder)


@cache
def digest() -> str:
    """SHA-256 over the parameters of all insurers: for views that fold cases of more than one."""
    listed = "\n".join(f"{number} {parameters(number).digest}" for number in sorted(insurers()))
    return hashlib.sha256(listed.encode()).hexdigest()


__all__ = [
    "FOLDER",
    "Entry",
    "Insurer",
    "MalformedParameters",
    "ParameterError",
    "Parameters",
    "Source",
    "digest",
    "insurers",
    "load",
    "parameters",
]
