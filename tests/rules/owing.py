"""Events and questions that the tests of obligations share: what is owed in a case, on a day, to whom."""

from datetime import date
from typing import Any

from contracts.events.sample import BILLING, CENTRE, DAY_SERVICE, OFFICE, WARD
from shared.eventlog.model import Event
from shared.policy.obligation_due import Ground
from shared.policy.obligation_facts import facts_of
from shared.policy.obligations import Obligation, standing
from tests.care.stage import made, signed_by_both
from tests.care.test_planning import internal

PARTIES = {OFFICE: "kyotaku", CENTRE: "hokatsu", WARD: "ward", BILLING: "billing"}
REQUESTED = made("SimultaneousContractRequested", OFFICE, date(2024, 10, 7))
AGREED = made("SimultaneousContractAgreed", CENTRE, date(2024, 10, 8))
SIGNED_BY_OFFICE, SIGNED_BY_CENTRE = signed_by_both()[2:]
HELD = made("NotificationPrepared", CENTRE, date(2024, 10, 10))
STOPPED = internal("ServiceEnded", date(2024, 12, 27))
SWITCHED = made("ModeSwitched", OFFICE, date(2024, 12, 27))
ENTRUSTED = made("EntrustmentStarted", CENTRE, date(2025, 1, 6))
ENDED = made("EntrustmentEnded", CENTRE, date(2025, 3, 3))
RENEWED = made("CertificationResult", WARD, date(2025, 3, 21))
BACK: dict[str, Any] = {
    "from_type": "care_management_a",
    "to_type": "preventive_support",
    "from_track": "entrusted",
    "to_track": "designated",
    "effective_from": "2025-03-01",
    "reported_on": "2025-03-03",
    "first": False,
}


def owed(
    *events: Event, today: date, me: str | None = None, parties: dict[str, str] | None = None
) -> list[Obligation]:
    facts = [fact for event in events for fact in facts_of(event)]
    return standing(facts, Ground.of("131169", parties or PARTIES, me), today)


def only(row: str, *events: Event, today: date, period: str | None = None) -> Obligation:
    (found,) = [each for each in owed(*events, today=today) if each.row == row and each.period == period]
    return found


def filed_by_centre(on: date, **changes: Any) -> Event:
    return made("NotificationFiled", CENTRE, on, **{"filed_on": on, **changes})


def performance(month: str, on: date) -> Event:
    rows = [{"service": "A6", "provider": DAY_SERVICE, "units": 3621, "last_used_on": None}]
    return made("PerformanceReported", OFFICE, on, service_month=month, reported_on=on, services=rows)


def start(service: str, on: date) -> Event:
    return internal(
        "ServiceStarted", on, service=service, started_on=on, month=f"{on:%Y-%m}", first=service == "67"
    )
