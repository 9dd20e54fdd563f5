"""What changes when: the days on which the values that hold for an insurer become others."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from shared.policy.parameter_files import Entry
from shared.policy.parameter_words import WORDS
from shared.policy.parameters import Parameters
from shared.policy.procedure import value_text


@dataclass(frozen=True, slots=True)
class Change:
    """A parameter's value is another from ``on`` on. ``before``: there was none; ``after``: none is known any more."""

    on: date
    name: str
    before: Entry | None
    after: Entry | None

    @property
    def entry(self) -> Entry:
        """The entry that says what this is about: the new one where there is one."""
        found = self.after or self.before
        assert found is not None
        return found


def told(known: Parameters) -> list[str]:
    """The names of the parameters that are told one by one: all but the table of documents, which the matrix shows."""
    return [name for name in known.names if not name.startswith("document.")]


def changes(known: Parameters) -> list[Change]:
    """Every change of what holds for an insurer, the latest first, then by name.

    An insurer's own value hides the inherited one, so a value that starts while it is hidden is no change.
    """
    found = [each for name in told(known) for each in _changes_of(known, name)]
    return sorted(sorted(found, key=lambda each: each.name), key=lambda each: each.on, reverse=True)


def _changes_of(known: Parameters, name: str) -> Iterator[Change]:
    days = {each.valid_from for each in known.history(name)}
    days |= {each.valid_to + timedelta(days=1) for each in known.history(name) if each.valid_to}
    for day in sorted(days):
        before, after = known.find(name, day - timedelta(days=1)), known.find(name, day)
        if (before and before.value) != (after and after.value):
            yield Change(day, name, before, after)


def shown(entry: Entry, than: Entry | None = None) -> str:
    """An entry's value as people read it; of several named ones those that differ from ``than``'s."""
    if not isinstance(entry.value, Mapping):
        return _words(entry, entry.value)
    other: Any = than.value if than is not None and isinstance(than.value, Mapping) else {}
    return "、".join(
        f"{_word(entry, key)}: {_words(entry, value)}"
        for key, value in entry.value.items()
        if key not in other or other[key] != value
    )


def _words(entry: Entry, value: Any) -> str:
    if isinstance(value, Mapping):
        return "、".join(f"{_word(entry, key)} {_words(entry, each)}" for key, each in value.items())
    if isinstance(value, tuple | list):
        return "、".join(_words(entry, each) for each in value)
    if isinstance(value, bool):
        return entry.term(value) if entry.term(value) != str(value) else "はい" if value else "いいえ"
    if value is None:
        return "なし"
    return _word(entry, value) if isinstance(value, str) else value_text(value)


def _word(entry: Entry, code: str) -> str:
    """The word of a code: the one that the entry's own unit gives it, else the common one, else the code."""
    word = entry.term(code)
    return WORDS.get(code, word) if word == code else word
