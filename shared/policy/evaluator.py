"""How a rule is asked from outside: JSON facts in, JSON result with rules and parameters out."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from marshmallow import ValidationError

from shared.policy.errors import PolicyError
from shared.policy.fields import NOT_AN_OBJECT, NULL, REQUIRED, Facts, Strict, describe, located
from shared.policy.full_width import normalise
from shared.policy.parameters import Entry, ParameterError, Parameters

Result = dict[str, Any]

DEEPEST: Final = 8
"""No input of ours nests deeper; a hostile one must not exhaust the stack."""


@dataclass(frozen=True)
class Evaluator:
    """One rule of the public interface.

    ``function`` takes the loaded facts and the insurer's parameters and returns a result made by
    :func:`result`. ``dated_by`` is the input field that dates the parameters: a value that was never
    published is an error there, or of the ``insurer`` where no date belongs to the question.
    """

    name: str
    title: str
    schema: type[Facts]
    function: Callable[[Mapping[str, Any], Parameters], Result]
    dated_by: str | None = None

    @cached_property
    def _loaded_schema(self) -> Facts:
        return self.schema()

    def evaluate(self, raw: object, parameters: Parameters) -> Result:
        """Answer JSON-shaped facts.

        :raises PolicyError: unknown, missing or wrong fields, combinations that the rules exclude, values
            that were never published. The error names the field.
        """
        facts = self._load(normalised(raw))
        try:
            return self.function(facts, parameters)
        except ParameterError as problem:
            raise PolicyError(problem.code, self.dated_by or "insurer", problem.message) from problem
        except PolicyError as problem:
            raise self._told(problem.code, problem.field, problem.message) from problem

    def json_schema(self) -> dict[str, Any]:
        """JSON Schema 2020-12 of the input."""
        fields = self._loaded_schema.fields
        return {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": f"{self.name}: {self.title}",
            "type": "object",
            "properties": {name: describe(field) for name, field in fields.items()},
            "required": [name for name, field in fields.items() if field.required],
            "additionalProperties": False,
        }

    def _load(self, raw: object) -> Mapping[str, Any]:
        if not isinstance(raw, Mapping):
            raise PolicyError("invalid_field", None, NOT_AN_OBJECT)
        try:
            loaded: Mapping[str, Any] = self._loaded_schema.load(raw)
        except ValidationError as problem:
            raise self._first_problem(problem, raw) from problem
        return loaded

    def _first_problem(self, problem: ValidationError, raw: Mapping[str, Any]) -> PolicyError:
        fields = self._loaded_schema.fields
        by_field = problem.messages_dict
        # A misspelt name is both unknown and missing; the unknown one is what the writer must look at.
        field = next((name for name in by_field if name not in fields), next(iter(by_field)))
        path, message = located(by_field[field])
        if field not in fields:
            return PolicyError("unknown_field", str(field), f"{message}使える項目: {'、'.join(fields)}")
        code = "invalid_field" if field in raw else "missing_field"
        return self._told(code, ".".join((str(field), *path)), message)

    def _told(self, code: str, field: str | None, message: str) -> PolicyError:
        """The error with the field's Japanese title and, where it is missing, what is expected there."""
        known = self._loaded_schema.fields.get((field or "").partition(".")[0])
        if not isinstance(known, Strict):
            return PolicyError(code, field, message)
        named = f"「{known.metadata['title']}」（{field}）"
        if message == REQUIRED:
            return PolicyError(code, field, f"{named}は必須です。{known.wanted()}を入力してください。")
        if message == NULL:
            return PolicyError(
                code, field, f"{named}は null にできません。{known.wanted()}を入力してください。"
            )
        return PolicyError(code, field, f"{named}: {message}")


def result(values: Mapping[str, Any], rules: Iterable[str], used: Iterable[Entry] = ()) -> Result:
    """The values with the ids of the rules applied and, for each parameter used, validity and source."""
    entries = {(each.name, each.valid_from): _used(each) for each in used}
    return {**values, "rules": list(dict.fromkeys(rules)), "parameters": list(entries.values())}


def normalised(raw: object, depth: int = 0) -> object:
    """The same JSON with full-width letters, digits and signs in texts replaced by their ordinary forms."""
    if depth > DEEPEST:
        raise PolicyError("invalid_field", None, "入れ子が深すぎます。")
    if isinstance(raw, str):
        return normalise(raw)
    if isinstance(raw, list):
        return [normalised(each, depth + 1) for each in raw]
    if isinstance(raw, Mapping):
        return {key: normalised(each, depth + 1) for key, each in raw.items()}
    return raw


def _used(entry: Entry) -> dict[str, Any]:
    shown = entry.as_json()
    return {key: shown[key] for key in ("name", "title", "value", "unit", "from", "to", "source", "assumed")}
