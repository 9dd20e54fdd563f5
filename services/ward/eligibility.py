"""The ward's register of 事業対象者 (受給者台帳) and the cards that it sends (A-Q12b, A-Q21c, A-Q24).

Nothing here takes the status away again: the ward never cancels it (A-Q24). A certification takes its place.
"""

from datetime import date

from marshmallow import Schema

from contracts.codes import CARDS
from contracts.fields import Code, Identifier, Items
from shared.care import requirements
from shared.care.cards import cards_at
from shared.eventlog.model import NewEvent
from shared.node.errors import Refused
from shared.node.service import Advice, Command, Decision, Situation
from shared.policy.dates import day_text


class RegisterProjectEligible(Schema):
    notification_id = Identifier("届出書の番号")


class IssueCards(Schema):
    cards = Items("発行した証", Code("証", CARDS), least=1)


def register_project_eligible(situation: Situation, command: Command) -> Decision:
    """Enter the person in the register, eligible from the day of the checklist (A-Q12b, A-Q12c)."""
    case, wanted = situation.case, str(command.fields["notification_id"])
    notification, checked_on = case.notifications.get(wanted), _checked_on(situation, wanted)
    if notification is None or notification.state != "accepted" or checked_on is None:
        raise Refused(
            "request_not_accepted",
            "様式1（基本チェックリスト）と様式2（依頼届出書）がそろって受理されていません",
            field="notification_id",
            rule="A-Q12b",
            todo="届出書を「届出書を受理する」で受理してから登録してください",
        )
    if case.registration is not None and case.registration.notification_id == wanted:
        raise Refused(
            "already_registered",
            f"この届出書により{day_text(case.registration.registered_on)}に登録しています",
            field="notification_id",
            rule="A-Q12b",
            todo="することはありません",
        )
    registered = NewEvent(
        "ProjectEligibilityRegistered",
        {
            "notification_id": wanted,
            "checklist_on": checked_on,
            "eligible_from": checked_on,
            "registered_on": command.occurred_on,
            **cards_at(situation, "became_project_eligible", command.occurred_on),
        },
        case_id=command.case_id,
        to=requirements.recipients(case.office, case.centre, case.biller),
    )
    return Decision([registered])


def _checked_on(situation: Situation, notification_id: str) -> date | None:
    """The day of the checklist that came in one set with a notification, if it is applicable."""
    case = situation.case
    came = case.submitted_checklists.get(notification_id)
    return next(
        (each.checked_on for each in case.checklists if (each.id, each.outcome) == (came, "applicable")),
        None,
    )


def issue_cards(situation: Situation, command: Command) -> Decision:
    """Record which cards the ward sent: pink for 事業対象者, else green (A-Q21c, A-Q22)."""
    issued = NewEvent(
        "CardsIssued",
        {**command.fields, "colour": _colour(command), "issued_on": command.occurred_on},
        case_id=command.case_id,
        to=requirements.recipients(situation.case.office, situation.case.centre),
    )
    return Decision([issued], _advice_on_colour(situation, command))


def _colour(command: Command) -> str | None:
    return next((each for each in command.fields["cards"] if each in ("pink_card", "green_card")), None)


def _advice_on_colour(situation: Situation, command: Command) -> list[Advice]:
    case = situation.case
    eligible = case.status_on(command.occurred_on) == "project_eligible" and case.pending_application is None
    wrong = "green_card" if eligible else "pink_card"
    if wrong not in command.fields["cards"]:
        return []
    right = CARDS["pink_card" if eligible else "green_card"]
    return [Advice("A-Q21c", f"この人に発行するのは{right}です")]
