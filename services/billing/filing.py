"""Making the files of a submission, and what else a person needn't type: the edge where persons' data are read.

One writer a format, chosen by parameter (``claim.format.…``). What can't be right is left out, with its reason.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from services.billing.books import Books
from services.billing.entries import care_management_entry, medium_entry, slip_entry, support_entry
from services.billing.formats import benefit_slip, care_management_claim, support_claim, ward_medium
from services.billing.formats.frame import Header, Written
from services.billing.formats.layout import Unwritable
from services.billing.lines import cancellation_line, claim_line, is_taken_back, slip_line
from services.billing.people import Person
from services.billing.taking_back import cancellation_row, submission_of
from services.billing.worksheet import Blocker, Worksheet, worksheet
from shared.care import requirements
from shared.node.errors import Refused
from shared.node.service import Situation
from shared.policy.dates import Month
from shared.policy.parameters import ParameterError, parameters

SLIP_FORMAT: Final = "8222"
DATA_KINDS: Final[Mapping[str, str]] = {
    SLIP_FORMAT: benefit_slip.DATA_KIND,
    "8125": support_claim.DATA_KIND,
    "8171": care_management_claim.DATA_KIND,
    "WARD": ward_medium.DATA_KIND,
}
WRITERS: Final[Mapping[str, Any]] = {
    SLIP_FORMAT: benefit_slip.write,
    "8125": support_claim.write,
    "8171": care_management_claim.write,
    "WARD": ward_medium.write,
}
"""Format → what writes a file of its entries."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What did not go in: the case, the month, and why; ``code`` is the stable code of the reason."""

    case_id: UUID
    month: str
    kind: str
    why: Blocker
    code: str


@dataclass(frozen=True, slots=True)
class File:
    """A file of a submission, with its name."""

    format: str
    name: str
    written: Written

    def row(self) -> dict[str, Any]:
        """As the event states it."""
        return {
            "format": self.format,
            "name": self.name,
            "sha256": self.written.sha256,
            "size": len(self.written.content),
            "records": self.written.records,
        }


@dataclass(frozen=True, slots=True)
class Bundle:
    """A submission as it can be made now."""

    lines: tuple[dict[str, Any], ...]
    files: tuple[File, ...]
    left_out: tuple[LeftOut, ...]


Key = tuple[UUID, str, str]
"""A line's case, kind and service month."""


def bundle(
    books: Books,
    claimant: str,
    route: str,
    examined: Month,
    chosen: Collection[Key] | None = None,
    *,
    insurer: str | None = None,
    along: Callable[[Sequence[tuple[UUID, str]]], Iterable[tuple[UUID, str]]] = iter,
) -> Bundle:
    """All that a claimant can submit by a route in an examination month, and what it can't; of ``chosen`` lines alone,
    where they are named, and of ``insurer``'s persons alone, where it is. ``along`` goes through the persons' months.
    """
    of = None if chosen is None else {(case_id, month) for case_id, _, month in chosen}
    wanted = [each for each in books.months_of(claimant, examined) if of is None or each in of]
    persons = books.people(list(dict.fromkeys(case_id for case_id, _ in wanted)))
    fields = {"claimant": claimant, "route": route}
    lines: list[dict[str, Any]] = []
    entries: dict[str, list[Any]] = {}
    left_out: list[LeftOut] = []
    seen: set[tuple[Any, ...]] = set()
    for case_id, month in along(wanted):
        situation = books.situation(case_id)
        if insurer not in (None, situation.case.insurer):
            continue
        twice: _Reason | None = None
        for part in _parts(books, situation, fields, Month.parse(month), examined, persons[case_id]):
            if chosen is not None and (case_id, part.kind, month) not in chosen:
                continue
            key = (part.format, *part.entry.key) if part.entry is not None else None
            twice = twice or (_TWICE if key in seen else None)
            reason = part.reason or twice
            if reason is not None:
                left_out.append(
                    LeftOut(case_id, month, part.kind, reason.why.of(situation.case.insurer), reason.code)
                )
                continue
            assert key is not None  # what has no reason has an entry
            seen.add(key)
            entries.setdefault(part.format, []).append(part.entry)
            lines.append({"case": case_id, "kind": part.kind, "service_month": month})
    return Bundle(tuple(lines), tuple(_files(entries, claimant, examined)), tuple(left_out))


@dataclass(frozen=True, slots=True)
class _Reason:
    """Why a part can't go in, with its stable code."""

    code: str
    why: Blocker


@dataclass(frozen=True, slots=True)
class _Part:
    """What of a case's month goes in: its entry in a format, or the reason why it does not."""

    kind: str
    reason: _Reason | None = None
    format: str = ""
    entry: Any = None


_TWICE: Final = _Reason(
    "person_twice",
    Blocker(
        "A-Q53",
        "同じ被保険者番号の同じ月が、別のケースから入っています",
        "二つのケースの被保険者番号を、ケースを開いた事業所に確かめてください",
    ),
)
"""A person's month that another case has put in already can't go in: no format takes it twice."""


