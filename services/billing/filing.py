"""Making the files of a submission, and what else a person needn't type: the edge where persons' data are read.

One writer a format, chosen by parameter (``claim.format.…``). What can't be right is left out, with its reason.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol
from uuid import UUID

from services.billing.formats import benefit_slip, care_management_claim, support_claim, ward_medium
from services.billing.formats.benefit_slip import Slip, SlipRow
from services.billing.formats.care_management_claim import CareManagementClaim
from services.billing.formats.codes import SEXES, STATUSES, provider_kind
from services.billing.formats.covered import ClaimLine
from services.billing.formats.frame import Header, Written
from services.billing.formats.layout import Unwritable
from services.billing.formats.support_claim import SupportClaim
from services.billing.formats.ward_medium import CLAIM, MediumRow
from services.billing.people import Person, people
from services.billing.submission import cancellation_line, claim_line, is_taken_back, slip_line
from services.billing.taking_back import cancellation_row, cost_code, submission_of
from services.billing.worksheet import Blocker, Worksheet, worksheet
from shared.care import requirements
from shared.care.state import Case
from shared.node.errors import Refused, UnknownCase
from shared.node.node import Node
from shared.node.service import Situation
from shared.policy.dates import Month
from shared.policy.money import unit_price
from shared.policy.parameters import ParameterError, Parameters, parameters

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
_CODES: Final[Mapping[str, str]] = {
    "fee.preventive_support.centre": "centre",
    "fee.preventive_support.office": "office",
    "fee.care_management_a": "care_management_a",
    "addition.initial": "initial",
    "addition.linkage": "linkage",
}
"""Parameter of a fee's line → its place in the table of service codes."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What did not go in: the case, the month, and why."""

    case_id: UUID
    month: str
    kind: str
    why: Blocker


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


class Books(Protocol):
    """What a submission is made from: what is known of a case, whose months there are, and the persons."""

    def situation(self, case_id: UUID | None = None) -> Situation: ...
    def months_of(self, claimant: str, before: Month) -> Iterable[tuple[UUID, str]]: ...
    def people(self, case_ids: Sequence[UUID]) -> Mapping[UUID, Person]: ...
    def stated(self, case_id: UUID, submission_id: str) -> Case: ...


@dataclass(frozen=True, slots=True)
class NodeBooks:
    """A billing desk's node."""

    node: Node

    def situation(self, case_id: UUID | None = None) -> Situation:
        """What the node knows now."""
        return self.node.situation(case_id)

    def months_of(self, claimant: str, before: Month) -> Iterable[tuple[UUID, str]]:
        """The months before ``before`` that were drafted for a claimant, or that it has to take back, oldest first."""
        query = (
            b"select case_id, service_month from view_claim_months.months"
            b" where (claimant = %s or (submitted_by = %s and result = 'corrected')) and service_month < %s"
            b" order by service_month, case_id"
        )
        with self.node.database.connection() as connection:
            yield from connection.execute(query, (claimant, claimant, str(before))).fetchall()

    def people(self, case_ids: Sequence[UUID]) -> Mapping[UUID, Person]:
        """The persons of these cases, deciphered."""
        return people(self.node, case_ids)

    def stated(self, case_id: UUID, submission_id: str) -> Case:
        """A case as it was known when a submission was made.

        :raises Refused: the log doesn't hold that moment.
        """
        query = (
            b"select recorded_at from events"
            b" where type = 'ClaimSubmitted' and data::json ->> 'submission_id' = %s order by position limit 1"
        )
        with self.node.database.connection() as connection:
            row = connection.execute(query, (submission_id,)).fetchone()
        try:
            if row is not None:
                return self.node.replay(case_id, None, row[0]).case
        except UnknownCase:
            pass
        raise Refused(
            "not_as_stated",
            "提出したときの記録がこのノードになく、取消を作れません",
            rule="A-Q53",
            todo="請求を提出したノードで取り消すか、区（地域包括ケア推進課）に取消の方法を問い合わせてください",
        )


