"""How a case takes in plan reviews."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from shared.care.folds.reading import Data, Fold, day, maybe
from shared.care.parts import Original, Review
from shared.care.state import Case
from shared.eventlog.model import Event


def _changed(case: Case, data: Data, **changes: Any) -> Case:
    # A centre may hear the office before it hears the ward.
    known = case.reviews.get(data["review_id"]) or Review(data["review_id"])
    return case.but(reviews={**case.reviews, known.id: replace(known, **changes)})


def _requested(case: Case, event: Event, data: Data) -> Case:
    return _changed(
        case,
        data,
        requested_on=day(data["requested_on"]),
        occasion=data["occasion"],
        submit_by=maybe(data["submit_by"]),
    )


def _submitted(case: Case, event: Event, data: Data) -> Case:
    documents = tuple(
        Original(each["document"], day(each["first"]), day(each["last"])) for each in data["documents"]
    )
    return _changed(
        case,
        data,
        submitted_on=day(data["submitted_on"]),
        documents=documents,
        missing=tuple(data["missing"]),
    )


def _met(case: Case, event: Event, data: Data) -> Case:
    return _changed(case, data, held_on=day(data["held_on"]))


def _concluded(case: Case, event: Event, data: Data) -> Case:
    return _changed(case, data, held_on=day(data["held_on"]), concluded_on=day(data["concluded_on"]))


FOLDS: Final[Mapping[str, Fold]] = {
    "ReviewRequested": _requested,
    "ReviewDocumentsSubmitted": _submitted,
    "ReviewMeetingHeld": _met,
    "ReviewConcluded": _concluded,
}
