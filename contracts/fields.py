"""Fields of event and command schemas: marshmallow fields with Japanese labels and messages.

``label`` names the field to people, ``help`` says what to enter. Both stand in the field's metadata, from
which forms, the OpenAPI document and the published JSON Schemas take them. A coded field carries its choices
in a :class:`marshmallow.validate.OneOf` with Japanese labels.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

from marshmallow import Schema, ValidationError, fields, validate

_WRONG: Final[Mapping[str, str]] = {
    "required": "がありません",
    "null": "は空にできません",
    "invalid_utf8": "の文字コードが正しくありません",
    "invalid_awareness": "に時差がありません",
    "too_large": "は数が大きすぎます",
}
"""marshmallow's key of a problem → what is said of the field; any other one could not be read."""


class _Labelled:
    """What every field of this module shares: messages that say which field, what was expected and what to do.

    ``expected`` is the object of 「…を入力してください」, with an example.
    """

    expected = ""

    @property
    def _named(self) -> str:
        label = getattr(self, "metadata", {}).get("label")
        return f"「{label}」" if label else "この項目"

    def make_error(self, key: str, **_: Any) -> ValidationError:
        """What is wrong with a value that is missing or can't be read."""
        wrong = _WRONG.get(key, "を読み取れません")
        return ValidationError(f"{self._named}{wrong}。{self.expected}を入力してください")

    def _validate(self, value: Any) -> None:
        try:
            super()._validate(value)  # type: ignore[misc]
        except ValidationError as problem:
            told = [f"{self._named}: {each}" for each in problem.messages]
            raise ValidationError(told) from problem


def _settings(
    label: str, help: str | None, required: bool, null: bool, extra: Mapping[str, Any]
) -> dict[str, Any]:
    """Keyword arguments that every field of this module shares."""
    metadata = {"label": label, **({"help": help} if help else {}), **extra.get("metadata", {})}
    settings = {key: value for key, value in extra.items() if key != "metadata"}
    settings.setdefault("required", required and "load_default" not in settings)
    settings.setdefault("allow_none", null)
    return {**settings, "metadata": metadata}


class Day(_Labelled, fields.Date):
    """A calendar date, ``2024-10-01``."""

    expected = "日付（例 2024-10-01）"

    def __init__(
        self, label: str, *, help: str | None = None, required: bool = True, null: bool = False, **extra: Any
    ) -> None:
        super().__init__(**_settings(label, help, required, null, extra))


class Moment(_Labelled, fields.AwareDateTime):
    """A moment with its offset from UTC, ``2024-10-01T09:00:00+09:00``."""

    expected = "時差のある日時（例 2024-10-01T09:00:00+09:00）"

    def __init__(
        self, label: str, *, help: str | None = None, required: bool = True, null: bool = False, **extra: Any
    ) -> None:
        super().__init__(**_settings(label, help, required, null, extra))


class _Text(_Labelled, fields.String):
    expected = "文字"


class Text(_Text):
    """Text, not blank unless ``null`` allows to leave it out. What people write is also ``personal``."""

    def __init__(
        self,
        label: str,
        *,
        help: str | None = None,
        required: bool = True,
        null: bool = False,
        longest: int = 200,
        **extra: Any,
    ) -> None:
        settings = _settings(label, help, required, null, extra)
        shortest = 0 if null else 1
        expected = f"{longest}文字以内で" + ("、空にせずに" if shortest else "") + "入力してください"
        settings.setdefault("validate", validate.Length(shortest, longest, error=expected))
        super().__init__(**settings)
        self.expected = f"文字（{longest}文字以内）"


class LongText(Text):
    """Text of several lines."""

    def __init__(self, label: str, **extra: Any) -> None:
        extra["metadata"] = {"lines": 4, **extra.get("metadata", {})}
        super().__init__(label, **{"longest": 4000, **extra})


