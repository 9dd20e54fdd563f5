"""How a case takes in that two agencies contradict each other, and how that was settled."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from shared.care.folds.reading import Data, Fold, day
from shared.care.parts import Discrepancy
from shared.care.state import Case
from shared.eventlog.model import Event


def _found(case: Case, event: Event, data: Data) -> Case:
    one = Discrepancy(data["event_id"], data["about"], data["finder"], data["code"], day(data["found_on"]))
    return case.but(discrepancies={**case.discrepancies, _key(data): one})


def _settled(case: Case, event: Event, data: Data) -> Case:
    known = case.discrepancies.get(_key(data))
    if known is None:
        return case
    settled = replace(known, outcome=data["outcome"], settled_on=day(data["settled_on"]))
    return case.but(discrepancies={**case.discrepancies, _key(data): settled})


def _key(data: Data) -> str:
    return f"{data['finder']}/{data['about']}/{data['event_id']}"


FOLDS: Final[Mapping[str, Fold]] = {"DiscrepancyFound": _found, "DiscrepancySettled": _settled}
