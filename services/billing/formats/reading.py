"""Reading a claim file of any format: which one it is, its control record says."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from services.billing.formats import benefit_slip, care_management_claim, support_claim, ward_medium
from services.billing.formats.frame import Header
from services.billing.formats.layout import Problem, Unreadable
from shared.policy.dates import Month


class Entry(Protocol):
    """A slip, a claim or a medium's row: whose, and of which month."""

    @property
    def service_month(self) -> Month: ...
    @property
    def insured_number(self) -> str: ...
    @property
    def office(self) -> str: ...


@dataclass(frozen=True, slots=True)
class ClaimFile:
    """A claim file as read: the format's Japanese title, the control record, the entries in order."""

    title: str
    header: Header
    entries: tuple[Entry, ...]


def _slips(content: bytes) -> ClaimFile:
    found = benefit_slip.read(content)
    return ClaimFile("給付管理票", found.header, found.slips)


def _support(content: bytes) -> ClaimFile:
    found = support_claim.read(content)
    return ClaimFile("介護予防支援費の請求", found.header, found.claims)


def _care_management(content: bytes) -> ClaimFile:
    found = care_management_claim.read(content)
    return ClaimFile("介護予防ケアマネジメント費の請求（国保連）", found.header, found.claims)


def _medium(content: bytes) -> ClaimFile:
    found = ward_medium.read(content)
    return ClaimFile("介護予防ケアマネジメント費の請求（区への媒体）", found.header, found.rows)


READERS: Final[Mapping[str, Callable[[bytes], ClaimFile]]] = {
    benefit_slip.DATA_KIND: _slips,
    "822": _slips,
    support_claim.DATA_KIND: _support,
    care_management_claim.DATA_KIND: _care_management,
    ward_medium.DATA_KIND: _medium,
}
"""Data kind (データ種別) of the control record → reader."""


def read_claim_file(content: bytes) -> ClaimFile:
    """Read a claim file of any known format.

    :raises Unreadable: it is of none, or something in it is wrong; nothing of it is taken over.
    """
    cells = content[:200].split(b"\n")[0].decode("ascii", "replace").split(",")
    kind = cells[4].strip().strip('"') if len(cells) > 4 else ""
    reader = READERS.get(kind)
    if reader is None:
        expected = "データ種別が" + "・".join(READERS) + "のいずれかのコントロールレコード"
        raise Unreadable([Problem(1, "control", 5, "データ種別", kind[:20], expected)])
    return reader(content)