def books_of(source: Node | Books) -> Books:
    """The books of a node; other books are what they are."""
    return NodeBooks(source) if isinstance(source, Node) else source


Key = tuple[UUID, str, str]
"""A line's case, kind and service month."""


def bundle(
    books: Books, claimant: str, route: str, examined: Month, chosen: Collection[Key] | None = None
) -> Bundle:
    """All that a claimant can submit by a route in an examination month, and what it can't; of ``chosen`` lines alone,
    where they are named.
    """
    of = None if chosen is None else {(case_id, month) for case_id, _, month in chosen}
    wanted = [each for each in books.months_of(claimant, examined) if of is None or each in of]
    persons = books.people(list(dict.fromkeys(case_id for case_id, _ in wanted)))
    fields = {"claimant": claimant, "route": route}
    lines: list[dict[str, Any]] = []
    entries: dict[str, list[Any]] = {}
    left_out: list[LeftOut] = []
    for case_id, month in wanted:
        situation = books.situation(case_id)
        twice: Blocker | None = None
        for kind, why, found in _parts(
            books, situation, fields, Month.parse(month), examined, persons[case_id]
        ):
            if chosen is not None and (case_id, kind, month) not in chosen:
                continue
            if why is not None:
                left_out.append(LeftOut(case_id, month, kind, why))
                continue
            format_, entry = found
            twice = twice or _twice(entries.get(format_, ()), entry)
            if twice is not None:
                left_out.append(LeftOut(case_id, month, kind, twice))
                continue
            entries.setdefault(format_, []).append(entry)
            lines.append({"case": case_id, "kind": kind, "service_month": month})
    return Bundle(tuple(lines), tuple(_files(entries, claimant, examined)), tuple(left_out))


def _parts(
    books: Books,
    situation: Situation,
    fields: Mapping[str, Any],
    month: Month,
    examined: Month,
    person: Person,
) -> Iterator[tuple[str, Blocker | None, Any]]:
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
        cancelled = found[1] is None
        yield found
    with_slip = False
    by_it = fields["route"] == "federation" and slip is not None and slip.claimant == fields["claimant"]
    if by_it and slip and not submissions.slip_submitted(case_id, slip.id):
        found = _tried("slip", lambda: _slip(situation, fields, month, person))
        with_slip = found[1] is None
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


def _twice(entries: Sequence[Any], entry: Any) -> Blocker | None:
    """Why a person's month that another case has put in already can't go in: no format takes it twice."""
    if entry.key not in {each.key for each in entries}:
        return None
    return Blocker(
        "A-Q53",
        "同じ被保険者番号の同じ月が、別のケースから入っています",
        "二つのケースの被保険者番号を、ケースを開いた事業所に確かめてください",
    )


def _tried(kind: str, make: Any) -> tuple[str, Blocker | None, Any]:
    try:
        return kind, None, make()
    except Refused as refused:
        return kind, Blocker(refused.rule or "T-33", refused.message, refused.todo or ""), None
    except ParameterError as problem:
        return kind, Blocker("decision 5", problem.message, "公表された値を登録してください"), None
    except Unwritable as unwritable:
        todo = "項目の元になる記録を直してください"
        return kind, Blocker("T-33", unwritable.problem.text, todo), None


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


# --- the entries of each format ---


