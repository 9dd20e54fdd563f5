"""A ward's part in a plan review: designating the case, and counting what took place (T-51, T-54)."""

from collections.abc import Sequence
from datetime import date
from uuid import uuid5

from marshmallow import Schema

from contracts.codes import REVIEW_OCCASIONS
from contracts.definition import personal
from contracts.fields import Code, Day, LongText
from services.ward.proposals import Window, window_of
from services.ward.register import current, entries_of
from shared.care import requirements
from shared.eventlog.model import Event, NewEvent
from shared.node.errors import Refused
from shared.node.service import Advice, Command, Decision, Situation
from shared.policy.dates import era_month


class RequestReview(Schema):
    occasion = Code("検証の時期", REVIEW_OCCASIONS)
    submit_by = Day(
        "書類の提出期限", null=True, load_default=None, help="資料に期限の定めはありません。決めるときだけ"
    )
    note = personal(LongText("連絡事項", null=True, load_default=None))


def request_review(situation: Situation, command: Command) -> Decision:
    """Designate the case for review: its office owes the nine ★ documents to its centre (T-51, T-54).

    Another rhythm than one case an office in one to two years is the ward's own decision, and warns.

    :raises Refused: a review of this case is under way, or the insurer's procedure knows no reviews.
    """
    case, on = situation.case, command.occurred_on
    if case.review_under_way is not None:
        raise Refused(
            "review_under_way",
            "このケースの検証はすでに依頼しています",
            rule="T-54",
            todo="包括からの検証結果を待ってください",
        )
    requirements.published(situation, "plan_review.meeting", on)
    office, centre = requirements.office_of(situation), requirements.centre_of(situation)
    review_id = str(uuid5(command.id, "review"))
    requested = NewEvent(
        "ReviewRequested",
        {
            **command.fields,
            "review_id": review_id,
            "office": office,
            "centre": centre,
            "requested_on": on,
        },
        case_id=command.case_id,
        to=(office, centre),
    )
    planned = NewEvent("ReviewPlanned", {"office": office, "review_id": review_id, "planned_on": on})
    return Decision([requested, planned], _advice_on_choice(situation, office, on))


def _advice_on_choice(situation: Situation, office: str, on: date) -> list[Advice]:
    advice = []
    filed = current(entries_of(situation.case), on)
    if filed is None or filed.track != "designated":
        advice.append(Advice("T-51", "いま居宅指定として届け出られているケースではありません"))
    if situation.agency.reviews_under_way(office):
        advice.append(Advice("T-54", "この居宅にはほかのケースの検証も依頼しています（1事業所1ケース）"))
    window = _window(situation, office, on)
    if window is not None and window.state(on) == "early":
        advice.append(
            Advice(
                "T-54",
                f"前回の検証から間もありません。次の検証の目安は{era_month(window.first)}から"
                f"{era_month(window.last)}までです",
            )
        )
    return advice


def _window(situation: Situation, office: str, on: date) -> Window | None:
    return window_of(situation.agency, office, situation.case.insurer, on)


def count_review(situation: Situation, event: Event) -> Sequence[NewEvent]:
    """A result that a centre gave counts as the review of its office: from it the next one is proposed (T-54)."""
    return [
        NewEvent(
            "ReviewCounted",
            {name: event.data[name] for name in ("office", "review_id", "held_on")},
        )
    ]
