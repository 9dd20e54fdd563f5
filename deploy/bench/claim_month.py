"""A ward's claim month at a billing desk: thousands of persons, their worksheets, benefit slips and claim files.

``python -m deploy.bench.claim_month CONFIG`` does the work in a process of its own, so that its memory can be told.
"""

import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4, uuid5

from contracts.catalogue import CROSSING
from contracts.events.sample import BILLING, CENTRE, DAY_SERVICE, RENTAL, WARD
from deploy.bench.figures import Figure, Tell
from deploy.bench.ground import Ground
from deploy.bench.writing import record
from deploy.composition import node_from
from services.billing.books import NodeBooks
from services.billing.filing import bundle
from services.billing.people import case_ids
from services.billing.worksheet import concerned, worksheet
from shared.eventlog.model import NewEvent
from shared.node.node import Node
from shared.policy.dates import Month

PERSONS: Final = 5000
CLAIMANTS: Final = 20
MONTH: Final = Month(2024, 10)
_BATCH: Final = 50
_OFFICES: Final = tuple(f"13716{number:04d}9" for number in range(CLAIMANTS))
_SECONDS, _MEGABYTES = 60, 300


def claim_figures(ground: Ground, persons: int, tell: Tell) -> list[Figure]:
    """Seconds and peak memory of a month's worksheets, slips and claim files for all ``persons``."""
    place = ground.node("billing", prefix="claims_")
    node = node_from(place.config)
    node.open()
    _fill(node, persons, tell)
    node.close()
    program = [sys.executable, "-m", "deploy.bench.claim_month", str(place.config)]
    with subprocess.Popen(program, stdout=subprocess.PIPE, text=True) as work:
        assert work.stdout is not None
        for line in work.stdout:
            told = json.loads(line)
            if "progress" in told:
                tell(f"請求: {told['progress']}")
    assert work.returncode == 0
    assert told["claims"] == told["slips"] == persons, told
    title = f"請求の月 {persons:,}人（各2サービス）"
    return [
        Figure("claim_sheets", f"{title} 根拠の計算", "秒", told["sheets"]),
        Figure(
            "claim_files",
            f"{title} 根拠・給付管理票・請求ファイル",
            "秒",
            told["sheets"] + told["files"],
            target=_SECONDS,
            at_most=True,
        ),
        Figure("claim_memory", f"{title} 最大メモリ", "MB", told["peak"], target=_MEGABYTES, at_most=True),
    ]


def _fill(node: Node, persons: int, tell: Tell) -> None:
    record(node, list(claim_register()))
    for begun in range(0, persons, _BATCH):
        tell(f"請求: ケースを作成しています {begun:,}/{persons:,}")
        numbers = range(begun, min(begun + _BATCH, persons))
        record(node, [event for number in numbers for event in claimed_person(number)])


def claim_register() -> Iterator[NewEvent]:
    agencies = [
        (WARD, "ward"),
        (CENTRE, "hokatsu"),
        (BILLING, "billing"),
        *((each, "kyotaku") for each in _OFFICES),
    ]
    for agency, role in agencies:
        yield _event("AgencyListed", agency=agency, roles=[role], keys=[])
    for office in _OFFICES:
        yield _event("OfficeDesignated", agency=office)
        yield _event("BillingEntrusted", claimant=office)


def claimed_person(number: int) -> list[NewEvent]:
    """A person with a designated office: two services in the month, the slip made, the claim drafted and confirmed."""
    case_id, office = uuid4(), _OFFICES[number % CLAIMANTS]
    services = [
        {"service": "67", "provider": RENTAL, "units": 500},
        {"service": "A6", "provider": DAY_SERVICE, "units": 3621},
    ]
    parties = {office: "kyotaku", CENTRE: "hokatsu", WARD: "ward", BILLING: "billing"}
    claim = {"claim_id": str(uuid5(case_id, "claim")), "service_month": str(MONTH), "claimant": office}
    papers = {"plan_delivered_on": "2024-10-18", "notified_on": "2024-10-10", "planned": None}
    return [
        _event("CaseOpened", case_id, parties=parties, insured_number=f"{number + 1:010d}"),
        _event("ContractSigned", case_id, agency=office),
        _event(
            "PerformanceReported",
            case_id,
            office=office,
            service_month=str(MONTH),
            reported_on="2024-11-05",
            services=services,
            **papers,
        ),
        _event(
            "BenefitSlipPrepared",
            case_id,
            claimant=office,
            service_month=str(MONTH),
            entrusted_office=None,
            entrusted_care_manager=None,
            rows=services,
            units=4121,
            prepared_on="2024-11-06",
        ),
        _event(
            "ClaimDrafted",
            case_id,
            office=office,
            type="preventive_support",
            track="designated",
            route="federation",
            units=772,
            yen=8800,
            split=None,
            split_assumed=False,
            examination_month="2024-11",
            **claim,
        ),
        _event("ClaimConfirmed", case_id, yen=8800, confirmed_on="2024-11-08", **claim),
    ]


def _event(name: str, case_id: UUID | None = None, /, **changes: Any) -> NewEvent:
    return NewEvent(
        name, {**CROSSING[name].example, **changes}, case_id=case_id, occurred_on=date(2024, 11, 8)
    )


def work(node: Node) -> Mapping[str, float]:
    """Do the month's work; the files are made in memory, one claimant after the other."""
    begun = time.perf_counter()
    known: Sequence[UUID] = case_ids(node)
    open_sheets = 0
    for number, case_id in enumerate(known):
        if number % 500 == 0:
            _tell(f"根拠を計算しています {number:,}/{len(known):,}")
        situation = node.situation(case_id)
        if concerned(situation, MONTH):
            open_sheets += not worksheet(situation, MONTH).blockers
    assert open_sheets == len(known)
    sheets = time.perf_counter() - begun
    kinds = {"claim": 0, "slip": 0}
    for number, office in enumerate(_OFFICES):
        _tell(f"ファイルを作成しています {number}/{len(_OFFICES)}")
        for line in bundle(NodeBooks(node), office, "federation", MONTH.plus(1)).lines:
            kinds[line["kind"]] += 1
    files = time.perf_counter() - begun - sheets
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"sheets": sheets, "files": files, "peak": peak, "claims": kinds["claim"], "slips": kinds["slip"]}


def _tell(text: str) -> None:
    print(json.dumps({"progress": text}, ensure_ascii=False), flush=True)


def main(config: str) -> None:
    """The process of its own."""
    node = node_from(Path(config))
    try:
        print(json.dumps(dict(work(node))), flush=True)
    finally:
        node.close()


if __name__ == "__main__":
    main(sys.argv[1])
