"""The JSON Schema of a marshmallow schema accepts what the schema accepts."""

import jsonschema
import pytest
from marshmallow import Schema

from contracts.definition import personal
from contracts.fields import Code, Count, Day, Flag, Items, Month, Row, Text
from contracts.json_schema import json_schema


class Line(Schema):
    name = Text("項目")
    units = Count("単位数", least=1)


class Claim(Schema):
    month = Month("サービス提供月")
    kind = Code("種類", {"a": "甲", "b": "乙"})
    lines = Items("内訳", Line, least=1)
    total = Row(Line, "合計", null=True)
    returned_on = Day("返戻日", null=True, required=False)
    late = Flag("月遅れ", load_default=False)
    note = personal(Text("備考", null=True, required=False))


GOOD = {"month": "2024-10", "kind": "a", "lines": [{"name": "基本", "units": 442}], "total": None}


@pytest.mark.parametrize(
    ("change", "accepted"),
    [
        ({}, True),
        ({"returned_on": "2024-11-01", "late": True}, True),
        ({"returned_on": None}, True),
        ({"month": "2024-13"}, False),
        ({"kind": "c"}, False),
        ({"lines": []}, False),
        ({"lines": [{"name": "基本", "units": 0}]}, False),
        ({"lines": [{"name": "基本"}]}, False),
        ({"total": {"name": "計", "units": 1}}, True),
        ({"total": 5}, False),
        ({"late": None}, False),
    ],
)
def test_both_judge_alike(change: dict[str, object], accepted: bool) -> None:
    data = {**GOOD, **change}
    assert (not Claim().validate(data)) is accepted
    checker = jsonschema.Draft202012Validator(json_schema(Claim))
    assert checker.is_valid(data) is accepted


def test_titles_hints_and_personal_marks_are_published() -> None:
    properties = json_schema(Claim)["properties"]
    assert properties["month"]["title"] == "サービス提供月"
    assert properties["note"]["x-personal"] is True
    assert properties["late"]["default"] is False


def test_no_published_pattern_needs_python_to_be_understood() -> None:
    published = json_schema(Claim)["properties"]["month"]["pattern"]
    assert published == r"^\d{4}-(0[1-9]|1[0-2])$"
