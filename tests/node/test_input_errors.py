"""What is wrong with a command's fields is named by the field itself, not by the group in which it stands."""

from typing import Any

import pytest
from marshmallow import RAISE, ValidationError

from contracts.events.sample import RENTAL
from shared.care.performance import ReportPerformance
from shared.console.problems import problem_of
from shared.node.errors import InvalidFields
from shared.node.input_errors import told

USED = {"service": "67", "provider": RENTAL, "units": 500}


def wrong(services: list[Any]) -> InvalidFields:
    schema = ReportPerformance(unknown=RAISE)
    with pytest.raises(ValidationError) as problem:
        schema.load({"service_month": "2024-10", "services": services})
    return InvalidFields(told(problem.value.messages, schema))


@pytest.mark.parametrize(
    ("services", "field", "said"),
    [
        ([USED, {**USED, "units": "多い"}], "services.1.units", "「単位数」"),
        ([{"service": "67", "provider": RENTAL}], "services.0.units", "「単位数」がありません"),
        ([{**USED, "unit": 3}], "services.0.unit", "「unit」という項目はありません"),
    ],
)
def test_the_field_inside_a_group_is_named_by_its_path(services: list[Any], field: str, said: str) -> None:
    found = wrong(services)
    assert found.field == field
    assert problem_of(found).field == field
    assert str(found).startswith(f"{field}: {said}"), found


def test_every_wrong_field_is_named_in_one_sentence_each() -> None:
    found = wrong([{**USED, "units": "多い"}, {**USED, "provider": "1"}])
    assert [path for path, _ in found.by_path()] == ["services.0.units", "services.1.provider"]
    assert "{" not in str(found)


def test_a_field_that_stands_in_no_group_is_named_as_before() -> None:
    assert InvalidFields({"received_on": ["受領日は今日以前の日付にしてください"]}).field == "received_on"
    assert InvalidFields({"": ["JSON のオブジェクトを送ってください。"]}).field == ""
