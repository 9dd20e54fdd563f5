"""What the ward's pages read from its views."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from services.ward.evaluation import Filed
from services.ward.proposals import Candidate
from services.ward.register import Entry, current
from services.ward.trends import HeldForm
from shared.node.node import Node

_REGISTER: Final = """
select notification_id, case_id, filer, type, track, desk, start_date, accepted_on, accepted_at
from view_notification_register.notifications
where accepted_at is not null and (%(wanted)s::uuid[] is null or case_id = any(%(wanted)s))
order by case_id, accepted_at
"""
_CERTIFIED: Final = "select case_id, certified_to from view_case_list.cases"
_REVIEWS: Final = """
select review_id, case_id, office, centre, requested_on, submit_by, held_on, concluded_on
from view_plan_reviews.reviews order by concluded_on is not null, requested_on desc, review_id
"""


_MODEL_CASES: Final = """
with model as (
    select case_id, office, centre, opened_on from view_case_list.cases where procedure <> 'principle'
    order by centre, opened_on, case_id limit %(most)s offset %(after)s
)
select c.case_id, c.office, c.centre, c.opened_on, f.used_on, f.voided_on, r.concluded_on
from model c
left join (
    select case_id, min(used_on) as used_on, max(voided_on) as voided_on from view_held_forms.forms
    where case_id in (select case_id from model) group by case_id
) f using (case_id)
left join (
    select case_id, max(concluded_on) as concluded_on from view_plan_reviews.reviews
    where case_id in (select case_id from model) group by case_id
) r using (case_id)
order by c.centre, c.opened_on, c.case_id
"""
_MODEL_COUNT: Final = "select count(*) from view_case_list.cases where procedure <> 'principle'"


_FILED: Final = """
select notification_id, revision, case_id::text, filer, office, type, occasion, filed_on, start_date, held_since,
    simultaneous, signature_needed, decision, decided_on, reason_code, same_care_manager
from view_desk_queue.filings where %(wanted)s::uuid[] is null or case_id = any(%(wanted)s)
"""


@dataclass(frozen=True, slots=True)
class ModelCase:
    """A case that follows the model: what became of the centre's held form, and whether its plan was reviewed."""

    case_id: UUID
    office: str | None
    centre: str | None
    opened_on: date | None
    used_on: date | None
    voided_on: date | None
    reviewed_on: date | None


@dataclass(frozen=True, slots=True)
class AskedReview:
    """A plan review that the ward asked for."""

    review_id: str
    case_id: UUID
    office: str
    centre: str
    requested_on: date
    submit_by: date | None
    held_on: date | None
    concluded_on: date | None


def accepted_notifications(node: Node, cases: Sequence[UUID] | None = None) -> dict[UUID, list[Entry]]:
    """The register: the accepted notifications of each case, or of these, in the order of their acceptance."""
    found: dict[UUID, list[Entry]] = {}
    for row in _rows(node, _REGISTER, wanted=cases):
        found.setdefault(row[1], []).append(Entry(*row))
    return found


def designated_cases(node: Node, registers: Mapping[UUID, Sequence[Entry]]) -> list[Candidate]:
    """The cases whose current notification is that of a designated office (T-51)."""
    ends = dict(_rows(node, _CERTIFIED))
    today, found = node.today(), list[Candidate]()
    for case_id, entries in registers.items():
        filed = current(entries, today)
        if filed is not None and filed.track == "designated":
            found.append(Candidate(case_id, filed.filer, ends.get(case_id)))
    return found


def filed(node: Node, cases: Sequence[UUID] | None = None) -> dict[UUID, list[Filed]]:
    """Every filing of each case, or of these, with what was decided about it: what the evaluation counts (T-00)."""
    found: dict[UUID, list[Filed]] = {}
    for row in _rows(node, _FILED, wanted=cases):
        found.setdefault(UUID(row[2]), []).append(Filed(*row))
    return found


def held_forms(node: Node) -> list[HeldForm]:
    """What became of the forms that centres held, of which the ward has heard (T-14, decision 25)."""
    return [HeldForm(*row) for row in _rows(node, "select used_on, voided_on from view_held_forms.forms")]


def case_ends(node: Node) -> dict[UUID, date]:
    """The cases whose support ended, or that ended with a move → the last day (T-35D)."""
    ended = "select case_id, ended_on from view_case_list.cases where ended_on is not null"
    return {
        **{case: moved_on - timedelta(days=1) for case, (moved_on, _) in moved_cases(node).items()},
        **dict(_rows(node, ended)),
    }


def moved_cases(node: Node) -> dict[UUID, tuple[date, str]]:
    """The cases that ended with a move within the ward → the day, and the centre of the new address (T-35D)."""
    return {
        case_id: (moved_on, new_centre)
        for case_id, moved_on, new_centre in _rows(
            node, "select case_id, moved_on, new_centre from view_moved_cases.moves"
        )
    }


def model_cases(node: Node, after: int = 0, most: int | None = None) -> list[ModelCase]:
    """The cases of the model, by centre: the closing list, or a part of it (T-01)."""
    return [ModelCase(*row) for row in _rows(node, _MODEL_CASES, after=after, most=most)]


def model_count(node: Node) -> int:
    """How many cases the model has."""
    return int(_rows(node, _MODEL_COUNT)[0][0])


def plan_reviews(node: Node) -> list[AskedReview]:
    """Every review that was asked for, those without a result first."""
    return [AskedReview(*row) for row in _rows(node, _REVIEWS)]


def _rows(node: Node, query: str, **asked: object) -> Sequence[tuple[Any, ...]]:
    with node.database.connection() as connection:
        return connection.execute(query.encode(), asked or None).fetchall()
