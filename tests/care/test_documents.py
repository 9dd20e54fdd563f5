"""The ledger: what each document is, where its original is, who holds copies (T-24 to T-31, T-35)."""

from datetime import date
from typing import Any

import pytest

from contracts.events.sample import CENTRE, DAY_SERVICE, OFFICE, RENTAL, WARD
from shared.care.columns import column_of
from shared.care.documents import Document
from shared.care.ledger import LedgerRow, ledger
from shared.eventlog.model import Event
from shared.policy.documents import document
from tests.care.stage import CASE, Desk, desk, made, model, opened, signed_by_both
from tests.care.test_planning import ASSESSED, CONSENTED, DELIVERED, DRAFTED, MET, internal

ON = date(2025, 3, 3)
HELD = made("NotificationPrepared", CENTRE, date(2024, 10, 10))
FILED = made("NotificationFiled", CENTRE, date(2025, 1, 6))
PLANNED = (ASSESSED, DRAFTED, MET, CONSENTED, DELIVERED)
SUBMITTED = made("PlanSubmitted", OFFICE, date(2024, 10, 18))
MONITORED = internal("MonitoringRecorded", date(2024, 11, 20))
EVALUATED = internal("EvaluationRecorded", date(2025, 3, 24))
HANDED = made("DocumentHandedOver", OFFICE, date(2025, 2, 28))


def office(*events: Event, on: date = ON) -> Desk:
    return desk(OFFICE, *model(), opened(), *signed_by_both(), *events, today=on)


def centre(*events: Event, on: date = ON) -> Desk:
    return desk(CENTRE, *model(), opened(), *signed_by_both(), *events, today=on)


def the(at: Desk, kind: str) -> Document:
    (found,) = [each for each in at.situation(CASE).case.documents if each.kind == kind]
    return found


def places(each: Document) -> tuple[str, list[str]]:
    return each.original_at, [copy.holder for copy in each.copies]


def rows(at: Desk) -> list[LedgerRow]:
    return ledger(at.situation(CASE).case, at.obligations(), at.today)


MADE = {
    # event(s) → document, author, where the original is, who holds copies
    "a contract": ((), "office_contract", OFFICE, OFFICE, ["person"]),
    "the centre's contract": ((), "centre_contract", CENTRE, CENTRE, ["person"]),
    "a held notification": ((HELD,), "centre_notification", CENTRE, CENTRE, []),
    "a filed notification": ((HELD, FILED), "centre_notification", CENTRE, WARD, [CENTRE]),
    "an assessment": ((ASSESSED,), "basic_checklist", OFFICE, OFFICE, []),
    "a plan": (PLANNED, "plan", OFFICE, OFFICE, ["person"]),
    "sheet D": (PLANNED, "weekly_plan", OFFICE, OFFICE, ["person"]),
    "a plan with its copy": ((*PLANNED, SUBMITTED), "plan", OFFICE, OFFICE, ["person", CENTRE]),
    "a meeting": (PLANNED, "meeting_record", OFFICE, OFFICE, []),
    "a use sheet": ((internal("UseSheetIssued", ON),), "use_sheet", OFFICE, OFFICE, ["person"]),
    "monitoring": ((MONITORED,), "monitoring", OFFICE, OFFICE, []),
    "an evaluation": ((*PLANNED, EVALUATED), "evaluation", OFFICE, OFFICE, []),
    "a switch": ((made("ModeSwitched", OFFICE, ON),), "switch_report", OFFICE, OFFICE, [CENTRE]),
    "a provision sheet": (
        (internal("ProvisionSheetIssued", ON),),
        "provision_sheet",
        OFFICE,
        OFFICE,
        [RENTAL, DAY_SERVICE],
    ),
    "a service office's plan": (
        (internal("ProviderDocumentReceived", ON),),
        "individual_plan",
        OFFICE,
        OFFICE,
        [],
    ),
    "a provisional plan": (
        (made("ProvisionalPlanSubmitted", OFFICE, ON),),
        "provisional_plan",
        OFFICE,
        OFFICE,
        [CENTRE],
    ),
    "a viewed survey": (
        (made("RecordsProvided", WARD, date(2024, 10, 15)),),
        "certification_survey",
        WARD,
        WARD,
        [OFFICE],
    ),
}