class Month(_Text):
    """A calendar month, ``2024-10``."""

    def __init__(
        self, label: str, *, help: str | None = None, required: bool = True, null: bool = False, **extra: Any
    ) -> None:
        extra["metadata"] = {"format": "month", **extra.get("metadata", {})}
        settings = _settings(label, help, required, null, extra)
        settings["validate"] = validate.Regexp(
            r"^\d{4}-(0[1-9]|1[0-2])\Z", error="年月は 2024-10 の形で入力してください"
        )
        super().__init__(**settings)
        self.expected = "年月（例 2024-10）"


class Clock(_Text):
    """A time of the day, ``09:30``; ``24:00`` is the day's end."""

    def __init__(
        self, label: str, *, help: str | None = None, required: bool = True, null: bool = False, **extra: Any
    ) -> None:
        extra["metadata"] = {"format": "clock", **extra.get("metadata", {})}
        settings = _settings(label, help, required, null, extra)
        settings["validate"] = validate.Regexp(
            r"^(([01]\d|2[0-3]):[0-5]\d|24:00)\Z", error="時刻は 09:30 の形で入力してください"
        )
        super().__init__(**settings)
        self.expected = "時刻（例 09:30）"


class Agency(_Text):
    """Number of an agency: an insurer's (6 digits), an office's, or insurer, role letter, 3 digits (10)."""

    expected = "事業所番号（10桁、例 1371600014）または保険者番号（6桁）"

    def __init__(
        self, label: str, *, help: str | None = None, required: bool = True, null: bool = False, **extra: Any
    ) -> None:
        extra["metadata"] = {"format": "agency", **extra.get("metadata", {})}
        settings = _settings(label, help, required, null, extra)
        settings["validate"] = validate.Regexp(
            r"^(\d{6}|[0-9A-Z]{10})\Z",
            error=f"{self.expected}を入力してください",
        )
        super().__init__(**settings)


class Code(_Text):
    """One of some codes, shown to people by their Japanese names."""

    def __init__(
        self,
        label: str,
        choices: Mapping[str, str],
        *,
        help: str | None = None,
        required: bool = True,
        null: bool = False,
        **extra: Any,
    ) -> None:
        settings = _settings(label, help, required, null, extra)
        settings["validate"] = one_of(choices)
        super().__init__(**settings)
        self.expected = f"次のどれか（{_choices(choices)}）"


def one_of(choices: Mapping[str, str]) -> validate.OneOf:
    """The validator of a coded value; its message names what may be chosen."""
    error = f"次の中から選んでください: {_choices(choices)}"
    return validate.OneOf(tuple(choices), tuple(choices.values()), error=error)


def _choices(choices: Mapping[str, str]) -> str:
    return "、".join(f"{code}（{name}）" for code, name in choices.items())


class Identifier(_Labelled, fields.UUID):
    """A UUID of something that this case holds: a plan, a notification, a request, a claim."""

    expected = "番号（UUID、例 0193a3c2-5c1e-7a31-9d0f-2f6a1b0c4d5e）"

    def __init__(
        self, label: str, *, help: str | None = None, required: bool = True, null: bool = False, **extra: Any
    ) -> None:
        super().__init__(**_settings(label, help, required, null, extra))


class Flag(_Labelled, fields.Boolean):
    """Yes or no."""

    expected = "はい・いいえ（true か false）"

    def __init__(
        self, label: str, *, help: str | None = None, required: bool = True, null: bool = False, **extra: Any
    ) -> None:
        super().__init__(**_settings(label, help, required, null, extra))


class Count(_Labelled, fields.Integer):
    """A whole number of units, yen or times; never negative."""

    expected = "整数（例 1）"

    def __init__(
        self,
        label: str,
        *,
        help: str | None = None,
        required: bool = True,
        null: bool = False,
        least: int = 0,
        **extra: Any,
    ) -> None:
        settings = _settings(label, help, required, null, extra)
        settings["validate"] = validate.Range(
            least, 100_000_000, error=f"{least}以上の整数（例 {max(least, 1)}）で入力してください"
        )
        super().__init__(strict=True, **settings)
        self.expected = f"{least}以上の整数（例 {max(least, 1)}）"


