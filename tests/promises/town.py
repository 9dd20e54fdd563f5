"""A ward, a centre and an office as processes, with one case between office and centre."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID, uuid4

from deploy.play.player import play
from deploy.play.scenario import Act, Agency, Day, Scenario
from deploy.play.target import Answer, Order
from shared.policy.dates import TOKYO
from tests.promises.ground import Ground, Scene, until

WARD: Final = "131169"
CENTRE: Final = "1301600019"
OFFICE: Final = "1371600014"
AGENCIES: Final = {"ward": WARD, "centre": CENTRE, "office": OFFICE}

_PERSON: Final = {
    "name": "見本 はな",
    "kana": "ミホン ハナ",
    "birth_date": "1942-05-03",
    "sex": "female",
    "address": "東京都豊島区見本町一丁目1番1号",
    "telephone": None,
    "insured_number": "0000000001",
}
_OPENING: Final = {
    "insurer": WARD,
    "centre": CENTRE,
    "contact_agreed_on": "2024-10-07",
    "status": "support2",
    "certified_from": "2024-09-12",
    "certified_to": "2025-03-31",
    **_PERSON,
}
_ENROLMENT: Final = {"agency": CENTRE, "model": "toshima_2024", "enrolled_from": "2024-10-01"}
_REQUEST: Final = {"planned_on": "2024-10-10", "note": "ご自宅で14時からの予定です"}
_CONTRACT: Final = {"office": OFFICE, "valid_from": "2024-10-01"}


def _act(node: str, role: str, command: str, case: str | None = None, **fields: Any) -> Act:
    return Act(node, role, command, case, None, fields)


_DESIGNATION: Final = {
    "agency": OFFICE,
    "service": "preventive_support",
    "designated_from": "2024-10-01",
    "hearing_on": "2024-09-18",
}
_PREPARATION: Final = Scenario(
    title="約束の検証",
    starts_at=datetime(2024, 9, 2, 9, tzinfo=TOKYO),
    case="hana",
    ward="ward",
    agencies=(
        Agency("ward", "豊島区", ("ward",), ("ward",)),
        Agency("centre", "見本地域包括支援センター", ("hokatsu",), ("ward",)),
        Agency("office", "見本居宅介護支援事業所", ("kyotaku",), ("ward",)),
    ),
    days=(
        Day(date(2024, 9, 18), "意見聴取", (_act("ward", "clerk", "RecordHearing", agency=OFFICE),)),
        Day(
            date(2024, 9, 25),
            "指定と参加",
            (
                _act("ward", "clerk", "DesignateOffice", **_DESIGNATION),
                _act("ward", "clerk", "EnrolInModel", **_ENROLMENT),
            ),
        ),
        Day(
            date(2024, 10, 7),
            "ケース",
            (
                _act("office", "care_manager", "OpenCase", case="hana", **_OPENING),
                _act("office", "care_manager", "RequestSimultaneousContract", case="hana", **_REQUEST),
            ),
        ),
    ),
    audits=(),
)


@dataclass
class Town:
    """The three nodes at work. Each of its commands reaches somebody."""

    scene: Scene
    case: str

    def announce(self) -> Answer:
        """The ward tells everybody something."""
        return self._give("ward", "clerk", "EnrolInModel", None, _ENROLMENT)

    def ask_centre(self) -> Answer:
        """The office asks the centre for a simultaneous contract."""
        return self._give("office", "care_manager", "RequestSimultaneousContract", self.case, _REQUEST)

    def tell_office(self) -> Answer:
        """The centre's corporation makes an entrustment contract with the office."""
        return self._give("centre", "staff", "SignEntrustmentContract", None, _CONTRACT)

    def undelivered(self, node: str, partner: str) -> int:
        """How many events of a node for a partner no receipt has come for."""
        return self.scene.number(
            node,
            "select count(*) from deliveries left join receipted r using (partner, epoch, sequence)"
            " where partner = %s and r.status is distinct from 'stored'",
            AGENCIES[partner],
        )

    def await_delivery(self, node: str, partner: str) -> None:
        """Until the partner has receipted everything."""
        until(lambda: self.undelivered(node, partner) == 0, f"{partner} receipts what {node} sent")

    def addressed(self, node: str, partner: str) -> list[UUID]:
        """The events of a node for a partner, by their numbers."""
        rows = self.scene.rows(
            node,
            "select id from deliveries join events using (position) where partner = %s order by sequence",
            AGENCIES[partner],
        )
        return [each for (each,) in rows]

    def received(self, node: str, partner: str) -> list[UUID]:
        """The events of a partner in a node's log, in order; receipts are none."""
        rows = self.scene.rows(
            node,
            "select id from events where sender = %s and type <> 'ReceiptReceived' order by position",
            AGENCIES[partner],
        )
        return [each for (each,) in rows]

    def pids(self) -> Mapping[str, int]:
        """The process ids of all processes: the same later when none was started anew."""
        return {
            f"{node} {part}": self.scene.pid(node, part) for node in AGENCIES for part in ("web", "messaging")
        }

    def _give(
        self, node: str, role: str, command: str, case: str | None, fields: Mapping[str, Any]
    ) -> Answer:
        return self.scene.target.give(Order(node, role, uuid4(), command, case, None, fields))


@contextmanager
def town(ground: Ground) -> Iterator[Town]:
    """The town, prepared; nothing is on its way."""
    with ground.scene(_PREPARATION.starts_at, tuple(AGENCIES)) as scene:
        played = play(_PREPARATION, scene.target)
        assert played.failures == []
        yield Town(scene, played.cases["hana"])
