"""Who may send what to whom: judged from the catalogue, the directory and the parties of the case."""

import json
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

import pytest

from contracts.catalogue import CROSSING
from contracts.disclosure import conceal
from contracts.envelope import Envelope, Frame, build
from contracts.errors import REFUSED
from shared.eventlog.events import NODE_EVENTS
from shared.exchange.authenticity import Authentic
from shared.exchange.authority import (
    KnownCase,
    NotAccepted,
    Rules,
    UnknownCase,
    UnknownParty,
    is_directory_event,
    judge,
)

WARD, OFFICE, CENTRE = "131169", "1371600014", "1301600019"
MOMENT = datetime.fromisoformat("2024-10-10T10:00:00+09:00")
CASE = UUID(int=7)
PARTIES = {OFFICE: "kyotaku", CENTRE: "hokatsu"}
OPENING = UUID(int=3)
KNOWN = KnownCase(WARD, PARTIES, (OFFICE, OPENING))
LISTED = {
    OFFICE: frozenset({"kyotaku"}),
    CENTRE: frozenset({"hokatsu"}),
    WARD: frozenset({"ward"}),
    "1301600027": frozenset({"hokatsu"}),
    "1371600022": frozenset({"kyotaku"}),
    "131169B001": frozenset({"billing"}),
    "1301600035": frozenset({"hokatsu", "kyotaku"}),
}
AT_CENTRE = Rules(
    CENTRE,
    "hokatsu",
    {**CROSSING, **NODE_EVENTS},
    [WARD],
    frozenset({"kyotaku"}),
    lambda case_id: KNOWN,
    lambda agency: LISTED.get(agency, frozenset()),
)
UNKNOWING = replace(AT_CENTRE, known=lambda case_id: None)


def message(
    name: str,
    data: Mapping[str, Any] | None = None,
    *,
    sender: str = OFFICE,
    case: UUID | None = CASE,
    version: int = 1,
    erased: bool = False,
    disclosures: Collection[str] | None = None,
    concealed: bool = True,
    event_id: UUID = OPENING,
) -> Authentic:
    kind = CROSSING.get(name)
    given = dict(kind.example if kind and data is None else data or {})
    opened, disclosed = conceal(given, kind.personal_fields if kind and concealed else ())
    frame = Frame(event_id, sender, CENTRE, 1, 1, MOMENT, True)
    envelope = Envelope(
        frame, name, version, case, None, None, date(2024, 10, 10), MOMENT, "tantou", json.dumps(opened)
    )
    shown = tuple(disclosed if disclosures is None else disclosures)
    return Authentic(frame, json.loads(build(envelope)), "jws", b"d" * 32, shown, erased, b"")


def refusal(arrived: Authentic, rules: Rules = AT_CENTRE) -> tuple[str, str | None]:
    with pytest.raises(NotAccepted) as problem:
        judge(arrived, rules)
    assert problem.value.code in REFUSED
    return problem.value.code, problem.value.field


def test_a_partys_event_of_a_known_case_is_accepted() -> None:
    accepted = judge(message("PlanSubmitted"), AT_CENTRE)
    assert (accepted.kind.name, accepted.envelope.case) == ("PlanSubmitted", CASE)


def test_an_unknown_type_or_version_is_refused() -> None:
    assert refusal(message("SomethingElse", {})) == ("unknown_type", "SomethingElse.v1")
    assert refusal(message("PlanSubmitted", version=9)) == ("unknown_type", "PlanSubmitted.v9")


def test_what_belongs_to_a_node_never_crosses() -> None:
    assert refusal(message("LogOpened", {}))[0] == "unknown_type"


def test_a_sender_needs_a_role_that_may_send_the_type() -> None:
    for roles in ({"ward"}, {"billing"}, set[str]()):
        assert (
            refusal(message("PlanSubmitted"), replace(AT_CENTRE, sender_roles=roles))[0]
            == "sender_not_authorised"
        )


