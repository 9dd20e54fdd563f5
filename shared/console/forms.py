"""Forms made from a command's marshmallow schema, and raw fields made from what a person sent back.

The names of inputs are paths: ``start_date``, ``services.0.provider``. Nothing here knows a command; what a form
shows beside the schema comes from a field's metadata (``contracts.fields``): ``label``, ``help``, ``lines`` and
``format``. A coded field carries its choices in its validator.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final, cast

from marshmallow import Schema, fields, missing, validate

from contracts.json_schema import hint_of, title_of
from shared.console.typed import READERS, as_agency, as_text
from shared.console.wareki import wareki, wareki_moment, wareki_month
from shared.policy.dates import parse_date, parse_month
from shared.policy.full_width import as_kana, one_width

SPARE_ROWS: Final = 1
_MOST_ROWS: Final = 60
_HINTS: Final = {
    "date": "例：令和6年10月1日、2024-10-01、20241001",
    "month": "例：令和6年10月、2024-10",
    "clock": "例：9:30、0930",
    "moment": "日付と時刻。例：令和6年10月1日 9:30、2024-10-01 9:30",
    "agency": "番号のほか、名前の一部でも入力できます",
    "json": "JSON で入力してください",
}
"""How to fill a control that has no hint of its own; inside a group only the place is left for the input."""

KANA: Final = "kana"
"""The last part of the name of a field that holds how a name is read; the name itself stands beside it."""

AnyField = fields.Field[Any]


@dataclass(frozen=True)
class Control:
    """One input of a form, or a group of them.

    ``kind``: text, long, lines, date, month, clock, moment, number, json, yesno, check, choice, choices, agency,
    everybody, group, rows. Numbers of cases that a person needn't name are not asked for: ``everybody`` tells whom it
    is about. ``rows`` holds the controls of each row of a repeated group (for ``group`` one row), ``options`` pairs of
    value and label. ``reading`` is what the machine understood of a date, in the era's years.
    """

    name: str
    title: str
    kind: str
    required: bool = False
    value: Any = ""
    hint: str = ""
    errors: Sequence[str] = ()
    options: Sequence[tuple[str, str]] = ()
    rows: Sequence[Sequence["Control"]] = ()
    reading: str = field(default="", compare=False)

    @property
    def id(self) -> str:
        """The HTML id of the input."""
        return "f-" + self.name.replace(".", "-")

    @property
    def name_read(self) -> str:
        """The HTML id of the input with the name that this one says how to read; empty for any other."""
        stem, _, last = self.name.rpartition(".")
        if last != KANA or self.kind != "text":
            return ""
        return "f-" + f"{stem}.name".lstrip(".").replace(".", "-")


@dataclass(frozen=True, slots=True)
class Fault:
    """One input that is wrong, for the summary at the head of a page: its HTML id, title and message."""

    id: str
    title: str
    message: str


def faults(shown: Sequence[Control], within: str = "") -> list[Fault]:
    """Every input of a form that is wrong, in the order of the form; ``within`` names the group."""
    found = []
    for each in shown:
        title = f"{within}{each.title}"
        if each.errors:
            found.append(Fault(each.id, title, "　".join(each.errors)))
        for number, row in enumerate(each.rows, 1):
            place = f"{title} {number}件目の" if each.kind == "rows" else f"{title}の"
            found += faults(row, place)
    return found


def controls(
    schema: Schema | type[Schema],
    raw: Mapping[str, Any] | None = None,
    errors: Mapping[Any, Any] | None = None,
    spare: Mapping[str, int] | None = None,
    prefix: str = "",
) -> list[Control]:
    """The controls of a schema, filled with ``raw`` and with the messages of ``errors`` beside their fields.

    ``spare`` says how many empty rows a repeated group shows beyond the filled ones.
    """
    loaded = schema() if isinstance(schema, type) else schema
    given, wrong = raw or {}, errors or {}
    return [
        _control(
            f"{prefix}{each.data_key or name}",
            each,
            given.get(each.data_key or name),
            wrong.get(each.data_key or name),
            spare or {},
        )
        for name, each in loaded.load_fields.items()
    ]


def _control(name: str, each: AnyField, value: Any, problem: Any, spare: Mapping[str, int]) -> Control:
    kind = kind_of(each)
    if value is None and each.load_default is not missing and not callable(each.load_default):
        value = each.load_default
    title, required = title_of(name.rsplit(".", 1)[-1], each), each.required and not each.allow_none
    hint = hint_of(each)
    if kind in ("group", "rows"):
        rows = _rows(name, each, value, problem, spare)
        own = _messages(problem if not isinstance(problem, Mapping) else problem.get("_schema"))
        return Control(name, title, kind, required, "", hint, own, (), rows)
    options = _options(each, kind)
    return Control(
        name,
        title,
        kind,
        required,
        _shown(kind, value),
        _hint(name, kind, hint),
        _without_codes(_messages(problem), title, kind, options),
        options,
        (),
        _reading(kind, value),
    )


_AT_LEAST: Final = "件以上、"
"""What the message of a list with too little in it says; where it is ticked a person only has to choose."""


def _without_codes(
    told: Sequence[str], title: str, kind: str, options: Sequence[tuple[str, str]]
) -> Sequence[str]:
    """The messages for somebody who sees the choices: of a list of codes only that there is something to choose.

    A rule's own words stay; systems are told the codes (:mod:`contracts.fields`).
    """
    coded = [f"{code}（{label}）" for code, label in options[:1]]
    coded += [_AT_LEAST] if kind == "choices" else []
    plain = (f"{title}を選んでください" if any(sign in each for sign in coded) else each for each in told)
    return [*dict.fromkeys(plain)]


def _hint(name: str, kind: str, own: str) -> str:
    if "." in name:
        return own
    if kind == "agency" and own:
        return f"{own}。{_HINTS[kind]}"
    return own or _HINTS.get(kind, "")


def kind_of(each: AnyField) -> str:
    """Which control a field gets."""
    if isinstance(each, fields.Nested):
        return "rows" if each.many else "group"
    if isinstance(each, fields.List):
        if isinstance(each.inner, fields.Nested):
            return "rows"
        if isinstance(each.inner, fields.UUID):
            return "everybody"
        return "choices" if _choices(each) else "lines"
    if _choices(each):
        return "choice"
    for kind, found in _SIMPLE:
        if isinstance(each, kind):
            return "yesno" if found == "check" and each.allow_none else found
    return str(each.metadata.get("format") or ("long" if each.metadata.get("lines") else "text"))


_SIMPLE: Final[Sequence[tuple[type[AnyField], str]]] = (
    (fields.Boolean, "check"),
    (fields.Number, "number"),
    (fields.Date, "date"),
    (fields.DateTime, "moment"),
    (fields.Dict, "json"),
)


def inner_schema(each: AnyField) -> Schema:
    """The schema of a group's members."""
    nested = each.inner if isinstance(each, fields.List) else each
    return cast(fields.Nested, nested).schema