def slip_entry(case: Case, month: str, person: Person) -> Slip:
    """The slip of a month (8222). Without a certified period the limit's period begins with the month (assumed)."""
    slip = case.benefit_slips[month]
    of = Month.parse(month)
    certified = case.certification(of.last) or case.certification(of.first)
    known = certified is not None and certified.valid_from is not None
    assert person.birth_date is not None
    return Slip(
        service_month=of,
        insurer=case.insurer,
        office=slip.claimant,
        kind=slip.kind,
        made_on=slip.prepared_on,
        insured_number=person.insured_number or "",
        birth_date=person.birth_date,
        sex=SEXES.get(person.sex or "", ""),
        status=STATUSES[slip.status],
        limit_from=Month.of(certified.valid_from) if known and certified and certified.valid_from else of,
        limit_to=Month.of(certified.valid_to) if certified and certified.valid_to else None,
        limit=slip.limit,
        planner=slip.planner,
        rows=tuple(
            SlipRow(provider, provider_kind(kind), kind, units) for kind, provider, units in slip.rows
        ),
        entrusted_office=slip.entrusted_office,
        entrusted_care_manager=slip.entrusted_care_manager,
    )


def _lines(sheet: Worksheet, known: Parameters) -> tuple[ClaimLine, ...]:
    assert sheet.assessment is not None
    codes = known.value("claim.service_code", sheet.month.first)
    found = []
    for line in sheet.assessment.amount.lines:
        code = codes.get(_CODES.get(line.entry.name, ""))
        if code is None:
            raise Refused(
                "code_not_published",
                f"「{line.name}」のサービスコードが登録されていません",
                rule="decision 5",
                todo="国保連の表のコードをパラメータ claim.service_code に登録してください",
            )
        found.append(ClaimLine(code, line.units))
    return tuple(found)


def _common(situation: Situation, sheet: Worksheet, person: Person, known: Parameters) -> dict[str, Any]:
    found = sheet.assessment
    assert found is not None
    price = unit_price(found.subject.found.type, sheet.month.first, known)
    return {
        "office": found.subject.claimant,
        "service_month": sheet.month,
        "insurer": situation.case.insurer,
        "unit_price": price.hundredths,
        "insured_number": person.insured_number,
        "birth_date": person.birth_date,
        "sex": SEXES.get(person.sex or "", ""),
        "status": STATUSES[found.subject.status],
        "yen": found.amount.yen,
    }


def _certified(situation: Situation, sheet: Worksheet) -> dict[str, Any]:
    certified = situation.case.certification(sheet.month.last)
    return {
        "certified_from": certified.valid_from if certified else None,
        "certified_to": certified.valid_to if certified else None,
    }


def support_entry(situation: Situation, sheet: Worksheet, person: Person, known: Parameters) -> SupportClaim:
    """The claim of 介護予防支援費 (8125). Its item 15 is the notification's date, from the month's report."""
    assert sheet.assessment is not None
    return SupportClaim(
        **_common(situation, sheet, person, known),
        **_certified(situation, sheet),
        notified_on=sheet.assessment.subject.performance.notified_on,
        lines=_lines(sheet, known),
    )


def care_management_entry(
    situation: Situation, sheet: Worksheet, person: Person, known: Parameters
) -> CareManagementClaim:
    """The claim of ケアマネジメント費 at a federation that takes it (8171)."""
    assert sheet.assessment is not None
    return CareManagementClaim(
        **_common(situation, sheet, person, known),
        **_certified(situation, sheet),
        lines=_lines(sheet, known),
        planner="3",
        planning_office=sheet.assessment.subject.claimant,
    )


def medium_entry(situation: Situation, sheet: Worksheet, person: Person, known: Parameters) -> MediumRow:
    """A row of the medium to the ward (A-Q33, A-Q35a); Tokyo uses no AF codes there (A-Q35b)."""
    found = sheet.assessment
    assert found is not None
    split = found.amount.split
    assert found.subject.performance.notified_on is not None
    return MediumRow(
        **_common(situation, sheet, person, known),
        kind=CLAIM,
        kana=person.kana or person.name or "",
        cost_code=cost_code(found.amount.units, known, sheet.month),
        units=found.amount.units,
        entrusted_office=found.subject.performance.office if split else None,
        office_yen=split.office if split else None,
        centre_yen=split.centre if split else None,
        notified_on=found.subject.performance.notified_on,
    )
