"""The ward's desk for cards: a changed share of the costs, and cards that were lost (A-Q20, A-Q21b, A-Q23)."""

from marshmallow import Schema

from contracts.codes import SHARES
from contracts.fields import Code, Day, Flag
from shared.care import requirements
from shared.care.cards import cards_at, holding
from shared.eventlog.model import NewEvent
from shared.node.errors import Refused
from shared.node.service import Advice, Command, Decision, Situation
from shared.policy.cards import COUNTERS, cards
from shared.policy.dates import day_text
from shared.policy.vocabulary import PERSONS_DESKS


class SetCopaymentShare(Schema):
    percent = Code("負担割合", SHARES)
    valid_from = Day("適用の開始日")
    public_assistance = Flag("生活保護を受けている", load_default=False, help="本人の負担を介護扶助が支払う")


class ReportCardLost(Schema):
    counter = Code("受け付けた窓口", COUNTERS)


def set_copayment_share(situation: Situation, command: Command) -> Decision:
    """Set the person's share of the costs; a changed one exchanges the cards (A-Q20, A-Q21b)."""
    fields, case = command.fields, situation.case
    allowed = requirements.published(situation, "copayment.percents", fields["valid_from"])
    if not isinstance(allowed, tuple | list) or int(fields["percent"]) not in allowed:
        raise Refused(
            "share_unknown",
            f"{day_text(fields['valid_from'])} に{SHARES[fields['percent']]}の負担割合はありません",
            field="percent",
            rule="A-Q20",
            todo="負担割合と適用の開始日を確かめてください",
        )
    changed = case.share is not None and case.share.percent != int(fields["percent"])
    exchanged = changed and holding(case) != "none"
    changes = cards_at(situation, "share_changed", command.occurred_on) if exchanged else {}
    shared = NewEvent(
        "CopaymentShareSet",
        {**fields, "set_on": command.occurred_on, "cards_to_issue": None, "cards_to_return": None, **changes},
        case_id=command.case_id,
        to=requirements.recipients(case.office, case.centre, case.biller),
    )
    return Decision([shared])


def report_card_lost(situation: Situation, command: Command) -> Decision:
    """Take the report of a lost card, and say who reissues it: by colour and counter (A-Q23).

    :raises Refused: the person holds no card, or the ward has not stated who reissues one.
    """
    lost = holding(situation.case)
    if lost == "none":
        raise Refused(
            "card_not_held",
            "この人が持っている被保険者証の記録がありません",
            rule="A-Q23",
            todo="発行の記録を確かめてください",
        )
    with requirements.published_only():
        found = cards("lost", lost, command.fields["counter"], requirements.parameters_of(situation))
    reported = NewEvent(
        "CardLost",
        {
            "colour": found.issued[0],
            "counter": command.fields["counter"],
            "reissued_by": found.steps[-1][0],
            "reported_on": command.occurred_on,
        },
        case_id=command.case_id,
    )
    names = {**PERSONS_DESKS, **COUNTERS}
    way = " → ".join(dict.fromkeys(names[by] for by, _ in found.steps))
    return Decision([reported], [Advice("A-Q23", f"再交付の流れ: {way}")])
