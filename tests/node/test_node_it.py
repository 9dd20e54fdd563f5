"""A node decides commands once, on the state that is, and remembers what it knew when."""

import threading
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from marshmallow import Schema, fields

from contracts.definition import EventType, personal
from shared.eventlog.chain import verify_chain
from shared.eventlog.model import DAMAGED, ERASED, NewEvent
from shared.eventlog.personal import PersonErased, PersonKeys
from shared.exchange.erasing import erase_person
from shared.exchange.evidence import verify_node
from shared.node.config import ConfigurationError
from shared.node.errors import InvalidFields, Refused, UnknownCase, UnknownCommand
from shared.node.node import Node, end_of_day
from shared.node.recording import canonical, plain
from shared.node.service import Advice, Command, CommandSpec, Decision, Service, Situation
from shared.policy.dates import TOKYO
from tests.conftest import NodeMaker

OFFICE = "1371600014"


class NoteSchema(Schema):
    number = fields.Integer(required=True)
    note = personal(fields.String(required=True, metadata={"label": "メモ"}))


class TakeNoteSchema(Schema):
    number = fields.Integer(required=True, error_messages={"required": "番号を入力してください"})
    note = fields.String(load_default="")


def take_note(situation: Situation, command: Command) -> Decision:
    """Refuses a number that was taken before: a rule that concurrent writers must not get around."""
    number = command.fields["number"]
    if number < 0:
        raise Refused(
            "negative", "番号は0以上にしてください", field="number", rule="T-00", todo="番号を直してください"
        )
    data: Mapping[str, Any] = {"number": number, "note": command.fields["note"]}
    events = [NewEvent("NoteTaken", data, case_id=command.case_id)]
    return Decision(events, [Advice("T-00", "確認してください")])


NOTES = Service(
    name="notes",
    role="kyotaku",
    title="試験用",
    commands={
        "TakeNote": CommandSpec(
            "TakeNote", "記録", TakeNoteSchema, take_note, frozenset({"care_manager"}), opens_case=True
        ),
        "AddNote": CommandSpec("AddNote", "追記", TakeNoteSchema, take_note, frozenset({"care_manager"})),
    },
    event_types={
        "NoteTaken": EventType(
            "NoteTaken", 1, NoteSchema, "case", "記録", frozenset({"kyotaku"}), frozenset({"hokatsu"})
        )
    },
)


@pytest.fixture
def node(nodes: NodeMaker) -> Node:
    return nodes.make(NOTES, OFFICE)


def take(node: Node, number: int = 1, note: str = "散歩を始めた", **more: Any) -> UUID:
    command = node.parse("TakeNote", {"number": number, "note": note}, actor="tantou", **more)
    case_id = node.handle(command).case_id
    assert case_id is not None
    return case_id


def test_a_repeated_command_returns_the_first_result_and_makes_no_second_event(node: Node) -> None:
    command = node.parse("TakeNote", {"number": 1, "note": "一"}, actor="tantou")
    first = node.handle(command)
    again = node.handle(command)
    assert again == replace(first, repeated=True)
    assert len(node.log.case(first.case_id or uuid4())) == 1


def test_a_command_id_that_comes_again_with_something_else_asked_is_refused(node: Node) -> None:
    command = node.parse("TakeNote", {"number": 1, "note": "一"}, actor="tantou")
    node.handle(command)
    with pytest.raises(Refused, match="別の内容"):
        node.handle(replace(command, fields={"number": 2, "note": "一"}))


def test_what_was_asked_can_not_be_guessed_from_what_is_kept_of_it(node: Node) -> None:
    texts = {}
    for name, case_id in (("TakeNote", None), ("AddNote", take(node))):
        command = node.parse(name, {"number": 1, "note": "秘密"}, actor="tantou", case_id=case_id)
        node.handle(command)
        told = {"name": name, "case": case_id, "fields": {"number": 1, "note": "秘密"}}
        texts[command.id] = canonical(plain(told)).encode()
    with node.database.connection() as connection:
        kept = dict(connection.execute("select id, result ->> 'asked' from commands").fetchall())
    for command_id, text in texts.items():
        assert kept[command_id] != sha256(text).hexdigest()
        assert kept[command_id] not in {node.keys.fingerprint(each, text) for each in (None, uuid4())}


