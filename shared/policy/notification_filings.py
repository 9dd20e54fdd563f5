"""Which notifications (届出書) an occasion makes due: by whom, on which form, at which desk, signed or not, by when.

One mechanism for all wards: what a ward asks for is parameters ``notification.*``, and a simultaneous contract eases it
only where and while the ward runs a model (``model.programme``).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from contracts.codes import ASSIGNMENT_TRACKS, OCCASIONS, STATUSES, TYPES
from shared.policy.citing import cited
from shared.policy.deadlines import end_of_month
from shared.policy.errors import excluded
from shared.policy.evaluator import Evaluator, Result, result
from shared.policy.fields import Choice, Day, Facts, Flag, Whole
from shared.policy.parameters import Entry, Parameters
from shared.policy.vocabulary import PREVENTIVE_STATUSES, PlanType, Provider, Status

SWITCHES: Final = ("to_care_management_a", "to_preventive_support", "add_preventive_benefit")
"""Occasions that follow an earlier notification of the same person."""


def desk_at(desks: Mapping[str, str], occasion: str, track: str) -> str:
    """The desk of an occasion, or that of the track where the ward names none for it (T-12, T-16, T-17, A-Q31b)."""
    return desks.get(occasion, desks["designated" if track == "designated" else "entrusted"])


def form_at(forms: Mapping[str, str], occasion: str) -> str:
    """The form of an occasion, or the ward's form for the others (A-Q31a, A-Q31b)."""
    return forms.get(occasion, forms["other"])


def signature_required(simultaneous_contract: bool, signed_before: bool) -> bool:
    """Whether the person must sign: only a party's later notifications under a simultaneous contract need it not.

    ``signed_before``: this party already has one that the person signed (T-17, decision 22).
    """
    return not (simultaneous_contract and signed_before)


@dataclass(frozen=True, slots=True)
class NotificationFacts:
    """What a notification depends on.

    ``on`` is the day of the act. ``track`` is the case's; a switch to A ends in entrustment and may be asked with
    either. ``type`` is the type after the occasion. ``earlier_switches`` counts the switches before this one.
    """

    on: date
    status: Status
    type: PlanType
    track: str
    occasion: str
    simultaneous_contract: bool
    model_centre: bool
    start_date: date
    earlier_switches: int = 0


@dataclass(frozen=True, slots=True)
class Filing:
    """One notification. ``held``: made and kept, not filed now. ``due``: the last day, ``None`` for promptly."""

    by: Provider
    form: str
    to: str
    stamp: str | None
    signature_required: bool
    held: bool
    due: date | None
    attachments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Filings:
    """The notifications of an occasion, office before centre, and what else it asks for."""

    filings: tuple[Filing, ...]
    new_contract: bool
    risk_report: bool
    same_day_contact: bool
    rules: tuple[str, ...]
    used: tuple[Entry, ...]


def filings(facts: NotificationFacts, parameters: Parameters) -> Filings:
    """The notifications that an occasion makes due (T-12, T-13, T-14, T-16, T-17, T-66, T-67, A-Q12a, A-Q31a, A-Q31b).

    :raises PolicyError: a combination that the rules exclude.
    :raises ParameterError: the ward had stated no procedure on that day.
    """
    _refuse(facts, parameters)
    ward = _Ward(facts, parameters)
    switch = facts.occasion in SWITCHES
    # T-66: without a simultaneous contract every move between 居宅指定 and 再委託 begins anew. Where no model is run,
    # an entrusted person's contract is the centre's all along, whatever the type becomes (A-Q29).
    outside_model = "model.programme" in parameters.names and not facts.model_centre
    principle = not ward.eased and (facts.track == "designated" or (switch and outside_model))
    same_day = _same_day(facts, ward)
    return Filings(
        filings=ward.filings(),
        new_contract=principle if switch else True,
        risk_report=principle and bool(ward.optional("notification.risk_report")),
        same_day_contact=same_day,
        rules=tuple(dict.fromkeys([*ward.rules, *_rules(facts, ward.eased, principle, same_day)])),
        used=tuple(ward.used),
    )


