"""What the catalogue promises: every example is valid, what is wrong is named, nothing typed travels in the clear."""

import json
from collections.abc import Iterator
from typing import Any, get_args

import pytest
from marshmallow import Schema, fields

from contracts import codes
from contracts.catalogue import CROSSING
from contracts.definition import ROLES, ContractError, EventType
from contracts.fields import LongText
from deploy.composition import SERVICES, service_named
from services.ward.events import WARD_EVENTS
from shared.care.events import CARE_EVENTS
from shared.policy import vocabulary

INTERNAL = {**CARE_EVENTS, **WARD_EVENTS}
EVERY = [*CROSSING.values(), *INTERNAL.values()]
every_type = pytest.mark.parametrize("kind", EVERY, ids=lambda kind: kind.name)


def flat(schema: Schema, prefix: str = "") -> Iterator[tuple[str, fields.Field[Any], bool]]:
    """Every field of a schema with its path and whether it, or what it lies in, is personal."""
    for name, field in schema.fields.items():
        mine = bool(field.metadata.get("personal"))
        yield prefix + name, field, mine
        inner = field.inner if isinstance(field, fields.List) else field
        if isinstance(inner, fields.Nested):
            for path, each, below in flat(inner.schema, f"{prefix}{name}."):
                yield path, each, mine or below


@every_type
def test_the_example_of_every_event_is_valid_json_shaped_data(kind: EventType) -> None:
    assert json.loads(json.dumps(kind.example)) == kind.example
    kind.validate(kind.example)


@every_type
def test_every_required_field_is_named_when_it_is_missing(kind: EventType) -> None:
    for name, field in kind.schema().fields.items():
        if not field.required:
            continue
        lacking = {key: value for key, value in kind.example.items() if key != name}
        with pytest.raises(ContractError) as wrong:
            kind.validate(lacking)
        assert (wrong.value.code, wrong.value.field) == ("invalid_field", name)
        assert "がありません。" in wrong.value.message
        assert wrong.value.message.endswith("を入力してください")


@every_type
def test_every_wrong_field_is_named_and_the_message_is_japanese(kind: EventType) -> None:
    for name, field in kind.schema().fields.items():
        if isinstance(field, fields.Raw | fields.Dict):
            continue
        with pytest.raises(ContractError) as wrong:
            kind.validate({**kind.example, name: {"no": "such thing"}})
        assert wrong.value.field.split(".")[0] == name
        assert not wrong.value.message.isascii()


@every_type
def test_an_unknown_field_is_let_through(kind: EventType) -> None:
    kind.validate({**kind.example, "field_of_a_later_version": [1]})


def with_later_fields(value: Any) -> Any:
    """JSON-shaped data with an unknown field beside the others of every group, however deep."""
    if isinstance(value, dict):
        return {
            **{name: with_later_fields(each) for name, each in value.items()},
            "field_of_a_later_version": [1],
        }
    if isinstance(value, list):
        return [with_later_fields(each) for each in value]
    return value


ROWS = {
    kind.name: [
        name
        for name, field in kind.schema().fields.items()
        if isinstance(field.inner if isinstance(field, fields.List) else field, fields.Nested)
    ]
    for kind in EVERY
}


@pytest.mark.parametrize("kind", [each for each in EVERY if ROWS[each.name]], ids=lambda kind: kind.name)
def test_an_unknown_field_in_a_row_is_let_through_and_a_wrong_one_is_still_named(kind: EventType) -> None:
    filled = [name for name in ROWS[kind.name] if kind.example.get(name)]
    assert filled, "the example shows no row"
    kind.validate({**kind.example, **{name: with_later_fields(kind.example[name]) for name in filled}})
    for name in filled:
        rows = kind.example[name]
        empty: Any = {} if isinstance(rows, dict) else [{} for _ in rows]
        with pytest.raises(ContractError) as wrong:
            kind.validate({**kind.example, name: empty})
        assert wrong.value.field.startswith(f"{name}.")


def test_a_command_still_names_a_misspelt_field_of_a_row_that_events_share() -> None:
    draft = service_named("kyotaku").commands["DraftPlan"].schema()
    rows = [{**CROSSING["PlanSubmitted"].example["services"][0], "misspelt": 1}]
    CROSSING["PlanSubmitted"].validate({**CROSSING["PlanSubmitted"].example, "services": rows})
    assert draft.validate({"services": rows})["services"] == {0: {"misspelt": ["Unknown field."]}}