def test_a_recipient_needs_a_role_that_may_receive_the_type() -> None:
    at_ward = replace(AT_CENTRE, me=WARD, my_role="ward")
    assert refusal(message("SimultaneousContractRequested"), at_ward)[0] == "recipient_not_foreseen"


def test_a_stranger_to_the_case_is_refused() -> None:
    assert refusal(message("PlanSubmitted", sender="1371690098"))[0] == "not_a_party"


def test_an_event_of_an_unknown_case_waits() -> None:
    with pytest.raises(UnknownCase) as problem:
        judge(message("PlanSubmitted"), UNKNOWING)
    assert problem.value.case_id == CASE


def test_an_opening_names_its_sender_and_its_recipient() -> None:
    opening = {**CROSSING["CaseOpened"].example, "parties": PARTIES}
    assert judge(message("CaseOpened", opening), UNKNOWING).kind.opens_case
    for parties in ({OFFICE: "kyotaku"}, {CENTRE: "hokatsu"}, {}):
        code = refusal(message("CaseOpened", {**opening, "parties": parties}), UNKNOWING)[0]
        assert code in ("not_a_party", "invalid_field")


def test_an_opening_gives_nobody_a_role_that_the_directory_does_not() -> None:
    opening = CROSSING["CaseOpened"].example
    for parties in ({**PARTIES, OFFICE: "ward"}, {**PARTIES, CENTRE: "billing"}):
        arrived = message("CaseOpened", {**opening, "parties": parties})
        assert refusal(arrived, UNKNOWING) == ("not_a_party", "parties")


def test_a_case_is_opened_once_and_only_the_same_event_may_come_again() -> None:
    opening = {**CROSSING["CaseOpened"].example, "parties": {**PARTIES, "1371690098": "kyotaku"}}
    assert judge(message("CaseOpened", opening), AT_CENTRE)
    other = message("CaseOpened", opening, event_id=UUID(int=4))
    assert refusal(other) == ("case_opened_again", "parties")
    by_another = message("CaseOpened", opening, sender=CENTRE)
    rules = replace(AT_CENTRE, sender_roles={"hokatsu"})
    assert refusal(by_another, rules) == ("case_opened_again", "parties")


def test_a_party_acts_only_in_the_role_that_it_has_in_the_case() -> None:
    result = message("CertificationResult", sender=OFFICE)
    as_ward = replace(AT_CENTRE, sender_roles=frozenset({"kyotaku", "ward"}))
    assert refusal(result, as_ward)[0] == "sender_not_authorised"


@pytest.mark.parametrize("field", ["office", "centre"])
def test_an_event_names_nobody_who_is_not_a_party(field: str) -> None:
    example = {**CROSSING["NotificationFiled"].example, "filer": OFFICE}
    assert judge(message("NotificationFiled", example), AT_CENTRE)
    assert judge(message("NotificationFiled", {**example, field: None}), AT_CENTRE)
    named = message("NotificationFiled", {**example, field: "1371690098"})
    assert refusal(named) == ("stranger_named", field)


def test_a_stranger_can_not_open_a_case_that_is_open_already() -> None:
    stranger = "1371690098"
    opening = {**CROSSING["CaseOpened"].example, "parties": {**PARTIES, stranger: "kyotaku"}}
    assert refusal(message("CaseOpened", opening, sender=stranger))[0] == "not_a_party"


# --- an office joins a case that was opened without one ---

ALONE = {CENTRE: "hokatsu", WARD: "ward"}
AT_WARD = replace(
    AT_CENTRE,
    me=WARD,
    my_role="ward",
    sender_roles=frozenset({"hokatsu"}),
    known=lambda case_id: KnownCase(WARD, ALONE, (CENTRE, OPENING)),
)


def test_a_centre_lets_an_office_join_a_case_that_has_none() -> None:
    assert judge(message("OfficeAssigned", sender=CENTRE), AT_WARD).kind.joins == "office"


