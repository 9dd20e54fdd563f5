"""Whatever a case goes through, each of its months is claimed once by one party to the yen (T-33, T-61, A-Q35c)."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as some

from contracts.events.sample import CENTRE, OFFICE, WARD
from services.billing.case import assess, stated_items
from services.billing.slips import changed_slip
from services.billing.worksheet import worksheet
from shared.care.agency import AgencyState
from shared.care.case import Case, evolve_case
from shared.care.claim_stages import month_stage
from shared.care.folds.register import evolve_agency
from shared.node.errors import Refused
from shared.node.service import Situation
from shared.policy.dates import Month
from shared.policy.money import split_fee
from shared.policy.parameters import parameters
from tests.care.stage import CASE, Desk, made
from tests.services.test_claims import DAY_CARE, RENTED, billing, used
from tests.services.test_submission import confirm, take
from tests.services.test_worksheet import with_papers

FIRST, MONTHS = Month(2024, 10), 4
LAST = FIRST.plus(MONTHS + 6)
"""When everything that was open is closed: the histories end here."""
ROUTES = ((OFFICE, "federation"), (CENTRE, "federation"), (CENTRE, "ward"))
BOTH, DAY_ONLY = (RENTED, DAY_CARE), (DAY_CARE,)
FEWER = ({**RENTED, "units": 300}, DAY_CARE)
"""The same services with other units: the claim stays, the slip does not."""


@dataclass
class History:
    """What happens to one month: reported so many months late, perhaps otherwise again, and the examiner's answers.

    ``level`` is another level for the month alone, known only ``level_delay`` months after it.
    """

    services: Any
    delay: int
    again: Any = None
    again_delay: int = 0
    level: str | None = None
    level_delay: int = 0
    answers: list[str] = field(default_factory=list)


@dataclass
class Remembering(Desk):
    """A desk that folds each event once: a history asks for its situation hundreds of times."""

    folded: tuple[int, AgencyState, Case] = field(
        default_factory=lambda: (0, AgencyState.empty(), Case.empty())
    )

    def situation(self, case_id: UUID | None = CASE) -> Situation:
        number, agency, case = self.folded
        for event in self.events[number:]:
            if event.case_id is None:
                agency = evolve_agency(agency, event)
            else:
                case = evolve_case(case, event)
        self.folded = (len(self.events), agency, case)
        return Situation(self.me, self.service.role, self.today, agency, case)


histories = some.lists(
    some.builds(
        History,
        services=some.sampled_from([BOTH, DAY_ONLY]),
        delay=some.integers(0, 2),
        again=some.none() | some.sampled_from([BOTH, DAY_ONLY, FEWER]),
        again_delay=some.integers(1, 3),
        level=some.none() | some.just("support1"),
        level_delay=some.integers(0, 3),
        answers=some.lists(some.sampled_from(["returned", "decided", "nothing"]), max_size=3),
    ),
    min_size=MONTHS,
    max_size=MONTHS,
)


def report(at: Desk, month: Month, services: Any, on: Month) -> None:
    reported = with_papers(
        used(str(month), *services),
        notified_on=str(month.first),
        plan_delivered_on=str(month.first),
        reported_on=str(on.first),
    )
    at.given(reported._replace(occurred_on=on.first))


def tried(at: Desk, name: str, **fields: Any) -> bool:
    """Give a command; what is refused changes nothing."""
    try:
        decision = at.when(name, **fields)
    except Refused:
        return False
    take(at, decision, at.today)
    if name == "DraftClaim":
        confirm(at, decision.events[0].data, at.today)
    return True


def close(at: Desk, months: list[Month], examined: Month, *, too_late: bool = False) -> None:
    """A person's month-end work: correct what changed, draft, make slips, confirm, submit all that is ready.

    ``too_late``: what goes to the ward arrives behind the cut-off (A-S6).
    """
    at.today = examined.first.replace(day=8)
    for month in months:
        case = at.situation().case
        if str(month) not in case.performances:
            continue
        if worksheet(at.situation(), month).changed:
            tried(at, "RecordDecision", service_month=str(month), decided_on=str(at.today))
            tried(at, "FileCorrection", service_month=str(month), reason="後から届いた記録のため")
        if not tried(at, "PrepareBenefitSlip", service_month=str(month)):
            tried(at, "CancelBenefitSlip", service_month=str(month))  # the federation has the other party's
        tried(at, "DraftClaim", service_month=str(month))
    for claimant, route in ROUTES:
        asked = {"claimant": claimant, "route": route, "examination_month": str(examined)}
        try:
            decision = at.when("SubmitClaims", None, case_id=None, means="transmission", **asked)
        except Refused as problem:
            if problem.code != "nothing_to_submit":
                raise  # what is made by itself is always right
            continue
        take(at, decision, at.today)
        if route == "ward" and too_late:
            submission = decision.events[0].data["submission_id"]
            ruled = {"submission_id": submission, "claimant": claimant, "counted": False}
            at.given(made("SubmissionReceived", WARD, at.today, **ruled))


def answer(at: Desk, month: Month, examined: Month, what: str) -> None:
    at.today = examined.last
    if what == "returned":
        tried(at, "RecordReturn", service_month=str(month), returned_on=str(at.today), reason_code="data")
    elif what == "decided":
        tried(at, "RecordDecision", service_month=str(month), decided_on=str(at.today))


def settle(at: Desk, examined: Month) -> None:
    """The examination month's statement, where there is anything to state."""
    at.today = examined.last
    asked = {"centre": CENTRE, "office": OFFICE, "examination_month": str(examined)}
    try:
        decision = at.when("StateSettlement", None, case_id=None, **asked)
    except Refused as problem:
        if problem.code != "nothing_decided":
            raise
        return
    take(at, decision, at.today)