def _rows(
    name: str, each: AnyField, value: Any, problem: Any, spare: Mapping[str, int]
) -> list[list[Control]]:
    inner, wrong = inner_schema(each), problem if isinstance(problem, Mapping) else {}
    if kind_of(each) == "group":
        given = value if isinstance(value, Mapping) else {}
        return [controls(inner, given, wrong, spare, f"{name}.")]
    filled = [row for row in value if isinstance(row, Mapping)] if isinstance(value, (list, tuple)) else []
    extra = spare.get(name, 0) + (0 if filled else SPARE_ROWS)
    rows: list[Mapping[str, Any]] = [*filled, *({} for _ in range(extra))]
    return [
        controls(inner, row, wrong.get(index) or wrong.get(str(index)), spare, f"{name}.{index}.")
        for index, row in enumerate(rows[:_MOST_ROWS])
    ]


def _shown(kind: str, value: Any) -> Any:
    if value is None:
        return "" if kind != "choices" else []
    if kind == "yesno":
        return {True: "yes", False: "no"}.get(value, "")
    if kind == "check":
        return bool(value)
    if kind == "choices":
        return [str(each) for each in value]
    if kind in ("lines", "everybody"):
        return "\n".join(str(each) for each in value)
    if kind == "json" and not isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if kind == "moment":
        return _reading(kind, value) or str(value)
    return value.isoformat() if isinstance(value, date) else str(value)