@every_type
def test_every_event_and_field_has_a_japanese_name(kind: EventType) -> None:
    assert kind.title
    assert not kind.title.isascii()
    for path, field, _ in flat(kind.schema()):
        assert field.metadata.get("label"), path


@every_type
def test_personal_fields_stand_at_the_top_and_whatever_people_type_is_personal(kind: EventType) -> None:
    for path, field, is_personal in flat(kind.schema()):
        if field.metadata.get("personal"):
            assert "." not in path
        if isinstance(field, LongText):
            assert is_personal, path


@every_type
def test_an_erased_event_is_valid_without_its_personal_fields(kind: EventType) -> None:
    rest = {name: value for name, value in kind.example.items() if name not in kind.personal_fields}
    kind.validate(rest, erased=True)


def test_the_person_is_never_in_an_open_field() -> None:
    person = {"name", "kana", "birth_date", "sex", "address", "telephone", "insured_number", "signer"}
    for kind in EVERY:
        if kind.name == "AgencyListed":
            continue  # the name of an agency
        open_names = {path for path, _, mine in flat(kind.schema()) if not mine}
        assert not open_names & person, kind.name


def test_events_that_concern_agencies_hold_nothing_personal() -> None:
    for kind in EVERY:
        if kind.scope != "case":
            assert not kind.personal_fields, kind.name


def test_only_known_roles_send_and_receive_and_what_stays_at_home_has_no_recipient() -> None:
    for kind in CROSSING.values():
        assert kind.senders, kind.name
        assert kind.recipients, kind.name
        assert kind.senders | kind.recipients <= set(ROLES), kind.name
    for kind in INTERNAL.values():
        assert not kind.senders | kind.recipients, kind.name


def test_a_case_is_opened_by_one_type_only_and_it_names_the_parties() -> None:
    opening = [kind for kind in EVERY if kind.opens_case]
    assert [kind.name for kind in opening] == ["CaseOpened"]
    assert "parties" in opening[0].schema().fields


NAMES_NO_SPEAKER = {
    "CaseOpened": "it names all parties with their roles, and its sender is one of them",
    "CircumstanceChanged": "it names no agency",
    "RecordsRequested": "it names no agency; who asks is the sender",
    "RecordsProvided": "it names no agency; who provides is the sender",
    "PlanSubmitted": "it names no agency; whose plan it is, is the sender",
    "CertificationResult": "it names no agency; only the case's ward may send it",
    "ProjectEligibilityRegistered": "it names no agency; only the case's ward may send it",
    "SelfPlanAccepted": "it names no agency; only the case's ward may send it",
    "CopaymentShareSet": "it names no agency; only the case's ward may send it",
    "PublicAssistanceRecorded": "it names no agency; only the case's ward may send it",
    "CardsIssued": "it names no agency; only the case's ward may send it",
    "ComplaintAnswered": "it names no agency; only the case's ward may send it",
    "NotificationAccepted": "it names the filer whose form the desk decides on; only the case's ward may send it",
    "NotificationReturned": "it names the filer whose form the desk decides on; only the case's ward may send it",
    "RiskReportAccepted": "it names the office whose report it is; only the case's ward may send it",
    "RiskReportReturned": "it names the office whose report it is; only the case's ward may send it",
    "DesignationReturned": "it names the office that applied; only a ward may send it",
    "DesignationChangeAccepted": "it names the office that gave notice; only a ward may send it",
    "ReviewRequested": "it names office and centre of the case; only the case's ward may send it",
    "ClaimDrafted": "it names the claimant for whom it is drafted; only the case's billing desk may send it",
    "ClaimReturned": "it names the claimant; only the case's ward and its billing desk may send it",
    "ClaimDecided": "it names the claimant; only the case's ward and its billing desk may send it",
    "CorrectionFiled": "it names the claimant for whom it is filed; only the case's billing desk may send it",
}


def test_every_crossing_type_says_whose_act_it_is_or_why_it_need_not() -> None:
    assert {name for name, kind in CROSSING.items() if kind.speaks_for is None} == set(NAMES_NO_SPEAKER)


@pytest.mark.parametrize(
    "kind", [each for each in CROSSING.values() if each.speaks_for], ids=lambda each: each.name
)
def test_who_speaks_is_an_open_field_that_names_an_agency(kind: EventType) -> None:
    assert kind.speaks_for
    found = kind.schema().fields[kind.speaks_for]
    assert found.required
    assert not found.allow_none
    assert found.metadata.get("format") == "agency"
    assert kind.speaks_for not in kind.personal_fields


