"""The YAML files of the parameters: what an entry looks like, and refusing a file that looks otherwise.

A file is a list of entries::

    - name: addition.linkage            # dotted, unique within a folder
      title: 委託連携加算 # what a screen or a claim line calls it unit: 単位 # of every value source:
      {document: …, passage: …} # file name of a source document, or a law or standard, and the passage
      assumed: true # a choice where the documents are silent (default false) note: … # optional values:
        - from: 2021-04-01              # first day of validity
          to: 2024-03-31                # optional last day; otherwise the day before the next value
          value: 300                    # any YAML; amounts are integers, prices quoted decimals
          title: …                      # title, source, assumed and note may be given per value
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import yaml

from shared.policy.dates import day_text

ENTRY_KEYS: Final = {"name", "title", "unit", "source", "assumed", "note", "values"}
VALUE_KEYS: Final = {"from", "to", "value", "title", "source", "assumed", "note"}
INSURER_KEYS: Final = {"insurer", "name", "folder", "inherits"}


class MalformedParameters(ValueError):
    """A parameter file is not what it should be; the message names the file, the entry and the problem."""

    def __init__(self, place: str, problem: str) -> None:
        super().__init__(f"{place}: {problem}")


@dataclass(frozen=True, slots=True)
class Insurer:
    """A municipality: its insurer number, its name, its folder, and the folder it inherits from."""

    number: str
    name: str
    folder: str
    inherits: str


@dataclass(frozen=True, slots=True)
class Source:
    """Where a value comes from: a source document's file name (or a law or standard) and the passage."""

    document: str
    passage: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One value of a parameter. ``valid_to`` is its last day, ``None`` while no later value is known."""

    name: str
    title: str
    unit: str
    value: Any
    valid_from: date
    valid_to: date | None
    source: Source
    assumed: bool
    folder: str
    note: str | None = None

    def term(self, value: Any) -> str:
        """A value as people read it: a code by the word that the unit gives it (``code: 語 ／ …``), else as it is."""
        words = dict(each.split(": ", 1) for each in self.unit.split(" ／ ") if ": " in each)
        code = str(value).lower() if isinstance(value, bool) else str(value)
        return words.get(code, str(value))

    def covers(self, day: date) -> bool:
        """Whether the value holds on that day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def at(self, key: str) -> "Entry":
        """The same entry for one key of a value that is a mapping.

        :raises KeyError: the mapping has no such key.
        """
        return replace(self, name=f"{self.name}.{key}", value=self.value[key])

    def at_value(self, value: Any) -> "Entry":
        """The same entry with one of the values that it lists."""
        return replace(self, value=value)

    def period_text(self) -> str:
        """``令和3年4月1日から令和6年3月31日まで``, open at the end while no later value is known."""
        end = f"{day_text(self.valid_to)}まで" if self.valid_to else ""
        return f"{day_text(self.valid_from)}から{end}"

    def as_json(self) -> dict[str, Any]:
        """JSON-shaped entry, as evaluators and the command line show it."""
        return {
            "name": self.name,
            "title": self.title,
            "unit": self.unit,
            "value": plain(self.value),
            "from": self.valid_from.isoformat(),
            "to": self.valid_to.isoformat() if self.valid_to else None,
            "source": {"document": self.source.document, "passage": self.source.passage},
            "assumed": self.assumed,
            "folder": self.folder,
            "note": self.note,
        }


def read_insurer(folder: Path) -> Insurer:
    """Read ``insurer.yaml`` of a municipality's folder.

    :raises MalformedParameters: a key is missing or unknown, or the folder named is another one.
    """
    file = folder / "insurer.yaml"
    raw = _read(file)
    if not isinstance(raw, Mapping) or set(raw) != INSURER_KEYS:
        raise MalformedParameters(str(file), f"expected exactly the keys {sorted(INSURER_KEYS)}")
    if not all(isinstance(each, str) for each in raw.values()):
        raise MalformedParameters(str(file), "every value must be text (put the insurer number in quotes)")
    if raw["folder"] != folder.name:
        raise MalformedParameters(str(file), f"says folder {raw['folder']}, but lies in {folder.name}")
    return Insurer(number=raw["insurer"], name=raw["name"], folder=raw["folder"], inherits=raw["inherits"])


