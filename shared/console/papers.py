"""The ledger and the matrix of a case as a node knows them now: for screens, the API and the command line."""

from uuid import UUID

from shared.care.ledger import LedgerRow, ledger
from shared.care.matrix import Matrix, matrix
from shared.console.duties import duties_of_case
from shared.node.node import Node, Replay


def ledger_of(node: Node, case_id: UUID) -> list[LedgerRow]:
    """Every document of a case that the node knows of.

    :raises UnknownCase: the node knows nothing of it.
    """
    replay, situation = node.replay(case_id), node.situation(case_id)
    duties = duties_of_case(replay.events, situation)
    return ledger(replay.case, (*duties.open, *duties.done), situation.today)


def matrix_of(node: Node, case_id: UUID) -> tuple[Matrix, Replay]:
    """The process matrix of a case on the business date, and the case that it was made of.

    :raises UnknownCase: the node knows nothing of it.
    """
    replay, situation = node.replay(case_id), node.situation(case_id)
    duties = duties_of_case(replay.events, situation)
    known = (*duties.open, *duties.done)
    return matrix(replay.case, known, situation.agency, situation.me, situation.today), replay