def test_a_case_has_one_office_only() -> None:
    other = {**CROSSING["OfficeAssigned"].example, "office": "1371690098"}
    with_office = replace(AT_WARD, known=lambda case_id: KNOWN)
    assert refusal(message("OfficeAssigned", other, sender=CENTRE), with_office) == (
        "stranger_named",
        "office",
    )
    assert judge(message("OfficeAssigned", sender=CENTRE), with_office)


def test_no_party_loses_its_role_by_being_named_as_the_office_of_a_case() -> None:
    for party in ALONE:
        named = {**CROSSING["OfficeAssigned"].example, "office": party}
        assert refusal(message("OfficeAssigned", named, sender=CENTRE), AT_WARD) == (
            "invalid_field",
            "office",
        )


def test_nobody_but_its_centre_lets_an_office_join() -> None:
    for_itself = {**CROSSING["OfficeAssigned"].example, "centre": OFFICE}
    as_office = replace(AT_WARD, sender_roles=frozenset({"kyotaku"}))
    assert refusal(message("OfficeAssigned", for_itself), as_office)[0] == "sender_not_authorised"
    another = {**CROSSING["OfficeAssigned"].example, "centre": "1301600092"}
    assert refusal(message("OfficeAssigned", another, sender="1301600092"), AT_WARD)[0] == "not_a_party"


def test_an_office_s_word_waits_until_the_centre_s_has_come_that_it_joined() -> None:
    """Two agencies' messages come in any order; refused, the office's filing would be lost for good."""
    filed = {**CROSSING["NotificationFiled"].example, "filer": OFFICE}
    by_office = message("NotificationFiled", filed)
    with pytest.raises(UnknownParty) as problem:
        judge(by_office, replace(AT_WARD, sender_roles=frozenset({"kyotaku"})))
    assert (problem.value.otherwise, problem.value.field) == ("not_a_party", None)
    with pytest.raises(UnknownParty) as problem:
        judge(message("NotificationFiled", {**filed, "filer": CENTRE}, sender=CENTRE), AT_WARD)
    assert (problem.value.otherwise, problem.value.field) == ("stranger_named", "office")
    assert (
        refusal(by_office, replace(AT_WARD, sender_roles=frozenset({"billing"})))[0]
        == "sender_not_authorised"
    )


@pytest.mark.parametrize(
    ("named", "waits"),
    [
        ("1301600027", False),  # another centre
        ("131169B001", False),  # a billing desk
        ("1371600022", True),  # an office: the word that it joined may be on its way
        ("1301600035", True),  # a corporation that is an office, too
        ("1371699999", True),  # not listed yet: it may become an office
    ],
)
@pytest.mark.parametrize("field", ["office", "centre"])
def test_of_those_who_are_no_party_only_who_may_join_as_the_office_is_waited_for(
    field: str, named: str, waits: bool
) -> None:
    filed = {**CROSSING["NotificationFiled"].example, "filer": CENTRE, "office": None, field: named}
    arrived = message("NotificationFiled", filed, sender=CENTRE)
    if waits:
        with pytest.raises(UnknownParty) as problem:
            judge(arrived, AT_WARD)
        assert (problem.value.case_id, problem.value.field) == (CASE, field)
    else:
        assert refusal(arrived, AT_WARD) == ("stranger_named", field)


def test_an_agency_that_is_listed_in_another_role_does_not_join_as_the_office() -> None:
    for named in ("1301600027", "131169B001"):
        joins = {**CROSSING["OfficeAssigned"].example, "office": named}
        assert refusal(message("OfficeAssigned", joins, sender=CENTRE), AT_WARD) == (
            "stranger_named",
            "office",
        )


def test_an_office_is_told_the_opening_of_a_case_that_it_joins_and_nobody_else_is() -> None:
    opening = {**CROSSING["CaseOpened"].example, "parties": ALONE}
    told = message("CaseOpened", opening, sender=CENTRE)
    at_office = Rules(
        OFFICE,
        "kyotaku",
        AT_CENTRE.event_types,
        [WARD],
        frozenset({"hokatsu"}),
        lambda case_id: None,
        AT_CENTRE.roles_of,
    )
    assert judge(told, at_office)
    with_another = {**opening, "parties": {**ALONE, "1371690098": "kyotaku"}}
    assert refusal(message("CaseOpened", with_another, sender=CENTRE), at_office) == (
        "not_a_party",
        "parties",
    )
    at_billing = replace(at_office, me="131169B001", my_role="billing")
    assert refusal(told, at_billing) == ("not_a_party", "parties")