class Price(_Text):
    """Yen a unit as a decimal text, ``11.40``."""

    def __init__(self, label: str, **extra: Any) -> None:
        settings = _settings(label, None, True, False, extra)
        settings["validate"] = validate.Regexp(r"^\d+\.\d{2}\Z", error="単価は 11.40 の形で入力してください")
        super().__init__(**settings)
        self.expected = "単価（例 11.40）"


class Items(_Labelled, fields.List[Any]):
    """Several of the same: coded values, or rows of their own small schema."""

    expected = "一覧（[…] の形）"

    def __init__(
        self,
        label: str,
        each: fields.Field[Any] | type[Schema],
        *,
        help: str | None = None,
        required: bool = True,
        null: bool = False,
        least: int = 0,
        most: int = 200,
        **extra: Any,
    ) -> None:
        settings = _settings(label, help, required, null, extra)
        settings["validate"] = validate.Length(
            least, most, error=f"{least}件以上、{most}件以内で入力してください"
        )
        inner = each if isinstance(each, fields.Field) else Row(each)
        super().__init__(inner, **settings)


class Row(_Labelled, fields.Nested):
    """One group of fields inside an event or a command."""

    expected = "項目の組（{…} の形）"

    def __init__(
        self,
        schema: type[Schema],
        label: str = "",
        *,
        help: str | None = None,
        required: bool = True,
        null: bool = False,
        **extra: Any,
    ) -> None:
        super().__init__(schema, **_settings(label, help, required, null, extra))


class Table(_Labelled, fields.Dict):
    """A mapping from keys to values of one kind."""

    expected = "項目名と値の組（{…} の形）"

    def __init__(
        self,
        label: str,
        keys: fields.Field[Any] | None = None,
        values: fields.Field[Any] | None = None,
        *,
        help: str | None = None,
        required: bool = True,
        **extra: Any,
    ) -> None:
        super().__init__(keys, values, **_settings(label, help, required, False, extra))


_KEY_MEMBERS: Final[Mapping[str, tuple[str, str]]] = {
    "kty": (r"^OKP$", "鍵の種類（kty）は OKP です"),
    "crv": (r"^(Ed25519|X25519)$", "曲線（crv）は Ed25519 か X25519 です"),
    # The last of 43 characters carries four bits; only the spellings that leave the other two zero name 32 bytes.
    "x": (r"^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$", "公開鍵（x）は32バイトを base64url（43字）で書きます"),
}
"""Member of a JWK → what it must look like, and what to say if it does not."""


class PublicKey(Table):
    """A public key as a JWK (RFC 8037). Other members may stand beside these, the private part ``d`` never."""

    def __init__(self, label: str, *, help: str | None = None) -> None:
        members = {
            name: {"type": "string", "pattern": pattern} for name, (pattern, _) in _KEY_MEMBERS.items()
        }
        shape = {"properties": {**members, "d": False}, "required": list(members)}
        super().__init__(label, fields.String(), fields.Raw(), help=help, metadata={"shape": shape})

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> dict[str, Any]:
        jwk: dict[str, Any] = super()._deserialize(value, attr, data, **kwargs)  # type: ignore[no-untyped-call]
        wrong = {
            name: [message]
            for name, (pattern, message) in _KEY_MEMBERS.items()
            if not (isinstance(jwk.get(name), str) and re.fullmatch(pattern, jwk[name]))
        }
        if "d" in jwk:
            wrong["d"] = ["秘密鍵（d）は書かないでください。この鍵は使わず、新しい鍵を作ってください"]
        if wrong:
            raise ValidationError(wrong)
        return jwk
