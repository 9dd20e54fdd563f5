"""Handing documents over, the centre's comment on an evaluation, and the list of originals still out (T-30R, T-35R)."""

from datetime import date
from typing import Any

import pytest

from contracts.events.sample import CENTRE, OFFICE, PLAN
from shared.care.following import list_originals
from shared.eventlog.model import Event
from shared.node.errors import Refused
from shared.policy.obligations import Obligation
from tests.care.stage import CASE, Desk, Town, desk, made, model, opened, signed_by_both
from tests.care.test_planning import ASSESSED, CONSENTED, DELIVERED, DRAFTED, MET, internal
from tests.rules.owing import only

STARTED = made("EntrustmentStarted", CENTRE, date(2025, 1, 6))
ENDED = made("EntrustmentEnded", CENTRE, date(2025, 3, 3))
PLANNED = (ASSESSED, DRAFTED, MET, CONSENTED, DELIVERED)
JANUARY = internal("MonitoringRecorded", date(2025, 1, 22), month="2025-01", recorded_on="2025-01-22")
FEBRUARY = internal("MonitoringRecorded", date(2025, 2, 19), month="2025-02", recorded_on="2025-02-19")
EVALUATED = internal("EvaluationRecorded", date(2025, 2, 20), evaluated_on="2025-02-20", track="entrusted")
SWITCHED = made("ModeSwitched", OFFICE, date(2024, 12, 27))
ON = date(2025, 2, 21)
MONITORING = [{"document": "monitoring"}]
EVALUATION = [{"document": "evaluation"}]


def office(*events: Event, on: date = ON) -> Desk:
    return desk(OFFICE, *model(), opened(), *signed_by_both(), *events, today=on)


def entrusted(*events: Event, on: date = ON) -> Desk:
    return office(SWITCHED, STARTED, *PLANNED, *events, on=on)


def handed(at: Desk, on: date | None = None, **fields: Any) -> list[Event]:
    decision = at.when("HandOverDocuments", on, **{"handed_as": "copy", **fields})
    events = [made(each.type, at.me, on or at.today, each.data) for each in decision.events]
    at.given(*events)
    return events


def rules(at: Desk, **fields: Any) -> list[str]:
    return [each.rule for each in at.when("HandOverDocuments", **{"handed_as": "copy", **fields}).advice]


def refused(at: Desk, name: str = "HandOverDocuments", **fields: Any) -> Refused:
    with pytest.raises(Refused) as caught:
        at.when(name, **fields)
    return caught.value


# --- handing over ---


def test_every_month_that_the_centre_does_not_have_yet_goes_in_one_command() -> None:
    """T-28R: the records go to the centre, each by its month."""
    at = entrusted(JANUARY, FEBRUARY)
    first = handed(at, documents=[{"document": "monitoring", "month": "2025-01"}])
    assert [each.data["month"] for each in first] == ["2025-01"]
    assert [each.data["month"] for each in handed(at, documents=MONITORING)] == ["2025-02"]
    assert refused(at, documents=MONITORING, handed_as="copy").code == "document_missing"


def test_an_event_says_who_gave_what_to_whom_as_what() -> None:
    (event,) = handed(entrusted(JANUARY), documents=MONITORING)
    told = {name: event.data[name] for name in ("giver", "receiver", "handed_as", "track", "dated", "month")}
    assert told == {
        "giver": OFFICE,
        "receiver": CENTRE,
        "handed_as": "copy",
        "track": "entrusted",
        "dated": "2025-01-22",
        "month": "2025-01",
    }


def test_a_document_that_was_not_made_is_refused_with_its_rule_and_what_to_do() -> None:
    problem = refused(entrusted(), documents=MONITORING, handed_as="copy")
    assert (problem.code, problem.rule, problem.field) == (
        "document_missing",
        "T-28",
        "documents.0.document",
    )
    assert "モニタリング" in problem.message
    assert "書類台帳" in (problem.todo or "")


def test_an_original_that_lies_elsewhere_cannot_be_given() -> None:
    at = entrusted(JANUARY)
    handed(at, documents=MONITORING, handed_as="original")
    assert refused(at, documents=MONITORING, handed_as="original").code == "document_missing"


MONITORING_OF_JANUARY = [{"document": "monitoring", "month": "2025-01"}]


def test_without_consent_nothing_goes_to_the_other_party() -> None:
    """T-11."""
    unconsented = made("ContractSigned", OFFICE, date(2024, 10, 10), consented_on=None)
    at = desk(OFFICE, *model(), opened(), unconsented, JANUARY, today=ON)
    problem = refused(at, documents=MONITORING, handed_as="copy")
    assert (problem.code, problem.rule) == ("consent_missing", "T-11")


