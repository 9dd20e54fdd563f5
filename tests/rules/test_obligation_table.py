"""The table of obligations is what it should be: every type, field, parameter and party that it names exists."""

from datetime import date
from typing import Any

import pytest
import yaml
from marshmallow import fields
from marshmallow.fields import Nested

from contracts.catalogue import CROSSING
from contracts.definition import EventType
from deploy.composition import SERVICES, service_named
from services.hokatsu.events import CENTRE_EVENTS
from services.ward.events import WARD_EVENTS
from shared.care.events import CARE_EVENTS
from shared.console.next_steps import command_names
from shared.policy.obligation_table import MalformedTable, Pattern, Row, read, rows_by_id, table
from shared.policy.parameters import parameters

KINDS: dict[str, EventType] = {**CROSSING, **CARE_EVENTS, **CENTRE_EVENTS, **WARD_EVENTS}
COMMANDS = {service: service_named(service).commands for service in SERVICES}
SERVICES_OF = {
    "office": ("kyotaku",),
    "centre": ("hokatsu",),
    "carer": ("kyotaku", "hokatsu"),
    "ward": ("ward",),
    "biller": ("billing",),
}
every_row = pytest.mark.parametrize("row", table(), ids=lambda row: row.id)

THIS_SCENARIO = {
    "T-08", "T-12", "T-14", "T-15", "T-16", "T-17-centre", "T-17-office", "T-18", "T-23", "T-24", "T-25", "T-28",
    "T-32", "T-35", "T-60", "T-61", "T-66-contract-centre", "renewal-evaluation", "renewal-meeting", "renewal-plan",
}  # fmt: skip


def rows_of(kind: EventType, name: str) -> set[str]:
    """The fields of the rows in a list of an event about many cases."""
    schema = kind.schema().fields[name].inner.schema
    assert "case" in schema.fields
    return set(schema.fields)


def told_by(pattern: Pattern) -> set[str]:
    """The fields on which the conditions of a pattern are."""
    kind = KINDS[pattern.type]
    return rows_of(kind, pattern.each) if pattern.each else open_fields(kind)


def open_fields(kind: EventType) -> set[str]:
    """The open fields of a type, those of a group inside it as ``group.field``."""
    found = {name: field for name, field in kind.schema().fields.items() if name not in kind.personal_fields}
    groups = {name: field for name, field in found.items() if isinstance(field, Nested)}
    return set(found) | {f"{name}.{inner}" for name, field in groups.items() for inner in field.schema.fields}


def patterns(row: Row) -> list[Pattern]:
    until = [row.recurs.until] if row.recurs and row.recurs.until else []
    before = [row.due.event] if row.due.event else []
    awaited = [row.awaits] if row.awaits else []
    return [row.trigger, *awaited, *row.fulfilled_by, *until, *before, *(each.by for each in row.void_by)]


@every_row
def test_every_event_type_and_condition_exists(row: Row) -> None:
    for pattern in patterns(row):
        assert pattern.type in KINDS
        assert set(pattern.when) <= told_by(pattern)


@every_row
def test_what_makes_it_needless_names_matched_fields_that_exist(row: Row) -> None:
    for each in row.void_by:
        assert set(each.match) <= set(row.match)
        assert each.match or not row.match
        assert set(each.match.values()) <= open_fields(KINDS[each.by.type])


def test_a_row_yields_only_to_one_that_exists_and_asks_the_same_agencies() -> None:
    rows = rows_by_id()
    for row in table():
        if row.yields_to:
            better = rows[row.yields_to]
            if row.recurs and better.recurs:  # the same act of the same month, owed to another
                assert (better.fulfilled_by, list(better.match.values())) == (
                    row.fulfilled_by,
                    list(row.match.values()),
                )
                continue
            assert (better.debtor, better.creditor, better.insurers) == (
                row.debtor,
                row.creditor,
                row.insurers,
            )
            assert better.yields_to is None


@every_row
def test_every_condition_can_be_met(row: Row) -> None:
    for pattern in patterns(row):
        fields = KINDS[pattern.type].schema().fields
        if pattern.each:
            fields = fields[pattern.each].inner.schema.fields
        for name, wanted in pattern.when.items():
            if isinstance(wanted, dict) and "one_with" in wanted:
                inner = fields[name].inner.schema.fields
                for part, values in wanted["one_with"].items():
                    for value in values:
                        inner[part].deserialize(value)
                continue
            if isinstance(wanted, dict) and "includes" in wanted:
                fields[name].inner.deserialize(wanted["includes"])
                continue
            if isinstance(wanted, dict):
                assert set(wanted) == {"present"}
                continue
            for value in wanted if isinstance(wanted, list) else [wanted]:
                fields[name].deserialize(value)


