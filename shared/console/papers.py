"""The ledger and the matrix of a case as it stood on a day: for screens, the API and the command line."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from shared.care.agency import AgencyState
from shared.care.folds.register import evolve_agency
from shared.care.ledger import LedgerRow, ledger
from shared.care.matrix import Matrix, matrix
from shared.console.duties import duties_of_case
from shared.eventlog.log import event_of
from shared.node.errors import InvalidFields
from shared.node.node import Node, Replay
from shared.node.service import Situation
from shared.policy.dates import day_text
from shared.policy.obligations import Obligation


def ledger_of(node: Node, case_id: UUID, as_of: date | None = None) -> list[LedgerRow]:
    """Every document of a case that the node knows of; with ``as_of`` those of what was done by the end of that day.

    :raises UnknownCase: the node knows nothing of it then.
    :raises InvalidFields: the day is still to come.
    """
    replay, situation, known = _standing(node, case_id, as_of)
    return ledger(replay.case, known, situation.today)


def matrix_of(node: Node, case_id: UUID, as_of: date | None = None) -> tuple[Matrix, Replay]:
    """The process matrix of a case on the business date, or at the end of ``as_of``, and the case it was made of.

    What had been done by then counts by the day it was done, whenever the node learned of it; so do designations,
    contracts between agencies and whatever else the register of agencies tells.

    :raises UnknownCase: the node knows nothing of it then.
    :raises InvalidFields: the day is still to come.
    """
    replay, situation, known = _standing(node, case_id, as_of)
    return matrix(replay.case, known, situation.agency, situation.me, situation.today), replay


def _standing(
    node: Node, case_id: UUID, as_of: date | None
) -> tuple[Replay, Situation, tuple[Obligation, ...]]:
    today = node.today()
    if as_of is not None and as_of > today:
        raise InvalidFields({"as_of": [f"今日（{day_text(today)}）以前の日付にしてください。"]})
    replay = node.replay(case_id, as_of)
    situation = replace(node.situation(case_id), case=replay.case, today=as_of or today)
    if as_of is not None:
        situation = replace(situation, agency=_register(node, as_of))
    duties = duties_of_case(replay.events, situation)
    return replay, situation, (*duties.open, *duties.done)


def _register(node: Node, as_of: date) -> AgencyState:
    """The register of agencies as it stood at the end of a day."""
    found = AgencyState.empty()
    for row in node.log.register(0):
        if row.occurred_on <= as_of:
            found = evolve_agency(found, event_of(row))
    return found