def test_while_entrusted_the_consent_to_the_centre_is_enough() -> None:
    """T-11: entrusted, the person's contract and consent are the centre's."""
    by_centre = signed_by_both()[3]
    at = desk(OFFICE, *model(), opened(), by_centre, STARTED, JANUARY, today=ON)
    assert len(handed(at, documents=MONITORING)) == 1


def test_an_original_of_which_a_copy_is_enough_warns_and_goes() -> None:
    """T-23R: the centre gets a copy of the plan."""
    at = entrusted()
    assert rules(at, documents=[{"document": "plan"}], handed_as="original") == ["T-23R"]
    assert rules(at, documents=[{"document": "plan"}], handed_as="copy") == []
    assert rules(at, documents=[{"document": "assessment"}], handed_as="original") == []


# --- the centre's comment ---


def shown(on: date = ON, **changes: Any) -> Event:
    """The evaluation of the plan as it comes to the centre."""
    named = {"document": "evaluation", "dated": "2025-02-20", "month": None, "plan_id": PLAN}
    return made(
        "DocumentHandedOver", OFFICE, on, **{**named, "plan_version": 1, "handed_over_on": on, **changes}
    )


def centre(*events: Event, on: date = ON) -> Desk:
    return desk(CENTRE, *model(), opened(), *signed_by_both(), SWITCHED, STARTED, *events, today=on)


def test_the_centre_comments_on_an_evaluation_that_it_was_shown() -> None:
    """T-30R."""
    decision = centre(shown()).when("CommentEvaluation", comment="外出が増えた")
    (event,) = decision.events
    told = (event.data["plan_id"], event.data["plan_version"], event.data["track"], event.to)
    assert told == (PLAN, 1, "entrusted", (OFFICE,))
    assert decision.advice == []


def test_an_evaluation_that_nobody_has_shown_cannot_be_commented() -> None:
    """T-30R."""
    problem = refused(centre(), "CommentEvaluation", comment="外出が増えた")
    assert (problem.code, problem.rule) == ("evaluation_missing", "T-30")
    commented = centre(shown(), made("EvaluationCommented", CENTRE, ON)).when(
        "CommentEvaluation", comment="追加"
    )
    assert [each.rule for each in commented.advice] == ["T-30"]


def test_a_copy_before_the_comment_warns_and_one_after_it_does_not() -> None:
    """T-30R."""
    at = entrusted(EVALUATED)
    assert rules(at, documents=EVALUATION) == ["T-30"]
    handed(at, documents=EVALUATION, handed_as="copy")
    at.given(made("EvaluationCommented", CENTRE, ON, commented_on=ON))
    assert rules(at, documents=EVALUATION) == []
    (last,) = handed(at, documents=EVALUATION, handed_as="copy")
    assert last.data["commented_on"] == "2025-02-21"


def test_the_comment_is_owed_step_by_step_and_closed_by_the_copy_with_it() -> None:
    """T-30R: shown promptly, commented promptly, then the copy; the days are assumed (decision 9)."""
    show = only("T-30R-show", EVALUATED, today=ON)
    assert (show.debtor, show.creditor, show.due, show.assumed) == (OFFICE, CENTRE, date(2025, 2, 26), True)
    assert only("T-30R-show", EVALUATED, shown(), today=ON).state == "done"
    comment = only("T-30R-comment", EVALUATED, shown(), today=ON)
    assert (comment.debtor, comment.creditor, comment.due) == (CENTRE, OFFICE, date(2025, 2, 27))
    commented = made("EvaluationCommented", CENTRE, date(2025, 2, 25), commented_on="2025-02-25")
    assert only("T-30R-comment", shown(), commented, today=date(2025, 2, 25)).state == "done"
    assert only("T-30R-copy", commented, shown(), today=date(2025, 2, 25)).open
    copied = shown(date(2025, 2, 28), commented_on="2025-02-25")
    for day, state in ((date(2025, 2, 28), "done"), (date(2025, 3, 1), "late")):
        again = shown(day, commented_on="2025-02-25")
        assert only("T-30R-copy", commented, again, today=date(2025, 3, 3)).state == state
    assert only("T-30R-copy", commented, copied, today=date(2025, 3, 3)).done_on == date(2025, 2, 28)


def test_designated_an_evaluation_owes_no_comment() -> None:
    """T-30N."""
    own = internal("EvaluationRecorded", date(2025, 3, 24))
    at = office(*PLANNED, own, on=date(2025, 3, 24))
    assert [each.row for each in at.obligations() if each.row.startswith("T-30R")] == []
    decision = at.when("EvaluatePlan", outcome="continue", comment="達成した")
    assert decision.events[0].data["track"] == "designated"


