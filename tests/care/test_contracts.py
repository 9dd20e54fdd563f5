"""Signing with the person, alone or at the same time (T-02, T-03, T-04, T-07 to T-11)."""

from datetime import date
from typing import Any

import pytest

from contracts.events.sample import BILLING, CENTRE, OFFICE, WARD
from shared.eventlog.model import Event
from shared.node.errors import Refused
from tests.care.stage import (
    CASE,
    CENTRE_OUTSIDE,
    OFFICE_UNDESIGNATED,
    desk,
    made,
    model,
    opened,
    signed_by_both,
)

DAY = date(2024, 10, 10)
ASKED = made("SimultaneousContractRequested", OFFICE, date(2024, 10, 7))
AGREED = made("SimultaneousContractAgreed", CENTRE, date(2024, 10, 8))
SIGNING: dict[str, Any] = {
    "contract": "preventive_support",
    "explained_on": "2024-10-10",
    "consented_on": "2024-10-10",
    "simultaneous": True,
    "signed_by": "person",
    "signer": "見本 はな",
}
BOTH_FORMS = {**SIGNING, "contract": "preventive_support_and_care_management"}


def rules(decision: Any) -> list[str]:
    return [each.rule for each in decision.advice]


# --- arranging ---


def test_the_office_asks_the_centre_for_a_simultaneous_contract() -> None:
    decision = desk(OFFICE, *model(), opened()).when("RequestSimultaneousContract", planned_on="2024-10-10")
    (event,) = decision.events
    assert (event.type, event.to) == ("SimultaneousContractRequested", (CENTRE,))


def test_a_centre_outside_the_model_can_t_take_a_simultaneous_contract() -> None:
    outside = opened(parties={OFFICE: "kyotaku", CENTRE_OUTSIDE: "hokatsu", WARD: "ward"})
    with pytest.raises(Refused) as refused:
        desk(OFFICE, *model(), outside).when("RequestSimultaneousContract")
    assert (refused.value.code, refused.value.rule) == ("not_in_model", "T-02")
    assert "モデル対象外の包括" in refused.value.message
    with pytest.raises(Refused) as refused:
        desk(OFFICE, *model(), outside).when("SignContract", **SIGNING)
    assert refused.value.rule == "T-02"


def test_neither_designation_nor_model_of_another_insurer_counts_in_a_case() -> None:
    there = opened(insurer="131219", parties={OFFICE: "kyotaku", CENTRE: "hokatsu", "131219": "ward"})
    with pytest.raises(Refused) as refused:
        desk(OFFICE, *model(), there).when("RequestSimultaneousContract")
    assert refused.value.code == "not_in_model"
    with pytest.raises(Refused) as refused:
        desk(OFFICE, *model(), there).when("SignContract", **{**SIGNING, "simultaneous": False})
    assert refused.value.code == "not_designated"


def test_before_the_model_begins_nobody_can_ask_for_one() -> None:
    early = desk(OFFICE, *model(), opened(), today=date(2024, 9, 30))
    with pytest.raises(Refused) as refused:
        early.when("RequestSimultaneousContract")
    assert refused.value.rule == "T-02"


def test_an_office_without_designation_can_t_ask_for_one() -> None:
    case = opened(parties={OFFICE_UNDESIGNATED: "kyotaku", CENTRE: "hokatsu", WARD: "ward"})
    with pytest.raises(Refused) as refused:
        desk(OFFICE_UNDESIGNATED, *model(), case).when("RequestSimultaneousContract")
    assert (refused.value.code, refused.value.rule) == ("not_designated", "T-03")


def test_an_office_designated_before_the_model_and_not_enrolled_can_t_ask_for_one() -> None:
    earlier = [
        *[each for each in model() if each.type != "OfficeDesignated"],
        made("OfficeDesignated", WARD, date(2024, 6, 1), designated_from="2024-06-01"),
        opened(),
    ]
    with pytest.raises(Refused) as refused:
        desk(OFFICE, *earlier).when("RequestSimultaneousContract")
    assert (refused.value.code, refused.value.rule) == ("office_not_in_model", "T-03")


