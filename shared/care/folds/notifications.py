"""How a case takes in notifications and what the desks decide."""

from collections.abc import Mapping
from typing import Final

from shared.care.folds.reading import Data, Fold, day, maybe
from shared.care.parts import Notification
from shared.care.state import Case
from shared.eventlog.model import Event


def _notification(case: Case, data: Data) -> Notification:
    found = case.notifications.get(data["notification_id"])
    return found or Notification(data["notification_id"], data["filer"])


def _of_its_filer(case: Case, data: Data) -> Notification:
    """The notification that its filer made before, or a new one.

    Whoever files chooses the number. What comes under the number of somebody else's notification is passed by: it
    would change what the other filed.

    :raises ValueError: the number belongs to another filer's notification.
    """
    found = _notification(case, data)
    if found.filer != data["filer"]:
        raise ValueError("this number is another filer's")
    return found


def _with_notification(case: Case, each: Notification) -> Case:
    return case.but(notifications={**case.notifications, each.id: each})


def _notification_prepared(case: Case, event: Event, data: Data) -> Case:
    prepared = _of_its_filer(case, data)._replace(
        type=data["type"],
        track=data["track"],
        occasion=data["occasion"],
        form=data["form"],
        prepared_on=day(data["prepared_on"]),
        prepared_by=event.id,
        blank=tuple(data["blank"]),
        simultaneous_contract=data["simultaneous_mark"],
        simultaneous_mark=data["simultaneous_mark"],
        signed_by_person=data["signed_by_person"],
    )
    return _with_notification(case, prepared)


def _notification_filed(case: Case, event: Event, data: Data) -> Case:
    known = _of_its_filer(case, data)
    filed = known._replace(
        prepared_on=known.prepared_on or maybe(data.get("held_since")),
        type=data["type"],
        track=data["track"],
        occasion=data["occasion"],
        form=data["form"],
        revision=data["revision"],
        filed_on=day(data["filed_on"]),
        desk=data["desk"],
        receipt_on=maybe(data["receipt_on"]),
        start_date=maybe(data["start_date"]),
        simultaneous_contract=data["simultaneous_contract"],
        simultaneous_mark=data["simultaneous_mark"],
        signed_by_person=data["signed_by_person"],
        signature_needed=data["signature_needed"],
        blank=tuple(data["blank"]),
    )
    return _with_notification(case, filed)


def _notification_accepted(case: Case, event: Event, data: Data) -> Case:
    accepted = _notification(case, data)._replace(
        decision="accepted",
        decided_revision=data["revision"],
        decided_on=day(data["decided_on"]),
        desk=data["desk"],
        reason_code=None,
        field=None,
    )
    return _with_notification(case, accepted)


def _notification_returned(case: Case, event: Event, data: Data) -> Case:
    returned = _notification(case, data)._replace(
        decision="returned",
        decided_revision=data["revision"],
        decided_on=day(data["decided_on"]),
        desk=data["desk"],
        reason_code=data["reason_code"],
        field=data["field"],
    )
    return _with_notification(case, returned)


def _notification_voided(case: Case, event: Event, data: Data) -> Case:
    return _with_notification(case, _of_its_filer(case, data)._replace(voided_on=day(data["voided_on"])))


FOLDS: Final[Mapping[str, Fold]] = {
    "NotificationPrepared": _notification_prepared,
    "NotificationFiled": _notification_filed,
    "NotificationVoided": _notification_voided,
    "NotificationAccepted": _notification_accepted,
    "NotificationReturned": _notification_returned,
}