def _reading(kind: str, value: Any) -> str:
    """What the machine understood of a date, in the era's years."""
    try:
        if kind == "date" and value:
            return wareki(value if isinstance(value, date) else parse_date(str(value)), weekday=True)
        if kind == "month" and value:
            return wareki_month(str(parse_month(str(value))))
        if kind == "moment" and value:
            moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
            return wareki_moment(moment) if moment.tzinfo else ""
    except ValueError:
        pass
    return ""


def _choices(each: AnyField) -> list[tuple[str, str]]:
    searched = [*each.validators]
    if isinstance(each, fields.List):
        searched += each.inner.validators
    for rule in searched:
        if isinstance(rule, (validate.OneOf, validate.ContainsOnly)):
            labels = [*rule.labels] if rule.labels else []
            choices = [str(choice) for choice in rule.choices if choice is not None]
            return [
                (choice, labels[index] if index < len(labels) else choice)
                for index, choice in enumerate(choices)
            ]
    if isinstance(each, fields.Enum):
        return [
            (str(member.value if each.by_value else member.name), str(member.value)) for member in each.enum
        ]
    return []


def _options(each: AnyField, kind: str) -> list[tuple[str, str]]:
    return _choices(each) if kind in ("choice", "choices") else []


def _messages(problem: Any) -> list[str]:
    if problem is None:
        return []
    if isinstance(problem, str):
        return [problem]
    if isinstance(problem, Mapping):
        return [message for each in problem.values() for message in _messages(each)]
    return [message for each in problem for message in _messages(each)]


def raw_fields(
    schema: Schema | type[Schema],
    sent: Mapping[str, Sequence[str]],
    prefix: str = "",
    agencies: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """The fields that a person sent, as the schema wants them: widths normalised, ISO dates, agencies as numbers.

    ``sent`` maps each input's name to all its values, ``agencies`` the numbers that a directory lists to their names.
    An empty input is left out, or ``None`` where the schema allows it; what can't be read is passed on as typed, so
    that the schema's own message names it.
    """
    loaded = schema() if isinstance(schema, type) else schema
    found: dict[str, Any] = {}
    for name, each in loaded.load_fields.items():
        key = each.data_key or name
        value = _read(f"{prefix}{key}", each, sent, agencies or {})
        if value is not missing:
            found[key] = value
        elif each.required and each.allow_none:
            found[key] = None
    return found


def _read(path: str, each: AnyField, sent: Mapping[str, Sequence[str]], agencies: Mapping[str, str]) -> Any:
    kind = kind_of(each)
    values = [value for value in sent.get(path, ()) if value.strip()]
    if kind == "rows":
        return _read_rows(path, each, sent, agencies)
    if kind == "group":
        return raw_fields(inner_schema(each), sent, f"{path}.", agencies) or missing
    if kind == "check":
        return bool(values)
    if kind == "choices":
        return values or ([] if each.required else missing)
    if not values:
        return missing
    if kind in ("lines", "everybody"):
        return [one_width(line).strip() for line in values[0].splitlines() if line.strip()]
    if kind == "text" and path.rsplit(".", 1)[-1] == KANA:
        return as_kana(as_text(values[0]))
    if kind == "agency":
        return as_agency(values[0], agencies)
    return READERS.get(kind, as_text)(values[0])


def _read_rows(
    path: str, each: AnyField, sent: Mapping[str, Sequence[str]], agencies: Mapping[str, str]
) -> Any:
    inner = inner_schema(each)
    row_name = re.compile(re.escape(path) + r"\.(\d{1,3})\.")
    numbers = sorted({int(match[1]) for name in sent if (match := row_name.match(name))})
    rows = []
    for number in numbers[:_MOST_ROWS]:
        row = raw_fields(inner, sent, f"{path}.{number}.", agencies)
        if any(value not in (None, False, [], "") for value in row.values()):
            rows.append(row)
    return rows or ([] if each.required else missing)