class _Ward:
    """What the ward asks for on the day, with the parameters that were read."""

    def __init__(self, facts: NotificationFacts, parameters: Parameters) -> None:
        self._facts, self._parameters = facts, parameters
        self.used: list[Entry] = []
        # T-01: outside the time of the model the simultaneous contract eases nothing.
        self.eased = facts.simultaneous_contract and self.optional("model.programme") is not None
        first = facts.occasion == "first" and facts.status == "project_eligible"
        self._occasion = "new_project_eligible" if first else facts.occasion
        self.rules: tuple[str, ...] = self._of_occasion(self.value("notification.rules"))

    def value(self, name: str) -> Any:
        """A value that the ward must have stated."""
        self.used.append(self._parameters.entry(name, self._facts.on))
        return self.used[-1].value

    def optional(self, name: str) -> Any:
        """A value that the ward may have stated."""
        found = self._parameters.find(name, self._facts.on)
        self.used += [] if found is None else [found]
        return None if found is None else found.value

    def filings(self) -> tuple[Filing, ...]:
        """Office before centre."""
        facts = self._facts
        if facts.occasion not in self.value("notification.occasions"):
            return ()
        to_a = facts.occasion == "to_care_management_a"
        by_office = facts.track == "designated" and not to_a
        uses_held = self.eased and to_a and facts.earlier_switches == 0
        if uses_held:
            self.value("notification.held_due")
        filing = Filing(
            by="office" if by_office else "centre",
            form=form_at(self.value("notification.form"), self._occasion),
            to=desk_at(self.value("notification.desk"), self._occasion, facts.track),
            stamp=self.value("notification.simultaneous_mark") if self.eased else None,
            signature_required=signature_required(
                self.eased, signed_before=facts.occasion in SWITCHES and not uses_held
            ),
            held=False,
            due=end_of_month(facts.start_date) if uses_held else None,
            attachments=tuple((self.optional("notification.attachments") or {}).get(self._occasion, ())),
        )
        return (filing, *self._held(filing))

    def _held(self, beside: Filing) -> tuple[Filing, ...]:
        """What the centre makes and keeps at the first contract, signed, with its dates blank (T-14)."""
        if not self.eased or self._facts.occasion != "first":
            return ()
        desk = desk_at(self.value("notification.desk"), "to_care_management_a", "entrusted")
        return (Filing("centre", beside.form, desk, beside.stamp, True, True, None, ()),)

    def _of_occasion(self, by_occasion: Mapping[str, Any]) -> Any:
        return by_occasion.get(self._occasion, by_occasion["other"])


def _same_day(facts: NotificationFacts, ward: _Ward) -> bool:
    """Whether the centre is told of a switch to A on the same day (T-60)."""
    if not ward.eased or facts.occasion != "to_care_management_a":
        return False
    return bool(ward.value("switch.contact_open_days") == 0)


def _rules(facts: NotificationFacts, eased: bool, principle: bool, same_day: bool) -> list[str]:
    rules = ["T-66", "T-67"] if principle else []
    rules += ["T-13"] if eased else []
    rules += ["T-14"] if eased and facts.occasion == "first" else []
    if eased and facts.occasion == "to_care_management_a":
        rules += ["T-09", "T-15", "T-16" if facts.earlier_switches == 0 else "T-17", "decision 22"]
    elif eased and facts.occasion in SWITCHES:
        rules += ["T-17", "decision 22"]
    return [*rules, *(["T-60"] if same_day else [])]


def _refuse(facts: NotificationFacts, parameters: Parameters) -> None:
    if facts.status not in PREVENTIVE_STATUSES:
        raise excluded(
            "status",
            f"{STATUSES[facts.status]}の人は介護予防支援・介護予防ケアマネジメントの対象ではありません（A-Q1b、A-Q11）。",
        )
    _refuse_type(facts)
    _refuse_designated(facts, parameters)
    _refuse_simultaneous(facts, parameters)
    if facts.occasion not in SWITCHES and facts.earlier_switches:
        raise excluded("earlier_switches", f"{OCCASIONS[facts.occasion]}より前に類型の変更はありません。")


