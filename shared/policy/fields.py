"""Fields of an evaluator's input: strict, with Japanese messages, and describing themselves as JSON Schema.

Stricter than marshmallow's own: ``"1"`` is no integer, ``1`` is no flag, ``true`` is no number. Nothing is
guessed.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, TypeVar

from marshmallow import RAISE, Schema, ValidationError, missing
from marshmallow.fields import Field

from shared.policy.dates import DateError, Month

REQUIRED: Final = "必須の項目です。"
NULL: Final = "null にはできません。"
NOT_AN_OBJECT: Final = '入力は JSON のオブジェクトです。{"month": "2024-10", …} の形で入力してください。'

Read = TypeVar("Read")
_NUMBER: Final = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?")


class Facts(Schema):
    """Input of an evaluator; unknown fields are errors. Its fields are those of this module."""

    error_messages = {  # noqa: RUF012  (marshmallow declares it as an instance's)
        "unknown": "この項目はありません。項目名を確かめてください。",
        "type": NOT_AN_OBJECT,
    }

    class Meta:
        unknown = RAISE


class Strict(Field[Read]):
    """A field that reads JSON without converting it, and can describe itself."""

    default_error_messages: Mapping[str, Any] = {  # type: ignore[assignment]
        "required": REQUIRED,
        "null": NULL,
    }

    def read(self, value: Any) -> Read:
        """The value as the rules use it.

        :raises ValidationError: the value is not what the field takes; the message is Japanese.
        """
        raise NotImplementedError

    def describe(self) -> dict[str, Any]:
        """JSON Schema of the value."""
        raise NotImplementedError

    def wanted(self) -> str:
        """What is expected, in Japanese, with an example: the object of 「…を入力してください」."""
        raise NotImplementedError

    def wrong(self, value: Any, what: str) -> ValidationError:
        """The value is not ``what``; says what is expected instead."""
        return ValidationError(f"{_shown(value)} は{what}。{self.wanted()}を入力してください。")

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **_: Any) -> Read:
        return self.read(value)


class Choice(Strict[str]):
    """One of a fixed list of words."""

    def __init__(self, words: Iterable[str], **options: Any) -> None:
        super().__init__(**options)
        self.words = tuple(words)

    def read(self, value: Any) -> str:
        if isinstance(value, str) and value in self.words:
            return value
        raise self.wrong(value, "使えません")

    def wanted(self) -> str:
        return f"次のどれか（{'、'.join(self.words)}）"

    def describe(self) -> dict[str, Any]:
        return {"type": "string", "enum": list(self.words)}


class Text(Strict[str]):
    """Any text."""

    def read(self, value: Any) -> str:
        if not isinstance(value, str):
            raise self.wrong(value, "文字列ではありません")
        return value

    def wanted(self) -> str:
        return '文字列（例 "1371600014"）'

    def describe(self) -> dict[str, Any]:
        return {"type": "string"}


class Whole(Strict[int]):
    """A whole number within limits, such as units or yen."""

    def __init__(self, least: int = 0, most: int = 10_000_000, **options: Any) -> None:
        super().__init__(**options)
        self.least, self.most = least, most

    def read(self, value: Any) -> int:
        if type(value) is not int:  # bool is an int in Python, and true is no number of units
            raise self.wrong(value, "整数ではありません")
        if not self.least <= value <= self.most:
            raise self.wrong(value, "範囲の外です")
        return value

    def wanted(self) -> str:
        return f"{self.least} から {self.most} までの整数（例 {max(self.least, 1)}）"

    def describe(self) -> dict[str, Any]:
        return {"type": "integer", "minimum": self.least, "maximum": self.most}


class Measure(Strict[Decimal]):
    """A measured quantity, such as a height, as a JSON number or its text; never binary floating point.

    A JSON number with a fraction has passed through floating point on its way here; its shortest text is what was
    written, so nothing is lost.
    """

    def __init__(self, least: int, most: int, unit: str, **options: Any) -> None:
        super().__init__(**options)
        self.least, self.most, self.unit = least, most, unit

    def read(self, value: Any) -> Decimal:
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            raise self.wrong(value, "数値ではありません")
        text = value if isinstance(value, str) else repr(value)
        if isinstance(value, str) and not _NUMBER.fullmatch(value):
            raise self.wrong(value, "数値として読めません")
        number = Decimal(text)
        if not (number.is_finite() and self.least <= number <= self.most):
            raise self.wrong(value, "範囲の外です。単位を確かめてください")
        return number

    def wanted(self) -> str:
        return (
            f"{self.least} から {self.most} までの{self.unit}の数値（例 {(self.least + self.most) // 2}.5）"
        )

    def describe(self) -> dict[str, Any]:
        number = {"type": "number", "minimum": self.least, "maximum": self.most}
        return {"anyOf": [number, {"type": "string", "pattern": f"^{_NUMBER.pattern}$"}]}


class Flag(Strict[bool]):
    """``true`` or ``false``."""

    def read(self, value: Any) -> bool:
        if not isinstance(value, bool):
            raise self.wrong(value, "true でも false でもありません")
        return value

    def wanted(self) -> str:
        return "true か false"

    def describe(self) -> dict[str, Any]:
        return {"type": "boolean"}


class Day(Strict[date]):
    """A date, exactly ``YYYY-MM-DD``."""

    def read(self, value: Any) -> date:
        # date.fromisoformat alone would also take 20241001 and 2024-W40-2
        if isinstance(value, str) and len(value) == len("2024-10-01") and value[4] == "-" == value[7]:
            try:
                return date.fromisoformat(value)
            except ValueError as problem:
                raise self.wrong(value, "暦にない日です") from problem
        raise self.wrong(value, "日付ではありません")

    def wanted(self) -> str:
        return "日付（例 2024-10-01）"

    def describe(self) -> dict[str, Any]:
        return {"type": "string", "format": "date"}


class Minute(Strict[datetime]):
    """A local time to the minute, exactly ``YYYY-MM-DDTHH:MM``."""

    def read(self, value: Any) -> datetime:
        if isinstance(value, str) and len(value) == len("2017-10-10T12:00") and value[10] == "T":
            try:
                return datetime.strptime(value, "%Y-%m-%dT%H:%M")  # noqa: DTZ007  (local by agreement)
            except ValueError as problem:
                raise self.wrong(value, "暦や時計にない日時です") from problem
        raise self.wrong(value, "日時ではありません")

    def wanted(self) -> str:
        return "日時（例 2017-10-10T12:00）"

    def describe(self) -> dict[str, Any]:
        return {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}$"}


class MonthField(Strict[Month]):
    """A month, exactly ``YYYY-MM``."""

    def read(self, value: Any) -> Month:
        if not isinstance(value, str):
            raise self.wrong(value, "月ではありません")
        try:
            return Month.parse(value)
        except DateError as problem:
            raise ValidationError(str(problem)) from problem

    def wanted(self) -> str:
        return "月（例 2024-10）"

    def describe(self) -> dict[str, Any]:
        return {"type": "string", "pattern": "^[0-9]{4}-(0[1-9]|1[0-2])$"}


class ListOf(Strict[tuple[Any, ...]]):
    """A list of one kind of field; a message names the place of the wrong element, counted from 1."""

    def __init__(self, element: Strict[Any], least: int = 0, most: int = 1000, **options: Any) -> None:
        super().__init__(**options)
        self.element, self.least, self.most = element, least, most

    def read(self, value: Any) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise self.wrong(value, "リストではありません")
        if not self.least <= len(value) <= self.most:
            raise ValidationError(
                f"{len(value)} 件あります。{self.least} 件から {self.most} 件までで入力してください。"
            )
        return tuple(self._element(place, each) for place, each in enumerate(value, start=1))

    def wanted(self) -> str:
        return f"リスト（[…] の形で {self.least} 件から {self.most} 件まで。要素は{self.element.wanted()}）"

    def describe(self) -> dict[str, Any]:
        items = self.element.describe()
        return {"type": "array", "items": items, "minItems": self.least, "maxItems": self.most}

    def _element(self, place: int, value: Any) -> Any:
        try:
            return self.element.read(value)
        except ValidationError as problem:
            raise _inside(place - 1, f"{place} 番目", problem) from problem


class Group(Strict[Mapping[str, Any]]):
    """An object with fixed fields, each required unless it may be null; a message names the field inside."""

    def __init__(self, parts: Mapping[str, Strict[Any]], **options: Any) -> None:
        super().__init__(**options)
        self.parts = parts

    def read(self, value: Any) -> Mapping[str, Any]:
        if not isinstance(value, Mapping):
            raise self.wrong(value, "オブジェクトではありません")
        unknown = next((each for each in value if each not in self.parts), None)
        if unknown is not None:
            raise ValidationError(
                {
                    str(unknown): [
                        f"{_shown(unknown)} という項目はありません。{self.wanted()}を入力してください。"
                    ]
                }
            )
        return {name: self._part(name, part, value) for name, part in self.parts.items()}

    def wanted(self) -> str:
        named = "、".join(f"{name}: {part.wanted()}" for name, part in self.parts.items())
        return f"オブジェクト（{{…}} の形で、{named}）"

    def describe(self) -> dict[str, Any]:
        return {
            "type": "object",
            "properties": {name: describe(part) for name, part in self.parts.items()},
            "required": [name for name, part in self.parts.items() if not part.allow_none],
            "additionalProperties": False,
        }

    def _part(self, name: str, part: Strict[Any], value: Mapping[str, Any]) -> Any:
        given = value.get(name)
        if given is None and part.allow_none:
            return None
        if name not in value:
            raise ValidationError(
                {name: [f"{_named(name, part)}がありません。{part.wanted()}を入力してください。"]}
            )
        try:
            return part.read(given)
        except ValidationError as problem:
            raise _inside(name, _named(name, part), problem) from problem


def _named(name: str, part: Strict[Any]) -> str:
    title = part.metadata.get("title")
    return f"「{title}」（{name}）" if title else f"{name} "


def located(messages: Any) -> tuple[tuple[str, ...], str]:
    """The way to what is wrong inside a field, names and places from 0, and what is said of it."""
    path: list[str] = []
    while isinstance(messages, Mapping):
        name, messages = next(iter(messages.items()))
        path.append(str(name))
    return tuple(path), "、".join(map(str, messages))


def _inside(place: str | int, named: str, problem: ValidationError) -> ValidationError:
    """The problem of a part as one of the whole: it keeps the way to the part, and its text names it."""
    path, text = located(problem.messages)
    told: Any = [f"{named}: {text}"]
    for each in reversed((str(place), *path)):
        told = {each: told}
    return ValidationError(told)


def describe(field: Field[Any]) -> dict[str, Any]:
    """JSON Schema (2020-12) of one field of a :class:`Facts` schema."""
    if not isinstance(field, Strict):
        raise TypeError(f"{field!r} is not a field of shared.policy.fields")
    described = field.describe()
    if field.allow_none:
        described = {"anyOf": [described, {"type": "null"}]}
    if field.load_default is not missing:
        described["default"] = field.load_default
    return {**field.metadata, **described}


def _shown(value: Any) -> str:
    text = f"「{value}」"
    return text if len(text) <= 40 else f"{text[:38]}…」"
