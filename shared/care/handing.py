"""Handing documents over between office and centre: originals and copies (T-19 to T-31, T-35)."""

from collections.abc import Mapping, Sequence
from typing import Any

from marshmallow import Schema

from contracts.codes import HANDED_AS, HANDED_DOCUMENTS
from contracts.definition import personal
from contracts.fields import Code, Day, Items, LongText, Month
from shared.care import requirements
from shared.care.columns import column_of
from shared.care.documents import Document
from shared.eventlog.model import NewEvent
from shared.node.errors import Refused
from shared.node.service import Advice, Command, Decision, Situation
from shared.policy.documents import document
from shared.policy.parameters import ParameterError


class DocumentToHand(Schema):
    document = Code("書類", HANDED_DOCUMENTS)
    dated = Day("書類の日付", null=True, load_default=None)
    month = Month("対象月", null=True, load_default=None)


class HandOverDocuments(Schema):
    documents = Items(
        "渡す書類",
        DocumentToHand,
        least=1,
        help="日付と対象月を空にすると、その種類でまだ渡していないものをすべて渡します",
    )
    handed_as = Code("原本・写し", HANDED_AS)
    note = personal(LongText("連絡事項", null=True, load_default=None))


def hand_over_documents(situation: Situation, command: Command) -> Decision:
    """Give the other party documents that this agency holds, as originals or copies (T-19R, T-27R, T-28R, T-30R).

    The person's consent comes first (T-11). Each document is an event of its own.
    """
    requirements.consent_to_share(situation)
    receiver = _other_party(situation)
    handed_as = command.fields["handed_as"]
    chosen: dict[tuple[Any, ...], Document] = {}
    for index, row in enumerate(command.fields["documents"]):
        found = _chosen(situation, row, receiver, handed_as)
        if not found:
            raise _missing(situation, row, index, handed_as)
        chosen |= {each.key: each for each in found}
    events = [
        handed_over(situation, command, each, receiver, handed_as, command.fields["note"])
        for each in chosen.values()
    ]
    return Decision(events, _advice(situation, command, list(chosen.values()), receiver))


def handed_over(
    situation: Situation,
    command: Command,
    each: Document,
    receiver: str,
    handed_as: str,
    note: str | None = None,
) -> NewEvent:
    """The event by which one document goes to ``receiver``."""
    mode = situation.case.mode(command.occurred_on)
    data = {
        "giver": situation.me,
        "receiver": receiver,
        "handed_over_on": command.occurred_on,
        "handed_as": handed_as,
        "track": mode.track if mode else None,
        "document": each.kind,
        "dated": each.made_on,
        "month": each.month,
        "plan_id": each.number,
        "plan_version": each.version,
        "commented_on": each.commented_on,
        "note": note,
    }
    return NewEvent("DocumentHandedOver", data, case_id=command.case_id, to=(receiver,))


def _other_party(situation: Situation) -> str:
    if situation.role == "kyotaku":
        return requirements.centre_of(situation)
    return requirements.office_of(situation)


def _chosen(
    situation: Situation, row: Mapping[str, Any], receiver: str, handed_as: str
) -> Sequence[Document]:
    """The documents that a row of the command means, of those that are here."""
    of_kind = [each for each in situation.case.documents if each.kind == row["document"]]
    here = [
        each
        for each in of_kind
        if (each.original_at == situation.me if handed_as == "original" else each.held_by(situation.me))
    ]
    if row["month"] or row["dated"]:
        return [each for each in here if each.month == row["month"] or each.made_on == row["dated"]]
    # An evaluation goes twice: for the centre's comment, and with it.
    return [
        each for each in here if handed_as == "original" or not each.held_by(receiver) or each.commented_on
    ]


def _missing(situation: Situation, row: Mapping[str, Any], index: int, handed_as: str) -> Refused:
    title = HANDED_DOCUMENTS[row["document"]]
    what = "原本" if handed_as == "original" else "書類"
    return Refused(
        "document_missing",
        f"{title}の{what}のうち、まだ渡していないものがこの事業所にありません",
        field=f"documents.{index}.document",
        rule=_rule_of(situation, row["document"]),
        todo="書類台帳で原本のありかと日付を確かめ、作成していない書類は先に記録してください",
    )


def _rule_of(situation: Situation, kind: str) -> str:
    try:
        row = document(situation.case.insurer, kind, situation.today)
    except ParameterError:
        row = None
    return row.rule if row else "T-35"


def _advice(
    situation: Situation, command: Command, chosen: Sequence[Document], receiver: str
) -> list[Advice]:
    """What the document table says otherwise: a copy is enough, or the centre's comment comes first."""
    advice: dict[str, Advice] = {}
    handed_as, column = command.fields["handed_as"], column_of(situation.case, command.occurred_on)
    for each in chosen:
        if each.kind == "evaluation":
            if handed_as == "copy" and column == "entrusted" and each.commented_on is None:
                advice[each.kind] = Advice(
                    "T-30", "評価表は、原本に包括のコメントを受けてから、写しをもう一度提出してください"
                )
            continue
        row = document(situation.case.insurer, each.kind, command.occurred_on)
        cell = row.cells.get(column) if row else None
        handing = cell.goes_to("centre" if receiver == situation.case.centre else "office") if cell else None
        if cell and handed_as == "original" and (handing is None or handing.form == "copy"):
            advice[each.kind] = Advice(
                cell.rule, f"{HANDED_DOCUMENTS[each.kind]}の原本は渡す決まりではありません。写しで足ります"
            )
    return list(advice.values())