def test_two_persons_of_whom_the_same_is_asked_leave_no_trace_of_that(node: Node) -> None:
    take(node), take(node)
    with node.database.connection() as connection:
        [(kept,)] = connection.execute("select count(distinct result ->> 'asked') from commands").fetchall()
    assert kept == 2


def test_a_command_of_an_erased_person_is_still_a_repeat_and_nothing_is_left_to_check_a_guess_with(
    node: Node,
) -> None:
    command = node.parse("TakeNote", {"number": 1, "note": "秘密"}, actor="tantou")
    first = node.handle(command)
    assert first.case_id is not None
    erase_person(node, first.case_id, "kanri")
    position = node.log.head().position
    assert node.handle(command) == replace(first, repeated=True)
    assert node.log.head().position == position
    with pytest.raises(PersonErased):
        node.keys.fingerprint(first.case_id, b"guess")


def test_the_number_of_a_new_case_cannot_be_chosen(node: Node) -> None:
    with pytest.raises(InvalidFields, match="case"):
        take(node, case_id=uuid4())


def test_the_same_command_sent_by_six_at_once_happens_once(node: Node) -> None:
    command = node.parse("TakeNote", {"number": 1, "note": "一"}, actor="tantou")
    results = []
    threads = [threading.Thread(target=lambda: results.append(node.handle(command))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 6
    assert len({result.case_id for result in results}) == 1
    assert [result.repeated for result in results].count(False) == 1
    assert len(node.log.case(results[0].case_id or uuid4())) == 1


def test_a_command_is_decided_again_on_the_state_that_another_writer_left(nodes: NodeMaker) -> None:
    seen: list[int] = []

    def count_then_take(situation: Situation, command: Command) -> Decision:
        known = sum(situation.case.unread.values())
        seen.append(known)
        if len(seen) == 1:  # while the first decision is made, somebody else writes to the case
            other = node.parse("AddNote", {"number": 7}, actor="tantou", case_id=command.case_id)
            node.handle(other)
        return take_note(situation, replace(command, fields={"number": known, "note": ""}))

    spec = NOTES.commands["AddNote"]
    service = replace(NOTES, commands={**NOTES.commands, "CountNotes": replace(spec, decide=count_then_take)})
    node = nodes.make(service, OFFICE)
    case_id = take(node)
    node.handle(node.parse("CountNotes", {"number": 0}, actor="tantou", case_id=case_id))
    assert seen == [1, 2]
    numbers = [event.data["number"] for event in node.replay(case_id).events]
    assert numbers == [1, 7, 2]


def test_a_refused_command_writes_nothing_and_can_be_sent_again_corrected(node: Node) -> None:
    before = node.log.head().position
    command = node.parse("TakeNote", {"number": -1}, actor="tantou")
    with pytest.raises(Refused) as refused:
        node.handle(command)
    assert (refused.value.code, refused.value.rule, refused.value.field) == ("negative", "T-00", "number")
    assert node.log.head().position == before
    assert not node.handle(replace(command, fields={"number": 1, "note": ""})).repeated


@pytest.mark.parametrize(
    ("fields_given", "field"),
    [({}, "number"), ({"number": "x"}, "number"), ({"number": 1, "nubmer": 2}, "nubmer")],
)
def test_a_missing_wrong_or_unknown_field_is_named(
    node: Node, fields_given: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidFields) as invalid:
        node.parse("TakeNote", fields_given, actor="tantou")
    assert list(invalid.value.errors) == [field]


def test_unknown_commands_cases_and_future_days_are_refused(node: Node) -> None:
    with pytest.raises(UnknownCommand):
        node.parse("Forget", {}, actor="tantou")
    with pytest.raises(UnknownCase):
        node.handle(node.parse("AddNote", {"number": 1}, actor="tantou", case_id=uuid4()))
    with pytest.raises(InvalidFields, match="occurred_on"):
        take(node, occurred_on=date(2024, 9, 3))


def test_a_case_is_replayed_by_either_clock(node: Node) -> None:
    case_id = take(node, 1)
    node.set_clock(datetime(2024, 9, 10, 9, tzinfo=TOKYO))
    late = node.parse("AddNote", {"number": 2}, actor="tantou", case_id=case_id, occurred_on=date(2024, 9, 3))
    node.handle(late)
    node.set_clock(datetime(2024, 9, 11, 9, tzinfo=TOKYO))
    node.handle(node.parse("AddNote", {"number": 3}, actor="tantou", case_id=case_id))

    def numbers(**clocks: Any) -> list[int]:
        return [event.data["number"] for event in node.replay(case_id, **clocks).events]

    assert numbers() == [1, 2, 3]
    assert numbers(as_of=date(2024, 9, 3)) == [1, 2]
    assert numbers(known_at=end_of_day(date(2024, 9, 9))) == [1]
    assert numbers(known_at=end_of_day(date(2024, 9, 10)), as_of=date(2024, 9, 2)) == [1]
    with pytest.raises(UnknownCase):
        node.replay(case_id, known_at=end_of_day(date(2024, 9, 1)))


def test_personal_fields_are_stored_only_as_digests_and_ciphertext(node: Node, nodes: NodeMaker) -> None:
    case_id = take(node, note="豊島花子さんは散歩を始めた")
    with psycopg.connect(nodes.databases[OFFICE].owner) as connection:
        dump = connection.execute("select string_agg(events::text, '') from events").fetchone()
    assert dump is not None
    assert "花子" not in dump[0]
    assert node.replay(case_id).events[0].personal == {"note": "豊島花子さんは散歩を始めた"}


def test_after_erasure_nothing_personal_is_readable_and_every_proof_still_holds(node: Node) -> None:
    case_id = take(node, note="秘密")
    assert erase_person(node, case_id, "kanri") is True
    events = node.replay(case_id).events
    assert events[0].personal == {"note": ERASED}
    assert events[1].type == "PersonErased"
    assert list(verify_chain(node.log)) == []
    with pytest.raises(Refused, match="消去"):
        node.handle(node.parse("AddNote", {"number": 2, "note": "更に"}, actor="tantou", case_id=case_id))
    assert erase_person(node, case_id, "kanri") is False


@pytest.mark.parametrize(
    ("database", "change"),
    [
        ("owner", b"update events set personal = set_byte(personal, 20, get_byte(personal, 20) # 255)"),
        ("owner", b"update events set personal = null"),
        (
            "owner_keys",
            b"update person_keys set wrapped = set_byte(wrapped, 20, get_byte(wrapped, 20) # 255)",
        ),
        ("owner_keys", b"delete from person_keys"),
    ],
    ids=["ciphertext altered", "ciphertext lost", "key altered", "key lost"],
)
def test_what_was_damaged_is_not_called_erased_and_verify_names_it(
    nodes: NodeMaker, node: Node, database: str, change: bytes
) -> None:
    case_id = take(node, note="秘密")
    with psycopg.connect(getattr(nodes.databases[OFFICE], database)) as connection:
        connection.execute(b"set session_replication_role = replica")
        connection.execute(change)
    assert node.replay(case_id).events[0].personal == {"note": DAMAGED}
    assert verify_node(node).findings != []


def test_a_record_is_refused_with_what_to_do_while_the_persons_key_is_damaged(
    nodes: NodeMaker, node: Node
) -> None:
    case_id = take(node)
    alter = b"update person_keys set wrapped = set_byte(wrapped, 20, get_byte(wrapped, 20) # 255)"
    with psycopg.connect(nodes.databases[OFFICE].owner_keys) as connection:
        connection.execute(alter)
    node.keys = node.recorder._keys = PersonKeys(node.keys_database, node.agency_keys.node_key)
    command = node.parse("AddNote", {"number": 2, "note": "更に"}, actor="tantou", case_id=case_id)
    with pytest.raises(Refused, match="破損") as refused:
        node.handle(command)
    assert (refused.value.code, "控え" in (refused.value.todo or "")) == ("person_damaged", True)
    with psycopg.connect(nodes.databases[OFFICE].owner_keys) as connection:
        connection.execute(alter)
    assert not node.handle(command).repeated


def test_an_event_that_no_partner_would_accept_is_refused_when_it_is_recorded(node: Node) -> None:
    case_id = take(node)
    before = node.log.head().position
    command = node.parse("AddNote", {"number": 2, "note": "長" * 300_000}, actor="tantou", case_id=case_id)
    with pytest.raises(Refused, match=r"「メモ」が長すぎます.*1024 KiB") as refused:
        node.handle(command)
    assert (refused.value.code, refused.value.field) == ("too_large", "note")
    assert node.log.head().position == before
    assert not node.handle(replace(command, fields={"number": 2, "note": "長" * 100_000})).repeated


def test_the_training_clock_goes_forward_only(node: Node) -> None:
    node.set_clock(datetime(2025, 1, 6, 9, tzinfo=TOKYO))
    assert node.today() == date(2025, 1, 6)
    with pytest.raises(psycopg.Error) as backward:
        node.set_clock(datetime(2025, 1, 5, 9, tzinfo=TOKYO))
    assert backward.value.sqlstate == "RK004"


def test_a_production_log_has_no_clock_to_set(nodes: NodeMaker) -> None:
    node = nodes.make(NOTES, OFFICE, training=False)
    with pytest.raises(psycopg.Error) as refused:
        node.set_clock(datetime(2099, 1, 5, 9, tzinfo=TOKYO))
    assert refused.value.sqlstate == "RK003"


def test_a_production_configuration_refuses_a_training_log_and_the_other_way_round(nodes: NodeMaker) -> None:
    for training in (True, False):
        node = nodes.make(NOTES, OFFICE, training=training)
        other = Node(replace(node.config, training=not training), NOTES)
        with pytest.raises(ConfigurationError, match="研修"):
            other.open()
        other.close()


def test_a_first_start_that_was_cut_off_is_simply_done_again(nodes: NodeMaker) -> None:
    node = nodes.make(NOTES, OFFICE)
    with psycopg.connect(
        nodes.databases[OFFICE].owner
    ) as connection:  # as if the first row had not been written
        connection.execute(b"set session_replication_role = replica")
        connection.execute(b"delete from events")
        connection.execute(b"update head set position = 0, hash = decode(repeat('00', 32), 'hex')")
    node.open(datetime(2024, 9, 2, 9, tzinfo=TOKYO))
    assert [row.type for row in node.log.page(0)] == ["LogOpened"]


def test_processes_that_start_at_once_begin_the_log_once(nodes: NodeMaker) -> None:
    node = nodes.make(NOTES, OFFICE)
    with psycopg.connect(nodes.databases[OFFICE].owner) as connection:
        connection.execute(b"set session_replication_role = replica")
        connection.execute(b"delete from events")
        connection.execute(b"update head set position = 0, hash = decode(repeat('00', 32), 'hex')")
    threads = [threading.Thread(target=node.open) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [row.type for row in node.log.page(0)] == ["LogOpened"]


def test_a_node_refuses_the_database_of_another_agency(node: Node) -> None:
    other = Node(replace(node.config, agency="1301600019"), NOTES)
    with pytest.raises(ConfigurationError, match=OFFICE):
        other.open()
    other.close()