def _parts(
    books: Books,
    situation: Situation,
    fields: Mapping[str, Any],
    month: Month,
    examined: Month,
    person: Person,
) -> Iterator[_Part]:
    """What of a case's month goes in: a cancellation, a slip, a claim; or why it does not."""
    sheet = worksheet(situation, month, explained=False)
    route_of_claim = sheet.assessment.subject.found.claim_route if sheet.assessment else None
    standing = situation.agency.submissions.standing_claim(situation.case, str(month))
    slip = situation.case.benefit_slips.get(str(month))
    submissions, case_id = situation.agency.submissions, str(situation.case.id)
    to_cancel = submissions.to_cancel(situation.case, str(month))
    cancelled = False
    if (
        to_cancel is not None
        and fields["route"] == "ward"
        and is_taken_back(situation, to_cancel, fields["claimant"])
    ):
        found = _tried("cancellation", lambda: _cancellation(books, situation, fields, month, person))
        cancelled = found.reason is None
        yield found
    with_slip = False
    by_it = fields["route"] == "federation" and slip is not None and slip.claimant == fields["claimant"]
    if by_it and slip and not submissions.slip_submitted(case_id, slip.id):
        found = _tried("slip", lambda: _slip(situation, fields, month, person))
        with_slip = found.reason is None
        yield found
    whose = sheet.claimant in (None, fields["claimant"]) and route_of_claim in (None, fields["route"])
    waiting = standing is not None and standing.claim_id in situation.case.corrections
    if whose and (standing is None or waiting):
        yield _tried(
            "claim",
            lambda: _claim(
                situation, sheet, fields, examined, person, with_slip=with_slip, cancelled=cancelled
            ),
        )


def _tried(kind: str, make: Callable[[], tuple[str, Any]]) -> _Part:
    try:
        format_, entry = make()
    except Refused as refused:
        why = Blocker(refused.rule or "T-33", refused.message, refused.todo or "")
        return _Part(kind, _Reason(refused.code, why))
    except ParameterError as problem:
        why = Blocker("decision 5", problem.message, "公表された値を登録してください")
        return _Part(kind, _Reason("not_published", why))
    except Unwritable as unwritable:
        why = Blocker("T-33", unwritable.problem.text, "項目の元になる記録を直してください")
        return _Part(kind, _Reason("unwritable", why))
    return _Part(kind, None, format_, entry)


def _claim(
    situation: Situation,
    sheet: Worksheet,
    fields: Mapping[str, Any],
    examined: Month,
    person: Person,
    *,
    with_slip: bool,
    cancelled: bool,
) -> tuple[str, Any]:
    line = claim_line(situation, sheet, fields, examined, with_slip=with_slip, cancelled=cancelled)
    _readable(person)
    known = requirements.parameters_of(situation)
    format_ = str(known.value(f"claim.format.{line['type']}", sheet.month.first))
    made = {"8125": support_entry, "8171": care_management_entry, "WARD": medium_entry}[format_]
    return format_, _checked(format_, made(situation, sheet, person, known))


def _slip(situation: Situation, fields: Mapping[str, Any], month: Month, person: Person) -> tuple[str, Any]:
    slip_line(situation, fields, month)
    _readable(person)
    return SLIP_FORMAT, _checked(SLIP_FORMAT, slip_entry(situation.case, str(month), person))


def _cancellation(
    books: Books, situation: Situation, fields: Mapping[str, Any], month: Month, person: Person
) -> tuple[str, Any]:
    """What takes the standing claim back; what is known now decides nothing of it (A-Q53)."""
    cancellation_line(situation, fields, month)
    line = situation.agency.submissions.to_cancel(situation.case, str(month))
    assert line is not None  # else there were no line of its cancellation
    _readable(person)
    submission = submission_of(situation, line)
    then = books.stated(UUID(line.case), submission.id)
    return "WARD", _checked("WARD", cancellation_row(line, submission, then, person))


def _readable(person: Person) -> None:
    if person.missing:
        raise Refused(
            "person_incomplete",
            f"{'・'.join(person.missing)}がないか、読めません",
            rule="T-33",
            todo="ケースを開いた事業所に、本人の記録を確かめてください",
        )


def _checked(format_: str, entry: Any) -> Any:
    """The entry, if a file can hold it. :raises Unwritable: it can't."""
    WRITERS[format_]([entry], Header(DATA_KINDS[format_], entry.office, "7", Month(2024, 1)))
    return entry


def _files(entries: Mapping[str, Sequence[Any]], claimant: str, examined: Month) -> Iterator[File]:
    for format_ in WRITERS:
        if found := entries.get(format_):
            known = parameters(found[0].insurer)
            media = known.value("claim.medium", examined.first)
            medium = media["ward" if format_ == "WARD" else "federation"]
            header = Header(DATA_KINDS[format_], claimant, medium, examined)
            name = known.value("claim.file_name", examined.first)[format_]
            yield File(
                format_, name.format(month=str(examined).replace("-", "")), WRITERS[format_](found, header)
            )