def _refuse_type(facts: NotificationFacts) -> None:
    if facts.status == "project_eligible" and facts.type == "preventive_support":
        raise excluded(
            "type",
            "事業対象者は介護予防ケアマネジメントAです。予防給付を使うには要支援認定の申請が必要です（A-Q15b）。",
        )
    if facts.occasion == "new_project_eligible" and facts.status != "project_eligible":
        raise excluded("occasion", f"{STATUSES[facts.status]}の人は新しい事業対象者ではありません。")
    after = {"to_care_management_a": "care_management_a", "first": facts.type}
    wanted = after.get(
        facts.occasion,
        "care_management_a" if facts.occasion == "new_project_eligible" else "preventive_support",
    )
    if facts.type != wanted:
        raise excluded("type", f"{OCCASIONS[facts.occasion]}のあとの類型は{TYPES[wanted]}です。")


def _refuse_designated(facts: NotificationFacts, parameters: Parameters) -> None:
    if facts.track != "designated":
        return
    if facts.type == "care_management_a" and facts.occasion != "to_care_management_a":
        rule = cited("T-04", parameters.insurer.number)
        raise excluded(
            "track",
            f"介護予防ケアマネジメントAは居宅指定では担当できません。再委託で尋ねてください（{rule}）。",
        )
    if parameters.find("fee.preventive_support.office", facts.on) is None:
        raise excluded("track", "居宅介護支援事業所が介護予防支援の指定を受けられるのは令和6年4月からです。")


def _refuse_simultaneous(facts: NotificationFacts, parameters: Parameters) -> None:
    runs_model = "model.programme" in parameters.names
    for name in ("simultaneous_contract", "model_centre"):
        if getattr(facts, name) and not runs_model:
            raise excluded(
                name, f"{parameters.insurer.name}の手続きに、同時契約によるモデル実施はありません。"
            )
    if facts.simultaneous_contract and not facts.model_centre:
        raise excluded(
            "simultaneous_contract", "モデル対象外の包括とは、同時契約の扱いはできません（T-02）。"
        )
    if facts.simultaneous_contract and facts.occasion == "first" and facts.track != "designated":
        raise excluded("track", "同時契約は、居宅指定で居宅と包括が本人と同時に結ぶ契約です（T-07）。")
    if facts.simultaneous_contract and facts.occasion == "new_project_eligible":
        raise excluded("simultaneous_contract", "事業対象者の届出に同時契約はありません（T-04）。")


class NotificationInput(Facts):
    """Input of ``notification``."""

    date = Day(required=True, metadata={"title": "契約・変更の日"})
    status = Choice(STATUSES, required=True, metadata={"title": "認定等の状態"})
    type = Choice(TYPES, required=True, metadata={"title": "類型（変更のときは変更後）"})
    track = Choice(ASSIGNMENT_TRACKS, required=True, metadata={"title": "区分"})
    occasion = Choice(OCCASIONS, required=True, metadata={"title": "届出の理由"})
    simultaneous_contract = Flag(required=True, metadata={"title": "同時契約"})
    model_centre = Flag(required=True, metadata={"title": "モデル実施の包括"})
    start_date = Day(required=True, metadata={"title": "サービス開始年月日"})
    earlier_switches = Whole(0, 1000, load_default=0, metadata={"title": "これより前の類型の変更の回数"})


def evaluate_notification(facts: Mapping[str, Any], parameters: Parameters) -> Result:
    """``notification`` as an evaluator (T-12, T-13, T-14, T-16, T-17, T-60, T-66, T-67, A-Q12a, A-Q31a, A-Q31b)."""
    asked = {"on" if name == "date" else name: value for name, value in facts.items()}
    found = filings(NotificationFacts(**asked), parameters)
    values = {
        "filings": [_shown(each) for each in found.filings],
        "new_contract": found.new_contract,
        "risk_report": found.risk_report,
        "same_day_contact": found.same_day_contact,
    }
    return result(values, found.rules, found.used)


def _shown(filing: Filing) -> dict[str, Any]:
    return {
        "by": filing.by,
        "form": filing.form,
        "to": filing.to,
        "stamp": filing.stamp,
        "signature_required": filing.signature_required,
        "held": filing.held,
        "due": filing.due.isoformat() if filing.due else None,
        "attachments": list(filing.attachments),
    }


NOTIFICATION = Evaluator(
    "notification",
    "届出書を誰がどの窓口にいつまでに出すかを答える",
    NotificationInput,
    evaluate_notification,
    dated_by="date",
)
