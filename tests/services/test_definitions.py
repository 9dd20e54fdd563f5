"""Every command of every service can be shown, understood and given by somebody."""

import re
from collections.abc import Iterator

import pytest
from marshmallow import RAISE, Schema, ValidationError, fields

from contracts.fields import LongText
from deploy.composition import SERVICES, service_named
from shared.node.input_errors import told
from shared.node.service import CommandSpec, Service

SHOWN = re.compile("例 |次のどれか|文字以内|の形|true か false|次の中から")

EVERY = [service_named(name) for name in SERVICES]
COMMANDS = [(service, spec) for service in EVERY for spec in service.commands.values()]
every_command = pytest.mark.parametrize(
    ("service", "spec"), COMMANDS, ids=[f"{service.name}-{spec.name}" for service, spec in COMMANDS]
)
ACCOUNT_ROLES = {
    "care_manager",
    "staff",
    "dementia_specialist",
    "clerk",
    "billing",
    "administrator",
    "auditor",
}


def flat(schema: Schema, prefix: str = "") -> Iterator[tuple[str, "fields.Field[object]"]]:
    for name, field in schema.fields.items():
        yield prefix + name, field
        inner = field.inner if isinstance(field, fields.List) else field
        if isinstance(inner, fields.Nested):
            yield from flat(inner.schema, f"{prefix}{name}.")


@every_command
def test_a_command_and_each_of_its_fields_have_japanese_names(service: Service, spec: CommandSpec) -> None:
    assert not spec.title.isascii()
    for path, field in flat(spec.schema()):
        label = field.metadata.get("label")
        assert isinstance(label, str), path
        assert not label.isascii(), path


@every_command
def test_a_missing_field_is_named_in_japanese(service: Service, spec: CommandSpec) -> None:
    schema = spec.schema()
    errors = schema.validate({})
    assert set(errors) == {name for name, field in schema.fields.items() if field.required}
    for name, (message,) in errors.items():
        label = schema.fields[name].metadata["label"]
        assert message.startswith(f"「{label}」がありません。")
        assert message.endswith("を入力してください")
        assert SHOWN.search(message), message


@every_command
def test_a_wrong_value_is_answered_with_the_field_s_name_and_what_is_expected(
    service: Service, spec: CommandSpec
) -> None:
    schema = spec.schema()
    for name, field in schema.fields.items():
        if isinstance(field, fields.Raw | fields.Dict):
            continue
        messages = schema.validate({name: {"no": "such thing"}}).get(name)
        if isinstance(messages, list):
            assert field.metadata["label"] in messages[0], messages
            assert SHOWN.search(messages[0]), messages


@every_command
def test_a_field_that_does_not_exist_is_answered_with_those_that_do(
    service: Service, spec: CommandSpec
) -> None:
    schema = spec.schema(unknown=RAISE)
    with pytest.raises(ValidationError) as caught:
        schema.load({"strat_date": "2024-10-01"})
    (message,) = told(caught.value.messages, schema)["strat_date"]
    assert "「strat_date」という項目はありません" in message
    for name, field in schema.fields.items():
        assert f"{name}（{field.metadata['label']}）" in message


@every_command
def test_some_account_role_may_give_it_and_no_auditor(service: Service, spec: CommandSpec) -> None:
    assert spec.roles
    assert spec.roles <= ACCOUNT_ROLES - {"auditor"}


@every_command
def test_whatever_people_type_is_marked_personal(service: Service, spec: CommandSpec) -> None:
    whole = spec.schema().fields
    for path, field in flat(spec.schema()):
        if isinstance(field, LongText):
            assert whole[path.split(".")[0]].metadata.get("personal"), path


@every_command
def test_a_command_s_name_is_an_order_and_its_key(service: Service, spec: CommandSpec) -> None:
    assert service.commands[spec.name] is spec
    assert not spec.name.endswith("ed")


@pytest.mark.parametrize("service", EVERY, ids=lambda service: service.name)
def test_titles_are_told_apart(service: Service) -> None:
    titles = [spec.title for spec in service.commands.values()]
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize("service", EVERY, ids=lambda service: service.name)
def test_views_have_names_of_their_own(service: Service) -> None:
    names = [view.NAME for view in service.views]
    assert len(set(names)) == len(names)
    assert {"case_list", "obligations", "awaiting_partner"} <= set(names)
    assert all(view.TITLE for view in service.views)
