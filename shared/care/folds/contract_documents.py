"""How the ledger of documents takes in contracts, what comes with them, and notifications (T-07 to T-17)."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from shared.care.documents import PERSON, Copy, Document
from shared.care.folds.ledger import changed, keys_where, made_by_sender
from shared.care.folds.reading import Data, Fold, day, maybe
from shared.care.state import Case
from shared.eventlog.model import Event


def _signed(case: Case, event: Event, data: Data) -> Case:
    """A contract, and what came with it; an office's form and a centre's are two documents."""
    on, role = day(data["signed_on"]), case.parties.get(data["agency"])
    kind = "office_contract" if role == "kyotaku" else "centre_contract"
    shared_parts = {"signed_by": data["signed_by"], "simultaneous": data["simultaneous"]}
    copies = (Copy(PERSON, on),)
    return case.with_documents(
        made_by_sender(event, kind, on, copies=copies, number=data["agency"], **shared_parts),
        *_explained(event, data, copies),
    )


def _kept(case: Case, event: Event, data: Data) -> Case:
    """The centre's contract from before an office took over counts as simultaneous from now on (T-07M)."""
    return changed(
        case,
        event,
        keys_where(case, lambda each: (each.kind, each.number) == ("centre_contract", data["agency"])),
        lambda each: each.but(simultaneous=True),
    )


def _supplemented(case: Case, event: Event, data: Data) -> Case:
    return case.with_documents(*_explained(event, data, (Copy(PERSON, event.occurred_on),)))


def _explained(event: Event, data: Data, copies: tuple[Copy, ...]) -> list[Document]:
    dates = {"explanation": maybe(data["explained_on"]), "consent": maybe(data["consented_on"])}
    return [
        made_by_sender(
            event,
            kind,
            on,
            number=data["agency"],
            copies=copies if kind == "explanation" else (),
            signed_by=data.get("signed_by", PERSON),
        )
        for kind, on in dates.items()
        if on is not None
    ]


def _notification(case: Case, event: Event, data: Data, on: date) -> Document:
    role = case.parties.get(data["filer"])
    return made_by_sender(
        event,
        "office_notification" if role == "kyotaku" else "centre_notification",
        on,
        number=data["notification_id"],
        signed_by=PERSON if data["signed_by_person"] else None,
        simultaneous=data["simultaneous_mark"],
    )


def _prepared(case: Case, event: Event, data: Data) -> Case:
    return case.with_documents(_notification(case, event, data, day(data["prepared_on"])))


def _filed(case: Case, event: Event, data: Data) -> Case:
    """On the ward's desk; the filer keeps a copy, and the other party hears of it."""
    on, number = day(data["filed_on"]), data["notification_id"]
    if not any(each.number == number for each in case.ledger.values()):
        case = case.with_documents(_notification(case, event, data, on))
    return changed(
        case,
        event,
        keys_where(case, lambda each: each.number == number),
        lambda each: (
            each.moved_to(case.ward or "", on).copied_to(data["filer"], on).but(version=data["revision"])
        ),
    )


def _returned_by_desk(case: Case, event: Event, data: Data) -> Case:
    return changed(
        case,
        event,
        keys_where(
            case, lambda each: (each.number, each.version) == (data["notification_id"], data["revision"])
        ),
        lambda each: each.moved_to(data["filer"], day(data["decided_on"])),
    )


FOLDS: Final[Mapping[str, Fold]] = {
    "ContractSigned": _signed,
    "ContractKept": _kept,
    "ContractSupplemented": _supplemented,
    "NotificationPrepared": _prepared,
    "NotificationFiled": _filed,
    "NotificationReturned": _returned_by_desk,
}