def test_a_centre_agrees_or_declines_only_when_asked() -> None:
    at = desk(CENTRE, *model(), opened())
    for command, fields in (
        ("AgreeToSimultaneousContract", {}),
        ("DeclineSimultaneousContract", {"reason_code": "capacity"}),
    ):
        with pytest.raises(Refused) as refused:
            at.when(command, **fields)
        assert refused.value.code == "not_requested"
    at.given(ASKED)
    assert at.when("AgreeToSimultaneousContract").events[0].to == (OFFICE,)
    declined = at.when("DeclineSimultaneousContract", reason_code="capacity")
    assert declined.events[0].type == "SimultaneousContractDeclined"
    assert rules(declined) == ["T-66"]


@pytest.mark.parametrize("answer", ["SimultaneousContractAgreed", "SimultaneousContractDeclined"])
def test_a_request_is_answered_once_and_again_only_when_it_is_made_again(answer: str) -> None:
    """T-08."""
    at = desk(CENTRE, *model(), opened(), ASKED, made(answer, CENTRE, date(2024, 10, 8)))
    commands: dict[str, dict[str, Any]] = {
        "AgreeToSimultaneousContract": {},
        "DeclineSimultaneousContract": {"reason_code": "capacity"},
    }
    for command, fields in commands.items():
        with pytest.raises(Refused) as refused:
            at.when(command, **fields)
        assert (refused.value.code, refused.value.rule) == ("request_answered", "T-08")
        assert "もう一度依頼" in (refused.value.todo or "")
    at.given(made("SimultaneousContractRequested", OFFICE, date(2024, 10, 9)))
    for command, fields in commands.items():
        assert at.when(command, **fields).events


# --- signing ---


def test_a_contract_is_told_to_the_other_party_and_to_billing() -> None:
    office = desk(OFFICE, *model(), opened(), ASKED, AGREED).when("SignContract", **SIGNING)
    centre = desk(CENTRE, *model(), opened(), ASKED, AGREED).when("SignContract", **BOTH_FORMS)
    assert office.events[0].to == (CENTRE, BILLING)
    assert centre.events[0].to == (OFFICE, BILLING)
    assert rules(office) == rules(centre) == []


def test_an_office_without_designation_can_t_be_the_provider() -> None:
    case = opened(parties={OFFICE_UNDESIGNATED: "kyotaku", CENTRE: "hokatsu", WARD: "ward"})
    with pytest.raises(Refused) as refused:
        desk(OFFICE_UNDESIGNATED, *model(), case).when("SignContract", **{**SIGNING, "simultaneous": False})
    assert (refused.value.code, refused.value.rule) == ("not_designated", "T-03")
    assert refused.value.todo


def designated_earlier(*enrolled: str) -> list[Event]:
    """The model, but the office was designated before it began; these agencies are enrolled besides the centre."""
    return [
        *[each for each in model() if each.type != "OfficeDesignated"],
        made("OfficeDesignated", WARD, date(2024, 6, 1), designated_from="2024-06-01"),
        *[made("ModelEnrolled", WARD, date(2024, 10, 1), agency=each) for each in enrolled],
        opened(),
        ASKED,
        AGREED,
    ]


@pytest.mark.parametrize(("agency", "fields"), [(OFFICE, SIGNING), (CENTRE, BOTH_FORMS)])
def test_with_an_office_designated_before_the_model_nobody_signs_simultaneously_unless_it_is_enrolled(
    agency: str, fields: dict[str, Any]
) -> None:
    """T-03, decision 3: the rule binds the signature, not only the request."""
    with pytest.raises(Refused) as refused:
        desk(agency, *designated_earlier()).when("SignContract", **fields)
    assert (refused.value.code, refused.value.rule) == ("office_not_in_model", "T-03")
    assert (
        desk(agency, *designated_earlier()).when("SignContract", **{**fields, "simultaneous": False}).events
    )
    assert desk(agency, *designated_earlier(OFFICE)).when("SignContract", **fields).events


def test_a_designation_counts_from_its_day() -> None:
    early = desk(OFFICE, *model(), opened(), today=date(2024, 9, 30))
    with pytest.raises(Refused) as refused:
        early.when("SignContract", **{**SIGNING, "simultaneous": False, "explained_on": "2024-09-30"})
    assert refused.value.rule == "T-03"