def stated_by_hand(at: Desk, month: Month) -> tuple[int, int]:
    """What all statements together say of a month: the office's yen and the centre's, counted from the events alone."""
    office = centre = 0
    for event in at.events:
        for line in event.data["lines"] if event.type == "SettlementStated" else ():
            if line["service_month"] == str(month):
                sign = -1 if line["kind"] == "cancellation" else 1
                office, centre = office + sign * line["office_yen"], centre + sign * line["centre_yen"]
    return office, centre


def owed_by_hand(at: Desk, month: Month, claim_id: str | None) -> tuple[int, int]:
    """The shares of the standing claim's decision; nothing where none is decided or no office has a share."""
    shared = {
        line["claim_id"]
        for event in at.events
        if event.type == "ClaimSubmitted"
        for line in event.data["lines"]
        if line["entrusted_office"] == OFFICE and line["kind"] == "claim"
    }
    for event in at.events:
        if event.type == "ClaimDecided" and event.data["claim_id"] == claim_id and claim_id in shared:
            split = split_fee(event.data["yen"], month.first, parameters(WARD))
            return split.office, split.centre
    return 0, 0


def conserved(at: Desk, months: list[Month]) -> None:
    """After each month's statement all of them together owe the office its share of what stands decided."""
    for month in months:
        standing = standing_by_hand(at, month)
        owed = owed_by_hand(at, month, standing[0] if standing else None)
        assert stated_by_hand(at, month) == owed, "no yen is paid twice, and none is lost"


def known_before(designated: bool) -> Remembering:
    """The desk before the first month; an office that is not designated has no contract of its own."""
    known = billing(
        made("EntrustmentStarted", CENTRE, date(2024, 10, 1), starts_on="2024-10-01", cooperation=False)
    )
    renewed = {"valid_from": "2025-04-01", "valid_to": "2026-03-31", "status": "support2"}
    known.given(made("CertificationResult", WARD, date(2025, 3, 1), **renewed))
    own = ("ContractSigned", OFFICE)
    events = [each for each in known.events if designated or (each.type, each.sender) != own]
    return Remembering(known.me, known.service, events, known.today)


