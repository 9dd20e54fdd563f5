"""Files of claims that stand under covers: what 7111 with 8125 and 7113 with 8171 have alike."""

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from services.billing.formats.agreement import with_control
from services.billing.formats.frame import Header, Record, Written, read_frame, write_frame
from services.billing.formats.layout import Problem, Unreadable, Unwritable
from services.billing.formats.summary import cover, disagreements
from shared.policy.dates import Month

_PERSONS_MONTH = ("office", "insurer", "insured_number", "service_month")


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """One line: a service code, its units, how often."""

    code: str
    units: int
    times: int = 1


class MonthsClaim:
    """One person's claim of a month, in whatever format."""

    __slots__ = ()
    office: str
    service_month: Month
    insurer: str
    insured_number: str
    lines: tuple[ClaimLine, ...]
    yen: int

    @property
    def total_units(self) -> int:
        """Units of all lines."""
        return sum(each.units * each.times for each in self.lines)

    @property
    def key(self) -> tuple[str, str, Month]:
        """A person's month is claimed once."""
        return (self.insurer, self.insured_number, self.service_month)


Claim = TypeVar("Claim", bound=MonthsClaim)


def write_covered(
    header: Header,
    layout: str,
    claims: Sequence[Claim],
    wrong: Callable[[Claim], Problem | None],
    twice: Callable[[Claim], Problem],
    records_of: Callable[[Claim], Sequence[Record]],
) -> Written:
    """The file of these claims, covers of ``layout`` first.

    ``wrong`` tells why a claim can't be written, ``twice`` names one whose month another of them claims.

    :raises Unwritable: the first of these, or a value that its item can't hold.
    """
    seen: set[tuple[str, str, Month]] = set()
    for each in claims:
        problem = wrong(each)
        if problem is None and each.key in seen:
            problem = twice(each)
        if problem is not None:
            raise Unwritable(problem)
        seen.add(each.key)
    details = [record for each in claims for record in records_of(each)]
    return write_frame(header, [*cover(layout, claims), *details])


def read_covered(
    content: bytes,
    data_kind: str,
    named: Callable[[Sequence[str]], str],
    layout: str,
    is_detail: Callable[[str], bool],
    misread: Callable[[Sequence[Record]], Collection[Problem]],
    claim_of: Callable[[Sequence[Record]], Claim],
) -> tuple[Header, tuple[Claim, ...]]:
    """Read a file of claims whose covers are of ``layout``; a person's month are the records that ``is_detail``.

    :raises Unreadable: an item is wrong, a month is ``misread``, or the covers do not agree with the details.
    """
    found = read_frame(content, (data_kind,), named)
    grouped: dict[tuple[Any, ...], list[Record]] = defaultdict(list)
    for each in found.records:
        if is_detail(each.layout):
            grouped[tuple(each.values[name] for name in _PERSONS_MONTH)].append(each)
    claims: list[Claim] = []
    problems = with_control(found)
    for records in grouped.values():
        wrong = misread(records)
        problems += wrong
        if not wrong:
            claims.append(claim_of(records))
    covers = [each for each in found.records if each.layout == layout]
    problems += [] if problems else disagreements(layout, covers, claims)
    if problems:
        raise Unreadable(problems)
    return found.header, tuple(claims)
