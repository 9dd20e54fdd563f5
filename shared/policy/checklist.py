"""The 25 questions of the basic checklist (基本チェックリスト): who becomes project-eligible by them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, Decimal
from typing import Any, Final, Literal

from marshmallow import ValidationError

from shared.policy.evaluator import Evaluator, Result, result
from shared.policy.fields import Day, Facts, Measure, Strict, Whole
from shared.policy.full_width import normalise
from shared.policy.parameters import Entry, Parameters

Outcome = Literal["applicable", "not_applicable", "undetermined"]

ITEMS: Final = tuple(range(1, 26))
BMI_ITEM: Final = 12
"""The item that height and weight answer."""

CM2_PER_M2: Final = 10_000
SHOWN_BMI: Final = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class ChecklistFacts:
    """What was answered. ``answers`` holds item → "yes", "no" or ``None``; an absent item is unanswered."""

    on: date
    age: int
    answers: Mapping[int, str | None]
    height_cm: Decimal | None
    weight_kg: Decimal | None


@dataclass(frozen=True, slots=True)
class Checklist:
    """The verdict. ``criteria`` are met whatever is still answered; ``undetermined`` could still be met."""

    outcome: Outcome
    criteria: tuple[int, ...]
    undetermined: tuple[int, ...]
    bmi: Decimal | None
    unanswered: tuple[int, ...]
    rules: tuple[str, ...]
    used: tuple[Entry, ...]


def checklist(facts: ChecklistFacts, parameters: Parameters) -> Checklist:
    """Judge the answers (A-Q1b, A-Q4, decisions 10 and 18).

    Any met criterion makes the person applicable. Otherwise an open answer that could still meet one leaves the
    outcome undetermined: an unanswered item is never taken for a negative one. Below the age the checklist makes
    nobody eligible, whatever is answered.

    :raises ParameterError: the criteria were not published yet.
    """
    names = ("checklist.positive", "checklist.criteria", "checklist.bmi_below", "eligibility.age")
    used = tuple(parameters.entry(name, facts.on) for name in names)
    positive, criteria, limit, age = (each.value for each in used)
    points = points_of(facts, positive, Decimal(limit))
    met = tuple(_numbers(criteria, points, (True,)))
    possible = _numbers(criteria, points, (True, None))
    undetermined = tuple(each for each in possible if each not in met)
    return Checklist(
        outcome=_outcome(old_enough=facts.age >= age, met=met, undetermined=undetermined),
        criteria=met,
        undetermined=undetermined,
        bmi=bmi(facts.height_cm, facts.weight_kg),
        unanswered=tuple(item for item in ITEMS if points[item] is None),
        rules=("A-Q1b", "A-Q2a", "A-Q4", "decision 10", "decision 18"),
        used=used,
    )


def bmi(height_cm: Decimal | None, weight_kg: Decimal | None) -> Decimal | None:
    """BMI cut off after four decimals, so that what is below a limit is never shown as the limit (decision 18)."""
    if height_cm is None or weight_kg is None:
        return None
    shown = (weight_kg * CM2_PER_M2 / height_cm**2).quantize(SHOWN_BMI, ROUND_DOWN)
    return shown.normalize() if shown != shown.to_integral_value() else shown.to_integral_value()


def points_of(
    facts: ChecklistFacts, positive: Mapping[str, str], limit: Decimal
) -> Mapping[int, bool | None]:
    """Item → whether it counts; ``None`` where nothing was answered. ``limit``: the BMI below which 12 counts."""
    points: dict[int, bool | None] = {}
    for item in ITEMS:
        answer = facts.answers.get(item)
        points[item] = None if answer is None else answer == positive[str(item)]
    points[BMI_ITEM] = _too_light(facts.height_cm, facts.weight_kg, limit)
    return points


def _too_light(height_cm: Decimal | None, weight_kg: Decimal | None, limit: Decimal) -> bool | None:
    """Whether the BMI is below the limit: multiplied out, because the quotient need not be a finite decimal."""
    if height_cm is None or weight_kg is None:
        return None
    return weight_kg * CM2_PER_M2 < limit * height_cm**2


def _numbers(
    criteria: Sequence[Mapping[str, int]], points: Mapping[int, bool | None], counted: tuple[bool | None, ...]
) -> list[int]:
    """Numbers, from 1, of the criteria that enough items meet if those in ``counted`` count."""
    return [
        number
        for number, each in enumerate(criteria, start=1)
        if sum(points[item] in counted for item in range(each["first"], each["last"] + 1)) >= each["at_least"]
    ]


def _outcome(*, old_enough: bool, met: tuple[int, ...], undetermined: tuple[int, ...]) -> Outcome:
    if not old_enough:
        return "not_applicable"
    if met:
        return "applicable"
    return "undetermined" if undetermined else "not_applicable"


class AnswersField(Strict[Mapping[str, str | None]]):
    """Answers by question: ``"yes"``, ``"no"`` or null."""

    def read(self, value: Any) -> Mapping[str, str | None]:
        if not isinstance(value, Mapping):
            raise self.wrong(value, "回答の形ではありません")
        read: dict[str, str | None] = {}
        for raw, answer in value.items():
            key = normalise(str(raw))
            if key in read:
                raise ValidationError(f"「{key:.20}」への回答が2つあります。1つにしてください。")
            if answer not in ("yes", "no", None):
                raise ValidationError(f"「{key:.20}」の回答は yes、no、null（未回答）のどれかです。")
            read[key] = answer
        return read

    def wanted(self) -> str:
        return '{"1": "yes", "2": "no", "3": null} の形の回答'

    def describe(self) -> dict[str, Any]:
        return {"type": "object", "additionalProperties": {"enum": ["yes", "no", None]}}


class ItemAnswers(AnswersField):
    """Answers to the 25 items, by their numbers without 12."""

    numbers: Final = tuple(str(item) for item in ITEMS if item != BMI_ITEM)

    def read(self, value: Any) -> Mapping[str, str | None]:
        answers = super().read(value)
        for key in answers:
            if key == str(BMI_ITEM):
                raise ValidationError(
                    "12 は身長と体重から計算します。回答を外し、height_cm と weight_kg を入力してください。"
                )
            if key not in self.numbers:
                raise ValidationError(f"「{key:.20}」という項目はありません。1 から 25（12 を除く）です。")
        return answers

    def describe(self) -> dict[str, Any]:
        answer = {"enum": ["yes", "no", None]}
        return {
            "type": "object",
            "properties": dict.fromkeys(self.numbers, answer),
            "additionalProperties": False,
        }


class ChecklistInput(Facts):
    """Input of ``checklist``."""

    date = Day(required=True, metadata={"title": "実施日"})
    age = Whole(required=True, most=130, metadata={"title": "実施日の年齢"})
    answers = ItemAnswers(required=True, metadata={"title": "1〜25の回答（12を除く。ない項目は未回答）"})
    height_cm = Measure(
        50, 250, "センチメートル", load_default=None, allow_none=True, metadata={"title": "身長（cm）"}
    )
    weight_kg = Measure(
        10, 300, "キログラム", load_default=None, allow_none=True, metadata={"title": "体重（kg）"}
    )
    extra_answers = AnswersField(
        load_default=None,
        allow_none=True,
        metadata={"title": "区独自の質問への回答（判定には使わない）"},
    )


def evaluate_checklist(facts: Mapping[str, Any], parameters: Parameters) -> Result:
    """``checklist`` as an evaluator (A-Q1b, A-Q2a, A-Q4); the ward's extra questions never count (A-Q2a)."""
    answers = {int(item): answer for item, answer in facts["answers"].items()}
    asked = ChecklistFacts(facts["date"], facts["age"], answers, facts["height_cm"], facts["weight_kg"])
    found = checklist(asked, parameters)
    values = {
        "outcome": found.outcome,
        "criteria": list(found.criteria),
        "undetermined": list(found.undetermined),
        "bmi": None if found.bmi is None else format(found.bmi, "f"),
        "unanswered": list(found.unanswered),
    }
    return result(values, found.rules, found.used)


CHECKLIST = Evaluator(
    "checklist",
    "基本チェックリストで事業対象者に該当するか判定する",
    ChecklistInput,
    evaluate_checklist,
    dated_by="date",
)