def test_care_management_a_always_has_the_centre_as_provider() -> None:
    with pytest.raises(Refused) as refused:
        desk(OFFICE, *model(), opened()).when("SignContract", **BOTH_FORMS)
    assert (refused.value.code, refused.value.rule) == ("contract_of_centre", "T-04")


@pytest.mark.parametrize("status", ["project_eligible", "none", "care1"])
def test_an_office_contracts_in_its_own_name_with_support_levels_only(status: str) -> None:
    case = opened(status=status, certification=None)
    with pytest.raises(Refused) as refused:
        desk(OFFICE, *model(), case).when("SignContract", **SIGNING)
    assert (refused.value.code, refused.value.rule) == ("status_excluded", "T-04")


def test_a_centre_s_simultaneous_contract_covers_care_management_a() -> None:
    with pytest.raises(Refused) as refused:
        desk(CENTRE, *model(), opened(), ASKED, AGREED).when("SignContract", **SIGNING)
    assert (refused.value.code, refused.value.rule) == ("contract_without_a", "T-07")


def test_a_contract_without_contact_to_the_centre_warns() -> None:
    decision = desk(OFFICE, *model(), opened()).when("SignContract", **{**SIGNING, "simultaneous": False})
    assert rules(decision) == ["T-08"]
    assert "包括への調整記録なし" in decision.advice[0].message


def test_a_simultaneous_contract_that_the_centre_has_not_agreed_to_warns() -> None:
    decision = desk(OFFICE, *model(), opened(), ASKED).when("SignContract", **SIGNING)
    assert rules(decision) == ["T-07"]


def test_a_contract_without_explanation_is_incomplete_and_warns() -> None:
    at = desk(CENTRE, *model(), opened(), ASKED, AGREED)
    decision = at.when("SignContract", **{**BOTH_FORMS, "explained_on": None})
    assert rules(decision) == ["T-10"]
    at.given(made("ContractSigned", CENTRE, DAY, decision.events[0].data))
    contract = at.situation(CASE).case.contract_of(CENTRE)
    assert contract is not None
    assert not contract.complete


def test_the_explanation_comes_before_the_signature() -> None:
    with pytest.raises(Refused) as refused:
        desk(OFFICE, *model(), opened(), ASKED, AGREED).when(
            "SignContract", **{**SIGNING, "explained_on": "2024-10-11"}
        )
    assert (refused.value.code, refused.value.rule) == ("explained_after_signing", "T-10")


def test_a_contract_without_consent_warns_and_can_be_supplemented() -> None:
    at = desk(OFFICE, *model(), opened(), ASKED, AGREED)
    decision = at.when("SignContract", **{**SIGNING, "consented_on": None})
    assert rules(decision) == ["T-11"]
    at.given(made("ContractSigned", OFFICE, DAY, decision.events[0].data))
    supplement = at.when("SupplementContract", consented_on="2024-10-11")
    assert supplement.events[0].to == (CENTRE, BILLING)
    at.given(made("ContractSupplemented", OFFICE, DAY, supplement.events[0].data))
    contract = at.situation(CASE).case.contract_of(OFFICE)
    assert contract is not None
    assert contract.complete


def test_a_supplement_says_something() -> None:
    at = desk(OFFICE, *model(), opened(), *signed_by_both())
    with pytest.raises(Refused) as refused:
        at.when("SupplementContract")
    assert refused.value.code == "nothing_to_supplement"


# --- what is in force ---


def in_force(*events: Event) -> bool:
    return desk(CENTRE, *model(), opened(), *events).situation(CASE).case.simultaneous_contract


def test_a_simultaneous_contract_stands_when_both_have_signed() -> None:
    """T-07N."""
    both = signed_by_both()
    assert in_force(*both)
    assert in_force(*reversed(both))
    assert not in_force(both[2])
    assert not in_force(both[3])


def test_two_contracts_that_were_not_made_as_simultaneous_are_none() -> None:
    assert not in_force(*signed_by_both(simultaneous=False))


def test_a_later_contract_of_another_kind_replaces_it() -> None:
    later = made("ContractSigned", OFFICE, date(2025, 6, 1), simultaneous=False)
    assert not in_force(*signed_by_both(), later)