# --- originals that are still out ---


def papers(event: Event) -> list[tuple[str, str | None]]:
    return [(each["document"], each["month"]) for each in event.data["papers"]]


def test_the_end_of_an_entrustment_tells_the_centre_which_originals_are_out_one_by_one() -> None:
    """T-31R, T-35R."""
    town = Town.of()
    for each in (OFFICE, CENTRE):
        town.desks[each].given(*model(), opened(), *signed_by_both(), SWITCHED, STARTED)
    town.desks[OFFICE].given(*PLANNED, JANUARY, FEBRUARY)
    town.advance(date(2025, 3, 3))
    town.act(CENTRE, "EndEntrustment", CASE, ended_on="2025-02-28", reason_code="contract_ended")
    (listed,) = [each for each in town.desks[CENTRE].events if each.type == "OriginalsListed"]
    assert papers(listed) == [("monitoring", "2025-01"), ("monitoring", "2025-02")]
    at_centre = town.desks[CENTRE].situation(CASE).case
    assert [each.original_at for each in at_centre.documents if each.kind == "monitoring"] == [OFFICE, OFFICE]

    town.act(OFFICE, "ReturnOriginals", CASE, documents=["monitoring"])
    lists = [each for each in town.desks[CENTRE].events if each.type == "OriginalsListed"]
    assert papers(lists[-1]) == []
    at_centre = town.desks[CENTRE].situation(CASE).case
    assert [each.original_at for each in at_centre.documents if each.kind == "monitoring"] == [CENTRE, CENTRE]


def test_an_original_handed_over_before_the_end_is_not_out_any_more() -> None:
    """T-31R: only what was not handed over stays with the office."""
    at = entrusted(JANUARY, FEBRUARY)
    handed(at, documents=MONITORING_OF_JANUARY, handed_as="original")
    at.given(ENDED)
    (listed,) = list_originals(at.situation(CASE), ENDED)
    assert [each["month"] for each in listed.data["papers"]] == ["2025-02"]


def test_a_returned_original_that_the_centre_never_saw_is_named_to_it_one_by_one() -> None:
    """T-28R, T-35R: what was owed of it is done by its return."""
    at = entrusted(JANUARY, FEBRUARY)
    handed(at, documents=MONITORING_OF_JANUARY)
    at.given(ENDED)
    decision = at.when("ReturnOriginals", date(2025, 3, 4), documents=["monitoring"])
    assert [each.type for each in decision.events] == [
        "OriginalsReturned",
        "DocumentHandedOver",
        "OriginalsListed",
    ]
    told = decision.events[1].data
    assert (told["month"], told["handed_as"], told["receiver"]) == ("2025-02", "original", CENTRE)
    centre_knows = [made(each.type, OFFICE, date(2025, 3, 4), each.data) for each in decision.events]
    case = centre(*centre_knows).situation(CASE).case
    assert [(each.month, each.original_at) for each in case.documents if each.kind == "monitoring"] == [
        ("2025-02", CENTRE)
    ]


def test_a_record_made_after_a_return_is_out_again() -> None:
    """T-35R."""
    at = office(SWITCHED, STARTED, JANUARY, ENDED, on=date(2025, 3, 4))
    decision = at.when("ReturnOriginals", documents=["monitoring"])
    at.given(made("OriginalsReturned", OFFICE, at.today, decision.events[0].data))
    assert (
        at.situation(CASE).case.originals_out(at.situation(CASE).case.entrustments[0], date(2025, 2, 28))
        == ()
    )
    late = internal("MonitoringRecorded", date(2025, 3, 5), month="2025-02", recorded_on="2025-03-05")
    at.given(late)
    case = at.situation(CASE).case
    assert case.originals_out(case.entrustments[0], date(2025, 2, 28)) == ("monitoring",)


def test_another_offices_end_is_not_ours_to_list() -> None:
    at = entrusted(JANUARY)
    other = made("EntrustmentEnded", CENTRE, date(2025, 3, 3), office="1371690098")
    assert list_originals(at.situation(CASE), other) == ()


def owed(at: Desk, row: str) -> list[Obligation]:
    return [each for each in at.obligations() if each.row == row]


def test_an_office_evaluates_under_entrustment_and_owes_the_centres_comment() -> None:
    """T-30R."""
    at = entrusted()
    (event,) = at.when("EvaluatePlan", outcome="continue", comment="達成した").events
    at.given(internal("EvaluationRecorded", ON, **event.data))
    (show,) = owed(at, "T-30R-show")
    assert show.open
    handed(at, documents=EVALUATION, handed_as="original")
    assert not owed(at, "T-30R-show")[0].open