@pytest.mark.parametrize(("events", "kind", "author", "original", "copies"), MADE.values(), ids=MADE)
def test_each_document_is_made_by_an_event_that_says_where_it_is(
    events: tuple[Event, ...], kind: str, author: str, original: str, copies: list[str]
) -> None:
    """T-10, T-12, T-18, T-20, T-23, T-24, T-25, T-26, T-27, T-28, T-29, T-30."""
    found = the(office(*events), kind)
    assert (found.author, places(found)) == (author, (original, copies))


KEPT_BY = ("office_contract", "basic_checklist", "plan", "weekly_plan", "meeting_record", "monitoring")


@pytest.mark.parametrize("kind", KEPT_BY)
def test_an_original_lies_where_the_document_table_says(kind: str) -> None:
    row = document("131169", kind, ON)
    assert row is not None
    at = office(*PLANNED, MONITORED)
    role = {OFFICE: "office", CENTRE: "centre"}[the(at, kind).original_at]
    assert row.cells[column_of(at.situation(CASE).case, ON)].original == role


def test_a_returned_notification_is_with_its_filer_again() -> None:
    filed = made("NotificationFiled", OFFICE, date(2024, 10, 10), filer=OFFICE, revision=1)
    returned = made("NotificationReturned", WARD, date(2024, 10, 11))
    assert the(office(filed), "office_notification").original_at == WARD
    assert the(office(filed, returned), "office_notification").original_at == OFFICE


def test_the_centre_learns_of_a_plan_by_its_copy() -> None:
    """T-23N, T-24."""
    found = the(centre(SUBMITTED), "plan")
    assert places(found) == (OFFICE, ["person", CENTRE])
    assert found.version == 1
    assert [each.kind for each in centre().situation(CASE).case.documents if each.kind == "plan"] == []


def test_signatures_and_the_mark_are_told() -> None:
    """T-13."""
    at = office(HELD, *PLANNED)
    assert the(at, "office_contract").signed_by == "person"
    assert the(at, "office_contract").simultaneous
    assert the(at, "centre_notification").simultaneous
    assert the(at, "plan").signed_by == "person"
    assert the(at, "monitoring" if MONITORED in at.events else "meeting_record").signed_by is None


def test_a_contract_that_stays_at_a_transfer_counts_as_simultaneous_from_then_on() -> None:
    """T-07M."""
    before = made(
        "ContractSigned",
        CENTRE,
        date(2024, 10, 8),
        agency=CENTRE,
        contract="preventive_support_and_care_management",
        simultaneous=False,
    )
    at = desk(OFFICE, opened(), before, today=ON)
    assert not the(at, "centre_contract").simultaneous
    at.given(made("ContractKept", CENTRE, ON))
    assert the(at, "centre_contract").simultaneous


def test_a_service_offices_record_stands_in_the_row_of_its_plan() -> None:
    """T-29."""
    record = internal("ProviderDocumentReceived", ON, document="provider_monitoring")
    assert the(office(record), "provider_monitoring").row == "individual_plan"


def test_two_months_of_monitoring_are_two_documents_and_the_same_month_is_one() -> None:
    december = internal("MonitoringRecorded", date(2024, 12, 18), month="2024-12", recorded_on="2024-12-18")
    again = internal("MonitoringRecorded", date(2024, 11, 21), recorded_on="2024-11-21")
    at = office(MONITORED, december, again).situation(CASE).case
    assert [each.month for each in at.documents if each.kind == "monitoring"] == ["2024-11", "2024-12"]


def test_a_copy_leaves_the_original_and_an_original_takes_the_place_of_the_copy() -> None:
    monitored = internal("MonitoringRecorded", date(2025, 1, 22), month="2025-01", recorded_on="2025-01-22")
    original = made("DocumentHandedOver", OFFICE, ON, handed_as="original", handed_over_on=ON)
    for at in (office(monitored, HANDED), centre(HANDED)):
        assert places(the(at, "monitoring")) == (OFFICE, [CENTRE])
        at.given(original)
        assert places(the(at, "monitoring")) == (CENTRE, [])


