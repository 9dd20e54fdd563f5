"""Every event that crosses between agencies: who may send it to whom, and which types open a case."""

from collections.abc import Mapping
from itertools import chain
from typing import Final

from contracts.definition import EventType
from contracts.events import (
    agency,
    billing,
    care,
    case,
    certification,
    closing,
    contract,
    discrepancy,
    documents,
    intake,
    mode,
    notification,
    provisional,
    review,
    risk,
    support,
)

_MODULES: Final = (
    agency,
    case,
    contract,
    intake,
    notification,
    care,
    mode,
    documents,
    certification,
    provisional,
    support,
    discrepancy,
    review,
    risk,
    billing,
    closing,
)

CROSSING: Final[Mapping[str, EventType]] = {
    each.name: each for each in chain.from_iterable(module.EVENTS for module in _MODULES)
}
"""Name → the current version of each event type that leaves a node."""
