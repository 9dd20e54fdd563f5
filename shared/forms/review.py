"""The contents page of a plan review (計画の検証): the nine ★ documents, its purpose, its result (T-50 to T-53)."""

from collections.abc import Sequence
from typing import Final

from contracts.codes import STARRED
from shared.care.parts import Original
from shared.care.starred import starred_documents
from shared.forms.form import Fields, Form, Printout
from shared.forms.matter import Matter, day


def _printouts(matter: Matter) -> Sequence[Printout]:
    return [
        Printout("review", each.id, "計画の検証の書類（目次）", each.requested_on)
        for each in matter.case.reviews.values()
    ]


def _fields(matter: Matter, printout: Printout) -> Fields:
    review = matter.case.reviews[printout.of]
    on = review.requested_on or matter.today
    held, missing = documents_of(matter, printout.of)
    there = {each.kind: each for each in held}
    concluded = matter.last_said("ReviewConcluded", review_id=review.id)
    meeting = matter.stated("plan_review.meeting", on)
    return {
        "title": "介護予防サービス計画の検証　提出書類",
        "purpose": matter.stated("plan_review.purpose", on) or "",
        "meeting": meeting or "",
        "person": matter.person_on_paper(),
        "office": matter.name_of(matter.case.office),
        "centre": matter.name_of(matter.case.centre),
        "requested_on": day(review.requested_on),
        "submit_by": day(review.submit_by),
        "submitted_on": day(review.submitted_on),
        "documents": [
            {"title": title, "there": kind in there, "missing": kind in missing, "of": _days(there.get(kind))}
            for kind, title in STARRED.items()
        ],
        "held_on": day(review.held_on),
        "concluded_on": day(review.concluded_on),
        "result": concluded.get("result") or "",
    }


def documents_of(matter: Matter, review_id: str) -> tuple[Sequence[Original], Sequence[str]]:
    """The documents of a review and those that lack: as they were handed in, or before that as they are here."""
    review = matter.case.reviews[review_id]
    if review.submitted_on:
        return review.documents, review.missing
    return starred_documents(matter.case, matter.today)


def _days(of: Original | None) -> str:
    if of is None:
        return ""
    return day(of.first) if of.first == of.last else f"{day(of.first)}〜{day(of.last)}"


REVIEW: Final = Form("review", "計画の検証の書類（目次）", "review", _printouts, _fields)