@every_row
def test_what_is_matched_are_open_fields_of_both_sides(row: Row) -> None:
    for mine, theirs in row.match.items():
        if not row.recurs:
            assert mine in open_fields(KINDS[row.trigger.type])
        for pattern in row.fulfilled_by:
            assert theirs in told_by(pattern)
    if row.recurs:
        assert len(row.match) == 1
        assert row.recurs.start in open_fields(KINDS[row.trigger.type])


@every_row
def test_due_rules_have_what_they_speak_of(row: Row) -> None:
    if row.due.field and not row.recurs:
        assert row.due.field in open_fields(KINDS[row.trigger.type])
    named = [row.opens, row.due.not_before]
    if row.due.kind in ("open_days", "days_after", "after_event", "day_after_month"):
        named.append(str(row.due.parameter))
    for insurer in row.insurers or ("131169", "131219"):
        for name in named:
            assert name is None or isinstance(parameters(insurer).value(name, date(2024, 10, 1)), int)
    if row.due.kind in ("before", "on"):
        assert row.due.field


@every_row
def test_the_day_that_an_act_counts_on_is_a_date_of_its_event(row: Row) -> None:
    for pattern in row.fulfilled_by:
        if pattern.on:
            assert isinstance(KINDS[pattern.type].schema().fields[pattern.on], fields.Date)


@every_row
def test_parties_by_field_are_agencies(row: Row) -> None:
    for party in (row.debtor, row.creditor):
        if party.startswith("field:"):
            field = KINDS[row.trigger.type].schema().fields[party.removeprefix("field:")]
            assert field.metadata.get("format") == "agency"


@every_row
def test_whoever_owes_something_has_a_command_for_it_that_the_case_page_can_offer(row: Row) -> None:
    """A new row needs its event in ``shared/console/next_steps.py``."""
    for service in SERVICES_OF.get(row.debtor, ("kyotaku",)):
        assert set(command_names(row.id)) & set(COMMANDS[service]), service


def test_every_command_that_the_case_page_names_exists() -> None:
    known = {name for commands in COMMANDS.values() for name in commands}
    assert {name for row in table() for name in command_names(row.id)} <= known


@every_row
def test_people_are_told_what_why_and_where_it_is_written(row: Row) -> None:
    for text in (row.title, row.explanation, row.source):
        assert text
        assert not text.isascii()
    assert row.rules
    if row.due.kind in ("open_days", "after_event") or row.due.not_before:
        # No document gives "promptly" a number.
        assert "decision 9" in row.rules
        assert "仮定" in row.source


def test_the_rows_that_this_case_needs_are_there() -> None:
    assert set(rows_by_id()) >= THIS_SCENARIO


GOOD: dict[str, Any] = {
    "id": "X",
    "rules": ["T-00"],
    "title": "題",
    "trigger": {"type": "CaseOpened"},
    "debtor": "office",
    "creditor": "centre",
    "due": {"kind": "none"},
    "fulfilled_by": [{"type": "ContractSigned"}],
    "source": "典拠",
    "explanation": "説明",
}


@pytest.mark.parametrize("lacking", list(GOOD))
def test_a_row_that_lacks_something_is_refused(lacking: str) -> None:

    with pytest.raises(MalformedTable):
        read(yaml.safe_dump([{name: value for name, value in GOOD.items() if name != lacking}]))


@pytest.mark.parametrize(
    "wrong",
    [
        {"debtor": "somebody"},
        {"due": {"kind": "some_day"}},
        {"due": {"kind": "before_event"}},
        {"trigger": "CaseOpened"},
        {"recurs": {"until": {"type": "EntrustmentEnded"}}},
        {"yields_to": "nothing"},
    ],
)
def test_a_row_that_says_something_unknown_is_refused(wrong: dict[str, Any]) -> None:

    with pytest.raises(MalformedTable):
        read(yaml.safe_dump([{**GOOD, **wrong}]))


def test_an_id_stands_for_one_row() -> None:

    with pytest.raises(MalformedTable, match="X"):
        read(yaml.safe_dump([GOOD, GOOD]))