def read_entries(folder: Path) -> dict[str, tuple[Entry, ...]]:
    """Name → values in order of time, of all files of a folder.

    :raises MalformedParameters: as described for the files; also when two values of a name overlap.
    """
    if not folder.is_dir():
        raise MalformedParameters(str(folder), "is not a folder")
    entries: dict[str, tuple[Entry, ...]] = {}
    for file in sorted(folder.glob("*.yaml")):
        if file.name == "insurer.yaml":
            continue
        raw = _read(file)
        if not isinstance(raw, list):
            raise MalformedParameters(str(file), "expected a list of entries")
        for each in raw:
            name, values = _entry(file, each)
            if name in entries:
                raise MalformedParameters(f"{file} {name}", "the name is already used in this folder")
            entries[name] = values
    return entries


def _read(file: Path) -> Any:
    try:
        return yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as problem:
        raise MalformedParameters(str(file), str(problem)) from problem


def _entry(file: Path, raw: Any) -> tuple[str, tuple[Entry, ...]]:
    if not isinstance(raw, Mapping) or not isinstance(raw.get("name"), str):
        raise MalformedParameters(str(file), f"an entry without a name: {raw!r:.80}")
    place = f"{file} {raw['name']}"
    _known_keys(place, raw, ENTRY_KEYS)
    values = raw.get("values")
    if not isinstance(values, list) or not values:
        raise MalformedParameters(place, "values must be a list and not empty")
    shared_parts = {key: raw[key] for key in ("title", "source", "assumed", "note") if key in raw}
    merged = [{**shared_parts, **each} if isinstance(each, Mapping) else {} for each in values]
    starts = [_start(place, each) for each in merged]
    ends = [None if later is None else later - timedelta(days=1) for later in (*starts[1:], None)]
    built = [
        _value(place, file.parent.name, raw, each, start, end)
        for each, start, end in zip(merged, starts, ends, strict=True)
    ]
    return str(raw["name"]), tuple(built)


def _start(place: str, raw: Mapping[str, Any]) -> date:
    start = raw.get("from")
    if type(start) is not date:
        raise MalformedParameters(place, "every value needs `from`, a date")
    return start


def _value(
    place: str,
    folder: str,
    entry: Mapping[str, Any],
    raw: Mapping[str, Any],
    start: date,
    before_next: date | None,
) -> Entry:
    _known_keys(place, raw, VALUE_KEYS)
    if before_next is not None and before_next < start:
        raise MalformedParameters(place, f"the value from {start} is out of order")
    end = raw.get("to", before_next)
    if end is not None and (type(end) is not date or end < start):
        raise MalformedParameters(place, f"`to` of the value from {start} is not a later date")
    if before_next is not None and (end is None or end > before_next):
        raise MalformedParameters(place, f"the value from {start} overlaps the next one")
    if "value" not in raw:
        raise MalformedParameters(place, f"the value from {start} has no `value`")
    for key in ("title", "source"):
        if not raw.get(key):
            raise MalformedParameters(place, f"the value from {start} has no `{key}`")
    if not isinstance(entry.get("unit"), str):
        raise MalformedParameters(place, "`unit` is missing")
    return Entry(
        name=entry["name"],
        title=raw["title"],
        unit=entry["unit"],
        value=_frozen(place, raw["value"]),
        valid_from=start,
        valid_to=end,
        source=_source(place, raw["source"]),
        assumed=raw.get("assumed", False) is True,
        folder=folder,
        note=raw.get("note"),
    )


def _source(place: str, raw: Any) -> Source:
    if not isinstance(raw, Mapping) or set(raw) != {"document", "passage"}:
        raise MalformedParameters(place, "`source` needs `document` and `passage`")
    return Source(document=str(raw["document"]), passage=str(raw["passage"]))


def _known_keys(place: str, raw: Mapping[str, Any], known: set[str]) -> None:
    unknown = sorted(set(map(str, raw)) - known)
    if unknown:
        raise MalformedParameters(place, f"unknown keys {unknown}")


def _frozen(place: str, value: Any) -> Any:
    if isinstance(value, float):
        # Binary floating point cannot hold 11.40; a price is quoted text, an amount an integer.
        raise MalformedParameters(place, f"{value} is a floating-point number; quote it")
    if isinstance(value, list):
        return tuple(_frozen(place, each) for each in value)
    if isinstance(value, dict):
        return MappingProxyType({str(key): _frozen(place, each) for key, each in value.items()})
    return value


def plain(value: Any) -> Any:
    """JSON-shaped copy of a parameter's value: lists, dicts, and dates as ISO text."""
    if isinstance(value, Mapping):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [plain(each) for each in value]
    return value.isoformat() if isinstance(value, date) else value
