"""Who may say what of claims beyond one case: judged by the register of the agency that hears it (T-33, A-S9)."""

from datetime import date
from typing import Any

import pytest

from contracts.catalogue import CROSSING
from contracts.errors import REFUSED
from contracts.events.sample import BILLING, CENTRE, OFFICE, WARD
from shared.care.agency import AgencyState
from shared.care.claim_authority import ABOUT_CLAIMS, objection
from shared.care.folds.register import evolve_agency
from shared.care.submissions import Submission
from shared.eventlog.model import Event
from tests.care.stage import ADACHI, made, model

ON = date(2025, 2, 7)
ANOTHER = "131169B002"
SUBMITTED = made("ClaimSubmitted", BILLING, ON)
NOT_ENTRUSTED = ("billing_not_entrusted", "biller")
DIFFERS = ("submission_differs", "submission_id")


def register(*events: Event) -> AgencyState:
    found = AgencyState.empty()
    for event in events:
        found = evolve_agency(found, event)
    return found


MODEL = register(*model())
CLAIMED = register(*model(), SUBMITTED)
TABLE: dict[str, tuple[AgencyState, str, str, dict[str, Any], tuple[str, str] | None]] = {
    "claims of the desk with the mandate, at the ward": (MODEL, WARD, "ClaimSubmitted", {}, None),
    "the same at the claimant": (MODEL, CENTRE, "ClaimSubmitted", {}, None),
    "claims of another desk, at the ward": (
        MODEL,
        WARD,
        "ClaimSubmitted",
        {"biller": ANOTHER},
        NOT_ENTRUSTED,
    ),
    "claims of another desk, at the claimant": (
        MODEL,
        CENTRE,
        "ClaimSubmitted",
        {"biller": ANOTHER},
        NOT_ENTRUSTED,
    ),
    "claims of a claimant that gave no mandate": (
        register(),
        WARD,
        "ClaimSubmitted",
        {},
        NOT_ENTRUSTED,
    ),
    "claims of the day before the mandate": (
        MODEL,
        WARD,
        "ClaimSubmitted",
        {"submitted_on": "2024-09-30"},
        NOT_ENTRUSTED,
    ),
    "claims of the mandate's first day": (
        MODEL,
        WARD,
        "ClaimSubmitted",
        {"submitted_on": "2024-10-01"},
        None,
    ),
    "claims to another insurer": (
        MODEL,
        WARD,
        "ClaimSubmitted",
        {"insurer": ADACHI},
        ("not_concerned", "claimant"),
    ),
    "claims of another claimant": (MODEL, OFFICE, "ClaimSubmitted", {}, ("not_concerned", "claimant")),
    "another claimant's claims under a known number": (
        CLAIMED,
        WARD,
        "ClaimSubmitted",
        {"claimant": OFFICE},
        DIFFERS,
    ),
    "the receipt of the ward that the claims went to": (CLAIMED, BILLING, "SubmissionReceived", {}, None),
    "the receipt of another ward": (CLAIMED, BILLING, "SubmissionReceived", {"ward": ADACHI}, DIFFERS),
    "a receipt that names another claimant": (
        CLAIMED,
        BILLING,
        "SubmissionReceived",
        {"claimant": OFFICE},
        DIFFERS,
    ),
    "a receipt that overtook its claims": (MODEL, CENTRE, "SubmissionReceived", {}, None),
    "a statement of the desk with the mandate": (MODEL, CENTRE, "SettlementStated", {}, None),
    "a statement of another desk": (MODEL, CENTRE, "SettlementStated", {"biller": ANOTHER}, NOT_ENTRUSTED),
    "a statement to the office": (MODEL, OFFICE, "SettlementStated", {}, None),
    "a statement to another office": (
        MODEL,
        "1371600022",
        "SettlementStated",
        {},
        ("not_concerned", "office"),
    ),
    "what is about no claims": (MODEL, WARD, "BillingEntrusted", {}, None),
}


@pytest.mark.parametrize(("agency", "me", "name", "changes", "expected"), TABLE.values(), ids=TABLE)
def test_only_who_has_the_mandate_and_whom_it_went_to_speak_of_claims(
    agency: AgencyState, me: str, name: str, changes: dict[str, Any], expected: tuple[str, str] | None
) -> None:
    found = objection(agency, me, name, {**CROSSING[name].example, **changes})
    assert found == expected
    assert found is None or found[0] in REFUSED


def test_every_event_outside_of_cases_between_desk_and_claimant_is_judged() -> None:
    by_desks = {
        each.name
        for each in CROSSING.values()
        if each.scope == "agency" and ("billing" in each.senders or each.name == "SubmissionReceived")
    }
    assert by_desks == ABOUT_CLAIMS


def known(*events: Event) -> Submission:
    (found,) = register(*model(), SUBMITTED, *events).submissions.by_id.values()
    return found


@pytest.mark.parametrize("changes", [{"ward": ADACHI}, {"claimant": OFFICE}])
def test_a_receipt_that_is_not_the_insurers_strikes_nothing_down(changes: dict[str, Any]) -> None:
    """A-S9: also where it stands in a log already."""
    said = {"counted": False, **changes}
    assert known(made("SubmissionReceived", said.get("ward", WARD), ON, **said)).counted is None
    assert known(made("SubmissionReceived", WARD, ON, counted=False)).counted is False


def test_a_receipt_of_what_went_to_the_federation_says_nothing() -> None:
    sent = made("ClaimSubmitted", BILLING, ON, route="federation", counted=True)
    late = made("SubmissionReceived", WARD, ON, counted=False)
    (found,) = register(sent, late).submissions.by_id.values()
    assert found.counted is True


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2025-02-09T14:59:59+00:00", date(2025, 2, 9)),
        ("2025-02-09T15:00:00+00:00", date(2025, 2, 10)),
        ("2025-02-09T15:30:00Z", date(2025, 2, 10)),
        ("2025-02-10T00:00:00+09:00", date(2025, 2, 10)),
        ("2024-12-31T15:00:00+00:00", date(2025, 1, 1)),
    ],
)
def test_a_medium_is_received_on_the_day_that_it_is_in_tokyo(moment: str, day: date) -> None:
    """A-S9."""
    assert known(made("SubmissionReceived", WARD, ON, received_at=moment)).received_on == day