def test_the_agencies_that_an_event_of_a_case_names_are_its_parties() -> None:
    assert CROSSING["NotificationFiled"].party_fields == ("filer", "office", "centre")
    assert CROSSING["ClaimDrafted"].party_fields == ("claimant", "office")
    assert CROSSING["CaseOpened"].party_fields == CROSSING["AgencyListed"].party_fields == ()


def key(**changes: object) -> dict[str, Any]:
    """A listing with one key; ``changes`` are of the key, or of its JWK."""
    example = CROSSING["AgencyListed"].example
    [listed] = example["keys"]
    of_key = {name: value for name, value in changes.items() if name in listed}
    of_jwk = {name: value for name, value in changes.items() if name not in listed}
    return {**example, "keys": [{**listed, "jwk": {**listed["jwk"], **of_jwk}, **of_key}]}


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"kty": "EC"}, "jwk.kty"),
        ({"crv": "P-256"}, "jwk.crv"),
        ({"crv": "X25519"}, "jwk.crv"),
        ({"use": "enc"}, "jwk.crv"),
        ({"x": "!!"}, "jwk.x"),
        ({"x": "A" * 42}, "jwk.x"),
        ({"x": "A" * 43 + "="}, "jwk.x"),
        ({"x": "A" * 42 + "B"}, "jwk.x"),
        ({"x": 7}, "jwk.x"),
        ({"d": "A" * 43}, "jwk.d"),
        ({"jwk": {}}, "jwk.kty"),
        ({"jwk": "AAAA"}, "jwk"),
    ],
)
def test_a_key_that_nobody_could_use_is_refused_before_it_is_listed(
    changes: dict[str, object], place: str
) -> None:
    with pytest.raises(ContractError) as wrong:
        CROSSING["AgencyListed"].validate(key(**changes))
    assert wrong.value.field == f"keys.0.{place}"
    assert not wrong.value.message.isascii()


def test_a_key_may_say_more_than_it_must() -> None:
    CROSSING["AgencyListed"].validate(key(alg="EdDSA", key_ops=["verify"]))
    CROSSING["AgencyListed"].validate(key(use="enc", crv="X25519"))


def test_no_type_is_defined_twice() -> None:
    for name in SERVICES:
        assert not set(service_named(name).event_types) & set(CROSSING)


def test_codes_that_rules_use_are_those_of_the_contracts() -> None:
    assert set(get_args(vocabulary.Status)) == set(codes.STATUSES)
    assert set(get_args(vocabulary.PlanType)) == set(codes.TYPES)
    assert set(get_args(vocabulary.PreviousKind)) == set(codes.PREVIOUS_KINDS)


def test_an_agency_number_is_six_digits_or_ten_characters() -> None:
    kind = CROSSING["AgencyDelisted"]
    for good in ("131169", "1371600014", "13A1600017", "131169B001"):
        kind.validate({**kind.example, "agency": good})
    for bad in ("13116", "1311699", "137160001", "13716-0014", "", None, 131169):
        with pytest.raises(ContractError):
            kind.validate({**kind.example, "agency": bad})


@pytest.mark.parametrize("bad", ["2024-13", "2024-1", "202410", "2024-10-01", "", None])
def test_a_month_that_is_none_is_refused(bad: object) -> None:
    kind = CROSSING["PerformanceReported"]
    with pytest.raises(ContractError) as wrong:
        kind.validate({**kind.example, "service_month": bad})
    assert wrong.value.field == "service_month"


@pytest.mark.parametrize("bad", [-1, 1.5, "x", None, 100_000_001])
def test_units_are_whole_and_never_negative(bad: object) -> None:
    kind = CROSSING["PerformanceReported"]
    rows = [{**kind.example["services"][0], "units": bad}]
    with pytest.raises(ContractError) as wrong:
        kind.validate({**kind.example, "services": rows})
    assert wrong.value.field == "services.0.units"


def test_a_code_that_is_none_is_refused_with_what_may_be_chosen() -> None:
    kind = CROSSING["EntrustmentEnded"]
    with pytest.raises(ContractError) as wrong:
        kind.validate({**kind.example, "reason_code": "why_not"})
    assert "returned_to_designated（居宅指定への変更）" in wrong.value.message