def test_an_event_of_a_case_needs_its_case() -> None:
    assert refusal(message("PlanSubmitted", case=None)) == ("invalid_field", "case")


def test_a_missing_or_wrong_field_is_named_and_unknown_ones_are_ignored() -> None:
    example = dict(CROSSING["PlanSubmitted"].example)
    assert judge(message("PlanSubmitted", {**example, "later_addition": 1}), AT_CENTRE)
    first = sorted(set(example) - CROSSING["PlanSubmitted"].personal_fields)[0]
    missing = {name: value for name, value in example.items() if name != first}
    assert refusal(message("PlanSubmitted", missing)) == ("invalid_field", first)


def test_personal_fields_must_come_as_disclosures() -> None:
    code, field = refusal(message("CaseOpened", concealed=False))
    assert code == "personal_in_clear"
    assert field in CROSSING["CaseOpened"].personal_fields


def test_disclosures_must_match_what_was_signed() -> None:
    assert refusal(message("CaseOpened", disclosures=[]))[0] == "disclosure_mismatch"
    _, foreign = conceal({"name": "別人"}, {"name"})
    assert refusal(message("CaseOpened", disclosures=foreign))[0] == "disclosure_mismatch"


def test_erased_disclosures_may_be_missing() -> None:
    opening = {**CROSSING["CaseOpened"].example, "parties": PARTIES}
    assert judge(message("CaseOpened", opening, disclosures=[], erased=True), AT_CENTRE)


def test_only_a_trusted_ward_speaks_for_its_own_directory() -> None:
    listing = dict(CROSSING["AgencyListed"].example)
    nobody = replace(AT_CENTRE, sender_roles=frozenset())
    assert judge(message("AgencyListed", listing, sender=WARD, case=None), nobody)
    assert refusal(message("AgencyListed", listing, case=None)) == ("speaks_for_another", "insurer")
    other = {**listing, "insurer": "131211"}
    assert refusal(message("AgencyListed", other, sender=WARD, case=None))[0] == "speaks_for_another"
    assert refusal(message("AgencyListed", other, sender="131211", case=None))[0] == "insurer_not_trusted"


def test_a_message_over_the_limit_is_refused() -> None:
    arrived = replace(message("PlanSubmitted"), body=b"x" * (1024 * 1024 + 1))
    assert refusal(arrived)[0] == "too_large"


def test_a_wrong_envelope_is_refused_with_the_attributes_name() -> None:
    arrived = message("PlanSubmitted")
    assert refusal(replace(arrived, payload={**arrived.payload, "occurredon": "?"})) == (
        "invalid_envelope",
        "occurredon",
    )


def test_directory_events_are_told_by_their_type() -> None:
    assert is_directory_event({"type": "jp.renkei.AgencyListed.v1"}, CROSSING)
    for payload in ({"type": "jp.renkei.PlanSubmitted.v1"}, {"type": "AgencyListed"}, {"type": 7}, {}):
        assert not is_directory_event(payload, CROSSING)


def test_what_the_register_objects_to_is_refused_with_its_reason_outside_of_cases_only() -> None:
    """T-33: a desk without a mandate submits nobody's claims."""

    def objecting(event_type: str, data: Mapping[str, Any]) -> tuple[str, str]:
        return "billing_not_entrusted", "biller"

    of_billing = replace(AT_CENTRE, sender_roles=frozenset({"billing"}))
    submitted = message("ClaimSubmitted", sender="131169B001", case=None)
    assert judge(submitted, of_billing)
    assert refusal(submitted, replace(of_billing, objection=objecting)) == ("billing_not_entrusted", "biller")
    assert judge(message("PlanSubmitted"), replace(AT_CENTRE, objection=objecting))