def test_a_plan_review_gives_the_centre_copies() -> None:
    """T-51."""
    starred = [
        {"document": "basic_information", "first": "2024-10-15", "last": "2024-10-15"},
        {"document": "monitoring", "first": "2024-11-01", "last": "2024-11-30"},
    ]
    submitted = made("ReviewDocumentsSubmitted", OFFICE, ON, documents=starred, missing=[])
    for at in (office(ASSESSED, MONITORED, submitted), centre(submitted)):
        for kind in ("basic_information", "monitoring"):
            assert places(the(at, kind)) == (OFFICE, [CENTRE])
        assert the(at, "monitoring").month == "2024-11"


def test_the_ledger_stands_in_the_order_of_the_table_with_stars_and_what_is_asked() -> None:
    """T-50."""
    found = rows(office(HELD, *PLANNED, SUBMITTED, MONITORED, EVALUATED))
    kinds = [each.document.kind for each in found]
    assert kinds.index("office_contract") < kinds.index("basic_information") < kinds.index("plan")
    assert [each.document.kind for each in found if each.starred] == [
        "basic_information",
        "basic_checklist",
        "assessment",
        "interest_checklist",
        "plan",
        "weekly_plan",
        "meeting_record",
        "monitoring",
        "evaluation",
    ]
    (plan,) = [each for each in found if each.document.kind == "plan"]
    assert "包括に写し" in plan.asked
    assert plan.rule == "T-23N"


def test_a_document_names_the_obligations_that_it_fulfils() -> None:
    (plan,) = [each for each in rows(office(*PLANNED, SUBMITTED)) if each.document.kind == "plan"]
    assert {each.row for each in plan.fulfils} == {"T-23", "T-24"}


def test_what_a_ledger_cannot_read_is_counted_and_the_case_goes_on() -> None:
    broken = made("DocumentHandedOver", OFFICE, ON)
    broken.data.pop("dated")  # type: ignore[attr-defined]
    case = office(broken, MONITORED).situation(CASE).case
    assert case.unread == {"DocumentHandedOver": 1}
    assert [each.kind for each in case.documents if each.kind == "monitoring"] == ["monitoring"]


COLUMNS: dict[str, tuple[list[Event], str]] = {
    "designated from the start": (signed_by_both(), "designated_new"),
    "entrusted": ([*signed_by_both(), made("EntrustmentStarted", CENTRE, date(2025, 1, 1))], "entrusted"),
    "the centre's own before": (
        [
            made("ContractSigned", CENTRE, date(2024, 10, 8), agency=CENTRE, signed_on="2024-10-08"),
            made("ContractSigned", OFFICE, date(2024, 11, 1), signed_on="2024-11-01"),
        ],
        "designated_transfer",
    ),
    "entrusted before the office takes over": (
        [
            made(
                "EntrustmentStarted",
                CENTRE,
                date(2024, 10, 8),
                type="preventive_support",
                starts_on="2024-10-08",
            ),
            made(
                "OfficeAssigned",
                CENTRE,
                date(2024, 11, 1),
                taken_over_on="2024-11-15",
                centre_until="2024-11-14",
            ),
            made("EntrustmentEnded", CENTRE, date(2024, 11, 1), ended_on="2024-11-14"),
            made("ContractSigned", OFFICE, date(2024, 11, 15), signed_on="2024-11-15"),
        ],
        "designated_transfer",
    ),
    "not begun, opened by the office": ([], "designated_new"),
}


@pytest.mark.parametrize(("events", "column"), COLUMNS.values(), ids=COLUMNS)
def test_a_case_stands_in_the_column_of_its_track(events: list[Event], column: str) -> None:
    case = desk(OFFICE, *model(), opened(), *events, today=ON).situation(CASE).case
    assert column_of(case, ON) == column


def test_a_case_that_a_centre_opens_is_entrusted_or_its_own() -> None:
    entrusted = desk(CENTRE, made("CaseOpened", CENTRE, ON)).situation(CASE).case
    alone: Any = {CENTRE: "hokatsu", WARD: "ward"}
    own = desk(CENTRE, made("CaseOpened", CENTRE, ON, parties=alone)).situation(CASE).case
    assert (column_of(entrusted, ON), column_of(own, ON)) == ("entrusted", "direct")
