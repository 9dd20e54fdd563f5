"""What a ward decides about agencies: its directory, designations, the model (T-01 to T-03, T-06N)."""

from datetime import date

from shared.care.agency import CONTACT, Listing
from shared.eventlog.model import NewEvent
from shared.node.errors import Refused
from shared.node.service import Advice, Command, Decision, Situation
from shared.policy.dates import day_text
from shared.policy.parameters import ParameterError, parameters


def list_agency(situation: Situation, command: Command) -> Decision:
    """Enter an agency, its new keys or its new address in this ward's directory; everybody learns of it.

    Where people reach it stays as it was listed before, unless something else is entered.
    """
    fields, before = command.fields, situation.agency.listings.get((situation.me, command.fields["agency"]))
    contact = {name: fields[name] or (before and getattr(before, name)) for name in CONTACT}
    listed = NewEvent(
        "AgencyListed",
        {**fields, **contact, "insurer": situation.me, "listed_on": command.occurred_on},
        to=everybody(situation, fields["agency"]),
    )
    return Decision([listed])


def delist_agency(situation: Situation, command: Command) -> Decision:
    """End an agency's listing."""
    listing = listing_of(situation, command.fields["agency"])
    delisted = NewEvent(
        "AgencyDelisted",
        {"insurer": situation.me, "agency": listing.agency, "delisted_on": command.occurred_on},
        to=everybody(situation),
    )
    return Decision([delisted])


def report_compromised_key(situation: Situation, command: Command) -> Decision:
    """Mark a key: what it signed from that moment on is not believed."""
    listing = listing_of(situation, command.fields["agency"])
    marked = NewEvent(
        "KeyCompromised",
        {**command.fields, "insurer": situation.me, "agency": listing.agency},
        to=everybody(situation),
    )
    return Decision([marked])


def record_hearing(situation: Situation, command: Command) -> Decision:
    """Record that the planning meeting heard about a designation (T-06N)."""
    office = listing_of(situation, command.fields["agency"])
    return Decision([NewEvent("HearingRecorded", {"agency": office.agency, "held_on": command.occurred_on})])


def enrol_in_model(situation: Situation, command: Command) -> Decision:
    """Enrol a centre, or an office designated before the model began (T-01, T-02, T-03, decision 3)."""
    fields = command.fields
    agency, since = listing_of(situation, fields["agency"]), fields["enrolled_from"]
    if value_of(situation, "model.programme", since, "enrolled_from", "T-01") != fields["model"]:
        raise Refused(
            "model_not_running",
            f"{day_text(since)}にはモデル実施が行われていません",
            field="enrolled_from",
            rule="T-01",
            todo="モデル実施の期間の中の日を入力してください",
        )
    if situation.agency.model_over(situation.me, agency.agency, since):
        raise Refused(
            "model_ended",
            f"{day_text(since)}にはモデル実施が終わっています",
            field="enrolled_from",
            rule="T-01",
            todo="モデル実施の期間を、終了の一覧で確かめてください",
        )
    if "kyotaku" in agency.roles and not situation.agency.designated(agency.agency, situation.me, since):
        raise Refused(
            "not_designated",
            f"{agency.name}は{day_text(since)}に介護予防支援の指定を受けていません",
            field="agency",
            rule="T-03",
            todo="先に指定してください",
        )
    enrolled = NewEvent("ModelEnrolled", {**fields, "insurer": situation.me}, to=everybody(situation))
    return Decision([enrolled], _advice_on_centre(situation, agency, since))


def end_model(situation: Situation, command: Command) -> Decision:
    """End the model on a day, for one agency or for all: the rules of every node switch by that date (T-01).

    Held notifications that were never used are void from then on, contracts stay (decision 25).
    """
    fields = command.fields
    if fields["agency"] is not None:
        listing_of(situation, fields["agency"])
    value_of(situation, "model.programme", fields["ended_on"], "ended_on", "T-01")
    known = situation.agency.model_end(situation.me, fields["agency"])
    if known is not None:
        raise Refused(
            "model_ended",
            f"モデル実施は{day_text(known)}で終わることになっています",
            field="ended_on",
            rule="T-01",
            todo="モデル実施の期間を、終了の一覧で確かめてください",
        )
    ended = NewEvent("ModelEnded", {**fields, "insurer": situation.me}, to=everybody(situation))
    return Decision([ended], _advice_on_end(situation, command))


def _advice_on_end(situation: Situation, command: Command) -> list[Advice]:
    advice = []
    if not any(each.held_on for each in situation.agency.reviews.values()):
        advice.append(
            Advice("T-01", "計画の検証が終わったケースがまだありません（1ケース以上の検証まで続けます）")
        )
    if command.fields["ended_on"] < situation.today:
        advice.append(
            Advice(
                "T-01", "過ぎた日で終えると、その後に済んだ手続きとくいちがうことがあります。確かめてください"
            )
        )
    return advice


def _advice_on_centre(situation: Situation, agency: Listing, since: date) -> list[Advice]:
    if "hokatsu" not in agency.roles:
        return []
    named = value_of(situation, "model.centres", since, "agency", "T-02")
    assert isinstance(named, tuple)
    if agency.agency in named:
        return []
    return [Advice("T-02", f"{agency.name}はモデル実施の資料にある包括ではありません")]


def value_of(situation: Situation, name: str, on: date, field: str, rule: str) -> object:
    """A parameter of this ward; a day without a published value is refused, never guessed."""
    try:
        return parameters(situation.me).value(name, on)
    except ParameterError as problem:
        raise Refused(
            "not_published",
            problem.message,
            field=field,
            rule=rule,
            todo="公表された日付を確かめるか、パラメータを登録してください",
        ) from problem


def listing_of(situation: Situation, agency: str) -> Listing:
    listing = situation.agency.listings.get((situation.me, agency))
    if listing is None or listing.delisted_on is not None:
        raise Refused(
            "agency_unknown",
            f"{agency} はこの区の名簿に登載されていません",
            field="agency",
            todo="事業所番号を確かめるか、先に名簿に登載してください",
        )
    return listing


def everybody(situation: Situation, *newcomers: str) -> tuple[str, ...]:
    listed = (*situation.agency.others(situation.me), *newcomers)
    return tuple(each for each in dict.fromkeys(listed) if each != situation.me)