def standing_by_hand(at: Desk, month: Month) -> list[str]:
    """Claims of a month less what was returned, taken back or came too late, counted from the events alone."""
    late = {each.data["submission_id"] for each in at.events if each.type == "SubmissionReceived"}
    claims: list[str] = []
    for event in at.events:
        data = event.data
        if event.type == "ClaimSubmitted" and data["submission_id"] not in late:
            lines = [line for line in data["lines"] if line["service_month"] == str(month)]
            for line in sorted(lines, key=lambda each: each["kind"] == "claim"):  # what is taken back first
                if line["kind"] == "claim":
                    assert line["claim_id"] not in claims, "one claim goes in once"
                    claims.append(line["claim_id"])
                elif line["kind"] == "cancellation":
                    claims.remove(line["claim_id"])
        elif event.type == "ClaimReturned" and data["service_month"] == str(month):
            claims.remove(str(data["claim_id"]))
        elif (event.type, data.get("service_month"), data.get("route")) == (
            "CorrectionFiled",
            str(month),
            "application",
        ):
            claims.remove(data["claim_id"])
        assert len(claims) <= 1, "a month is with the examiner twice"
    return claims


@settings(max_examples=15, deadline=None)
@given(histories, some.booleans(), some.sets(some.integers(1, MONTHS + 4)))
def test_every_month_is_claimed_exactly_once_by_exactly_one_party(
    case: list[History], designated: bool, late: set[int]
) -> None:
    """In the months of ``late`` the medium comes behind the ward's cut-off, with all that it holds (A-S6).

    An office without its own contract works for its centre, which claims at the federation too and corrects there by
    application (A-Q54b).
    """
    at = known_before(designated)
    months = [FIRST.plus(number) for number in range(MONTHS)]
    answers = {month: list(each.answers) for month, each in zip(months, case, strict=True)}
    examined = FIRST.plus(1)
    while examined <= LAST:
        for month, each in zip(months, case, strict=True):
            if examined == month.plus(1 + each.delay):
                report(at, month, each.services, examined)
            if each.level and examined == month.plus(1 + each.level_delay):
                level = {"status": each.level, "valid_from": str(month.first), "valid_to": str(month.last)}
                at.given(made("CertificationResult", WARD, examined.first, **level))
            if each.again and examined == month.plus(1 + each.delay + each.again_delay):
                report(at, month, each.again, examined)
        too_late = examined in {FIRST.plus(number) for number in late}
        close(at, months, examined, too_late=too_late)
        for month in months:
            if answers[month] and examined < LAST.plus(-2):
                answer(at, month, examined, answers[month].pop(0))
        settle(at, examined)
        conserved(at, months)
        examined = examined.plus(1)
    situation = at.situation()
    for month in months:
        (claim_id,) = standing_by_hand(at, month)
        decided = any(each.type == "ClaimDecided" and each.data["claim_id"] == claim_id for each in at.events)
        stage = month_stage(situation.case, str(month), situation.agency.submissions)
        assert stage == ("decided" if decided else "submitted")
        line = situation.agency.submissions.standing_claim(situation.case, str(month))
        assert line is not None
        assert line.claim_id == claim_id
        found = assess(situation, month)
        assert situation.case.claims[str(month)].items == stated_items(situation.case, found.subject)
        assert changed_slip(situation, found.subject) is None, "the last slip states what is known"
        assert worksheet(situation, month).state != "reopened"
        assert (line.units, line.yen) == (found.amount.units, found.amount.yen)
        (claimant,) = {
            submission.claimant
            for submission, each_line in situation.agency.submissions.ever(str(CASE), str(month))
            if each_line.claim_id == claim_id
        }
        assert claimant == found.subject.claimant
        if line.entrusted_office is not None:
            assert (line.office_yen or 0) + (line.centre_yen or 0) == line.yen
